//! The log, and what is written there of each request.

use std::{
    io::{self, IsTerminal},
    sync::Arc,
};

use anyhow::Context;
use gatekeeper::{Observer, Served};
use tracing_subscriber::EnvFilter;

use crate::{
    metrics::Metrics,
    settings::{Log, LogFormat},
};

/// Starts logging to standard error. A second call in the same process changes nothing.
///
/// # Errors
///
/// When `log.filter` is not a list of directives.
pub(crate) fn init(log: &Log) -> anyhow::Result<()> {
    let filter = filter(log)?;
    let format = log.format.unwrap_or(if io::stderr().is_terminal() {
        LogFormat::Pretty
    } else {
        LogFormat::Json
    });
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    // The only error is that a subscriber is set already, as in tests that start many servers.
    let _ = match format {
        LogFormat::Pretty => builder
            .with_ansi(io::stderr().is_terminal())
            .with_target(false)
            .try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    Ok(())
}

/// What is logged: `RUST_LOG` when it is set, else `log.filter`.
///
/// # Errors
///
/// Names the one that is not a list of directives.
pub(crate) fn filter(log: &Log) -> anyhow::Result<EnvFilter> {
    let (name, directives) = match std::env::var("RUST_LOG") {
        Ok(directives) if !directives.is_empty() => ("RUST_LOG", directives),
        _ => ("log.filter", log.filter.clone()),
    };
    let filter = EnvFilter::try_new(directives)
        .with_context(|| format!("{name} must be like `info` or `info,starwars_api=debug`"))?;
    // At `trace` the library shows the options of its connection, and with them the password.
    Ok(filter.add_directive("sea_orm=info".parse()?))
}

/// Counts and logs what the gate answered. A request that went well is a `debug` line: on the hot path a
/// disabled line costs one comparison.
pub(crate) struct Recorder {
    pub(crate) metrics: Arc<Metrics>,
}

impl Observer for Recorder {
    fn served(&self, served: &Served<'_>) {
        self.metrics.count(served);
        let Served {
            operation,
            method,
            status,
            code,
            reason,
            request_id,
            ..
        } = *served;
        let operation = operation.unwrap_or("-");
        let code = code.unwrap_or("-");
        let reason = reason.unwrap_or("-");
        let micros = u64::try_from(served.elapsed.as_micros()).unwrap_or(u64::MAX);
        if status == 503 {
            // A burst that is turned away, or a part that is away: told once elsewhere, and no fault of ours.
            tracing::warn!(operation, method, status, code, reason, %request_id, micros, "request turned away");
        } else if status >= 500 {
            tracing::error!(operation, method, status, code, reason, %request_id, micros, "request failed");
        } else if status >= 400 {
            tracing::info!(operation, method, status, code, reason, %request_id, micros, "request refused");
        } else {
            tracing::debug!(operation, method, status, %request_id, micros, "request served");
        }
    }
}
