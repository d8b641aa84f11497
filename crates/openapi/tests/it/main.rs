//! The reader of OpenAPI documents and its checks.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says so by panicking"
)]

mod access;
mod checks;
mod files;
mod large;
mod names;
mod open;
mod reader;
mod references;
mod responses;
mod security;
mod v31;

use openapi::{Examples, Mode, Options};

/// The checks of a contract that says everything that is answered.
const STRICT: Options<'static> = Options {
    mode: Mode::Strict,
    roles: None,
    require_roles: false,
    examples: Examples::Unchecked,
};
