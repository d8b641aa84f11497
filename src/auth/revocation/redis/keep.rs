//! Writing to Redis: publishing, filling it from SQL, and the task that keeps the two in step.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use deadpool_redis::Connection;
use deadpool_redis::redis::{Pipeline, Value, cmd, pipe};
use time::OffsetDateTime;
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use super::keys::{self, EPOCH};
use super::link::Link;
use super::server::{self, Fault};
use super::{Revocation, Shared, StoreDown, redis_fault, rows};
use crate::auth::revocation::set::CLOCK_SKEW;

/// Time between two looks at the table and the server.
const PERIOD: Duration = Duration::from_secs(1);
/// Looks between two deletions of expired rows.
const LOOKS_PER_PURGE: u32 = 60;
/// Revocations that are written at a time.
const CHUNK: usize = 1_000;
/// Longest time that a filling may take.
const FILLING_SECONDS: u64 = 600;

/// Keeps Redis in step with SQL; never returns.
pub(super) async fn keep(shared: &Arc<Shared>, link: &Link) {
    let mut ticks = tokio::time::interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut looks: u32 = 0;
    loop {
        ticks.tick().await;
        shared.judge_server().await;
        // Fills an emptied Redis also when nobody asks; failures are logged there.
        drop(link.check(Uuid::nil(), None).await);
        if let Err(error) = shared.reconcile().await {
            tracing::debug!(%error, "revocations wait to be published");
        }
        looks = looks.wrapping_add(1);
        if looks.is_multiple_of(LOOKS_PER_PURGE) {
            shared
                .pending
                .drop_expired(OffsetDateTime::now_utc().unix_timestamp());
            if let Err(error) = rows::purge(&shared.database).await {
                tracing::warn!(%error, "expired revocations cannot be deleted");
            }
        }
    }
}

impl Shared {
    /// Writes revocations to Redis, within the time limit.
    pub(super) async fn push(&self, revocations: &[Revocation]) -> Result<(), StoreDown> {
        let push = async {
            let mut connection = self.connection().await?;
            for chunk in revocations.chunks(CHUNK) {
                write(&mut connection, chunk).await?;
            }
            Ok(())
        };
        let outcome = match tokio::time::timeout(self.timeout, push).await {
            Ok(outcome) => outcome,
            Err(_) => Err(StoreDown::new("Redis did not take a revocation in time")),
        };
        outcome.inspect_err(|down: &StoreDown| {
            tracing::warn!(
                reason = down.reason(),
                "a revocation is in the database but not in Redis yet; it is tried again every second"
            );
        })
    }

    /// Writes a revocation that is nobody's, within the time limit.
    pub(super) async fn probe(&self) -> Result<(), StoreDown> {
        let probe = Revocation {
            id: Uuid::nil(),
            expires_at: OffsetDateTime::now_utc(),
        };
        let write = async { write(&mut self.connection().await?, &[probe]).await };
        tokio::time::timeout(self.timeout, write)
            .await
            .unwrap_or_else(|_| Err(StoreDown::new("Redis did not take a revocation in time")))
    }

    /// Fills Redis from SQL, unless it has been filled meanwhile. One request does it; the others wait.
    pub(super) async fn refill(self: &Arc<Self>, run_id: &Arc<str>) -> Result<(), StoreDown> {
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
            .unwrap_or_else(|_| Err(StoreDown::new("loading Redis was interrupted")))
    }

    /// `None`: nothing was missing.
    async fn fill(&self, run_id: &str) -> Result<Option<usize>, StoreDown> {
        let mut connection = self.connection().await?;
        // On this very connection: the pool may lead to another process than the one that was asked.
        if server::run_id(&mut connection).await? != run_id {
            return Err(StoreDown::new("Redis was restarted"));
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
        let mut count = 0;
        let mut after = None;
        loop {
            let page = rows::unexpired(&self.database, after)
                .await
                .map_err(|error| {
                    StoreDown::new(format!(
                        "the table of revoked tokens cannot be read: {error}"
                    ))
                })?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            count += page.len();
            for chunk in page.chunks(CHUNK) {
                write(&mut connection, chunk).await?;
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
            return Err(StoreDown::new(
                "Redis lost its data again while it was loaded",
            ));
        }
        Ok(Some(count))
    }

    /// Whether the server as a whole may be believed; a server that is merely silent is `link`'s matter.
    async fn judge_server(&self) {
        let look = async {
            let mut connection = self.connection().await.ok()?;
            Some(server::run_id(&mut connection).await)
        };
        let Ok(Some(verdict)) = tokio::time::timeout(self.timeout, look).await else {
            return;
        };
        match verdict {
            Ok(_) => self.unfit.store(false, Ordering::Release),
            Err(Fault::Silent(_)) => {}
            Err(fault) => {
                self.unfit.store(true, Ordering::Release);
                self.failed(&fault.into());
            }
        }
    }

    /// Refuses at once what other instances could not publish, and publishes it.
    async fn reconcile(&self) -> anyhow::Result<()> {
        // Noted before the table is read: what is added to the set meanwhile may be missing from the rows.
        let before = self.pending.ids();
        let rows = rows::unpublished(&self.database).await?;
        self.pending.add(&rows);
        let waiting: HashSet<Uuid> = rows.iter().map(|row| row.id).collect();
        self.pending
            .remove(before.into_iter().filter(|id| !waiting.contains(id)));
        for chunk in rows.chunks(CHUNK) {
            self.push(chunk).await?;
            rows::mark_published(&self.database, chunk).await?;
            self.pending
                .remove(chunk.iter().map(|revocation| revocation.id));
        }
        Ok(())
    }

    async fn connection(&self) -> Result<Connection, StoreDown> {
        self.pool
            .get()
            .await
            .map_err(|error| StoreDown::new(error.to_string()))
    }
}

async fn write(connection: &mut Connection, revocations: &[Revocation]) -> Result<(), StoreDown> {
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
        }
    }
    if commands.is_empty() {
        return Ok(());
    }
    send(connection, &commands).await
}

async fn send(connection: &mut Connection, commands: &Pipeline) -> Result<(), StoreDown> {
    commands
        .exec_async(connection)
        .await
        .map_err(|error| redis_fault(&error))
}
