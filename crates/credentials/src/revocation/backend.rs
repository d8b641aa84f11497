//! A store of revocations, as its users and its implementations see it.

use std::borrow::Cow;

use time::OffsetDateTime;
use uuid::Uuid;

/// A token (by `jti`) or a session (by `sid`) that is refused from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revocation {
    /// A `jti` or a `sid`.
    pub id: Uuid,
    /// The moment when the last token that it can matter for has expired.
    pub expires_at: OffsetDateTime,
}

/// The fault of a store that cannot be asked, or whose answer cannot be trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreUnavailable(Cow<'static, str>);

impl StoreUnavailable {
    pub(super) fn new(reason: impl Into<Cow<'static, str>>) -> Self {
        Self(reason.into())
    }

    /// Returns the reason, for the log.
    pub fn reason(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for StoreUnavailable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "the revocation store does not answer: {}",
            self.0
        )
    }
}

impl std::error::Error for StoreUnavailable {}

/// A fast store of revocations.
///
/// Implementations are chosen by `Revocations`, without dynamic dispatch.
pub(super) trait RevocationStore: Clone {
    /// Returns a handle for one worker; to be called on the worker's thread.
    fn for_worker(&self) -> Self;

    /// Returns whether the token `jti` or its session `sid` is revoked.
    async fn is_revoked(&self, jti: Uuid, sid: Option<Uuid>) -> Result<bool, StoreUnavailable>;

    /// Publishes what has been committed to SQL.
    async fn publish(&self, revocations: &[Revocation]) -> Result<(), StoreUnavailable>;

    /// Succeeds when [`is_revoked`](Self::is_revoked) would answer.
    async fn ready(&self) -> Result<(), StoreUnavailable>;

    /// Keeps the store in step with SQL; never returns.
    async fn run(self);
}
