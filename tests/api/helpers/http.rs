//! A small HTTP/1.1 client that sends exactly what it is told and hides nothing of the answer.

use std::{
    collections::BTreeSet,
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Mutex,
    time::Duration,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;

use super::contract::CONTRACT;

pub const FORM: &str = "application/x-www-form-urlencoded";

/// Longer than every time limit of the service.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where programs of other releases answer, which have another contract.
pub static OF_OTHER_RELEASES: Mutex<BTreeSet<SocketAddr>> = Mutex::new(BTreeSet::new());

/// A response.
#[derive(Debug, Clone)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Response {
    /// The only header line of this name; panics when there are several.
    pub fn header(&self, name: &str) -> Option<&str> {
        let all = self.headers(name);
        assert!(all.len() < 2, "{name} occurs {} times: {all:?}", all.len());
        all.first().copied()
    }

    pub fn headers(&self, name: &str) -> Vec<&str> {
        self.headers
            .iter()
            .filter(|(candidate, _)| candidate.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
            .collect()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("not JSON ({error}): {self:?}"))
    }

    /// The same without its content coding.
    #[track_caller]
    pub fn decoded(&self) -> Self {
        let mut decoded = self.clone();
        let mut read = |reader: &mut dyn Read| {
            decoded.body.clear();
            let read = reader.read_to_end(&mut decoded.body);
            read.unwrap_or_else(|error| panic!("{:?}: {error}", self.headers));
        };
        match self
            .header("content-encoding")
            .filter(|_| !self.body.is_empty())
        {
            None => {}
            Some("gzip") => read(&mut flate2::read::GzDecoder::new(&*self.body)),
            Some("br") => read(&mut brotli::Decompressor::new(&*self.body, 4096)),
            Some(other) => panic!("a coding that nobody asked for: {other}"),
        }
        decoded
    }

    /// The stable code of a problem.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Asserts the status; answers itself, so that it can be chained.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// Asserts status and code of a problem.
    #[track_caller]
    pub fn expect_problem(self, status: u16, code: &str) -> Self {
        assert_eq!(
            (self.status, self.code().as_str()),
            (status, code),
            "{}",
            self.text()
        );
        self
    }
}

/// The server that requests go to.
#[derive(Debug, Clone, Copy)]
pub struct Client(pub SocketAddr);

impl Client {
    pub fn request(&self, method: &str, target: &str) -> Request {
        Request {
            address: self.0,
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: None,
            host: self.0.to_string(),
        }
    }

    pub fn get(&self, target: &str) -> Request {
        self.request("GET", target)
    }

    pub fn post(&self, target: &str) -> Request {
        self.request("POST", target)
    }

    pub fn put(&self, target: &str) -> Request {
        self.request("PUT", target)
    }
}

/// A request under construction.
#[derive(Debug, Clone)]
pub struct Request {
    address: SocketAddr,
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
    host: String,
}

impl Request {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    /// RFC 7617.
    pub fn basic(self, email: &str, password: &str) -> Self {
        let pair = BASE64_STANDARD.encode(format!("{email}:{password}"));
        self.header("Authorization", &format!("Basic {pair}"))
    }

    pub fn api_token(self, value: &str) -> Self {
        self.header("api-token", value)
    }

    /// The credential of a scheme, sent as the contract says; that of Basic is `user:password`.
    pub fn credential(mut self, scheme: &str, value: &str) -> Self {
        let definition = &CONTRACT.components("securitySchemes")[scheme];
        let text = |member: &str| definition[member].as_str().unwrap_or_default();
        match (text("scheme"), text("in")) {
            ("bearer", _) => self.bearer(value),
            ("basic", _) => {
                let (user, password) = value.split_once(':').expect("a pair");
                self.basic(user, password)
            }
            (_, "header") => self.header(text("name"), value),
            (_, "cookie") => self.header("Cookie", &format!("{}={value}", text("name"))),
            (_, "query") => {
                let mark = if self.target.contains('?') { '&' } else { '?' };
                self.target = format!("{}{mark}{}={value}", self.target, text("name"));
                self
            }
            other => panic!("{scheme} is of no kind that the tests can send: {other:?}"),
        }
    }

