//! The plan of a contract, and the templates that are filled with it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says so by panicking"
)]

mod mustache;
mod mutations;
mod page;
mod texts;

use std::path::Path;

/// The folder of this crate.
fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
