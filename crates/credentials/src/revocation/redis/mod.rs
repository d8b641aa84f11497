//! The store in Redis, for any number of instances.
//!
//! A check is one round trip: the epoch, the token and its session together, for all requests of a worker that come in
//! the same turn of its loop. The epoch key holds the identity of the Redis process that was filled from SQL. Whatever
//! loses data (a restart, an older snapshot, `FLUSHALL`, a fail-over) leaves the key missing or naming another process,
//! and nothing is believed until the data has been loaded again. So it is where SQL says that another Redis was filled
//! since ([`filled`]).

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, RwLock};

use anyhow::Context as _;
use database::Database;
use infrastructure::redis::Server;
use infrastructure::settings;
use time::OffsetDateTime;
use uuid::Uuid;

use super::backend::{Revocation, RevocationStore, StoreUnavailable};
use super::set::Set;

mod connection;
mod feed;
mod fill;
mod filled;
mod keys;
mod reader;
mod server;
mod shared;
mod sync;
mod turn;
mod write;

use connection::WorkerConnection;
pub(super) use reader::{Feed, FeedFault};
use shared::Shared;
use turn::Turn;

/// One worker's handle on Redis.
#[derive(Clone)]
pub(crate) struct Redis {
    shared: Arc<Shared>,
    /// The worker's own connection: one made elsewhere wakes another thread at every request.
    connection: Arc<WorkerConnection>,
    turn: Arc<Turn>,
}

impl Redis {
    pub(super) async fn open(
        settings: &settings::Redis,
        database: Database,
    ) -> anyhow::Result<Self> {
        let shared = Arc::new(Shared {
            database,
            server: Arc::new(Server::open(settings)?),
            pending: Set::default(),
            filling: Arc::default(),
            complete: RwLock::default(),
            untrusted: AtomicBool::new(false),
            down: AtomicBool::new(false),
        });
        sync::read_unpublished(&shared)
            .await
            .context("the table of revoked tokens cannot be read")?;
        let store = Self::of(shared);
        // A failure has been logged, and does not keep the service from starting.
        drop(store.ready().await);
        Ok(store)
    }

    /// Creates a handle with a connection of its own.
    fn of(shared: Arc<Shared>) -> Self {
        let connection = Arc::new(WorkerConnection::new(Arc::clone(&shared)));
        Self {
            shared,
            turn: Arc::new(Turn::new(Arc::clone(&connection))),
            connection,
        }
    }

    /// Connects to read the feed.
    pub(super) async fn feed(&self) -> Result<Feed, StoreUnavailable> {
        Feed::connect(&self.shared).await
    }

    /// Returns whether the token or its session is revoked in SQL, and perhaps not in Redis yet.
    pub(super) fn is_pending(&self, jti: Uuid, sid: Option<Uuid>) -> bool {
        self.shared.pending.contains(jti, sid)
    }

    /// Succeeds when Redis takes revocations.
    pub(super) async fn writable(&self) -> Result<(), StoreUnavailable> {
        // Of no token.
        let probe = Revocation {
            id: Uuid::nil(),
            expires_at: OffsetDateTime::now_utc(),
        };
        self.connection.publish(&[probe]).await
    }

    /// Returns the number of ids in memory, which Redis has not been told of yet.
    pub(super) fn held(&self) -> usize {
        self.shared.pending.len()
    }

    /// Returns the way to the process that is written to.
    pub(super) fn server(&self) -> &Arc<Server> {
        &self.shared.server
    }

    /// Returns where Redis is; no password.
    pub(super) fn describe(&self) -> String {
        format!("redis at {}", self.shared.server.describe())
    }
}

impl RevocationStore for Redis {
    fn for_worker(&self) -> Self {
        Self::of(Arc::clone(&self.shared))
    }

    async fn is_revoked(&self, jti: Uuid, sid: Option<Uuid>) -> Result<bool, StoreUnavailable> {
        if self.is_pending(jti, sid) {
            return Ok(true);
        }
        self.turn.is_revoked((jti, sid)).await
    }

    async fn publish(&self, revocations: &[Revocation]) -> Result<(), StoreUnavailable> {
        if revocations.is_empty() {
            return Ok(());
        }
        // First, and not only on failure: the caller may be cancelled while Redis is written to.
        self.shared.pending.add(revocations);
        self.connection
            .publish(revocations)
            .await
            .inspect_err(|down| {
                tracing::warn!(
                    reason = down.reason(),
                    "a revocation is in the database but not in Redis yet; it is tried again every second"
                );
            })?;
        // The rows stay unpublished in SQL until `sync` has published them: a write less per logout.
        self.shared
            .pending
            .remove(revocations.iter().map(|revocation| revocation.id));
        Ok(())
    }

    async fn ready(&self) -> Result<(), StoreUnavailable> {
        self.connection.are_revoked(&[(Uuid::nil(), None)]).await?;
        self.writable().await
    }

    async fn run(self) {
        sync::run(&self.shared, &self.connection).await;
    }
}
