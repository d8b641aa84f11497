//! The fault of a Redis that cannot be used.

use std::borrow::Cow;

use deadpool_redis::PoolError;
use deadpool_redis::redis::RedisError;

/// Redis cannot be used; the reason is for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unavailable(pub Cow<'static, str>);

impl Unavailable {
    /// Creates the fault with its reason.
    pub fn new(reason: impl Into<Cow<'static, str>>) -> Self {
        Self(reason.into())
    }
}

impl From<RedisError> for Unavailable {
    fn from(error: RedisError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<PoolError> for Unavailable {
    fn from(error: PoolError) -> Self {
        Self::new(error.to_string())
    }
}
