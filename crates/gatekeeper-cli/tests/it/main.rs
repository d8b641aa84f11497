//! The commands; what counts as a break, what the change log has to say, and which release is the last.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so by panicking"
)]

mod changelog;
mod changes;
mod commands;
mod mock;
mod new;
mod release;
