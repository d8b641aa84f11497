//! The duration of requests (semantic conventions for HTTP, `http.server.request.duration`).

use std::sync::OnceLock;

use anyhow::Result;
use gatekeeper::Served;
use prometheus::{Histogram, HistogramOpts, HistogramVec};

/// The bounds that the conventions ask for, in seconds.
const BOUNDS: [f64; 14] = [
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
];

/// The statuses whose handles are kept, the usual ones first.
const STATUSES: [u16; 20] = [
    200, 304, 401, 204, 201, 202, 400, 403, 404, 409, 429, 503, 302, 408, 413, 414, 415, 431, 500,
    501,
];

/// The methods that the conventions know.
const METHODS: [&str; 9] = [
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
];

/// Returns the method as the conventions name it: `_OTHER` if it is not known, or clients could make as many series as
/// they like.
pub(crate) fn known_method(method: &str) -> &'static str {
    let known = METHODS.into_iter().find(|known| *known == method);
    known.unwrap_or("_OTHER")
}

pub(super) struct Requests {
    seconds: HistogramVec,
    /// By the index of the operation, then in the order of [`STATUSES`].
    handles: Vec<[OnceLock<Histogram>; STATUSES.len()]>,
}

impl Requests {
    pub(super) fn new(operations: usize) -> Result<Self> {
        let options = HistogramOpts::new(
            "http_server_request_duration_seconds",
            "Time from the arrival of a request until its response stands.",
        );
        let labels = [
            "http_request_method",
            "http_route",
            "http_response_status_code",
        ];
        Ok(Self {
            seconds: HistogramVec::new(options.buckets(BOUNDS.into()), &labels)?,
            handles: (0..operations).map(|_| Default::default()).collect(),
        })
    }

    pub(super) fn collector(&self) -> HistogramVec {
        self.seconds.clone()
    }

    pub(super) fn observe(&self, served: &Served<'_>) {
        let seconds = served.elapsed.as_secs_f64();
        let create = || {
            self.seconds.with_label_values(&[
                known_method(served.method),
                served.route.unwrap_or_default(),
                &served.status.to_string(),
            ])
        };
        match self.handle(served) {
            Some(handle) => handle.get_or_init(create).observe(seconds),
            None => create().observe(seconds),
        }
    }

    fn handle(&self, served: &Served<'_>) -> Option<&OnceLock<Histogram>> {
        // An operation has one method, and `HEAD` besides where that is `GET`.
        let index = served.index.filter(|_| served.method != "HEAD")?;
        let status = STATUSES.iter().position(|known| *known == served.status)?;
        self.handles.get(index)?.get(status)
    }
}
