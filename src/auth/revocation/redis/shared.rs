//! What the workers have in common.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use deadpool_redis::Pool;
use deadpool_redis::redis::{Client, RedisError};

use crate::auth::revocation::backend::StoreUnavailable;
use crate::auth::revocation::set::Set;
use crate::database::Database;

/// State that all workers share.
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
    /// Whether the log says that Redis is away.
    pub(super) down: AtomicBool,
}

impl Shared {
    /// Notes a failure; the log gets the first of a row.
    pub(super) fn failed(&self, reason: &StoreUnavailable) {
        if !self.down.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                reason = reason.reason(),
                "Redis cannot be asked for revoked tokens; secured operations answer 503 until it can"
            );
        }
    }

    /// Notes an answer; the log gets the first after a failure.
    pub(super) fn answered(&self) {
        if self.down.load(Ordering::Relaxed) && self.down.swap(false, Ordering::Relaxed) {
            tracing::info!("Redis answers for revoked tokens again");
        }
    }
}

/// Returns what an error of Redis means.
pub(super) fn redis_fault(error: &RedisError) -> StoreUnavailable {
    StoreUnavailable::new(error.to_string())
}
