//! Metrics of the process, as the system tells them.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use prometheus::core::{Collector, Desc};
use prometheus::process_collector::ProcessCollector;
use prometheus::proto::MetricFamily;
use prometheus::{IntGauge, Opts};

const START: &str = "process_start_time_seconds";

/// The collector of the library, but for the start of the process, which that one takes from `/proc/stat`: where it is hidden, as
/// by `ProcSubset=pid` of systemd, it would be 1970 after each restart.
pub(super) struct Process {
    library: ProcessCollector,
    start: IntGauge,
}

impl Process {
    /// Creates the metrics of this process, which has started just now.
    pub(super) fn new() -> Result<Self> {
        let start = IntGauge::with_opts(Opts::new(START, "Start of the process, in Unix time."))?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        start.set(i64::try_from(now)?);
        Ok(Self {
            library: ProcessCollector::for_self(),
            start,
        })
    }
}

impl Collector for Process {
    fn desc(&self) -> Vec<&Desc> {
        let mut all = self.library.desc();
        all.retain(|desc| desc.fq_name != START);
        all.extend(self.start.desc());
        all
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let mut all = self.library.collect();
        all.retain(|family| family.name() != START);
        all.extend(self.start.collect());
        all
    }
}
