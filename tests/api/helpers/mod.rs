//! What the tests share: servers to start, a client, users, tokens made by hand.

pub mod app;
pub mod contract;
pub mod http;
pub mod mail;
pub mod postgres;
pub mod process;
pub mod redis;
pub mod tokens;
pub mod users;

use std::{
    thread,
    time::{Duration, Instant},
};

/// Asks again and again until there is an answer; panics with `what` after `patience`.
pub fn eventually<T>(what: &str, patience: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(
            started.elapsed() < patience,
            "waited {patience:?} in vain: {what}"
        );
        thread::sleep(Duration::from_millis(20));
    }
}
