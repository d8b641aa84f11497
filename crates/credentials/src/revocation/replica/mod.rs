//! The store in the memory of each instance, fed by Redis.
//!
//! A check costs what it costs with one instance: a look at the clock and one into memory. The copy is believed while
//! the feed has confirmed within `revocation.staleness_ms` that it is complete; else Redis is asked, as by `redis`.
//! Time is measured from the moment when the confirming question was sent, so nothing that delays an answer, or stops this
//! process, makes a confirmation hold for longer.
//!
//! The feed is a stream of which everything behind the last known entry is asked for every 25 ms. Three ways were measured
//! (`scripts/feeds.py` prints the figures; these are of 3 and of 30 instances and 100 revocations a second):
//!
//! | | known after (median) | processor time of Redis |
//! | --- | --- | --- |
//! | `CLIENT TRACKING` with `BCAST` | 0.1, 0.4 ms | 0.8, 2.4% of a core |
//! | `XREAD` with `BLOCK` | 0.1, 0.5 ms | 1.3, 5.2% of a core |
//! | asking | 15, 14 ms | 0.9, 1.7% of a core |
//!
//! The machine was busy, so these are rough. Asking is the slowest, well within what was promised (50 ms); with 30 instances
//! it costs Redis the least, and it proves the most: one answer holds the news, that none is missing, and that the server has
//! its data. A blocked `XREAD` is told that there is nothing by a timer of Redis that runs ten times a second, whatever
//! time was asked for, so that a confirmation is nearly as old as the bound. Tracking names keys only, sends a message for each
//! key that expires, too, may deliver a push behind the answer to a later `PING`, and goes on nowhere after a broken
//! connection: all would be read from SQL again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use database::Database;
use infrastructure::clock::Moment;
use infrastructure::redis::Server;
use infrastructure::settings::Settings;
use uuid::Uuid;

use super::backend::{Revocation, RevocationStore, StoreUnavailable};
use super::redis::Redis;

mod follower;
mod trust;

use follower::Copy;

/// One worker's handle on the copy, and on Redis.
#[derive(Clone)]
pub(crate) struct Replica {
    redis: Redis,
    shared: Arc<Shared>,
}

struct Shared {
    copy: Copy,
    /// Checks for which the copy was not trusted.
    fallbacks: AtomicU64,
}

/// The state of the feed, for the metrics.
#[derive(Debug, Clone, Copy)]
pub(super) struct FeedStatus {
    /// Age of the latest confirmation, or of the store before the first.
    pub(crate) age: Duration,
    /// Checks that asked Redis since the start.
    pub(crate) fallbacks: u64,
}

impl Replica {
    pub(super) async fn open(settings: &Settings, database: Database) -> anyhow::Result<Self> {
        let bound = Duration::from_millis(settings.revocation.staleness_ms);
        let shared = Shared {
            copy: Copy::new(bound, database.clone()),
            fallbacks: AtomicU64::new(0),
        };
        Ok(Self {
            redis: Redis::open(&settings.redis, database).await?,
            shared: Arc::new(shared),
        })
    }

    pub(super) fn server(&self) -> &Arc<Server> {
        self.redis.server()
    }

    pub(super) fn describe(&self) -> String {
        format!("in memory, fed by {}", self.redis.describe())
    }

    /// Returns the number of ids in memory.
    pub(super) fn held(&self) -> usize {
        self.shared.copy.revoked.len()
    }

    pub(super) fn feed(&self) -> FeedStatus {
        FeedStatus {
            age: self.shared.copy.trust.age(Moment::now()),
            fallbacks: self.shared.fallbacks.load(Ordering::Relaxed),
        }
    }
}

impl RevocationStore for Replica {
    fn for_worker(&self) -> Self {
        Self {
            redis: self.redis.for_worker(),
            shared: Arc::clone(&self.shared),
        }
    }

    async fn is_revoked(&self, jti: Uuid, sid: Option<Uuid>) -> Result<bool, StoreUnavailable> {
        let copy = &self.shared.copy;
        let trusted = copy.trust.holds(Moment::now());
        if copy.revoked.contains(jti, sid) {
            return Ok(true);
        }
        if trusted {
            return Ok(self.redis.is_pending(jti, sid));
        }
        self.shared.fallbacks.fetch_add(1, Ordering::Relaxed);
        self.redis.is_revoked(jti, sid).await
    }

    async fn publish(&self, revocations: &[Revocation]) -> Result<(), StoreUnavailable> {
        self.shared.copy.revoked.add(revocations);
        self.redis.publish(revocations).await
    }

    /// Also while the copy answers, Redis must take a logout.
    async fn ready(&self) -> Result<(), StoreUnavailable> {
        if self.shared.copy.trust.holds(Moment::now()) {
            self.redis.writable().await
        } else {
            self.redis.ready().await
        }
    }

    async fn run(self) {
        let copy = &self.shared.copy;
        tokio::join!(
            self.redis.clone().run(),
            copy.follow(&self.redis),
            copy.tidy()
        );
    }
}
