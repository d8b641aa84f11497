//! Revoked tokens and ended sessions.
//!
//! The `revocations` table is the truth; a fast store answers for it at every request. Whoever
//! revokes writes the row first, in the transaction that makes it true, and then calls
//! [`Revocations::publish`]. A store that cannot answer says so: nobody is let in unchecked.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use database::Database;
use infrastructure::metrics::RevocationReadings;
use infrastructure::redis::Server;
use infrastructure::settings::{RevocationBackend, Settings};
use infrastructure::telemetry::Work;
use uuid::Uuid;

mod backend;
mod embedded;
mod entity;
mod record;
mod redis;
mod replica;
mod set;
mod store;

use backend::RevocationStore as _;
pub use backend::{Revocation, StoreUnavailable};
pub use record::{revoke, revoked, unpublished, unpublished_among};
use replica::FeedStatus;

/// The number of times that a store of this process could not be told of revocations at once.
static PUBLISH_FAILURES: AtomicU64 = AtomicU64::new(0);

/// The store that the settings name. Cheap to clone.
#[derive(Clone)]
pub struct Revocations(Store);

#[derive(Clone)]
enum Store {
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
    pub async fn open(settings: &Settings, database: Database) -> anyhow::Result<Self> {
        Ok(Self(match settings.revocation.backend {
            RevocationBackend::Embedded => {
                Store::Embedded(embedded::Embedded::open(database).await?)
            }
            RevocationBackend::Redis => {
                Store::Redis(redis::Redis::open(&settings.redis, database).await?)
            }
            RevocationBackend::RedisReplica => {
                Store::Replica(replica::Replica::open(settings, database).await?)
            }
        }))
    }

    /// Returns a handle for one worker; to be called on the worker's thread.
    pub fn for_worker(&self) -> Self {
        Self(match &self.0 {
            Store::Embedded(store) => Store::Embedded(store.for_worker()),
            Store::Redis(store) => Store::Redis(store.for_worker()),
            Store::Replica(store) => Store::Replica(store.for_worker()),
        })
    }

    /// Returns whether the token `jti` or its session `sid` is revoked.
    ///
    /// # Errors
    /// [`StoreUnavailable`]: the caller must refuse the request.
    pub async fn is_revoked(&self, jti: Uuid, sid: Option<Uuid>) -> Result<bool, StoreUnavailable> {
        match &self.0 {
            Store::Embedded(store) => store.is_revoked(jti, sid).await,
            Store::Redis(store) => store.is_revoked(jti, sid).await,
            Store::Replica(store) => store.is_revoked(jti, sid).await,
        }
    }

    /// Publishes revocations whose rows have been committed.
    ///
    /// # Errors
    /// [`StoreUnavailable`] when other instances may not know yet. This instance refuses the tokens all the
    /// same, and [`run`](Self::run) goes on trying.
    pub async fn publish(&self, revocations: &[Revocation]) -> Result<(), StoreUnavailable> {
        let mut work = Work::begin("publish revocations");
        let published = match &self.0 {
            Store::Embedded(store) => store.publish(revocations).await,
            Store::Redis(store) => store.publish(revocations).await,
            Store::Replica(store) => store.publish(revocations).await,
        };
        if published.is_err() {
            work.fail("unavailable");
            PUBLISH_FAILURES.fetch_add(1, Ordering::Relaxed);
        }
        published
    }

    /// Returns what the metrics say of the store.
    pub fn readings(&self) -> RevocationReadings {
        let (backend, held) = match &self.0 {
            Store::Embedded(store) => ("embedded", store.held()),
            Store::Redis(store) => ("redis", store.held()),
            Store::Replica(store) => ("redis-replica", store.held()),
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
    pub async fn ready(&self) -> Result<(), StoreUnavailable> {
        match &self.0 {
            Store::Embedded(store) => store.ready().await,
            Store::Redis(store) => store.ready().await,
            Store::Replica(store) => store.ready().await,
        }
    }

    /// Returns the state of the feed, where there is one.
    fn feed(&self) -> Option<FeedStatus> {
        match &self.0 {
            Store::Replica(store) => Some(store.feed()),
            Store::Embedded(_) | Store::Redis(_) => None,
        }
    }

    /// Returns the Redis that holds the store, if one does.
    pub fn redis(&self) -> Option<&Arc<Server>> {
        match &self.0 {
            Store::Embedded(_) => None,
            Store::Redis(store) => Some(store.server()),
            Store::Replica(store) => Some(store.server()),
        }
    }

    /// Names the store, for the start-up message; shows no password.
    pub fn describe(&self) -> String {
        match &self.0 {
            Store::Embedded(_) => "embedded (this process)".to_owned(),
            Store::Redis(store) => store.describe(),
            Store::Replica(store) => store.describe(),
        }
    }

    /// Keeps the store in step with SQL; never returns.
    pub async fn run(self) {
        match self.0 {
            Store::Embedded(store) => store.run().await,
            Store::Redis(store) => store.run().await,
            Store::Replica(store) => store.run().await,
        }
    }
}
