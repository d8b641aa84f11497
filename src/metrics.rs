//! Counters for Prometheus, fed by the gate.

use std::{collections::HashMap, time::Duration};

use anyhow::Result;
use gatekeeper::Served;
use prometheus::{
    Encoder, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, Opts, Registry,
    TextEncoder,
};

const OTHER: &str = "none";

/// The process's counters. What a request that goes well touches is found without a lock: its handles are made
/// at start.
pub(crate) struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    refusals: IntCounterVec,
    known: HashMap<String, Known>,
    other: Known,
}

struct Known {
    success: IntCounter,
    seconds: Histogram,
}

impl Metrics {
    /// Makes the counters of the named operations.
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
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(refusals.clone()))?;
        registry.register(Box::new(seconds.clone()))?;
        let known = |operation: &str| Known {
            success: requests.with_label_values(&[operation, "200"]),
            seconds: seconds.with_label_values(&[operation]),
        };
        Ok(Self {
            known: operations
                .iter()
                .map(|id| ((*id).to_owned(), known(id)))
                .collect(),
            other: known(OTHER),
            registry,
            refusals,
            requests,
        })
    }

    /// Counts one answered request.
    pub(crate) fn count(&self, served: &Served<'_>) {
        let operation = served.operation.unwrap_or(OTHER);
        let known = self.known.get(operation).unwrap_or(&self.other);
        known
            .seconds
            .observe(Duration::as_secs_f64(&served.elapsed));
        if served.status == 200 {
            known.success.inc();
        } else {
            self.requests
                .with_label_values(&[operation, &served.status.to_string()])
                .inc();
        }
        if let Some(code) = served.code {
            self.refusals.with_label_values(&[operation, code]).inc();
        }
    }

    /// The counters in Prometheus text format.
    pub(crate) fn render(&self) -> Result<Vec<u8>> {
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(text)
    }
}
