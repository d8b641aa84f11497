//! Helpers of the tests: servers to start, a client, users, tokens made by hand.

pub mod app;
pub mod browser;
pub mod collector;
pub mod contract;
pub mod fleet;
pub mod http;
pub mod link;
pub mod mail;
pub mod mariadb;
pub mod metrics;
pub mod nginx;
pub mod pgbouncer;
pub mod postgres;
pub mod prefix;
pub mod process;
pub mod proxy;
pub mod redis;
pub mod redis_cluster;
pub mod redis_pair;
pub mod redis_sentinel;
pub mod stores;
pub mod tls;
pub mod tokens;
pub mod users;

use std::{
    sync::Barrier,
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

/// Runs `work` in as many threads, started together; each is told its number.
pub fn at_once<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let gate = Barrier::new(count);
    let (gate, work) = (&gate, &work);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|number| {
                scope.spawn(move || {
                    gate.wait();
                    work(number)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("thread"))
            .collect()
    })
}
