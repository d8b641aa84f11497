//! Queries on the `revocations` table, for the stores at start and in the background.
//!
//! The table may be large, so it is read in pages; an index gives the order of each, and no index serves another
//! condition in between: the planner of SQLite would sort all rows for each page. What has expired is left out here.
//! The connections are those of the background: no question has the time limit of a request.

use database::Database;
use sea_orm::{
    ColumnTrait as _, DbErr, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select, sea_query::Expr,
};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::backend::Revocation;
use super::entity::{Column, Entity};
use crate::clock::CLOCK_SKEW;

/// The time that a row outlives the tokens it is about, so that no clock that is behind misses it.
const KEPT: Duration = Duration::hours(1);

/// Rows that are read at a time.
pub(super) const PAGE: u64 = 10_000;

/// Rows that are deleted at a time: whoever writes waits for it.
const BATCH: u64 = 2_000;

/// Batches that one purge deletes at most.
const BATCHES: usize = 5;

/// A page of the table.
pub(super) struct Page {
    /// Those that have not expired.
    pub(super) revocations: Vec<Revocation>,
    /// The id behind which the next page begins.
    pub(super) last: Uuid,
}

/// Returns the next page of all rows by id, behind `after`; none at the end.
pub(super) async fn page(database: &Database, after: Option<Uuid>) -> Result<Option<Page>, DbErr> {
    page_of(Entity::find(), database, after).await
}

/// Returns the next page of the rows that Redis may not have yet, by id, behind `after`; none at the end.
pub(super) async fn unpublished_page(
    database: &Database,
    after: Option<Uuid>,
) -> Result<Option<Page>, DbErr> {
    let unpublished = Entity::find().filter(Column::Published.eq(false));
    page_of(unpublished, database, after).await
}

/// Counts all rows.
pub(super) async fn count(database: &Database) -> Result<u64, DbErr> {
    database
        .run(|database| async move { Entity::find().count(&database).await })
        .await
}

/// Returns the unexpired rows that were revoked at `since` or later.
pub(super) async fn revoked_since(
    database: &Database,
    since: OffsetDateTime,
) -> Result<Vec<Revocation>, DbErr> {
    let rows = select(
        Entity::find().filter(Column::RevokedAt.gte(since)),
        database,
    )
    .await?;
    Ok(unexpired(rows))
}

/// Marks revocations as published to Redis.
pub(super) async fn mark_published(
    database: &Database,
    revocations: &[Revocation],
) -> Result<(), DbErr> {
    let update = Entity::update_many()
        .col_expr(Column::Published, Expr::value(true))
        .filter(Column::Id.is_in(revocations.iter().map(|revocation| revocation.id)));
    database.update(update).await.map(drop)
}

/// Deletes revocations that no token can need any more, and returns how many.
///
/// No more than a few thousand at a time; what is left goes with the next calls.
pub(super) async fn purge(database: &Database) -> Result<u64, DbErr> {
    let mut count = 0;
    for _ in 0..BATCHES {
        let expired = Column::ExpiresAt.lt(database::now() - KEPT);
        let purged = database.delete_some::<Entity>(expired, BATCH).await?;
        count += purged;
        if purged < BATCH {
            break;
        }
    }
    Ok(count)
}

async fn page_of(
    rows: Select<Entity>,
    database: &Database,
    after: Option<Uuid>,
) -> Result<Option<Page>, DbErr> {
    let rows = match after {
        Some(id) => rows.filter(Column::Id.gt(id)),
        None => rows,
    };
    let rows = select(rows.order_by_asc(Column::Id).limit(PAGE), database).await?;
    Ok(rows.last().map(|&(last, _)| last).map(|last| Page {
        revocations: unexpired(rows),
        last,
    }))
}

async fn select(
    query: Select<Entity>,
    database: &Database,
) -> Result<Vec<(Uuid, OffsetDateTime)>, DbErr> {
    let query = query
        .select_only()
        .column(Column::Id)
        .column(Column::ExpiresAt);
    database
        .run(|database| async move { query.into_tuple().all(&database).await })
        .await
}

fn unexpired(rows: Vec<(Uuid, OffsetDateTime)>) -> Vec<Revocation> {
    let begin = database::now() - Duration::seconds(CLOCK_SKEW);
    rows.into_iter()
        .filter(|(_, expires_at)| *expires_at > begin)
        .map(|(id, expires_at)| Revocation { id, expires_at })
        .collect()
}
