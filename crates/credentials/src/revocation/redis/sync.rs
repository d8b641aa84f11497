//! The task that keeps Redis in step with SQL.

use std::collections::HashSet;
use std::time::Duration;

use sea_orm::DbErr;
use time::OffsetDateTime;
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use super::connection::WorkerConnection;
use super::filled;
use super::shared::Shared;
use super::write::CHUNK;
use crate::revocation::backend::Revocation;
use crate::revocation::store;

/// Time between two looks at the table and the server.
const PERIOD: Duration = Duration::from_secs(1);
/// Looks between two deletions of expired rows.
const LOOKS_PER_PURGE: u32 = 60;

/// Keeps Redis in step with SQL; never returns.
pub(super) async fn run(shared: &Shared, connection: &WorkerConnection) {
    let mut ticks = tokio::time::interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut looks: u32 = 0;
    loop {
        ticks.tick().await;
        connection.check_server().await;
        // Fills an emptied Redis also when nobody asks; failures are logged there.
        drop(connection.are_revoked(&[(Uuid::nil(), None)]).await);
        if let Err(error) = reconcile(shared, connection).await {
            tracing::debug!(%error, "revocations wait to be published");
        }
        looks = looks.wrapping_add(1);
        if looks.is_multiple_of(LOOKS_PER_PURGE) {
            shared
                .pending
                .drop_expired(OffsetDateTime::now_utc().unix_timestamp());
            if let Err(error) = store::purge(&shared.database).await {
                tracing::warn!(%error, "expired revocations cannot be deleted");
            }
        }
    }
}

/// Publishes what no instance could publish yet.
async fn reconcile(shared: &Shared, connection: &WorkerConnection) -> anyhow::Result<()> {
    let complete = shared.complete();
    if complete.as_deref() != filled::latest(&shared.database).await?.as_deref() {
        // Whoever asks next fills the one that there is.
        shared.set_complete(None);
    }
    // Noted before the table is read: what is added to the set meanwhile may be missing from the rows.
    let before = shared.pending.ids();
    let rows = read_unpublished(shared).await?;
    let waiting: HashSet<Uuid> = rows.iter().map(|row| row.id).collect();
    shared
        .pending
        .remove(before.into_iter().filter(|id| !waiting.contains(id)));
    for chunk in rows.chunks(CHUNK) {
        let complete = shared.complete();
        connection.publish(chunk).await?;
        // Before it was read, no other Redis had begun to be filled, which may lack these rows.
        if complete.as_deref() != filled::latest(&shared.database).await?.as_deref() {
            anyhow::bail!("another Redis has been filled meanwhile");
        }
        store::mark_published(&shared.database, chunk).await?;
        shared
            .pending
            .remove(chunk.iter().map(|revocation| revocation.id));
    }
    Ok(())
}

/// Adds to the pending revocations those that other instances could not publish, and returns them.
pub(super) async fn read_unpublished(shared: &Shared) -> Result<Vec<Revocation>, DbErr> {
    let mut all = Vec::new();
    let mut after = None;
    while let Some(page) = store::unpublished_page(&shared.database, after).await? {
        after = Some(page.last);
        shared.pending.add(&page.revocations);
        all.extend(page.revocations);
    }
    Ok(all)
}
