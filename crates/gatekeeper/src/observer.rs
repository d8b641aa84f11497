//! The observer of answered requests, for logs and metrics.

use std::time::Duration;
use uuid::Uuid;

/// Called for every request once its response is complete, on the worker's own thread: it must
/// not block.
pub trait Observer: Send + Sync {
    /// Records an answered request.
    fn served(&self, served: &Served<'_>);
}

/// One answered request.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Served<'a> {
    /// Operation id; none when no operation was reached (404, 405, `OPTIONS`).
    pub operation: Option<&'a str>,
    /// Its index in [`Manifest::operations`](crate::Manifest), so that counters need not be searched by name.
    pub index: Option<usize>,
    /// Method as sent.
    pub method: &'a str,
    /// Status answered.
    pub status: u16,
    /// `code` of the problem answered.
    pub code: Option<&'a str>,
    /// The reason, for the log only: the cause of a failure or the reason that a decode hook gave.
    pub reason: Option<&'a str>,
    /// Also sent as `X-Request-Id` and as `instance` of a problem.
    pub request_id: Uuid,
    /// From the gatekeeper's first look at the request until its answer stood; sending is not in it.
    pub elapsed: Duration,
}
