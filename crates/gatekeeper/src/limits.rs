//! Caps on what a caller may send.

use std::time::Duration;

/// Caps on one request. A request beyond a cap is refused before any of its content is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a body, counted as it arrives; 413 beyond.
    pub body: usize,
    /// Bytes of all header names and values together; 431 beyond.
    pub head: usize,
    /// Bytes of one credential (`Authorization` value or API key); 401 beyond.
    pub token: usize,
    /// Bytes of path and query together; 414 beyond.
    pub target: usize,
    /// Time for a whole body to arrive; 408 beyond. The time for the head is the server's to
    /// limit (`HttpServer::client_request_timeout`).
    pub body_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 64 * 1024,
            head: 16 * 1024,
            token: 4 * 1024,
            target: 8 * 1024,
            body_time: Duration::from_secs(15),
        }
    }
}
