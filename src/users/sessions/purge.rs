//! Deletion of sessions that ended long ago.

use sea_orm::{ColumnTrait as _, DbErr};
use time::Duration;

use crate::database::{self, Database};
use crate::users::sessions::entity as session;

/// The time that a row outlives the tokens it is about, so that no clock that is behind misses it.
pub(crate) const KEPT: Duration = Duration::hours(1);

/// Deletes sessions that ended for good longer than `kept` ago, at most `limit` of them, and returns how many.
///
/// No token outlives the end that rotation does not move, so nobody can ask for them any more.
pub(crate) async fn purge(database: &Database, kept: Duration, limit: u64) -> Result<u64, DbErr> {
    let ended = session::Column::AbsoluteEnd.lt(database::now() - kept);
    database.delete_some::<session::Entity>(ended, limit).await
}
