//! A proxy that serves everything below a path of its own, and takes it off before it passes a request on.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    thread,
};

use super::http::{Client, connect};

/// The prefix of every path.
pub const PREFIX: &str = "/starwars";

/// A listening proxy; it ends with the tests.
pub struct PrefixProxy {
    address: SocketAddr,
    listener: TcpListener,
}

impl PrefixProxy {
    /// Takes a port. Requests are answered once it knows [where to](Self::forward_to).
    pub fn bind() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        Self {
            address: listener.local_addr().expect("address"),
            listener,
        }
    }

    /// Returns the prefix of URLs as clients see them.
    pub fn public_url(&self) -> String {
        format!("http://{}{PREFIX}", self.address)
    }

    /// Passes requests on from now on.
    pub fn forward_to(self, service: SocketAddr) -> Client {
        let address = self.address;
        thread::spawn(move || {
            for client in self.listener.incoming().map_while(Result::ok) {
                thread::spawn(move || drop(pass(client, service)));
            }
        });
        Client(address)
    }
}

/// One request of one connection.
fn pass(mut client: TcpStream, service: SocketAddr) -> io::Result<()> {
    let mut bytes = Vec::new();
    let mut part = [0; 16 * 1024];
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        match client.read(&mut part)? {
            0 => return Ok(()),
            count => bytes.extend_from_slice(&part[..count]),
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let request = lines.next().unwrap_or_default();
    let Some(request) = below(request) else {
        return client.write_all(
            b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        );
    };
    let mut forwarded = format!("{request}\r\n");
    for line in lines.filter(|line| !line.to_lowercase().starts_with("connection:")) {
        forwarded.push_str(line);
        forwarded.push_str("\r\n");
    }
    forwarded.push_str("Connection: close\r\n\r\n");
    let mut upstream = connect(service)?;
    upstream.write_all(forwarded.as_bytes())?;
    upstream.write_all(&bytes[end + 4..])?;
    let (mut from, mut to) = (client.try_clone()?, upstream.try_clone()?);
    thread::spawn(move || drop(io::copy(&mut from, &mut to)));
    io::copy(&mut upstream, &mut client)?;
    client.shutdown(Shutdown::Both)
}

/// The request line without the prefix.
fn below(request: &str) -> Option<String> {
    let (method, rest) = request.split_once(' ')?;
    let target = rest.strip_prefix(PREFIX)?;
    target
        .starts_with(['/', '?', ' '])
        .then(|| match target.strip_prefix('/') {
            Some(_) => format!("{method} {target}"),
            None => format!("{method} /{target}"),
        })
}
