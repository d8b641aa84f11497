//! Buckets in the memory of this process.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::gcra::{self, BucketFull};
use super::policy::{Bucket, Policy};

/// The most buckets of one policy: all policies together stay within some 30 MB.
const MAX_BUCKETS: usize = 100_000;

/// Buckets in memory, in a table for each policy, so that a flood of one kind evicts no other.
pub(super) struct Memory {
    started: Instant,
    /// Held for a few look-ups, and a millisecond when a full table is swept, which a flood of new buckets
    /// brings about once in [`SPARE`] of them.
    tables: Mutex<[Table; Policy::COUNT]>,
}

/// The number of buckets that a sweep makes room for.
const SPARE: usize = MAX_BUCKETS / 8;

/// The `tat` of each key.
#[derive(Default)]
struct Table(HashMap<u64, u64>);

impl Memory {
    pub(super) fn new() -> Self {
        Self {
            started: Instant::now(),
            tables: Mutex::default(),
        }
    }

    /// Returns the time in microseconds on a monotonic clock.
    pub(super) fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// Counts a request in all buckets or in none, and returns what it took of each.
    pub(super) fn acquire(&self, buckets: &[Bucket], now: u64) -> Result<Vec<u64>, BucketFull> {
        // Nothing panics while the lock is held, so a poisoned table is consistent.
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        let tat: Vec<_> = buckets
            .iter()
            .map(|&bucket| (bucket, tables[bucket.policy as usize].tat(bucket.key)))
            .collect();
        let changes = gcra::decide(&tat, now)?;
        for (bucket, change) in buckets.iter().zip(&changes) {
            tables[bucket.policy as usize].set(bucket.key, change.to, now);
        }
        Ok(changes.into_iter().map(gcra::TatChange::taken).collect())
    }

    /// Undoes an [`acquire`](Self::acquire).
    pub(super) fn refund(&self, taken: &[(Bucket, u64)], now: u64) {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        for (bucket, taken) in taken {
            let table = &mut tables[bucket.policy as usize];
            let left = gcra::refund(table.tat(bucket.key), *taken);
            table.set(bucket.key, left, now);
        }
    }
}

impl Table {
    fn tat(&self, key: u64) -> u64 {
        self.0.get(&key).copied().unwrap_or_default()
    }

    fn set(&mut self, key: u64, tat: u64, now: u64) {
        if tat <= now {
            self.0.remove(&key);
            return;
        }
        if self.0.len() >= MAX_BUCKETS && !self.0.contains_key(&key) {
            self.sweep(now);
        }
        self.0.insert(key, tat);
    }

    /// Drops buckets that are empty again; if that is not enough, also those nearest to it: whoever has tried most
    /// is forgotten last.
    fn sweep(&mut self, now: u64) {
        self.0.retain(|_, tat| *tat > now);
        let mut surplus = (self.0.len() + SPARE).saturating_sub(MAX_BUCKETS);
        if surplus == 0 {
            return;
        }
        let mut ends: Vec<u64> = self.0.values().copied().collect();
        let (_, end, _) = ends.select_nth_unstable(surplus - 1);
        let end = *end;
        self.0.retain(|_, tat| {
            let dropped = surplus > 0 && *tat <= end;
            surplus -= usize::from(dropped);
            !dropped
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Rate;

    const SECOND: u64 = 1_000_000;

    fn bucket(policy: Policy, requests: u32, key: u64) -> Bucket {
        let rate = Rate {
            requests,
            seconds: 900,
        };
        Bucket { policy, rate, key }
    }

    fn buckets(memory: &Memory, policy: Policy) -> usize {
        memory.tables.lock().unwrap()[policy as usize].0.len()
    }

    #[test]
    fn a_refused_try_is_counted_nowhere() {
        let memory = Memory::new();
        let narrow = bucket(Policy::PasswordAccount, 1, 1);
        let wide = bucket(Policy::PasswordAddress, 2, 1);
        memory.acquire(&[narrow, wide], SECOND).unwrap();
        memory.acquire(&[wide, narrow], SECOND).unwrap_err();
        memory.acquire(&[wide], SECOND).unwrap();
        memory.acquire(&[wide], SECOND).unwrap_err();
    }

    #[test]
    fn a_try_that_is_given_back_leaves_nothing() {
        let memory = Memory::new();
        let bucket = bucket(Policy::PasswordAccount, 1, 1);
        for _ in 0..5 {
            let taken = memory.acquire(&[bucket], SECOND).unwrap();
            memory.refund(&[(bucket, taken[0])], SECOND);
            assert_eq!(buckets(&memory, Policy::PasswordAccount), 0);
        }
    }

    #[test]
    fn memory_is_bounded_and_who_tried_most_is_forgotten_last() {
        let memory = Memory::new();
        let hot = bucket(Policy::PasswordAccount, 10, u64::MAX);
        for _ in 0..10 {
            memory.acquire(&[hot], SECOND).unwrap();
        }
        for key in 0..1_000_000 {
            let mut tables = memory.tables.lock().unwrap();
            let interval = hot.interval();
            tables[hot.policy as usize].set(key, SECOND + key + interval, SECOND + key);
        }
        assert!(buckets(&memory, Policy::PasswordAccount) <= MAX_BUCKETS);
        let capacity = memory.tables.lock().unwrap()[Policy::PasswordAccount as usize]
            .0
            .capacity();
        assert!(capacity <= 4 * MAX_BUCKETS, "{capacity}");
        memory.acquire(&[hot], 3 * SECOND).unwrap_err();
    }

    #[test]
    fn a_flood_of_one_sort_pushes_out_no_other() {
        let memory = Memory::new();
        let mail = bucket(Policy::MailRecipient, 1, 1);
        memory.acquire(&[mail], SECOND).unwrap();
        for key in 0..MAX_BUCKETS as u64 + 1_000 {
            memory
                .acquire(&[bucket(Policy::Operation, 1, key)], SECOND)
                .unwrap();
        }
        memory.acquire(&[mail], SECOND).unwrap_err();
    }

    #[test]
    fn what_is_paid_off_goes_first() {
        let memory = Memory::new();
        for key in 0..MAX_BUCKETS as u64 {
            memory
                .acquire(&[bucket(Policy::Operation, 1, key)], SECOND)
                .unwrap();
        }
        memory
            .acquire(&[bucket(Policy::Operation, 1, u64::MAX)], 1_000 * SECOND)
            .unwrap();
        assert_eq!(buckets(&memory, Policy::Operation), 1);
    }
}