    pub fn host(mut self, host: &str) -> Self {
        host.clone_into(&mut self.host);
        self
    }

    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub fn form(self, members: &[(&str, &str)]) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(members)
            .finish();
        self.body(FORM, body)
    }

    pub fn body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.header("Content-Type", media_type)
    }

    /// Sends it and holds the answer to the contract.
    #[track_caller]
    pub fn send(self) -> Response {
        let response = self.send_unchecked();
        let others = OF_OTHER_RELEASES.lock().expect("addresses");
        let has_our_contract = !others.contains(&self.address);
        drop(others);
        if has_our_contract {
            CONTRACT.check(&self.method, &self.target, &response.decoded());
        }
        response
    }

    /// Sends it; for answers that the contract describes only in its introduction.
    #[track_caller]
    pub fn send_unchecked(&self) -> Response {
        self.try_send()
            .unwrap_or_else(|error| panic!("{} {}: {error}", self.method, self.target))
    }

    /// Sends it to a server that may be gone.
    pub fn try_send(&self) -> io::Result<Response> {
        let mut stream = self.write()?;
        read_response(&mut stream, self.method == "HEAD")
    }

    /// Sends it, does something else, and resets the connection without having read an answer.
    pub fn hang_up_after(&self, meanwhile: impl FnOnce()) -> io::Result<()> {
        let stream = socket2::Socket::from(self.write()?);
        meanwhile();
        // Closed with such a linger time, a connection is reset.
        stream.set_linger(Some(Duration::ZERO))
    }

    fn write(&self) -> io::Result<TcpStream> {
        let mut stream = connect(self.address)?;
        self.write_to(&mut stream)?;
        Ok(stream)
    }

    /// Sends it over a connection of the test's own.
    pub fn write_to(&self, stream: &mut impl Write) -> io::Result<()> {
        let mut head = format!(
            "{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n",
            self.method, self.target, self.host
        );
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let body = self.body.as_deref().unwrap_or_default();
        if self.body.is_some() || matches!(self.method.as_str(), "POST" | "PUT" | "PATCH") {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        stream.write_all(head.as_bytes())?;
        // A server that refuses early may have stopped reading.
        let _ = stream.write_all(body);
        Ok(())
    }
}

pub fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// A stream of which no byte is read that belongs to the next answer.
pub struct ByByte<'s>(pub &'s TcpStream);

impl Read for ByByte<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.0.read(&mut bytes[..1])
    }
}

/// Reads one response; bodies by length, in chunks or up to the end of the connection.
pub fn read_response(stream: &mut impl Read, head_only: bool) -> io::Result<Response> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = find(&bytes, b"\r\n\r\n") {
            break at;
        }
        more(stream, &mut bytes)?;
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let mut rest = bytes.split_off(head_end + 4);
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .and_then(|word| word.parse().ok())
        .ok_or_else(|| invalid("status line"))?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    let mut response = Response {
        status,
        headers,
        body: Vec::new(),
    };
    if head_only || matches!(status, 100..200 | 204 | 304) {
        return Ok(response);
    }
    if response.header("transfer-encoding") == Some("chunked") {
        response.body = read_chunks(stream, rest)?;
    } else if let Some(length) = response.header("content-length") {
        let length: usize = length.parse().map_err(|_| invalid("content-length"))?;
        while rest.len() < length {
            more(stream, &mut rest)?;
        }
        response.body = rest;
    } else {
        stream.read_to_end(&mut rest)?;
        response.body = rest;
    }
    Ok(response)
}

fn read_chunks(stream: &mut impl Read, mut rest: Vec<u8>) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = loop {
            if let Some(at) = find(&rest, b"\r\n") {
                break at;
            }
            more(stream, &mut rest)?;
        };
        let size = std::str::from_utf8(&rest[..line])
            .ok()
            .and_then(|size| usize::from_str_radix(size.split(';').next()?.trim(), 16).ok())
            .ok_or_else(|| invalid("chunk size"))?;
        while rest.len() < line + 2 + size + 2 {
            more(stream, &mut rest)?;
        }
        if size == 0 {
            return Ok(body);
        }
        body.extend_from_slice(&rest[line + 2..line + 2 + size]);
        rest.drain(..line + 2 + size + 2);
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

fn more(stream: &mut impl Read, bytes: &mut Vec<u8>) -> io::Result<()> {
    let mut part = [0; 16 * 1024];
    match stream.read(&mut part)? {
        0 => Err(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            "the connection closed within an answer",
        )),
        count => {
            bytes.extend_from_slice(&part[..count]);
            Ok(())
        }
    }
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("unreadable answer: {what}"),
    )
}
