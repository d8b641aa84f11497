//! The signals that ask the process to end.

use std::process;

use actix_server::ServerHandle;
use actix_web::rt;
use anyhow::{Context as _, Result};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Lets the server finish the requests under way at the first signal, be it SIGINT or SIGTERM, and ends the process at
/// the second. Left to itself, actix drops them on SIGINT.
///
/// # Errors
///
/// Signals cannot be listened to.
pub(super) fn stop_on_signal(server: ServerHandle) -> Result<()> {
    let mut signals = Signals::listen()?;
    rt::spawn(async move {
        signals.next().await;
        tracing::info!("stopping: requests under way are finished; a second signal ends them");
        rt::spawn(server.stop(true));
        signals.next().await;
        process::exit(1);
    });
    Ok(())
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

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
