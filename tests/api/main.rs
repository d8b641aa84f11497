//! Black-box tests: the real binary, over HTTP, each on its own port with its own files.
//!
//! Every answer that passes through [`helpers::http`] is held to `openapi.yaml`, read here
//! independently of the service.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::panic,
    clippy::print_stderr,
    unreachable_pub,
    reason = "a test that fails should say so at once, and where"
)]

mod helpers;

mod accounts;
mod addresses;
mod audit;
mod browser;
mod cancellation;
mod catalogue;
mod cli;
mod clocks;
mod cluster;
mod compression;
mod conditional;
mod contract;
mod databases;
mod documents;
mod durability;
mod edges;
mod errors;
mod films;
mod fleet;
mod holodules;
mod http;
mod idempotency;
mod limits;
mod mail;
mod matrix;
mod metrics;
mod mock;
mod monitoring;
mod operators;
mod pages;
mod passwords;
mod pipelining;
mod races;
mod readiness;
mod redis_faults;
mod redis_settings;
mod replica;
mod revocation;
mod samples;
mod schema;
mod sentinel;
mod sessions;
mod settings;
mod sql_faults;
mod sql_poolers;
mod sql_tls;
mod stopping;
mod subscribers;
mod texts;
mod tokens;
mod tokens_cli;
mod tour;
mod traces;
mod turns;
mod units;
mod users;
mod waiting;
mod ways_in;
