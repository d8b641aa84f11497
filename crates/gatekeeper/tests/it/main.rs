//! The gatekeeper as generated code and callers see it: small contracts, a fake service, requests.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::result_large_err,
    reason = "a test stops at the first surprise, and few failures are passed on"
)]

mod around;
mod checks;
mod contexts;
mod cors;
mod errors;
mod examples;
mod mount;
mod open;
mod problems;
mod rejected;
mod replies;
mod requests;
mod routing;
mod schemas;
mod scopes;
mod security;
mod start;
mod streams;
mod support;
mod uploads;
mod wire;
