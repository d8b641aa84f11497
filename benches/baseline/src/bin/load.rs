//! Asks a server for one thing over and over, and prints how it answered, as JSON.
//!
//! It takes a whole answer by one read, and looks at its sockets again and again in place of sleeping until one is ready. So it
//! does not limit a fast server; and no server pays for waking it, which would fall to those alone that it can keep up with.
//!
//! Requests of a rate are due at even intervals, whatever comes back, and their times run from then: a server that stalls has
//! kept all of them waiting.

use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Parser;
use mio::{Events, Interest, Poll, Token, net::TcpStream};

/// An answer that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(10);

/// Asks a server over connections that are kept alive, and prints how it answered, as JSON.
#[derive(Parser)]
struct Cli {
    /// Address of the server.
    address: SocketAddr,
    /// Path and query to ask for.
    target: String,
    /// A header of each request, as in `accept: */*`.
    #[arg(long = "header", short = 'H')]
    headers: Vec<String>,
    #[arg(long, default_value_t = 64)]
    connections: usize,
    #[arg(long, default_value_t = 4.0)]
    seconds: f64,
    /// Requests a second. Without it, each connection asks again once it is answered.
    #[arg(long)]
    rate: Option<f64>,
}

struct Connection {
    stream: TcpStream,
    /// The beginning of an answer whose head is not whole yet.
    head: Vec<u8>,
    /// Bytes of the body that are still to come.
    left: usize,
    state: State,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// The next request is due at this time.
    Idle(Instant),
    /// The answer to a request that was due at this time begins.
    Head(Instant),
    Body(Instant),
}

#[derive(Default)]
struct Found {
    /// Time of each answer.
    times: Vec<Duration>,
    refused: usize,
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    ensure!(cli.connections > 0, "--connections must be at least 1");
    for (name, value) in [("--seconds", Some(cli.seconds)), ("--rate", cli.rate)] {
        let fits = value.is_none_or(|value| (0.1..=1e9).contains(&value));
        ensure!(fits, "{name} must be from 0.1 to 1e9");
    }
    let lines: String = (cli.headers.iter())
        .map(|line| format!("{line}\r\n"))
        .collect();
    let request = format!(
        "GET {} HTTP/1.1\r\nhost: {}\r\n{lines}\r\n",
        cli.target, cli.address
    );
    let mut poll = Poll::new()?;
    let mut connections = (0..cli.connections)
        .map(|index| Connection::open(&poll, cli.address, index))
        .collect::<Result<Vec<_>>>()
        .with_context(|| format!("connecting to {}", cli.address))?;
    let began = Instant::now();
    // Without a rate, all is due at once.
    let period = (cli.rate).map_or(Duration::ZERO, |rate| {
        Duration::from_secs_f64(cli.connections as f64 / rate)
    });
    for (index, connection) in connections.iter_mut().enumerate() {
        let first = period.mul_f64(index as f64 / cli.connections as f64);
        connection.state = State::Idle(began + first);
    }
    let mut found = Found::default();
    let mut events = Events::with_capacity(cli.connections);
    let mut buffer = vec![0; 1 << 18];
    let end = Duration::from_secs_f64(cli.seconds);
    while began.elapsed() < end {
        let now = Instant::now();
        for connection in &mut connections {
            connection.ask_if_due(request.as_bytes(), now)?;
        }
        poll.poll(&mut events, Some(Duration::ZERO))?;
        if events.is_empty() {
            // Redis may stand on the same core.
            thread::yield_now();
        }
        for event in &events {
            let connection = &mut connections[event.token().0];
            if let Some(due) = connection.read(&mut buffer, &mut found.refused)? {
                let now = Instant::now();
                found.times.push(now - due);
                connection.state = State::Idle(if cli.rate.is_some() {
                    due + period
                } else {
                    now
                });
                connection.ask_if_due(request.as_bytes(), now)?;
            }
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    let now = Instant::now();
    for connection in &connections {
        if let State::Head(due) | State::Body(due) = connection.state {
            ensure!(now < due + PATIENCE, "an answer took over {PATIENCE:?}");
        }
    }
    found.report(seconds)
}

impl Connection {
    fn open(poll: &Poll, address: SocketAddr, index: usize) -> Result<Self> {
        let stream = std::net::TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        let mut stream = TcpStream::from_std(stream);
        let registry = poll.registry();
        registry.register(&mut stream, Token(index), Interest::READABLE)?;
        Ok(Self {
            stream,
            head: Vec::new(),
            left: 0,
            state: State::Idle(Instant::now()),
        })
    }

    fn ask_if_due(&mut self, request: &[u8], now: Instant) -> Result<()> {
        let State::Idle(due) = self.state else {
            return Ok(());
        };
        if due > now {
            return Ok(());
        }
        let written = self.stream.write(request)?;
        ensure!(written == request.len(), "a request was not taken whole");
        self.state = State::Head(due);
        Ok(())
    }

    /// Reads what has come. Returns the time at which the request was due once its answer is whole.
    fn read(&mut self, buffer: &mut [u8], refused: &mut usize) -> Result<Option<Instant>> {
        let count = match self.stream.read(buffer) {
            Ok(0) => bail!("the server closed a connection"),
            // It is told of what comes later, unless there is no more room.
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        ensure!(
            count < buffer.len(),
            "an answer is too long for this program"
        );
        let read = &buffer[..count];
        let (due, body) = match self.state {
            State::Idle(_) => bail!("the server sent more than was asked for"),
            State::Body(due) => (due, count),
            State::Head(due) => {
                // Most heads come whole, and nothing is copied.
                let known = self.head.len();
                if known > 0 {
                    self.head.extend_from_slice(read);
                }
                let text = if known > 0 { &self.head } else { read };
                let Some((head, status, length)) = parsed(text)? else {
                    if known == 0 {
                        self.head.extend_from_slice(read);
                    }
                    return Ok(None);
                };
                *refused += usize::from(!(200..400).contains(&status));
                let body = text.len() - head;
                self.head.clear();
                self.left = length;
                (due, body)
            }
        };
        self.left = (self.left.checked_sub(body)).context("an answer is too long")?;
        self.state = State::Body(due);
        Ok((self.left == 0).then_some(due))
    }
}

/// Returns the length of a head, its status and the length of its body, once the head is whole.
fn parsed(text: &[u8]) -> Result<Option<(usize, u16, usize)>> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(head) = response.parse(text)? else {
        return Ok(None);
    };
    let status = response.code.context("an answer has no status")?;
    let mut headers = response.headers.iter();
    let length = headers
        .find(|header| header.name.eq_ignore_ascii_case("content-length"))
        .context("an answer has no content-length")?;
    let length = str::from_utf8(length.value)?.parse()?;
    Ok(Some((head, status, length)))
}

impl Found {
    #[expect(clippy::print_stdout, reason = "what the program is for")]
    fn report(mut self, seconds: f64) -> Result<()> {
        ensure!(!self.times.is_empty(), "nothing was answered");
        self.times.sort_unstable();
        let count = self.times.len();
        let of = |part: f64| {
            let index = ((count - 1) as f64 * part) as usize;
            self.times[index].as_secs_f64() * 1e3
        };
        println!(
            r#"{{"requests": {count}, "refused": {}, "rate": {:.1}, "p50": {:.4}, "p99": {:.4}}}"#,
            self.refused,
            count as f64 / seconds,
            of(0.5),
            of(0.99)
        );
        Ok(())
    }
}
