//! Readings of the parts of the service, made when somebody asks for the metrics.

use std::time::Duration;

use anyhow::Result;
use prometheus::core::Collector;
use prometheus::{Gauge, GaugeVec, IntCounter, IntGauge, IntGaugeVec, Opts};

/// The readings of one moment.
#[derive(Default)]
pub struct Readings {
    /// Pools of connections to the database, by name.
    pub pools: Vec<(&'static str, Pool)>,
    /// Password hashing.
    pub hashing: Queue,
    /// Refusals that wait to be stored.
    pub refusals: usize,
    /// The store of revocations.
    pub revocations: Option<RevocationReadings>,
}

/// A pool of connections.
#[derive(Clone, Copy, Default)]
pub struct Pool {
    /// Connections that work.
    pub used: usize,
    /// Connections that are open and free.
    pub idle: usize,
    /// The most that there may be.
    pub max: usize,
    /// Callers that wait for one.
    pub waiting: usize,
}

/// A queue in front of some threads.
#[derive(Clone, Copy, Default)]
pub struct Queue {
    /// Jobs that run.
    pub running: usize,
    /// Jobs that wait.
    pub waiting: usize,
}

/// A store of revocations.
#[derive(Clone, Copy)]
pub struct RevocationReadings {
    /// Its name in the settings.
    pub backend: &'static str,
    /// The number of ids that this process holds in memory.
    pub held: usize,
    /// The number of times that a revocation could not be handed to the store at once.
    pub publish_failures: u64,
    /// The age of what the feed has brought, if there is a feed.
    pub feed_lag: Option<Duration>,
    /// Checks that had to ask elsewhere since the feed was behind.
    pub fallbacks: u64,
}

pub(super) struct Gauges {
    connections: IntGaugeVec,
    max_connections: IntGaugeVec,
    pending: IntGaugeVec,
    hashing_running: IntGauge,
    hashing_waiting: IntGauge,
    audit_waiting: IntGauge,
    revocations_held: IntGaugeVec,
    publish_failures: IntCounter,
    feed_lag: GaugeVec,
    fallbacks: IntCounter,
}

const POOL: &str = "db_client_connection_pool_name";

impl Gauges {
    pub(super) fn new() -> Result<Self> {
        let vector = |name, help, labels: &[&str]| IntGaugeVec::new(Opts::new(name, help), labels);
        Ok(Self {
            connections: vector(
                "db_client_connection_count",
                "Open connections to the database, by pool and state.",
                &[POOL, "db_client_connection_state"],
            )?,
            max_connections: vector(
                "db_client_connection_max",
                "The most connections that a pool may open.",
                &[POOL],
            )?,
            pending: vector(
                "db_client_connection_pending_requests",
                "Callers that wait for a connection.",
                &[POOL],
            )?,
            hashing_running: IntGauge::new(
                "starwars_password_hashing_running",
                "Passwords that are being hashed.",
            )?,
            hashing_waiting: IntGauge::new(
                "starwars_password_hashing_waiting",
                "Requests that were admitted to hashing and wait for it; passwords.queue is the most.",
            )?,
            audit_waiting: IntGauge::new(
                "starwars_audit_waiting",
                "Refusals that wait to be stored.",
            )?,
            revocations_held: vector(
                "starwars_revocations_held",
                "Revoked ids in the memory of this process, by revocation.backend.",
                &["backend"],
            )?,
            publish_failures: IntCounter::new(
                "starwars_revocations_publish_failures_total",
                "Revocations that the store did not take at once; they are tried again.",
            )?,
            feed_lag: GaugeVec::new(
                Opts::new(
                    "starwars_revocations_feed_lag_seconds",
                    "Age of what the feed of revocations has brought, with redis-replica.",
                ),
                &[],
            )?,
            fallbacks: IntCounter::new(
                "starwars_revocations_fallbacks_total",
                "Checks that asked Redis since the feed of revocations was behind, with redis-replica.",
            )?,
        })
    }

    pub(super) fn collectors(&self) -> [Box<dyn Collector>; 10] {
        [
            Box::new(self.connections.clone()),
            Box::new(self.max_connections.clone()),
            Box::new(self.pending.clone()),
            Box::new(self.hashing_running.clone()),
            Box::new(self.hashing_waiting.clone()),
            Box::new(self.audit_waiting.clone()),
            Box::new(self.revocations_held.clone()),
            Box::new(self.publish_failures.clone()),
            Box::new(self.feed_lag.clone()),
            Box::new(self.fallbacks.clone()),
        ]
    }

    pub(super) fn set(&self, readings: &Readings) {
        for (name, pool) in &readings.pools {
            let connections = |state| self.connections.with_label_values(&[*name, state]);
            set(&connections("used"), pool.used);
            set(&connections("idle"), pool.idle);
            set(&self.max_connections.with_label_values(&[*name]), pool.max);
            set(&self.pending.with_label_values(&[*name]), pool.waiting);
        }
        set(&self.hashing_running, readings.hashing.running);
        set(&self.hashing_waiting, readings.hashing.waiting);
        set(&self.audit_waiting, readings.refusals);
        if let Some(revocations) = &readings.revocations {
            let held = self
                .revocations_held
                .with_label_values(&[revocations.backend]);
            set(&held, revocations.held);
            raise(&self.publish_failures, revocations.publish_failures);
            raise(&self.fallbacks, revocations.fallbacks);
            if let Some(lag) = revocations.feed_lag {
                let gauge: Gauge = self.feed_lag.with_label_values::<&str>(&[]);
                gauge.set(lag.as_secs_f64());
            }
        }
    }
}

fn set(gauge: &IntGauge, value: usize) {
    gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
}

/// Sets a counter to what somebody else has counted.
fn raise(counter: &IntCounter, value: u64) {
    counter.inc_by(value.saturating_sub(counter.get()));
}
