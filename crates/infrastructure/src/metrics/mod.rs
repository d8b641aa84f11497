//! Metrics for Prometheus, by OpenTelemetry's semantic conventions where those have a name for them.

mod process;
mod readings;
mod requests;

use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use gatekeeper::Served;
use prometheus::core::Collector;
use prometheus::{
    Encoder, Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry, TextEncoder,
};

use process::Process;
use readings::Gauges;
pub use readings::{Pool, Queue, Readings, RevocationReadings};
use requests::Requests;
pub(crate) use requests::known_method;

use crate::program;

/// The metrics of the process. Those of a request are found without a lock: the first of its kind creates the handle.
pub struct Metrics {
    registry: Registry,
    requests: Requests,
    refusals: IntCounterVec,
    refused_credentials: IntCounterVec,
    audit_dropped: IntCounter,
    mails: IntCounterVec,
    mails_waiting: IntGauge,
    /// Under a lock, since what others have counted is read, compared and added.
    gauges: Mutex<Gauges>,
}

/// The outcome of an attempt to send a mail.
#[derive(Clone, Copy, Debug)]
pub enum MailOutcome {
    /// The mail server or the outbox has it.
    Sent,
    /// It is tried again later.
    Postponed,
    /// It was refused for good, or is too old.
    GivenUp,
    /// Nobody needs it any more.
    Unwanted,
}

impl MailOutcome {
    const ALL: [Self; 4] = [Self::Sent, Self::Postponed, Self::GivenUp, Self::Unwanted];

    fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Postponed => "postponed",
            Self::GivenUp => "given_up",
            Self::Unwanted => "unwanted",
        }
    }
}

impl Metrics {
    /// Creates the metrics of so many operations, which are those of the manifest.
    pub fn new(operations: usize) -> Result<Self> {
        let registry = Registry::new();
        registry.register(Box::new(Process::new()?))?;
        let target = IntGaugeVec::new(
            Opts::new("target_info", "The service and its version."),
            &["service_name", "service_version"],
        )?;
        target
            .with_label_values(&[program::NAME, program::VERSION])
            .set(1);
        let gauges = Gauges::new()?;
        let collectors = gauges.collectors();
        let metrics = Self {
            requests: Requests::new(operations)?,
            refusals: IntCounterVec::new(
                Opts::new(
                    "starwars_refusals_total",
                    "Requests refused, by operation and code.",
                ),
                &["operation", "code"],
            )?,
            refused_credentials: IntCounterVec::new(
                Opts::new(
                    "starwars_refused_credentials_total",
                    "Passwords and tokens refused, by reason.",
                ),
                &["reason"],
            )?,
            audit_dropped: IntCounter::new(
                "starwars_audit_dropped_total",
                "Refusals that were logged but not stored, because too many came or the database was away.",
            )?,
            mails: IntCounterVec::new(
                Opts::new(
                    "starwars_mails_total",
                    "Attempts to send a mail, by outcome.",
                ),
                &["outcome"],
            )?,
            mails_waiting: IntGauge::new(
                "starwars_mails_waiting",
                "Mails in the queue of all instances, as counted every 10 s.",
            )?,
            gauges: Mutex::new(gauges),
            registry,
        };
        // Shown from the start, so that the first of each is an increase.
        for outcome in MailOutcome::ALL {
            metrics.mails.with_label_values(&[outcome.name()]);
        }
        metrics.register(target)?;
        metrics.register(metrics.requests.collector())?;
        metrics.register(metrics.refusals.clone())?;
        metrics.register(metrics.refused_credentials.clone())?;
        metrics.register(metrics.audit_dropped.clone())?;
        metrics.register(metrics.mails.clone())?;
        metrics.register(metrics.mails_waiting.clone())?;
        for collector in collectors {
            metrics.registry.register(collector)?;
        }
        Ok(metrics)
    }

    /// Adds what another part measures by itself.
    ///
    /// # Errors
    /// Its name is taken.
    pub fn register(&self, collector: impl Collector + 'static) -> Result<()> {
        Ok(self.registry.register(Box::new(collector))?)
    }

    /// Counts a response.
    pub fn count(&self, served: &Served<'_>) {
        self.requests.observe(served);
        if let Some(code) = served.code {
            let operation = served.operation.unwrap_or_default();
            self.refusals.with_label_values(&[operation, code]).inc();
        }
    }

    /// Counts a refused credential. Reasons are fixed words, so there are few.
    pub fn refused(&self, reason: &'static str) {
        self.refused_credentials.with_label_values(&[reason]).inc();
    }

    /// Counts refusals that are not stored.
    pub fn audit_dropped(&self, count: usize) {
        self.audit_dropped
            .inc_by(u64::try_from(count).unwrap_or(u64::MAX));
    }

    /// Counts an attempt to send a mail.
    pub fn mail(&self, outcome: MailOutcome) {
        self.mails.with_label_values(&[outcome.name()]).inc();
    }

    /// Sets the number of queued mails.
    pub fn mails_waiting(&self, count: u64) {
        self.mails_waiting
            .set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// Returns the metrics in Prometheus text format, with what the parts of the service read now.
    pub fn render(&self, readings: &Readings) -> Result<Vec<u8>> {
        let gauges = self.gauges.lock();
        gauges.unwrap_or_else(PoisonError::into_inner).set(readings);
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(text)
    }
}

/// Creates the histogram of password hashing. Its bounds reach from the cheapest parameters to a machine that is busy.
pub fn hashing_seconds() -> Result<Histogram> {
    let options = HistogramOpts::new(
        "starwars_password_hashing_seconds",
        "Time to hash or verify a password, without the time in the queue.",
    );
    let bounds = vec![0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5];
    Ok(Histogram::with_opts(options.buckets(bounds))?)
}

#[cfg(test)]
mod tests {
    use std::{sync::Barrier, thread};

    use super::*;

    #[test]
    fn several_who_ask_at_once_count_nothing_twice() {
        let readings = Readings {
            revocations: Some(RevocationReadings {
                backend: "redis",
                held: 0,
                publish_failures: 7,
                feed_lag: None,
                fallbacks: 0,
            }),
            ..Readings::default()
        };
        for _ in 0..200 {
            let metrics = Metrics::new(0).unwrap();
            let gate = Barrier::new(8);
            thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| {
                        gate.wait();
                        metrics.render(&readings).unwrap();
                    });
                }
            });
            let text = String::from_utf8(metrics.render(&readings).unwrap()).unwrap();
            let counted = "starwars_revocations_publish_failures_total 7";
            assert!(text.lines().any(|line| line == counted), "{text}");
        }
    }
}
