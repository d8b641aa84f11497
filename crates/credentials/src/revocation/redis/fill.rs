//! Fills a Redis that has lost its data, or never had it, from SQL.

use std::sync::Arc;
use std::time::Duration;

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{Value, cmd, pipe};
use infrastructure::redis::{Primary, connection_config};
use sea_orm::DbErr;

use super::keys::{self, EPOCH};
use super::shared::Shared;
use super::write;
use super::{filled, server};
use crate::revocation::backend::StoreUnavailable;
use crate::revocation::store;

/// Rows between two lines of the log that say how far it has come.
const PROGRESS: usize = 100_000;
/// Longest time for one answer of Redis meanwhile.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest time that it may take: enough for tens of millions of rows.
const MOST_SECONDS: u64 = 3_600;

/// The state of the server that was to be filled.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Filled {
    /// It has all revocations, by this or by another task.
    Yes,
    /// The address leads to another server by now.
    Other,
}

/// Fills Redis from SQL, unless it has been filled meanwhile. One request does it; the others wait.
pub(super) async fn fill(
    shared: &Arc<Shared>,
    primary: &Arc<Primary>,
    identity: &Arc<str>,
) -> Result<Filled, StoreUnavailable> {
    let Ok(filling) = Arc::clone(&shared.filling).try_lock_owned() else {
        drop(shared.filling.lock().await);
        return Ok(Filled::Yes);
    };
    let (shared, primary) = (Arc::clone(shared), Arc::clone(primary));
    let identity = Arc::clone(identity);
    // A task of its own: the request that noticed the loss may be cancelled or run out of time.
    let task = tokio::spawn(async move {
        let outcome = run(&shared, &primary, &identity).await;
        if let Err(down) = &outcome {
            shared.failed(down);
        }
        drop(filling);
        outcome
    });
    task.await
        .unwrap_or_else(|_| Err(StoreUnavailable::new("loading Redis was interrupted")))
}

async fn run(
    shared: &Shared,
    primary: &Primary,
    identity: &Arc<str>,
) -> Result<Filled, StoreUnavailable> {
    // Its own, with more time for each answer than a request has: one that is late would undo all that came before it.
    let mut connection = primary.connect(&connection_config(PATIENCE)).await?;
    // On this very connection: the address may lead to another process than the one that was asked.
    if server::identity(&mut connection).await? != **identity {
        return Ok(Filled::Other);
    }
    // In this order: who begins to fill one that was out of use removes its epoch, and then tells SQL.
    let latest = filled::latest(&shared.database).await.map_err(unreadable)?;
    let epoch: Option<String> = cmd("GET").arg(EPOCH).query_async(&mut connection).await?;
    let has_epoch = epoch.as_deref() == Some(&**identity);
    if has_epoch && latest.as_deref() == Some(&**identity) {
        shared.set_complete(Some(Arc::clone(identity)));
        return Ok(Filled::Yes);
    }
    // Before SQL is read: until then other instances may write to the primary before this one.
    primary.settled().await;
    if !primary.is_current() {
        return Ok(Filled::Other);
    }
    if latest.as_deref().is_some_and(|other| other != &**identity) {
        let _: () = cmd("DEL").arg(EPOCH).query_async(&mut connection).await?;
        // Before the rows are read: whoever publishes to another Redis from then on finds out.
        filled::set(&shared.database, identity)
            .await
            .map_err(unreadable)?;
    }
    let count = load(shared, &mut connection, identity).await?;
    // Beside instances of 0.1.0, which know no such row, and go on meanwhile.
    if latest.is_none() {
        filled::set(&shared.database, identity)
            .await
            .map_err(unreadable)?;
    }
    shared.set_complete(Some(Arc::clone(identity)));
    // An upgrade from 0.1.0 finds its epoch, and no row: nothing is wrong.
    if has_epoch && latest.is_some() {
        tracing::warn!(
            count,
            "another Redis was used meanwhile; loaded all revocations again. All instances must have the same redis.urls"
        );
    } else {
        tracing::info!(
            count,
            "loaded the revocations into Redis, which is new or had lost them"
        );
    }
    Ok(Filled::Yes)
}

/// Loads all revocations, and returns how many there are.
async fn load(
    shared: &Shared,
    connection: &mut MultiplexedConnection,
    identity: &str,
) -> Result<usize, StoreUnavailable> {
    // Data that is lost from here on takes the watched key along, and the epoch is not written.
    let guard = keys::filling();
    let mut begin = pipe();
    begin
        .cmd("SET")
        .arg(&guard)
        .arg(1)
        .arg("EX")
        .arg(MOST_SECONDS)
        .ignore();
    begin.cmd("WATCH").arg(&guard).ignore();
    begin.exec_async(connection).await?;
    let mut count = 0;
    let mut told = 0;
    let mut next = store::page(&shared.database, None)
        .await
        .map_err(unreadable)?;
    while let Some(page) = next {
        count += page.revocations.len();
        // One page is written while the next is read.
        let written = write::all(connection, &page.revocations);
        let read = store::page(&shared.database, Some(page.last));
        let (written, read) = tokio::join!(written, read);
        written?;
        next = read.map_err(unreadable)?;
        if count - told >= PROGRESS {
            told = count;
            tracing::info!(count, "loading revoked tokens into Redis");
        }
    }
    let mut end = pipe();
    end.atomic();
    end.cmd("SET").arg(EPOCH).arg(identity).ignore();
    end.cmd("DEL").arg(&guard).ignore();
    let done: Value = end.query_async(connection).await?;
    if done == Value::Nil {
        return Err(StoreUnavailable::new(
            "Redis lost its data again while it was loaded",
        ));
    }
    Ok(count)
}

fn unreadable(error: DbErr) -> StoreUnavailable {
    let cause = database::describe_error(&error);
    StoreUnavailable::new(format!(
        "the table of revoked tokens cannot be read: {cause}"
    ))
}
