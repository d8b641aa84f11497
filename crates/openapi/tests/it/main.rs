//! The reader of OpenAPI documents and its checks.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says so by panicking"
)]

mod checks;
mod reader;
