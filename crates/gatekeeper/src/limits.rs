//! Caps on what a caller may send.

use std::time::Duration;

/// Caps on one request. A request beyond a cap is refused before any of its content is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a body that is held whole, counted as it arrives; 413 beyond.
    pub body: usize,
    /// Bytes of a body that is read as it comes: a stream, or a form with files; 413 beyond.
    pub upload: u64,
    /// Bytes of one file of a form; 413 beyond. Its values are together a [`body`](Self::body).
    pub part: u64,
    /// Parts of a form with files; 400 beyond.
    pub parts: usize,
    /// Bytes of all header names and values together; 431 beyond.
    pub head: usize,
    /// Bytes of one credential (`Authorization` value or API key); 401 beyond.
    pub token: usize,
    /// Bytes of path and query together; 414 beyond.
    pub target: usize,
    /// Time for a body that is held whole to arrive, and for the next bytes of any other; 408 beyond. The time for the head is the server's to
    /// limit (`HttpServer::client_request_timeout`).
    pub body_time: Duration,
    /// Time for all of a body that is read as it comes; 408 beyond.
    pub upload_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 64 * 1024,
            upload: 64 * 1024 * 1024,
            part: 64 * 1024 * 1024,
            parts: 256,
            head: 16 * 1024,
            token: 4 * 1024,
            target: 8 * 1024,
            body_time: Duration::from_secs(15),
            upload_time: Duration::from_secs(5 * 60),
        }
    }
}
