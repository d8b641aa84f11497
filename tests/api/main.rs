//! Black-box tests: the real binary, over HTTP, each on its own port with its own files.
//!
//! Every answer that passes through [`helpers::http`] is held to `openapi.yaml`, read here
//! independently of the service.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    unreachable_pub,
    reason = "a test that fails should say so at once, and where"
)]

mod helpers;

mod browser;
mod cli;
mod contract;
mod durability;
mod films;
mod http;
mod mail;
mod postgres;
mod revocation;
mod tokens;
mod users;
