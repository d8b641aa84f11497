//! The process that is written to.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{AsyncConnectionConfig, Client};
use deadpool_redis::{Connection, Manager, Pool, Runtime};

use super::clients::connection_config;
use super::fault::Unavailable;
use crate::clock::Moment;

/// The time for which a confirmation holds, from when it was asked for. No instance uses a primary for longer after most
/// Sentinels or nodes have named another one.
pub(super) const LEASE: Duration = Duration::from_secs(1);

/// The end of a confirmation that has none.
const ALWAYS: u64 = u64::MAX;

/// The most pooled connections; each is held for one command.
const POOL_SIZE: usize = 8;

/// An address that leads to the process that is written to, for as long as it is said to.
pub struct Primary {
    client: Client,
    pool: Pool,
    since: Moment,
    /// The moment when the latest confirmation ends; [`ALWAYS`] for a fixed address.
    until: AtomicU64,
}

impl Primary {
    /// Creates the primary of a fixed address.
    pub(super) fn fixed(client: Client, timeout: Duration) -> anyhow::Result<Self> {
        Ok(Self {
            pool: pool(&client, timeout)?,
            client,
            since: Moment::now(),
            until: AtomicU64::new(ALWAYS),
        })
    }

    /// Creates a primary that is to be confirmed again and again.
    pub(super) fn found(client: Client, timeout: Duration) -> anyhow::Result<Self> {
        let primary = Self::fixed(client, timeout)?;
        primary.retire();
        Ok(primary)
    }

    /// Takes note that it was the primary when this was asked for.
    pub(super) fn confirm(&self, asked: Moment) {
        let until = asked.0 + nanoseconds(LEASE);
        self.until.fetch_max(until, Ordering::AcqRel);
    }

    /// Takes note that another one is the primary.
    pub(super) fn retire(&self) {
        self.until.store(0, Ordering::Release);
    }

    /// Returns whether it is known to be the primary now.
    pub fn is_current(&self) -> bool {
        match self.until.load(Ordering::Acquire) {
            ALWAYS => true,
            until => Moment::now().0 < until,
        }
    }

    /// Waits until no instance can use the primary before it any more.
    pub async fn settled(&self) {
        if self.until.load(Ordering::Acquire) != ALWAYS {
            let passed = Moment::now().since(self.since);
            tokio::time::sleep(LEASE.saturating_sub(passed)).await;
        }
    }

    /// Connects.
    ///
    /// # Errors
    /// It does not answer, or not in the time that the configuration gives it.
    pub async fn connect(
        &self,
        config: &AsyncConnectionConfig,
    ) -> Result<MultiplexedConnection, Unavailable> {
        let made = self
            .client
            .get_multiplexed_async_connection_with_config(config);
        Ok(made.await?)
    }

    /// Returns a pooled connection.
    ///
    /// # Errors
    /// Those of [`connect`](Self::connect), or all connections are in use.
    pub async fn pooled(&self) -> Result<Connection, Unavailable> {
        Ok(self.pool.get().await?)
    }
}

/// Creates a pool. Waiting, connecting and checking a connection take `timeout` each at most.
fn pool(client: &Client, timeout: Duration) -> anyhow::Result<Pool> {
    let info = client.get_connection_info().clone();
    let manager = Manager::new_with_config(info, connection_config(timeout))
        .map_err(|_| anyhow!("redis.urls is no address of Redis"))?;
    Pool::builder(manager)
        .max_size(POOL_SIZE)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(timeout))
        .create_timeout(Some(timeout))
        .recycle_timeout(Some(timeout))
        .build()
        .context("the pool of Redis connections cannot be made")
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found() -> Primary {
        let client = Client::open("redis://127.0.0.1:1").unwrap();
        Primary::found(client, Duration::from_millis(1)).unwrap()
    }

    #[test]
    fn a_confirmation_holds_from_when_it_was_asked_for() {
        let primary = found();
        assert!(!primary.is_current());
        primary.confirm(Moment(Moment::now().0 - nanoseconds(LEASE)));
        assert!(!primary.is_current());
        primary.confirm(Moment::now());
        assert!(primary.is_current());
        primary.retire();
        assert!(!primary.is_current());
    }
}
