//! Metrics for Prometheus, counted by the observer of the gatekeeper and by the audit.

use std::{sync::OnceLock, time::Duration};

use anyhow::Result;
use gatekeeper::Served;
use prometheus::{
    Encoder, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, Opts, Registry,
    TextEncoder,
};

const OTHER: &str = "none";

/// The statuses of success.
const SUCCESSES: [u16; 5] = [200, 201, 202, 204, 304];

/// The metrics of the process. Those of a success are found without a lock: the first request of its kind creates the
/// handle.
pub(crate) struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    refusals: IntCounterVec,
    refused_credentials: IntCounterVec,
    audit_dropped: IntCounter,
    /// In the order of the operations given to [`Metrics::new`].
    known: Vec<Known>,
    other: Known,
}

struct Known {
    /// In the order of [`SUCCESSES`].
    successes: [OnceLock<IntCounter>; SUCCESSES.len()],
    seconds: Histogram,
}

impl Metrics {
    /// Creates the metrics of the named operations, which are those of the manifest.
    pub(crate) fn new(operations: &[&str]) -> Result<Self> {
        let registry = Registry::new();
        let requests = IntCounterVec::new(
            Opts::new(
                "starwars_requests_total",
                "Requests answered, by operation and status.",
            ),
            &["operation", "status"],
        )?;
        let refusals = IntCounterVec::new(
            Opts::new(
                "starwars_refusals_total",
                "Requests refused, by operation and code.",
            ),
            &["operation", "code"],
        )?;
        let seconds = HistogramVec::new(
            HistogramOpts::new(
                "starwars_request_seconds",
                "Time from admission to answer, by operation.",
            )
            .buckets(vec![0.0001, 0.0005, 0.001, 0.005, 0.02, 0.1, 0.5, 2.5]),
            &["operation"],
        )?;
        let refused_credentials = IntCounterVec::new(
            Opts::new(
                "starwars_refused_credentials_total",
                "Passwords and tokens refused, by reason.",
            ),
            &["reason"],
        )?;
        let audit_dropped = IntCounter::new(
            "starwars_audit_dropped_total",
            "Refusals that were logged but not stored, because too many came or the database was away.",
        )?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(refused_credentials.clone()))?;
        registry.register(Box::new(audit_dropped.clone()))?;
        registry.register(Box::new(refusals.clone()))?;
        registry.register(Box::new(seconds.clone()))?;
        let known = |operation: &str| Known {
            successes: Default::default(),
            seconds: seconds.with_label_values(&[operation]),
        };
        Ok(Self {
            known: operations.iter().copied().map(known).collect(),
            other: known(OTHER),
            registry,
            refusals,
            refused_credentials,
            audit_dropped,
            requests,
        })
    }

    /// Counts a response.
    pub(crate) fn count(&self, served: &Served<'_>) {
        let operation = served.operation.unwrap_or(OTHER);
        let known = served.index.and_then(|index| self.known.get(index));
        let known = known.unwrap_or(&self.other);
        known
            .seconds
            .observe(Duration::as_secs_f64(&served.elapsed));
        let counter = || {
            self.requests
                .with_label_values(&[operation, &served.status.to_string()])
        };
        match SUCCESSES.iter().position(|status| *status == served.status) {
            Some(index) => known.successes[index].get_or_init(counter).inc(),
            None => counter().inc(),
        }
        if let Some(code) = served.code {
            self.refusals.with_label_values(&[operation, code]).inc();
        }
    }

    /// Counts a refused credential. Reasons are fixed words, so there are few.
    pub(crate) fn refused(&self, reason: &'static str) {
        self.refused_credentials.with_label_values(&[reason]).inc();
    }

    /// Counts refusals that are not stored.
    pub(crate) fn audit_dropped(&self, count: usize) {
        self.audit_dropped
            .inc_by(u64::try_from(count).unwrap_or(u64::MAX));
    }

    /// Returns the metrics in Prometheus text format.
    pub(crate) fn render(&self) -> Result<Vec<u8>> {
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(text)
    }
}
