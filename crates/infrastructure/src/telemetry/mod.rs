//! The log, and the traces.
//!
//! The gatekeeper runs each request in a span with the id of the request, the operation and, once they are known, the user
//! and the trace: every line that is written meanwhile carries them.

mod collector;
mod json;
mod traces;

use std::{
    io::{self, IsTerminal},
    sync::Arc,
};

use anyhow::{Context, ensure};
use gatekeeper::{Begun, Observer, SPAN_TARGET, Served};
use tracing::{Level, level_filters::LevelFilter};
use tracing_subscriber::{
    Layer, Registry, filter::Targets, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

pub use traces::{Traces, Work};

use crate::{
    metrics::Metrics,
    settings::{Log, LogFormat, Settings},
};

/// Starts logging to standard error. A second call in the same process changes nothing.
///
/// # Errors
///
/// `log.filter` is not a list of directives.
pub fn init(settings: &Settings) -> anyhow::Result<()> {
    let log = &settings.log;
    let mut filter = filter(log)?;
    if settings.tracing.is_on() {
        // What is traced is kept beside this span, whatever is logged.
        filter = filter.with_target(SPAN_TARGET, LevelFilter::ERROR);
    }
    let registry = Registry::default().with(filter);
    let lines = fmt::layer().with_writer(io::stderr);
    // The only error is that a subscriber is set already, as in tests that start many servers.
    let _ = match format(log) {
        LogFormat::Pretty => registry
            .with(
                lines
                    .with_ansi(io::stderr().is_terminal())
                    .with_target(false),
            )
            .try_init(),
        LogFormat::Json => registry
            .with(lines.fmt_fields(json::Members).event_format(json::Lines))
            .try_init(),
    };
    Ok(())
}

/// Returns true if the log asks for the current request, so that a request needs no span: lines of JSON do, and what is
/// traced is kept beside the span.
pub fn asks_for_requests(settings: &Settings) -> bool {
    format(&settings.log) == LogFormat::Json && !settings.tracing.is_on()
}

fn format(log: &Log) -> LogFormat {
    log.format.unwrap_or(if io::stderr().is_terminal() {
        LogFormat::Pretty
    } else {
        LogFormat::Json
    })
}

/// Returns the filter of `RUST_LOG` if it is set, else of `log.filter`: levels by target. A filter that looks at the fields of
/// spans, too, would cost every request two locks at each step.
///
/// # Errors
///
/// Names the variable or key that is not a list of directives.
pub fn filter(log: &Log) -> anyhow::Result<Targets> {
    let (name, directives) = match std::env::var("RUST_LOG") {
        Ok(directives) if !directives.is_empty() => ("RUST_LOG", directives),
        _ => ("log.filter", log.filter.clone()),
    };
    let form = format!("{name} must be like `info` or `info,starwars_api=debug`");
    // `Targets` takes any text for a target, which then is none of ours.
    let has_form = |letter: char| {
        letter.is_alphanumeric() || matches!(letter, '_' | ':' | '-' | '=' | ',' | ' ')
    };
    ensure!(directives.chars().all(has_form), form);
    let mut filter: Targets = directives.parse().context(form.clone())?;
    // A word that is no level is a target, and all others are off: `warning` would log nothing of the service.
    let is_level = |word: &str| word.contains('=') || word.trim().parse::<LevelFilter>().is_ok();
    ensure!(
        directives.split(',').all(is_level) || filter.would_enable("starwars_api", &Level::ERROR),
        "{form}; the levels are off, error, warn, info, debug and trace, and with this filter nothing would be logged"
    );
    if Layer::<Registry>::max_level_hint(&filter) != Some(LevelFilter::OFF) {
        // A filter of some modules alone must not take the id of the request from their lines.
        filter = filter.with_target(SPAN_TARGET, LevelFilter::ERROR);
    }
    // At `trace` the library shows the options of its connection, and with them the password.
    let (library, most) = ("sea_orm", LevelFilter::INFO);
    let mut capped: Vec<_> = filter
        .iter()
        .filter(|(target, level)| target.starts_with(library) && *level > most)
        .map(|(target, _)| (target.to_owned(), most))
        .collect();
    if filter.would_enable(library, &Level::DEBUG) {
        capped.push((library.to_owned(), most));
    }
    filter.extend(capped);
    Ok(filter)
}

/// Counts, traces and logs requests. A request that went well is a `debug` line: on the hot path a disabled line costs one
/// comparison.
pub struct Recorder {
    /// The metrics that count each response.
    pub metrics: Arc<Metrics>,
}

impl Observer for Recorder {
    fn begun(&self, begun: &Begun<'_>) {
        traces::begin(begun);
    }

    fn served(&self, served: &Served<'_>) {
        self.metrics.count(served);
        traces::end(served);
        let Served {
            method,
            status,
            code,
            reason,
            ..
        } = *served;
        let code = code.unwrap_or("-");
        let reason = reason.unwrap_or("-");
        let micros = u64::try_from(served.elapsed.as_micros()).unwrap_or(u64::MAX);
        if status == 503 {
            // A burst that is turned away, or a part that is away: its cause is logged once elsewhere, and is no error of the service.
            tracing::warn!(method, status, code, reason, micros, "request turned away");
        } else if status >= 500 {
            tracing::error!(method, status, code, reason, micros, "request failed");
        } else if status >= 400 {
            tracing::info!(method, status, code, reason, micros, "request refused");
        } else {
            tracing::debug!(method, status, micros, "request served");
        }
    }
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::filter;
    use crate::settings::Settings;

    #[test]
    fn the_library_of_the_database_shows_no_password_and_heeds_the_filter() {
        for (directives, shows_info) in [
            ("error", false),
            ("info", true),
            ("trace", true),
            ("sea=trace", true),
            ("info,sea_orm=debug", true),
            ("info,sea_orm::database=trace", true),
            ("trace,sea_orm=warn", false),
        ] {
            let mut log = Settings::default().log;
            directives.clone_into(&mut log.filter);
            let filter = filter(&log).unwrap();
            let shows = |level| filter.would_enable("sea_orm::database::db_connection", level);
            assert_eq!(shows(&Level::INFO), shows_info, "{directives}");
            assert!(!shows(&Level::DEBUG), "{directives}");
        }
    }
}
