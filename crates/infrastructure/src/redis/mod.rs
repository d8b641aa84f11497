//! The Redis of the `redis` section.
//!
//! However Redis is run, all keys of the service are on one process; a cluster has them in one slot (see
//! [`PREFIX`]). That process is the [`Primary`], and [`Server`] knows it: by its address, or because Sentinels or nodes of
//! a cluster say so again and again.

mod clients;
mod discovery;
mod fault;
mod keys;
mod primary;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::settings;
pub use clients::connection_config;
use discovery::{Discovery, Finding};
pub use fault::Unavailable;
pub use keys::PREFIX;
pub use primary::Primary;

/// The process that is written to, wherever it is at present.
pub struct Server {
    found: watch::Receiver<Option<Finding>>,
    timeout: Duration,
    description: String,
    /// Asks where the process is, until this is dropped.
    _discovery: JoinSet<()>,
}

impl Server {
    /// Prepares the clients, and begins to ask where the primary is unless it has a fixed address. To be called in a
    /// runtime that outlives this.
    ///
    /// # Errors
    /// An address is invalid; the error does not repeat it, since it may hold a password. With TLS, also those of
    /// [`Roots::load`](crate::tls::Roots::load).
    pub fn open(settings: &settings::Redis) -> anyhow::Result<Self> {
        let timeout = Duration::from_millis(settings.timeout_ms);
        let database = settings.database;
        let mut tasks = JoinSet::new();
        let (found, description) = match settings.mode {
            settings::RedisMode::Single => {
                let client = clients::single(settings)?;
                let info = client.get_connection_info();
                let place = format!("{}, database {}", info.addr(), info.redis_settings().db());
                let primary = Arc::new(Primary::fixed(client, timeout)?);
                (watch::Sender::new(Some(Ok(primary))), place)
            }
            settings::RedisMode::Sentinel | settings::RedisMode::Cluster => {
                let discovery = Discovery::new(settings)?;
                let description = discovery.describe(database);
                (discovery.spawn(&mut tasks), description)
            }
        };
        Ok(Self {
            found: found.subscribe(),
            timeout,
            description,
            _discovery: tasks,
        })
    }

    /// Returns the primary; waits for the first answer after a start.
    ///
    /// # Errors
    /// Nobody knows at present which process is the primary.
    pub async fn primary(&self) -> Result<Arc<Primary>, Unavailable> {
        let mut found = self.found.clone();
        let found = found.wait_for(Option::is_some).await;
        let found = found.ok().and_then(|found| found.clone());
        match found {
            Some(Ok(primary)) if !primary.is_current() => Err(Unavailable::new(
                "no majority of redis.urls confirms which Redis is the primary",
            )),
            Some(found) => found,
            None => Err(Unavailable::new("the search for the primary has ended")),
        }
    }

    /// Returns the longest time for an answer.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Describes the way to the primary, for the start-up message; shows no password.
    pub fn describe(&self) -> &str {
        &self.description
    }
}
