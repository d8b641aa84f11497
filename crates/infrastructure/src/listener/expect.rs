//! `Expect: 100-continue` (RFC 9110, section 10.1.1), answered when the app reads the body and not before.
//!
//! actix gives a request with that header to an expect service, writes 100 when it gets the request back, and then calls
//! the app. Only the app authenticates the caller. So the expect service calls the app itself, with a body that records
//! when it is polled. A response that comes before is the refusal, and all that is sent. Otherwise the app is in the middle
//! of its work: its future is passed on, in a request that holds nothing else, to the service that is called after the 100.

use std::{
    cell::{Cell, RefCell},
    future::{Ready, ready},
    mem,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use actix_http::{
    BoxedPayloadStream, HttpMessage as _, Payload, Request, Response, body::BoxBody,
    error::PayloadError,
};
use actix_web::{
    Error,
    dev::{AppConfig, Service, ServiceFactory, ServiceResponse},
    web::Bytes,
};
use futures_core::{Stream, future::LocalBoxFuture};

/// The slot in which the expect service of a worker finds its app, which is created after it.
pub(super) type Slot<S> = Rc<RefCell<Option<Rc<S>>>>;

/// The future of an app that waits for the body of its request.
struct Continuation<F>(F);

/// Creates the app of a worker.
pub(super) struct AppFactory<F: ServiceFactory<Request>> {
    app: F,
    slot: Slot<F::Service>,
}

impl<F: ServiceFactory<Request>> AppFactory<F> {
    /// Returns a factory that also puts the app into the slot.
    pub(super) fn new(app: F, slot: Slot<F::Service>) -> Self {
        Self { app, slot }
    }
}

impl<F> ServiceFactory<Request> for AppFactory<F>
where
    F: ServiceFactory<Request, Config = AppConfig, InitError = ()>,
    F::Service: 'static,
    F::Future: 'static,
    <F::Service as Service<Request>>::Future: 'static,
{
    type Response = F::Response;
    type Error = F::Error;
    type Config = ();
    type Service = App<F::Service>;
    type InitError = ();
    type Future = LocalBoxFuture<'static, Result<Self::Service, ()>>;

    fn new_service(&self, (): ()) -> Self::Future {
        // Nothing reads the host: URLs begin with `server.public_url`.
        let made = self.app.new_service(AppConfig::default());
        let slot = Rc::clone(&self.slot);
        Box::pin(async move {
            let app = Rc::new(made.await?);
            *slot.borrow_mut() = Some(Rc::clone(&app));
            Ok(App(app))
        })
    }
}

/// Calls the app, or resumes a call of it.
pub(super) struct App<S>(Rc<S>);

impl<S> Service<Request> for App<S>
where
    S: Service<Request>,
    S::Future: 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&self, request: Request) -> S::Future {
        let begun = request.extensions_mut().remove::<Continuation<S::Future>>();
        match begun {
            Some(Continuation(call)) => call,
            None => self.0.call(request),
        }
    }
}

/// Creates the expect service of a worker.
pub(super) struct ExpectFactory<S> {
    slot: Slot<S>,
}

impl<S> ExpectFactory<S> {
    /// Returns a factory for the app that will be in the slot.
    pub(super) fn new(slot: &Slot<S>) -> Self {
        Self {
            slot: Rc::clone(slot),
        }
    }
}

impl<S> ServiceFactory<Request> for ExpectFactory<S>
where
    S: Service<Request, Response = ServiceResponse<BoxBody>, Error = Error> + 'static,
    S::Future: Unpin + 'static,
{
    type Response = Request;
    type Error = Response<BoxBody>;
    type Config = ();
    type Service = Expect<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Service, ()>>;

    fn new_service(&self, (): ()) -> Self::Future {
        ready(Ok(Expect {
            slot: Rc::clone(&self.slot),
        }))
    }
}

/// Calls the app for a request whose body waits for 100.
pub(super) struct Expect<S> {
    slot: Slot<S>,
}

impl<S> Service<Request> for Expect<S>
where
    S: Service<Request, Response = ServiceResponse<BoxBody>, Error = Error>,
    S::Future: Unpin + 'static,
{
    type Response = Request;
    type Error = Response<BoxBody>;
    type Future = Call<S::Future>;

    fn poll_ready(&self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&self, mut request: Request) -> Self::Future {
        let wanted = Rc::new(Cell::new(false));
        let body = Body {
            payload: mem::replace(request.payload(), Payload::None),
            wanted: Rc::clone(&wanted),
        };
        let payload: BoxedPayloadStream = Box::pin(body);
        *request.payload() = Payload::Stream { payload };
        let app = self.slot.borrow().clone();
        Call {
            call: app.map(|app| app.call(request)),
            wanted,
        }
    }
}

/// A call of the app, up to the point at which it polls the body.
pub(super) struct Call<F> {
    call: Option<F>,
    wanted: Rc<Cell<bool>>,
}

impl<F> Future for Call<F>
where
    F: Future<Output = Result<ServiceResponse<BoxBody>, Error>> + Unpin + 'static,
{
    type Output = Result<Request, Response<BoxBody>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(call) = &mut self.call else {
            // The slot is filled before the first connection is accepted.
            return Poll::Ready(Err(Response::internal_server_error()));
        };
        match Pin::new(call).poll(context) {
            Poll::Ready(Ok(answer)) => Poll::Ready(Err(answer.into())),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error.into())),
            Poll::Pending if self.wanted.get() => {
                let request = Request::new();
                if let Some(call) = self.call.take() {
                    request.extensions_mut().insert(Continuation(call));
                }
                Poll::Ready(Ok(request))
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

/// A body that records when it is polled.
struct Body {
    payload: Payload,
    wanted: Rc<Cell<bool>>,
}

impl Stream for Body {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.wanted.set(true);
        Pin::new(&mut self.payload).poll_next(context)
    }
}
