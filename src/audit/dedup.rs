//! Limits how often the same refusal is stored.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use uuid::Uuid;

/// The number of refusals of one account for one reason that are stored in a minute: whoever holds a dead token can have
/// it refused without end. Those for other reasons, and of other accounts, are stored nevertheless.
pub(super) const REPEATS: u32 = 30;

const MINUTE: Duration = Duration::from_mins(1);

/// The number of pairs of account and reason beyond which the minute begins anew.
const KEYS: usize = 10_000;

/// Counts the refusals of each account for each reason in the present minute.
pub(super) struct RefusalDedup(Mutex<Counts>);

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

impl RefusalDedup {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Counts::new()))
    }

    /// Counts a refusal and returns true if it may be stored.
    pub(super) fn allow(&self, user_id: Option<Uuid>, reason: &'static str) -> bool {
        // Nothing that can panic runs under the lock.
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.since.elapsed() >= MINUTE || counts.of.len() >= KEYS {
            *counts = Counts::new();
        }
        let count = counts.of.entry((user_id, reason)).or_default();
        *count = count.saturating_add(1);
        *count <= REPEATS
    }
}
