//! `health`: asks the running service for its readiness, as the health check of a container that has no other client.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::Args;

use super::print;
use crate::settings::{self, Bind};

/// A connection, and each part of the answer, may take this long: more than the time limits behind `/readyz`.
const PATIENCE: Duration = Duration::from_secs(10);
/// More than any answer of `/readyz`.
const MAX_BYTES: u64 = 16 * 1024;

/// Between two questions of one that waits.
const PAUSE: Duration = Duration::from_millis(500);

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Ask again for so long, until the service is ready; for scripts that start or restart it.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
}

/// Asks `/readyz` at `server.bind`.
///
/// # Errors
/// Nothing answers there, or the service is not ready; with the service's own words.
pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let bind = settings::load_bind()?;
    let start = Instant::now();
    loop {
        match check(&bind) {
            Err(_) if start.elapsed() < Duration::from_secs(arguments.wait) => sleep(PAUSE),
            Ok(()) => return print::lines(["The service is ready."]),
            unready => return unready,
        }
    }
}

fn check(bind: &Bind) -> Result<()> {
    let (head, body) = ask(bind).with_context(|| {
        format!("nothing answers at {bind}; is server.bind (STARWARS__SERVER__BIND) that of the running service?")
    })?;
    if head.starts_with("HTTP/1.1 200 ") {
        Ok(())
    } else {
        bail!("the service is not ready: {}", body.trim());
    }
}

/// Sends the request and returns head and body of the response.
fn ask(bind: &Bind) -> Result<(String, String)> {
    let mut stream: TcpStream = bind.connect(PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(
        b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nUser-Agent: starwars-api-health\r\nConnection: close\r\n\r\n",
    )?;
    let mut response = String::new();
    stream.take(MAX_BYTES).read_to_string(&mut response)?;
    let (head, body) = response
        .split_once("\r\n\r\n")
        .context("what answers there is no HTTP server")?;
    Ok((head.to_owned(), body.to_owned()))
}
