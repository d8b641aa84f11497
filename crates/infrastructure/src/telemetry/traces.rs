//! Traces by OTLP (OpenTelemetry), off unless `tracing.otlp_endpoint` is set.
//!
//! The span of a request is kept beside its span for the log, in which all of its work runs; so the work finds it, and what
//! becomes of the request, its span ends. Names and attributes are those of the semantic conventions. What a client wrote (its
//! address, its path, its query) is none of them, since it may be a secret.

use std::sync::OnceLock;
use std::time::Duration;

use anyhow::{Context as _, Result};
use gatekeeper::{Begun, RequestContext, Served, TraceParent};
use opentelemetry::trace::{
    Span as _, SpanContext, SpanKind, Status, TraceContextExt as _, TraceFlags, TraceState,
    Tracer as _, TracerProvider as _,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracer, SdkTracerProvider, Span};
use tracing::{Dispatch, dispatcher, field};
use tracing_subscriber::Registry;
use tracing_subscriber::registry::LookupSpan as _;
use uuid::Uuid;

use super::collector::Collector;
use crate::metrics::known_method;
use crate::program;
use crate::settings::Settings;
use crate::tls::Roots;

/// The longest time that the end of the process waits for the last spans.
const FLUSH: Duration = Duration::from_secs(2);

/// Set while traces are on.
static TRACER: OnceLock<SdkTracer> = OnceLock::new();

/// Sends spans until it is dropped, and then what is left.
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Starts to trace, if the settings name a collector; one that is away is no error.
    ///
    /// # Errors
    /// The collector's certificate could not be verified by anything, or a variable of OpenTelemetry makes no sense.
    pub fn start(settings: &Settings) -> Result<Option<Self>> {
        let tracing = &settings.tracing;
        if !tracing.is_on() {
            return Ok(None);
        }
        let secure = tracing.otlp_endpoint.starts_with("https:");
        let roots = secure
            .then(|| Roots::load(&settings.tls.ca_file))
            .transpose()?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Collector::new(roots.as_ref()))
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{}/v1/traces", tracing.otlp_endpoint))
            .build()
            .context("tracing.otlp_endpoint")?;
        let service = [
            KeyValue::new("service.name", program::NAME),
            KeyValue::new("service.version", program::VERSION),
            KeyValue::new("service.instance.id", Uuid::new_v4().to_string()),
        ];
        let provider = SdkTracerProvider::builder()
            .with_resource(Resource::builder().with_attributes(service).build())
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(
                tracing.sample_ratio,
            ))))
            // Bounded: beyond 2048 spans that wait, further ones are dropped.
            .with_batch_exporter(exporter)
            .build();
        // A second start in one process would be that of a test.
        drop(TRACER.set(provider.tracer(program::NAME)));
        Ok(Some(Self(provider)))
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown_with_timeout(FLUSH) {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

/// The span of a request, with the caller's as its parent.
struct RequestSpan(Context);

/// Begins the span of a request.
pub(super) fn begin(begun: &Begun<'_>) {
    let Some(tracer) = TRACER.get() else { return };
    let method = known_method(begun.method);
    let name = match begun.route {
        Some(route) => format!("{method} {route}"),
        None => method.to_owned(),
    };
    let mut attributes = vec![
        KeyValue::new("http.request.method", method),
        KeyValue::new("url.scheme", "http"),
        KeyValue::new("starwars.request_id", begun.context.id().to_string()),
    ];
    if let Some(route) = begun.route {
        attributes.push(KeyValue::new("http.route", route.to_owned()));
    }
    let parent = begun.context.trace_parent();
    let context = parent.map_or_else(Context::new, |parent| remote(parent, begun.context));
    let span = tracer
        .span_builder(name)
        .with_kind(SpanKind::Server)
        .with_attributes(attributes)
        .start_with_context(tracer, &context);
    if parent.is_none() {
        let trace_id = span.span_context().trace_id();
        begun
            .span
            .span()
            .record("trace_id", field::display(trace_id));
    }
    let mut context = Some(context.with_span(span));
    begun.span.span().with_subscriber(|(id, dispatch)| {
        let span = registry(dispatch).and_then(|registry| registry.span(id));
        if let (Some(span), Some(context)) = (span, context.take()) {
            span.extensions_mut().insert(RequestSpan(context));
        }
    });
}

/// Ends the span of the current request.
pub(super) fn end(served: &Served<'_>) {
    let Some(context) = current() else { return };
    let span = context.span();
    span.set_attribute(KeyValue::new(
        "http.response.status_code",
        i64::from(served.status),
    ));
    if let Some(code) = served.code {
        span.set_attribute(KeyValue::new("error.type", code.to_owned()));
    }
    if served.status >= 500 {
        // The cause is in the log, since it may name hosts and the like.
        span.set_status(Status::error(""));
    }
    span.end();
}

/// Returns the caller's span as a parent.
fn remote(parent: TraceParent, request: RequestContext<'_>) -> Context {
    let state = request.trace_state();
    let state = state.and_then(|state| state.parse::<TraceState>().ok());
    let flags = if parent.sampled {
        TraceFlags::SAMPLED
    } else {
        TraceFlags::default()
    };
    Context::new().with_remote_span_context(SpanContext::new(
        parent.trace_id.into(),
        parent.parent_id.into(),
        flags,
        true,
        state.unwrap_or_default(),
    ))
}

/// Returns the span of the request that this code works for, if it is traced.
fn current() -> Option<Context> {
    TRACER.get()?;
    dispatcher::get_default(|dispatch| {
        let current = dispatch.current_span();
        let span = registry(dispatch)?.span(current.id()?)?;
        let extensions = span.extensions();
        extensions.get::<RequestSpan>().map(|span| span.0.clone())
    })
}

fn registry(dispatch: &Dispatch) -> Option<&Registry> {
    dispatch.downcast_ref()
}

/// A span of work for a request. It ends when it is dropped; there is none outside of a request, nor without traces.
#[must_use]
pub struct Work(Option<Span>);

impl Work {
    /// Begins work of this process.
    pub fn begin(name: &'static str) -> Self {
        Self::of_kind(name, SpanKind::Internal, Vec::new)
    }

    /// Begins work that a database system does (`db.system.name` of the conventions).
    pub fn of_database(system: &'static str) -> Self {
        Self::of_kind(system, SpanKind::Client, || {
            vec![KeyValue::new("db.system.name", system)]
        })
    }

    fn of_kind(
        name: &'static str,
        kind: SpanKind,
        attributes: impl FnOnce() -> Vec<KeyValue>,
    ) -> Self {
        let span = TRACER.get().zip(current()).map(|(tracer, context)| {
            tracer
                .span_builder(name)
                .with_kind(kind)
                .with_attributes(attributes())
                .start_with_context(tracer, &context)
        });
        Self(span)
    }

    /// Records that something happened.
    pub fn event(&mut self, name: &'static str) {
        if let Some(span) = &mut self.0 {
            span.add_event(name, Vec::new());
        }
    }

    /// Records that the work failed, for a reason of few.
    pub fn fail(&mut self, reason: &'static str) {
        if let Some(span) = &mut self.0 {
            span.set_attribute(KeyValue::new("error.type", reason));
            span.set_status(Status::error(""));
        }
    }
}
