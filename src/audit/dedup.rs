//! Limits how often the same event is stored.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use uuid::Uuid;

/// The number of refusals of one account for one reason that are stored in a minute: whoever holds a dead token can have
/// it refused without end. Those for other reasons, and of other accounts, are stored nevertheless.
pub(super) const REPEATS: u32 = 30;

/// The number of pairs of account and reason beyond which the window begins anew.
const KEYS: usize = 10_000;

/// Counts the events of each account for each reason in the present window.
pub(super) struct Dedup {
    window: Duration,
    most: u32,
    counts: Mutex<Counts>,
}

struct Counts {
    since: Instant,
    of: HashMap<(Option<Uuid>, &'static str), u32>,
}

impl Counts {
    fn new() -> Self {
        Self {
            since: Instant::now(),
            of: HashMap::new(),
        }
    }
}

impl Dedup {
    /// Lets `most` events alike be stored in each window.
    pub(super) fn new(window: Duration, most: u32) -> Self {
        Self {
            window,
            most,
            counts: Mutex::new(Counts::new()),
        }
    }

    /// Counts an event and returns true if it may be stored.
    pub(super) fn allow(&self, user_id: Option<Uuid>, reason: &'static str) -> bool {
        // Nothing that can panic runs under the lock.
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.since.elapsed() >= self.window || counts.of.len() >= KEYS {
            *counts = Counts::new();
        }
        let count = counts.of.entry((user_id, reason)).or_default();
        *count = count.saturating_add(1);
        *count <= self.most
    }
}
