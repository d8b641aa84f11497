//! The HTTP server: as `actix_web::HttpServer` builds it, but for the answer to `Expect: 100-continue`, for requests that come before
//! the one before them is answered, and for clients that keep it waiting.
//!
//! `HttpServer` has no settings for these, so the few lines that it consists of are written here. It answers 100 as soon as it has
//! read a head.

mod chunks;
mod closing;
mod connection;
mod expect;
mod pieces;
mod pipeline;
mod refusing;
mod signals;

use std::{
    net::TcpListener,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use actix_http::{HttpService, Protocol, Request, body::BoxBody, error::DispatchError};
use actix_server::Server;
use actix_service::{IntoServiceFactory, ServiceFactoryExt as _, fn_service};
use actix_web::{
    Error,
    dev::{AppConfig, Service, ServiceFactory, ServiceResponse},
    rt::net::TcpStream,
};

use anyhow::{Context as _, Result};

use closing::Closing;
use connection::Connection;
use expect::{AppFactory, ExpectFactory, Slot};
use signals::Stop;

pub use signals::ended_by_signals;

/// The time in which the first head of a connection must be complete.
const HEAD_TIME: Duration = Duration::from_secs(15);
/// The time for which an idle connection is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// The time for which the server waits for the rest of a body that nobody reads, and for the client to close a connection.
const CLOSE_TIME: Duration = Duration::from_secs(1);
/// The number of connections that may wait to be accepted.
const BACKLOG: i32 = 1024;

/// The workers of a server.
pub struct Workers {
    /// The number of threads, each with an app of its own.
    pub count: usize,
    /// The time from the signal to stop to the end of the listener.
    pub drain: Duration,
    /// The seconds that requests under way have after that.
    pub shutdown_seconds: u64,
    /// Set at the signal to stop.
    pub stopping: Arc<AtomicBool>,
}

/// Creates a server for the apps that `app` makes, one for each worker, which stops at a signal. Must be called on an actix
/// system.
///
/// # Errors
///
/// The listener cannot be used, or signals cannot be listened to.
pub fn server<A, F>(
    listener: TcpListener,
    workers: &Workers,
    app: impl Fn() -> A + Clone + Send + 'static,
) -> Result<Server>
where
    A: IntoServiceFactory<F, Request>,
    F: ServiceFactory<
            Request,
            Config = AppConfig,
            Response = ServiceResponse<BoxBody>,
            Error = Error,
            InitError = (),
        > + 'static,
    F::Service: 'static,
    F::Future: 'static,
    <F::Service as Service<Request>>::Future: Unpin + 'static,
{
    let builder = Server::build()
        .workers(workers.count)
        .disable_signals()
        .shutdown_timeout(workers.shutdown_seconds);
    let stop = builder.graceful_shutdown_signal();
    let stopping = Arc::clone(&workers.stopping);
    // The library has given it 128.
    rustix::net::listen(&listener, BACKLOG).context("the listener cannot be used")?;
    let closing_listener = listener
        .try_clone()
        .context("the listener cannot be used")?;
    let builder = builder.listen("api", listener, move || {
        let stop = stop.clone();
        let slot = Slot::default();
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let stop = stop.clone();
                async move { stop.notified().await }
            })
            .keep_alive(KEEP_ALIVE)
            .client_request_timeout(HEAD_TIME)
            .client_disconnect_timeout(CLOSE_TIME)
            .on_connect_ext(|connection: &Connection, data| {
                data.insert(connection.pipeline().clone());
            })
            .expect(ExpectFactory::new(&slot))
            .finish(AppFactory::new(
                Closing::new(app().into_factory(), &stopping),
                slot,
            ));
        fn_service(async |stream: TcpStream| {
            let peer = stream.peer_addr().ok();
            Ok::<_, DispatchError>((Connection::new(stream), Protocol::Http1, peer))
        })
        .and_then(http)
    });
    let server = builder.context("the listener cannot be used")?.run();
    Stop {
        server: server.handle(),
        listener: closing_listener,
        drain: workers.drain,
        stopping: Arc::clone(&workers.stopping),
    }
    .on_signal()?;
    Ok(server)
}
