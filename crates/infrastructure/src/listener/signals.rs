//! The signals that ask the process to end.

use std::{
    net::TcpListener,
    process,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use actix_server::ServerHandle;
use actix_web::rt::{self, time::sleep};
use anyhow::{Context as _, Result};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::refusing::refuse_connections;

/// The time between the last connection and the end of those that are idle, in which a worker reads what has arrived.
const LAST_REQUESTS: Duration = Duration::from_millis(250);

/// A stop in good order.
pub(super) struct Stop {
    pub(super) server: ServerHandle,
    /// Another handle of the server's listener, which would keep it open.
    pub(super) listener: TcpListener,
    /// The time in which everything is served as before.
    pub(super) drain: Duration,
    /// Set at the signal.
    pub(super) stopping: Arc<AtomicBool>,
}

impl Stop {
    /// Stops the server at the first signal, be it SIGINT or SIGTERM, and ends the process at the second.
    ///
    /// # Errors
    ///
    /// Signals cannot be listened to.
    pub(super) fn on_signal(self) -> Result<()> {
        let mut signals = Signals::listen()?;
        STOPS_IN_ORDER.store(true, Ordering::Relaxed);
        rt::spawn(async move {
            signals.next().await;
            tracing::info!(
                drain_seconds = self.drain.as_secs(),
                "stopping: requests under way are finished; a second signal ends them"
            );
            rt::spawn(self.run());
            signals.next().await;
            process::exit(1);
        });
        Ok(())
    }

    /// Left to itself, actix drops requests that nobody has read yet, so it is told to stop when there are none.
    async fn run(self) {
        self.stopping.store(true, Ordering::Relaxed);
        sleep(self.drain).await;
        // Kernels may ask for CAP_NET_ADMIN, which nobody should give a server for this.
        if let Err(error) = refuse_connections(&self.listener) {
            tracing::debug!(%error, "connections that begin in the last moment may be reset");
        }
        drop(self.listener);
        sleep(LAST_REQUESTS).await;
        self.server.stop(true).await;
    }
}

/// Set when a server has taken the signals over.
static STOPS_IN_ORDER: AtomicBool = AtomicBool::new(false);

/// Runs work that SIGINT and SIGTERM end at once until a server stops in good order at them. The kernel does so for every
/// process but the first of a container, which gets no signal that it does not handle.
///
/// # Errors
///
/// That of the work, or signals cannot be listened to.
pub async fn ended_by_signals<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    if process::id() != 1 {
        return work.await;
    }
    let mut signals = Signals::listen()?;
    let ended = async {
        loop {
            let kind = signals.next().await;
            if !STOPS_IN_ORDER.load(Ordering::Relaxed) {
                // As a shell tells it of a process that a signal ended.
                process::exit(128 + kind.as_raw_value());
            }
        }
    };
    tokio::select! {
        done = work => done,
        never = ended => never,
    }
}

struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn listen() -> Result<Self> {
        let listen = |kind| signal(kind).context("signals cannot be listened to");
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) -> SignalKind {
        tokio::select! {
            _ = self.interrupt.recv() => SignalKind::interrupt(),
            _ = self.terminate.recv() => SignalKind::terminate(),
        }
    }
}
