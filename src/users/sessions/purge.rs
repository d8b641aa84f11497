//! Deletion of sessions that ended long ago, and of replies that were kept for a day.

use std::time::Duration as StdDuration;

use sea_orm::{ColumnTrait as _, DbErr};
use time::Duration;

use crate::database::{self, Database};
use crate::idempotency;
use crate::users::sessions::entity as session;

/// Time between two purges.
const PERIOD: StdDuration = StdDuration::from_secs(60);

/// The time that a row outlives the tokens it is about, so that no clock that is behind misses it.
const KEPT: Duration = Duration::hours(1);

/// Rows that are deleted at a time: whoever writes waits for it.
const BATCH: u64 = 2_000;

/// Batches that one purge deletes at most; what is left goes with the next.
const BATCHES: usize = 5;

/// Deletes sessions and replies whose time is over, again and again; never returns. `database` is that of the background.
pub(crate) async fn run(database: Database) {
    loop {
        tokio::time::sleep(PERIOD).await;
        for _ in 0..BATCHES {
            let sessions = purge(&database, KEPT, BATCH);
            match tokio::try_join!(sessions, idempotency::purge(&database, BATCH)) {
                Ok((BATCH, _) | (_, BATCH)) => {}
                Ok(_) => break,
                Err(error) => {
                    tracing::warn!(%error, "old sessions and keys of requests cannot be deleted");
                    break;
                }
            }
        }
    }
}

/// Deletes sessions that ended for good longer than `kept` ago, at most `limit` of them, and returns how many.
///
/// No token outlives the end that rotation does not move, so nobody can ask for them any more.
pub(super) async fn purge(database: &Database, kept: Duration, limit: u64) -> Result<u64, DbErr> {
    let ended = session::Column::AbsoluteEnd.lt(database::now() - kept);
    database.delete_some::<session::Entity>(ended, limit).await
}
