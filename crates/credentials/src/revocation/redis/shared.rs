//! State that all workers share.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use database::Database;
use deadpool_redis::redis::RedisError;
use infrastructure::redis::{Server, Unavailable};

use crate::revocation::backend::StoreUnavailable;
use crate::revocation::set::Set;

/// The server, and what is known of it.
pub(super) struct Shared {
    pub(super) database: Database,
    pub(super) server: Arc<Server>,
    /// Revoked in SQL, but perhaps not in Redis.
    pub(super) pending: Set,
    /// Held while Redis is filled from SQL.
    pub(super) filling: Arc<tokio::sync::Mutex<()>>,
    /// The server that has all revocations, as SQL says, too; connections to another one are of no use.
    pub(super) complete: RwLock<Option<Arc<str>>>,
    /// Redis as a whole cannot be trusted, whatever a single answer says.
    pub(super) untrusted: AtomicBool,
    /// True when the log says that Redis is away.
    pub(super) down: AtomicBool,
}

impl Shared {
    /// Returns the server that has all revocations, if one is known.
    pub(super) fn complete(&self) -> Option<Arc<str>> {
        let complete = self.complete.read();
        complete.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns whether it is this server that has all revocations.
    pub(super) fn is_complete(&self, identity: &str) -> bool {
        let complete = self.complete.read();
        complete.unwrap_or_else(PoisonError::into_inner).as_deref() == Some(identity)
    }

    /// Takes note of the server that has all revocations, or that none is known to.
    pub(super) fn set_complete(&self, identity: Option<Arc<str>>) {
        *self
            .complete
            .write()
            .unwrap_or_else(PoisonError::into_inner) = identity;
    }

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

impl From<Unavailable> for StoreUnavailable {
    fn from(Unavailable(reason): Unavailable) -> Self {
        Self::new(reason)
    }
}

impl From<RedisError> for StoreUnavailable {
    fn from(error: RedisError) -> Self {
        Self::new(error.to_string())
    }
}
