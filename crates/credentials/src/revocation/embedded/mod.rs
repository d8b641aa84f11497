//! The store in the memory of this process, for one instance.
//!
//! It is filled from SQL at start and topped up twice a second, so that it learns what another
//! process, such as the command line, has revoked.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use database::Database;
use sea_orm::DbErr;
use time::OffsetDateTime;
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use super::backend::{Revocation, RevocationStore, StoreUnavailable};
use super::set::Set;
use super::store;

/// Time between two looks at the table.
const PERIOD: Duration = Duration::from_millis(500);
/// Age from which the copy is not trusted any more.
const STALE: Duration = Duration::from_secs(2);
/// The span that each look goes back: rows become visible later than the moment they carry, by the length
/// of their transaction and the difference of clocks.
const OVERLAP: time::Duration = time::Duration::seconds(60);
/// Time between two readings of the whole table, against clocks that differ by more than [`OVERLAP`].
const RELOAD_PERIOD: Duration = Duration::from_secs(60);

/// Rows between two lines of the log that say how far the start has come.
const PROGRESS: usize = 100_000;

/// A map of everything revoked, shared by all workers.
#[derive(Clone)]
pub(crate) struct Embedded {
    shared: Arc<Shared>,
}

struct Shared {
    database: Database,
    revoked: Set,
    opened: Instant,
    /// The same moment as rows carry it.
    opened_at: OffsetDateTime,
    /// The begin of the latest successful look, in milliseconds after `opened`.
    fresh_at: AtomicU64,
}

impl Embedded {
    pub(super) async fn open(database: Database) -> anyhow::Result<Self> {
        let shared = Shared {
            database,
            revoked: Set::default(),
            opened: Instant::now(),
            opened_at: database::now(),
            fresh_at: AtomicU64::new(0),
        };
        shared
            .load()
            .await
            .context("the table of revoked tokens cannot be read")?;
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    /// Returns the number of ids in memory.
    pub(super) fn held(&self) -> usize {
        self.shared.revoked.len()
    }
}

impl RevocationStore for Embedded {
    fn for_worker(&self) -> Self {
        self.clone()
    }

    async fn is_revoked(&self, jti: Uuid, sid: Option<Uuid>) -> Result<bool, StoreUnavailable> {
        // Before the map is read, which may be fresh again by the time a stopped process goes on.
        let trusted = self.shared.trusted();
        if self.shared.revoked.contains(jti, sid) {
            return Ok(true);
        }
        trusted.map(|()| false)
    }

    async fn publish(&self, revocations: &[Revocation]) -> Result<(), StoreUnavailable> {
        self.shared.revoked.add(revocations);
        Ok(())
    }

    async fn ready(&self) -> Result<(), StoreUnavailable> {
        self.shared.trusted()
    }

    async fn run(self) {
        tokio::join!(self.shared.follow(), self.shared.tidy());
    }
}

impl Shared {
    fn trusted(&self) -> Result<(), StoreUnavailable> {
        let fresh_at = Duration::from_millis(self.fresh_at.load(Ordering::Acquire));
        if self.opened.elapsed().saturating_sub(fresh_at) < STALE {
            Ok(())
        } else {
            Err(StoreUnavailable::new(
                "the copy of the table of revoked tokens is too old",
            ))
        }
    }

    /// Adds what was revoked since the last look, again and again; never returns.
    async fn follow(&self) {
        let mut ticks = tokio::time::interval(PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut seen_until = self.opened_at;
        let mut failing = false;
        loop {
            ticks.tick().await;
            let began = database::now();
            let mut look = std::pin::pin!(self.top_up(seen_until - OVERLAP));
            // A look that takes long is not given up: the next one would take as long.
            let outcome = match tokio::time::timeout(STALE, &mut look).await {
                Ok(outcome) => outcome,
                Err(_elapsed) => {
                    Self::behind(&mut failing, "it does not answer in time");
                    look.await
                }
            };
            match outcome {
                Ok(()) => {
                    if failing {
                        tracing::info!("revoked tokens are read from the database again");
                    }
                    failing = false;
                    seen_until = began;
                }
                Err(error) => Self::behind(&mut failing, &database::describe_error(&error)),
            }
        }
    }

    /// Logs that the copy grows old, once until it is fresh again.
    fn behind(failing: &mut bool, error: &str) {
        if !*failing {
            tracing::warn!(
                error,
                "revoked tokens cannot be read from the database; \
                 secured operations answer 503 until they can"
            );
        }
        *failing = true;
    }

    /// Reads everything and removes what has expired, again and again; never returns.
    async fn tidy(&self) {
        loop {
            tokio::time::sleep(RELOAD_PERIOD).await;
            let outcome = async {
                self.reload().await?;
                self.revoked
                    .drop_expired(OffsetDateTime::now_utc().unix_timestamp());
                store::purge(&self.database).await
            };
            match outcome.await {
                Ok(0) => {}
                Ok(count) => {
                    let kept = self.revoked.len();
                    tracing::debug!(count, kept, "expired revocations were forgotten");
                }
                Err(error) => tracing::warn!(%error, "expired revocations cannot be forgotten"),
            }
        }
    }

    async fn top_up(&self, since: OffsetDateTime) -> Result<(), DbErr> {
        let began = self.opened.elapsed();
        self.revoked
            .add(&store::revoked_since(&self.database, since).await?);
        self.refreshed(began);
        Ok(())
    }

    /// Fills the map at start, however long that takes.
    async fn load(&self) -> Result<(), DbErr> {
        let began = Instant::now();
        let total = store::count(&self.database).await?;
        self.revoked.reserve(usize::try_from(total).unwrap_or(0));
        let mut read = 0;
        let mut told = 0;
        let mut fresh = self.opened.elapsed();
        let mut after = None;
        while let Some(page) = store::page(&self.database, after).await? {
            after = Some(page.last);
            read += page.revocations.len();
            self.revoked.add(&page.revocations);
            if read - told >= PROGRESS {
                told = read;
                tracing::info!(read, total, "reading revoked tokens");
            }
        }
        // What was revoked meanwhile may stand on a page that was read before it.
        if began.elapsed() >= PERIOD {
            fresh = self.opened.elapsed();
            let rows = store::revoked_since(&self.database, self.opened_at - OVERLAP).await?;
            self.revoked.add(&rows);
        }
        if told > 0 {
            let milliseconds = began.elapsed().as_millis();
            tracing::info!(read, milliseconds, "all revoked tokens are in memory");
        }
        self.refreshed(fresh);
        Ok(())
    }

    async fn reload(&self) -> Result<(), DbErr> {
        let mut after = None;
        while let Some(page) = store::page(&self.database, after).await? {
            after = Some(page.last);
            self.revoked.add(&page.revocations);
        }
        Ok(())
    }

    fn refreshed(&self, began: Duration) {
        let began = u64::try_from(began.as_millis()).unwrap_or(u64::MAX);
        self.fresh_at.store(began, Ordering::Release);
    }
}

#[cfg(test)]
mod tests;
