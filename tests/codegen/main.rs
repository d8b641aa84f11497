//! The way from the contract to the code: `build.rs`, `crates/gatekeeper-build/` and `generated/`.
//!
//! Each test builds a copy of the repository, so that the one at hand stays as it is.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so by panicking"
)]

mod copy;
mod edit;
mod golden;
mod pages;
mod refusals;
mod regenerate;
