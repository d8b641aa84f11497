//! Writes to Redis: publishing, filling it from SQL, and the task that keeps the two in step.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use deadpool_redis::Connection;
use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{Pipeline, Value, cmd, pipe};
use sea_orm::DbErr;
use time::OffsetDateTime;
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use super::connection::WorkerConnection;
use super::feed;
use super::keys::{self, EPOCH};
use super::server::{self, ServerFault};
use super::shared::{Shared, redis_fault};
use crate::auth::revocation::backend::{Revocation, StoreUnavailable};
use crate::auth::revocation::set::CLOCK_SKEW;
use crate::auth::revocation::store;
use crate::database;
use crate::redis::connection_config;

/// Time between two looks at the table and the server.
const PERIOD: Duration = Duration::from_secs(1);
/// Looks between two deletions of expired rows.
const LOOKS_PER_PURGE: u32 = 60;
/// Revocations that are written at a time.
const CHUNK: usize = 1_000;
/// Rows between two lines of the log that say how far a filling has come.
const PROGRESS: usize = 100_000;
/// Longest time for one answer of Redis while it is filled.
const FILLING_PATIENCE: Duration = Duration::from_secs(10);
/// Longest time that a filling may take: enough for tens of millions of rows.
const FILLING_SECONDS: u64 = 3_600;

