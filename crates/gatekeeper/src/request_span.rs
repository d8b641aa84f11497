//! The span of a request, for the log.
//!
//! Most requests log nothing, and a span costs what many of them cost in all: its fields are formatted, stored and dropped.
//! So a service whose log asks for the [current request](current_request) may have spans made when they are needed
//! ([`lazy_spans`](crate::ContractBuilder::lazy_spans)); otherwise each request has one from its beginning.

use crate::trace_context::TraceParent;
use pin_project_lite::pin_project;
use std::{
    cell::{OnceCell, RefCell},
    fmt::{self, Display},
    future::Future,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};
use tracing::{Span, field, span::Entered};
use uuid::Uuid;

/// The target of the span of a request, for filters of the log: `gatekeeper::request=error` lets the span pass and no line.
pub const SPAN_TARGET: &str = "gatekeeper::request";

thread_local! {
    /// The request that runs, if it has no span in the log.
    static CURRENT: RefCell<Option<RequestSpan>> = const { RefCell::new(None) };
}

/// The part of the log that is about a request. Clones are the same one.
#[derive(Clone)]
pub struct RequestSpan(Rc<Fields>);

struct Fields {
    is_lazy: bool,
    id: Uuid,
    operation: &'static str,
    user: OnceCell<String>,
    trace: Option<TraceParent>,
    span: OnceCell<Span>,
}

impl RequestSpan {
    pub(crate) fn new(
        is_lazy: bool,
        id: Uuid,
        operation: &'static str,
        trace: Option<TraceParent>,
    ) -> Self {
        Self(Rc::new(Fields {
            is_lazy,
            id,
            operation,
            user: OnceCell::new(),
            trace,
            span: OnceCell::new(),
        }))
    }

    /// Returns the id of the request, as sent in `X-Request-Id`.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.0.id
    }

    /// Returns the id of the operation; `-` where there is none.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// Returns the user, once it is known.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.0.user.get().map(String::as_str)
    }

    /// Returns the trace that the client named.
    #[must_use]
    pub fn trace_id(&self) -> Option<impl Display> {
        self.0.trace.as_ref().map(TraceParent::trace_id_text)
    }

    /// Returns the span, which is made unless there is one.
    #[must_use]
    pub fn span(&self) -> &Span {
        self.0.span.get_or_init(|| {
            // Of the highest level, so that every line that is logged finds it. It is not built when nothing is logged.
            let span = tracing::error_span!(
                target: SPAN_TARGET,
                "request",
                request_id = %self.0.id,
                operation = self.0.operation,
                user = self.user(),
                trace_id = field::Empty,
            );
            if let Some(trace) = self.trace_id() {
                span.record("trace_id", field::display(trace));
            }
            span
        })
    }

    /// Names the user; once, since a field that is recorded again is written again.
    pub(crate) fn record_user(&self, user: &dyn Display) {
        if let Some(span) = self.0.span.get() {
            span.record("user", field::display(user));
        }
        if self.0.is_lazy {
            self.0.user.get_or_init(|| user.to_string());
        }
    }

    /// Makes this the request that lines are logged for, until what is returned is dropped.
    pub(crate) fn enter(&self) -> Guard<'_> {
        if self.0.is_lazy {
            Guard::Current(CURRENT.replace(Some(self.clone())))
        } else {
            Guard::Span {
                _entered: self.span().enter(),
            }
        }
    }
}

impl fmt::Debug for RequestSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequestSpan({})", self.0.id)
    }
}

/// Held while the code of a request runs.
pub(crate) enum Guard<'s> {
    Span {
        _entered: Entered<'s>,
    },
    /// With the request that ran before.
    Current(Option<RequestSpan>),
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if let Self::Current(outer) = self {
            CURRENT.set(outer.take());
        }
    }
}

/// Returns the request that this thread works for, where its span is made when it is needed.
#[must_use]
pub fn current_request() -> Option<RequestSpan> {
    CURRENT.with_borrow(Clone::clone)
}

/// Returns the span of the request that this thread works for, to take it along to another thread; else the current one.
#[must_use]
pub fn current_span() -> Span {
    current_request().map_or_else(Span::current, |request| request.span().clone())
}

/// Runs the code of a request in its [span](crate::Exchange::span).
pub trait Instrument: Future + Sized {
    /// Runs the future as a part of the request.
    fn instrument(self, span: RequestSpan) -> Instrumented<Self> {
        Instrumented { code: self, span }
    }
}

impl<F: Future> Instrument for F {}

pin_project! {
    /// Code that runs in the span of its request.
    #[derive(Debug)]
    pub struct Instrumented<F> {
        #[pin]
        code: F,
        span: RequestSpan,
    }
}

impl<F: Future> Future for Instrumented<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _entered = this.span.enter();
        this.code.poll(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(id: u128) -> RequestSpan {
        RequestSpan::new(true, Uuid::from_u128(id), "get", None)
    }

    #[test]
    fn the_current_request_is_the_innermost_that_was_entered() {
        let id = || current_request().map(|request| request.id().as_u128());
        let (first, second) = (request(1), request(2));
        assert_eq!(id(), None);
        let outer = first.enter();
        assert_eq!(id(), Some(1));
        let inner = second.enter();
        assert_eq!(id(), Some(2));
        drop(inner);
        assert_eq!(id(), Some(1));
        drop(outer);
        assert_eq!(id(), None);
    }

    #[test]
    fn a_user_is_named_once() {
        let request = request(1);
        assert_eq!(request.user(), None);
        request.record_user(&"leia");
        assert_eq!(request.user(), Some("leia"));
        let shown = format!("{request:?}");
        assert!(shown.starts_with("RequestSpan(00000000-"), "{shown}");
    }
}
