//! State that all workers share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use deadpool_redis::Pool;
use deadpool_redis::redis::{Client, RedisError};

use crate::auth::revocation::backend::StoreUnavailable;
use crate::auth::revocation::set::Set;
use crate::database::Database;

/// The server, the pool, and what is known of both.
pub(super) struct Shared {
    pub(super) database: Database,
    pub(super) client: Client,
    pub(super) pool: Pool,
    /// Longest time for an answer of Redis.
    pub(super) timeout: Duration,
    /// Revoked in SQL, but perhaps not in Redis.
    pub(super) pending: Set,
    /// Held while Redis is filled from SQL.
    pub(super) filling: Arc<tokio::sync::Mutex<()>>,
    /// Redis as a whole cannot be trusted, whatever a single answer says.
    pub(super) untrusted: AtomicBool,
    /// True when the log says that Redis is away.
    pub(super) down: AtomicBool,
}

impl Shared {
    /// Logs a failure, once until Redis answers again.
    pub(super) fn failed(&self, reason: &StoreUnavailable) {
        if !self.down.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                reason = reason.reason(),
                "Redis cannot be asked for revoked tokens; secured operations answer 503 until it can"
            );
        }
    }

    /// Logs an answer, once after a failure.
    pub(super) fn answered(&self) {
        if self.down.load(Ordering::Relaxed) && self.down.swap(false, Ordering::Relaxed) {
            tracing::info!("Redis answers for revoked tokens again");
        }
    }
}

/// Converts an error of Redis.
pub(super) fn redis_fault(error: &RedisError) -> StoreUnavailable {
    StoreUnavailable::new(error.to_string())
}