/// Keeps Redis in step with SQL; never returns.
pub(super) async fn run(shared: &Arc<Shared>, connection: &WorkerConnection) {
    let mut ticks = tokio::time::interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut looks: u32 = 0;
    loop {
        ticks.tick().await;
        shared.check_server().await;
        // Fills an emptied Redis also when nobody asks; failures are logged there.
        drop(connection.is_revoked(Uuid::nil(), None).await);
        if let Err(error) = shared.reconcile().await {
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

impl Shared {
    /// Writes revocations to Redis, within the time limit.
    pub(super) async fn push(&self, revocations: &[Revocation]) -> Result<(), StoreUnavailable> {
        let push = async {
            let mut connection = self.connection().await?;
            write_all(&mut connection, revocations, Told::Readers).await
        };
        let outcome = match tokio::time::timeout(self.timeout, push).await {
            Ok(outcome) => outcome,
            Err(_) => Err(StoreUnavailable::new(
                "Redis did not take a revocation in time",
            )),
        };
        outcome.inspect_err(|down: &StoreUnavailable| {
            tracing::warn!(
                reason = down.reason(),
                "a revocation is in the database but not in Redis yet; it is tried again every second"
            );
        })
    }

    /// Writes a revocation of no token, within the time limit.
    pub(super) async fn probe(&self) -> Result<(), StoreUnavailable> {
        let probe = Revocation {
            id: Uuid::nil(),
            expires_at: OffsetDateTime::now_utc(),
        };
        let write = async {
            let mut connection = self.connection().await?;
            write(&mut connection, &[probe], Told::Readers).await
        };
        tokio::time::timeout(self.timeout, write)
            .await
            .unwrap_or_else(|_| {
                Err(StoreUnavailable::new(
                    "Redis did not take a revocation in time",
                ))
            })
    }

    /// Fills Redis from SQL, unless it has been filled meanwhile. One request does it; the others wait.
    pub(super) async fn refill(
        self: &Arc<Self>,
        run_id: &Arc<str>,
    ) -> Result<(), StoreUnavailable> {
        let Ok(filling) = Arc::clone(&self.filling).try_lock_owned() else {
            drop(self.filling.lock().await);
            return Ok(());
        };
        let shared = Arc::clone(self);
        let run_id = Arc::clone(run_id);
        // A task of its own: the request that noticed the loss may be cancelled or run out of time.
        let task = tokio::spawn(async move {
            let outcome = shared.fill(&run_id).await;
            match &outcome {
                Ok(Some(count)) => {
                    tracing::info!(count, "Redis had lost the revocations; loaded them again")
                }
                Ok(None) => {}
                Err(down) => shared.failed(down),
            }
            drop(filling);
            outcome.map(drop)
        });
        task.await
            .unwrap_or_else(|_| Err(StoreUnavailable::new("loading Redis was interrupted")))
    }

    /// Fills Redis from SQL and returns how many revocations there were; `None` when nothing was missing.
    async fn fill(&self, run_id: &str) -> Result<Option<usize>, StoreUnavailable> {
        // Its own, with more time for each answer than a request has: one that is late would undo all that came before it.
        let mut connection = self
            .client
            .get_multiplexed_async_connection_with_config(&connection_config(FILLING_PATIENCE))
            .await
            .map_err(|error| redis_fault(&error))?;
        // On this very connection: the pool may lead to another process than the one that was asked.
        if server::run_id(&mut connection).await? != run_id {
            return Err(StoreUnavailable::new("Redis was restarted"));
        }
        let epoch: Option<String> = cmd("GET")
            .arg(EPOCH)
            .query_async(&mut connection)
            .await
            .map_err(|error| redis_fault(&error))?;
        if epoch.as_deref() == Some(run_id) {
            return Ok(None);
        }

        // Data that is lost from here on takes the watched key along, and the epoch is not written.
        let guard = keys::filling();
        let mut begin = pipe();
        begin
            .cmd("SET")
            .arg(&guard)
            .arg(1)
            .arg("EX")
            .arg(FILLING_SECONDS)
            .ignore();
        begin.cmd("WATCH").arg(&guard).ignore();
        send(&mut connection, &begin).await?;
        let unreadable = |error: DbErr| {
            let cause = database::describe_error(&error);
            StoreUnavailable::new(format!(
                "the table of revoked tokens cannot be read: {cause}"
            ))
        };
        let mut count = 0;
        let mut told = 0;
        let mut next = store::page(&self.database, None)
            .await
            .map_err(unreadable)?;
        while let Some(page) = next {
            count += page.revocations.len();
            // One page is written while the next is read.
            let written = write_all(&mut connection, &page.revocations, Told::Nobody);
            let read = store::page(&self.database, Some(page.last));
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
        end.cmd("SET").arg(EPOCH).arg(run_id).ignore();
        end.cmd("DEL").arg(&guard).ignore();
        let done: Value = end
            .query_async(&mut connection)
            .await
            .map_err(|error| redis_fault(&error))?;
        if done == Value::Nil {
            return Err(StoreUnavailable::new(
                "Redis lost its data again while it was loaded",
            ));
        }
        Ok(Some(count))
    }

    /// Checks whether the server as a whole can be trusted; a server that is merely silent is found by each connection.
    async fn check_server(&self) {
        let look = async {
            let mut connection = self.connection().await.ok()?;
            Some(server::run_id(&mut connection).await)
        };
        let Ok(Some(found)) = tokio::time::timeout(self.timeout, look).await else {
            return;
        };
        match found {
            Ok(_) => self.untrusted.store(false, Ordering::Release),
            Err(ServerFault::Silent(_)) => {}
            Err(fault) => {
                self.untrusted.store(true, Ordering::Release);
                self.failed(&fault.into());
            }
        }
    }

    /// Publishes what no instance could publish yet.
    async fn reconcile(&self) -> anyhow::Result<()> {
        // Noted before the table is read: what is added to the set meanwhile may be missing from the rows.
        let before = self.pending.ids();
        let rows = self.read_unpublished().await?;
        let waiting: HashSet<Uuid> = rows.iter().map(|row| row.id).collect();
        self.pending
            .remove(before.into_iter().filter(|id| !waiting.contains(id)));
        for chunk in rows.chunks(CHUNK) {
            self.push(chunk).await?;
            store::mark_published(&self.database, chunk).await?;
            self.pending
                .remove(chunk.iter().map(|revocation| revocation.id));
        }
        Ok(())
    }

    /// Adds to the pending revocations those that other instances could not publish, and returns them.
    pub(super) async fn read_unpublished(&self) -> Result<Vec<Revocation>, DbErr> {
        let mut all = Vec::new();
        let mut after = None;
        while let Some(page) = store::unpublished_page(&self.database, after).await? {
            after = Some(page.last);
            self.pending.add(&page.revocations);
            all.extend(page.revocations);
        }
        Ok(all)
    }

    async fn connection(&self) -> Result<Connection, StoreUnavailable> {
        self.pool
            .get()
            .await
            .map_err(|error| StoreUnavailable::new(error.to_string()))
    }
}

/// Those who are told of what is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    /// The readers of the feed.
    Readers,
    /// Nobody: a Redis that lost its data is filled, and readers go to SQL themselves.
    Nobody,
}

async fn write_all(
    connection: &mut MultiplexedConnection,
    revocations: &[Revocation],
    told: Told,
) -> Result<(), StoreUnavailable> {
    for chunk in revocations.chunks(CHUNK) {
        write(connection, chunk, told).await?;
    }
    Ok(())
}

/// Writes revocations in one round trip.
async fn write(
    connection: &mut MultiplexedConnection,
    revocations: &[Revocation],
    told: Told,
) -> Result<(), StoreUnavailable> {
    let now = OffsetDateTime::now_utc().unix_timestamp();
    let mut commands = pipe();
    for revocation in revocations {
        // The remaining life and not the end of it: the clock of Redis need not agree with ours.
        let remaining = revocation.expires_at.unix_timestamp() + CLOCK_SKEW - now;
        if remaining > 0 {
            commands
                .cmd("SET")
                .arg(&keys::revoked(revocation.id))
                .arg(1)
                .arg("EX")
                .arg(remaining)
                .ignore();
            if told == Told::Readers {
                feed::announce(&mut commands, revocation);
            }
        }
    }
    if commands.is_empty() {
        return Ok(());
    }
    send(connection, &commands).await
}

async fn send(
    connection: &mut MultiplexedConnection,
    commands: &Pipeline,
) -> Result<(), StoreUnavailable> {
    commands
        .exec_async(connection)
        .await
        .map_err(|error| redis_fault(&error))
}
