//! The observer of requests, for logs, metrics and traces.

use crate::{RequestContext, RequestSpan};
use std::time::Duration;
use uuid::Uuid;

/// Called for every request, on the worker's own thread: it must not block.
pub trait Observer: Send + Sync {
    /// Records an answered request, once its response is complete; called inside its span. A request whose client hangs up
    /// before that is not seen here.
    fn served(&self, served: &Served<'_>);

    /// Records a request that has just arrived.
    fn begun(&self, _: &Begun<'_>) {}
}

/// A request that has just arrived.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Begun<'a> {
    /// Operation id; none when no operation was reached (404, 405, `OPTIONS`).
    pub operation: Option<&'a str>,
    /// The template of its path, as the contract writes it.
    pub route: Option<&'a str>,
    /// Method as sent.
    pub method: &'a str,
    /// The origin of the request, with [the trace](RequestContext::trace_parent) that its client is in.
    pub context: RequestContext<'a>,
    /// The span of the request for the log. It ends with the request, whatever becomes of that; its field `trace_id` is
    /// empty unless the client sent one.
    pub span: &'a RequestSpan,
}

/// One answered request.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Served<'a> {
    /// Operation id; none when no operation was reached (404, 405, `OPTIONS`).
    pub operation: Option<&'a str>,
    /// Its index in [`Manifest::operations`](crate::Manifest), so that counters need not be searched by name.
    pub index: Option<usize>,
    /// The template of its path, as the contract writes it.
    pub route: Option<&'a str>,
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
