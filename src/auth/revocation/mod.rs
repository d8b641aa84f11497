//! Revoked tokens and ended sessions.
//!
//! The `revocations` table is the truth; a fast store answers for it at every request. Whoever
//! revokes writes the row first, in the transaction that makes it true, and then calls
//! [`Revocations::publish`]. A store that cannot answer says so: nobody is let in unchecked.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

use crate::database::Database;
use crate::metrics::RevocationReadings;
use crate::redis::Server;
use crate::settings::{RevocationBackend, Settings};
use crate::telemetry::Work;

mod backend;
mod embedded;
pub(crate) mod entity;
mod redis;
mod replica;
mod set;
mod store;

use backend::RevocationStore as _;
pub(crate) use backend::{Revocation, StoreUnavailable};
use replica::FeedStatus;

/// The number of times that a store of this process could not be told of revocations at once.
static PUBLISH_FAILURES: AtomicU64 = AtomicU64::new(0);

/// The store that the settings name.
#[derive(Clone)]
pub(crate) enum Revocations {
    /// In the memory of this process.
    Embedded(embedded::Embedded),
    /// In Redis.
    Redis(redis::Redis),
    /// In the memory of each process, fed by Redis.
    Replica(replica::Replica),
}

impl Revocations {
    /// Opens the store. [`run`](Self::run) must be spawned for it to stay in step.
    ///
    /// # Errors
    /// The database cannot be read, or the address of Redis makes no sense. A Redis that doesn't
    /// answer is no error: it is logged, and every check fails until it does.
    pub(crate) async fn open(settings: &Settings, database: Database) -> anyhow::Result<Self> {
        Ok(match settings.revocation.backend {
            RevocationBackend::Embedded => {
                Self::Embedded(embedded::Embedded::open(database).await?)
            }
            RevocationBackend::Redis => {
                Self::Redis(redis::Redis::open(&settings.redis, database).await?)
            }
            RevocationBackend::RedisReplica => {
                Self::Replica(replica::Replica::open(settings, database).await?)
            }
        })
    }

    /// Returns a handle for one worker; to be called on the worker's thread.
    pub(crate) fn for_worker(&self) -> Self {
        match self {
            Self::Embedded(store) => Self::Embedded(store.for_worker()),
            Self::Redis(store) => Self::Redis(store.for_worker()),
            Self::Replica(store) => Self::Replica(store.for_worker()),
        }
    }

    /// Returns whether the token `jti` or its session `sid` is revoked.
    ///
    /// # Errors
    /// [`StoreUnavailable`]: the caller must refuse the request.
    pub(crate) async fn is_revoked(
        &self,
        jti: Uuid,
        sid: Option<Uuid>,
    ) -> Result<bool, StoreUnavailable> {
        match self {
            Self::Embedded(store) => store.is_revoked(jti, sid).await,
            Self::Redis(store) => store.is_revoked(jti, sid).await,
            Self::Replica(store) => store.is_revoked(jti, sid).await,
        }
    }

    /// Publishes revocations whose rows have been committed.
    ///
    /// # Errors
    /// [`StoreUnavailable`] when other instances may not know yet. This instance refuses the tokens all the
    /// same, and [`run`](Self::run) goes on trying.
    pub(crate) async fn publish(&self, revocations: &[Revocation]) -> Result<(), StoreUnavailable> {
        let mut work = Work::begin("publish revocations");
        let published = match self {
            Self::Embedded(store) => store.publish(revocations).await,
            Self::Redis(store) => store.publish(revocations).await,
            Self::Replica(store) => store.publish(revocations).await,
        };
        if published.is_err() {
            work.fail("unavailable");
            PUBLISH_FAILURES.fetch_add(1, Ordering::Relaxed);
        }
        published
    }

    /// Returns what the metrics say of the store.
    pub(crate) fn readings(&self) -> RevocationReadings {
        let (backend, held) = match self {
            Self::Embedded(store) => ("embedded", store.held()),
            Self::Redis(store) => ("redis", store.held()),
            Self::Replica(store) => ("redis-replica", store.held()),
        };
        let feed = self.feed();
        RevocationReadings {
            backend,
            held,
            publish_failures: PUBLISH_FAILURES.load(Ordering::Relaxed),
            feed_lag: feed.map(|feed| feed.age),
            fallbacks: feed.map_or(0, |feed| feed.fallbacks),
        }
    }

    /// Succeeds when [`is_revoked`](Self::is_revoked) would answer.
    ///
    /// # Errors
    /// [`StoreUnavailable`] says why not.
    pub(crate) async fn ready(&self) -> Result<(), StoreUnavailable> {
        match self {
            Self::Embedded(store) => store.ready().await,
            Self::Redis(store) => store.ready().await,
            Self::Replica(store) => store.ready().await,
        }
    }

    /// Returns the state of the feed, where there is one.
    fn feed(&self) -> Option<FeedStatus> {
        match self {
            Self::Replica(store) => Some(store.feed()),
            Self::Embedded(_) | Self::Redis(_) => None,
        }
    }

    /// Returns the Redis that holds the store, if one does.
    pub(crate) fn redis(&self) -> Option<&Arc<Server>> {
        match self {
            Self::Embedded(_) => None,
            Self::Redis(store) => Some(store.server()),
            Self::Replica(store) => Some(store.server()),
        }
    }

    /// Names the store, for the start-up message; shows no password.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Embedded(_) => "embedded (this process)".to_owned(),
            Self::Redis(store) => store.describe(),
            Self::Replica(store) => store.describe(),
        }
    }

    /// Keeps the store in step with SQL; never returns.
    pub(crate) async fn run(self) {
        match self {
            Self::Embedded(store) => store.run().await,
            Self::Redis(store) => store.run().await,
            Self::Replica(store) => store.run().await,
        }
    }
}
