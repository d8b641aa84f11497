//! What the stores ask of the `revocations` table. Every question is given up when the database hangs: a
//! store that waited for ever would never learn that it is back.

use sea_orm::{
    ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::Expr,
};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::Revocation;
use super::entity::{Column, Entity};
use crate::database::{self, Database};
use crate::users::sessions;

/// How long a row outlives the tokens it is about, so that no clock that is behind misses it.
const KEPT: Duration = Duration::hours(1);

/// Rows at a time.
pub(super) const PAGE: u64 = 2_000;

/// Pages that one purge deletes at most.
const BATCHES: usize = 5;

/// Unexpired rows, by id, at most [`PAGE`] of them, beginning behind `after`.
pub(super) async fn unexpired(
    database: &Database,
    after: Option<Uuid>,
) -> Result<Vec<Revocation>, DbErr> {
    let query = Entity::find().filter(Column::ExpiresAt.gt(database::now()));
    let query = match after {
        Some(id) => query.filter(Column::Id.gt(id)),
        None => query,
    };
    select(query.order_by_asc(Column::Id).limit(PAGE), database).await
}

/// Unexpired rows that were revoked at `since` or later.
pub(super) async fn revoked_since(
    database: &Database,
    since: OffsetDateTime,
) -> Result<Vec<Revocation>, DbErr> {
    let query = Entity::find()
        .filter(Column::RevokedAt.gte(since))
        .filter(Column::ExpiresAt.gt(database::now()));
    select(query, database).await
}

/// Unexpired rows that Redis may not have yet, the oldest first.
pub(super) async fn unpublished(database: &Database) -> Result<Vec<Revocation>, DbErr> {
    let query = Entity::find()
        .filter(Column::Published.eq(false))
        .filter(Column::ExpiresAt.gt(database::now()))
        .order_by_asc(Column::RevokedAt);
    select(query, database).await
}

/// Notes that Redis has these.
pub(super) async fn mark_published(
    database: &Database,
    revocations: &[Revocation],
) -> Result<(), DbErr> {
    let update = Entity::update_many()
        .col_expr(Column::Published, Expr::value(true))
        .filter(Column::Id.is_in(revocations.iter().map(|revocation| revocation.id)));
    database
        .run(move |database| async move { update.exec(&database).await })
        .await
        .map(drop)
}

/// Forgets what no token can need any more: revocations, of which it answers the number, and sessions.
///
/// No more of either than a few thousand at a time; what is left goes with the next calls.
pub(super) async fn purge(database: &Database) -> Result<u64, DbErr> {
    let mut count = 0;
    for _ in 0..BATCHES {
        let purged = purge_batch(database).await?;
        count += purged;
        if purged < PAGE {
            break;
        }
    }
    for _ in 0..BATCHES {
        if sessions::purge(database, KEPT, PAGE).await? < PAGE {
            break;
        }
    }
    Ok(count)
}

async fn purge_batch(database: &Database) -> Result<u64, DbErr> {
    database
        .run(move |database| async move {
            let ids: Vec<Uuid> = Entity::find()
                .filter(Column::ExpiresAt.lt(database::now() - KEPT))
                .select_only()
                .column(Column::Id)
                .limit(PAGE)
                .into_tuple()
                .all(&database)
                .await?;
            if ids.is_empty() {
                return Ok(0);
            }
            let purged = Entity::delete_many()
                .filter(Column::Id.is_in(ids))
                .exec(&database)
                .await?;
            Ok(purged.rows_affected)
        })
        .await
}

async fn select(
    query: sea_orm::Select<Entity>,
    database: &Database,
) -> Result<Vec<Revocation>, DbErr> {
    let query = query
        .select_only()
        .column(Column::Id)
        .column(Column::ExpiresAt)
        .into_tuple();
    let rows: Vec<(Uuid, OffsetDateTime)> = database
        .run(move |database| async move { query.all(&database).await })
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, expires_at)| Revocation { id, expires_at })
        .collect())
}
