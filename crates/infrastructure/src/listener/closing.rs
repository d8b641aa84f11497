//! The layer around the app: it moves the [pipeline](super::pipeline) of a connection on, and sends `Connection: close` with each
//! response once the service was told to stop, so that clients and proxies let their kept connections go before the listener ends
//! (RFC 9112, section 9.6).

use std::{
    pin::Pin,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
};

use actix_http::{ConnectionType, HttpMessage as _, Payload, Request};
use actix_web::{
    body::BoxBody,
    dev::{Service, ServiceFactory, ServiceResponse},
};
use futures_core::future::LocalBoxFuture;

use super::{pieces, pipeline::Pipeline};

/// How often a call is put off until the connection is read. actix polls it twice before that; a connection that has broken is read no
/// more.
const MOST_WAITS: u8 = 4;

/// An app, or the factory of one, whose responses end their connections once the flag is set.
pub(super) struct Closing<A, F> {
    app: A,
    stopping: F,
}

/// A worker's handle of the flag.
pub(super) struct Flag(Arc<AtomicBool>);

impl<A> Closing<A, Arc<AtomicBool>> {
    pub(super) fn new(app: A, stopping: &Arc<AtomicBool>) -> Self {
        Self {
            app,
            stopping: Arc::clone(stopping),
        }
    }
}

impl<A> ServiceFactory<Request> for Closing<A, Arc<AtomicBool>>
where
    A: ServiceFactory<Request, Response = ServiceResponse<BoxBody>>,
    A::Future: 'static,
    A::InitError: 'static,
    A::Service: 'static,
    <A::Service as Service<Request>>::Future: Unpin,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = A::Error;
    type Config = A::Config;
    // Counted once for each request: atomically, the workers would wait for each other.
    type Service = Closing<A::Service, Rc<Flag>>;
    type InitError = A::InitError;
    type Future = LocalBoxFuture<'static, Result<Self::Service, A::InitError>>;

    fn new_service(&self, config: A::Config) -> Self::Future {
        let made = self.app.new_service(config);
        let stopping = Rc::new(Flag(Arc::clone(&self.stopping)));
        Box::pin(async move {
            Ok(Closing {
                app: made.await?,
                stopping,
            })
        })
    }
}

impl<A> Service<Request> for Closing<A, Rc<Flag>>
where
    A: Service<Request, Response = ServiceResponse<BoxBody>>,
    A::Future: Unpin,
{
    type Response = A::Response;
    type Error = A::Error;
    type Future = Call<A::Future>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), A::Error>> {
        self.app.poll_ready(context)
    }

    fn call(&self, mut request: Request) -> Self::Future {
        let pipeline = request.conn_data::<Pipeline>().cloned();
        if let Some(pipeline) = &pipeline {
            let has_body = !matches!(request.payload(), Payload::None);
            pipeline.begin(has_body.then(|| request.headers()));
        }
        Call {
            call: self.app.call(request),
            pipeline,
            waits: MOST_WAITS,
            stopping: Rc::clone(&self.stopping),
        }
    }
}

/// A call of the app.
pub(super) struct Call<F> {
    call: F,
    pipeline: Option<Pipeline>,
    waits: u8,
    stopping: Rc<Flag>,
}

impl<F, E> Future for Call<F>
where
    F: Future<Output = Result<ServiceResponse<BoxBody>, E>> + Unpin,
{
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // A refusal that comes before the body has been read ends the connection, so what is there is read first.
        if self.waits > 0 && self.pipeline.as_ref().is_some_and(Pipeline::is_new) {
            self.waits -= 1;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let mut answer = ready!(Pin::new(&mut self.call).poll(context));
        if let Some(pipeline) = &self.pipeline {
            pipeline.answer();
        }
        if self.stopping.0.load(Ordering::Relaxed)
            && let Ok(response) = &mut answer
        {
            let head = response.response_mut().head_mut();
            head.set_connection_type(ConnectionType::Close);
        }
        Poll::Ready(answer.map(pieces::divide))
    }
}
