//! Counting in this process.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::gcra::{self, Refused};
use super::policy::{Cell, Policy};

/// Cells of one policy at most: all policies together stay within some 30 MB.
const MOST: usize = 100_000;

/// Cells in memory, a table for each policy, so that a flood of one sort pushes out no other.
pub(super) struct Memory {
    started: Instant,
    /// Held for a few look-ups, and a millisecond when a full table is swept, which a flood of new cells
    /// brings about once in [`SPARE`] of them.
    tables: Mutex<[Table; Policy::COUNT]>,
}

/// Places that a sweep makes.
const SPARE: usize = MOST / 8;

/// Keys, and until when each is paid for.
#[derive(Default)]
struct Table(HashMap<u64, u64>);

impl Memory {
    pub(super) fn new() -> Self {
        Self {
            started: Instant::now(),
            tables: Mutex::default(),
        }
    }

    /// Microseconds on a clock that nobody sets.
    pub(super) fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// Counts a try in all cells or in none; what it took of each.
    pub(super) fn take(&self, cells: &[Cell], now: u64) -> Result<Vec<u64>, Refused> {
        // Nothing panics while the lock is held, so a poisoned table is whole.
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        let paid: Vec<_> = cells
            .iter()
            .map(|&cell| (cell, tables[cell.policy as usize].paid(cell.key)))
            .collect();
        let steps = gcra::judge(&paid, now)?;
        for (cell, step) in cells.iter().zip(&steps) {
            tables[cell.policy as usize].set(cell.key, step.to, now);
        }
        Ok(steps.into_iter().map(gcra::Step::taken).collect())
    }

    /// Takes back what [`take`](Self::take) took.
    pub(super) fn give_back(&self, taken: &[(Cell, u64)], now: u64) {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        for (cell, taken) in taken {
            let table = &mut tables[cell.policy as usize];
            let left = gcra::give_back(table.paid(cell.key), *taken);
            table.set(cell.key, left, now);
        }
    }
}

impl Table {
    fn paid(&self, key: u64) -> u64 {
        self.0.get(&key).copied().unwrap_or_default()
    }

    fn set(&mut self, key: u64, paid: u64, now: u64) {
        if paid <= now {
            self.0.remove(&key);
            return;
        }
        if self.0.len() >= MOST && !self.0.contains_key(&key) {
            self.sweep(now);
        }
        self.0.insert(key, paid);
    }

    /// Drops what is paid off; when that is not enough, also what is nearest to it: whoever has tried most
    /// is forgotten last.
    fn sweep(&mut self, now: u64) {
        self.0.retain(|_, paid| *paid > now);
        let mut surplus = (self.0.len() + SPARE).saturating_sub(MOST);
        if surplus == 0 {
            return;
        }
        let mut ends: Vec<u64> = self.0.values().copied().collect();
        let (_, end, _) = ends.select_nth_unstable(surplus - 1);
        let end = *end;
        self.0.retain(|_, paid| {
            let dropped = surplus > 0 && *paid <= end;
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

    fn cell(policy: Policy, requests: u32, key: u64) -> Cell {
        let rate = Rate {
            requests,
            seconds: 900,
        };
        Cell { policy, rate, key }
    }

    fn cells(memory: &Memory, policy: Policy) -> usize {
        memory.tables.lock().unwrap()[policy as usize].0.len()
    }

    #[test]
    fn a_refused_try_is_counted_nowhere() {
        let memory = Memory::new();
        let narrow = cell(Policy::PasswordAccount, 1, 1);
        let wide = cell(Policy::PasswordAddress, 2, 1);
        memory.take(&[narrow, wide], SECOND).unwrap();
        memory.take(&[wide, narrow], SECOND).unwrap_err();
        memory.take(&[wide], SECOND).unwrap();
        memory.take(&[wide], SECOND).unwrap_err();
    }

    #[test]
    fn a_try_that_is_given_back_leaves_nothing() {
        let memory = Memory::new();
        let cell = cell(Policy::PasswordAccount, 1, 1);
        for _ in 0..5 {
            let taken = memory.take(&[cell], SECOND).unwrap();
            memory.give_back(&[(cell, taken[0])], SECOND);
            assert_eq!(cells(&memory, Policy::PasswordAccount), 0);
        }
    }

    #[test]
    fn memory_is_bounded_and_who_tried_most_is_forgotten_last() {
        let memory = Memory::new();
        let hot = cell(Policy::PasswordAccount, 10, u64::MAX);
        for _ in 0..10 {
            memory.take(&[hot], SECOND).unwrap();
        }
        for key in 0..1_000_000 {
            let mut tables = memory.tables.lock().unwrap();
            let interval = hot.interval();
            tables[hot.policy as usize].set(key, SECOND + key + interval, SECOND + key);
        }
        assert!(cells(&memory, Policy::PasswordAccount) <= MOST);
        let capacity = memory.tables.lock().unwrap()[Policy::PasswordAccount as usize]
            .0
            .capacity();
        assert!(capacity <= 4 * MOST, "{capacity}");
        memory.take(&[hot], 3 * SECOND).unwrap_err();
    }

    #[test]
    fn a_flood_of_one_sort_pushes_out_no_other() {
        let memory = Memory::new();
        let mail = cell(Policy::MailRecipient, 1, 1);
        memory.take(&[mail], SECOND).unwrap();
        for key in 0..MOST as u64 + 1_000 {
            memory
                .take(&[cell(Policy::Operation, 1, key)], SECOND)
                .unwrap();
        }
        memory.take(&[mail], SECOND).unwrap_err();
    }

    #[test]
    fn what_is_paid_off_goes_first() {
        let memory = Memory::new();
        for key in 0..MOST as u64 {
            memory
                .take(&[cell(Policy::Operation, 1, key)], SECOND)
                .unwrap();
        }
        memory
            .take(&[cell(Policy::Operation, 1, u64::MAX)], 1_000 * SECOND)
            .unwrap();
        assert_eq!(cells(&memory, Policy::Operation), 1);
    }
}
