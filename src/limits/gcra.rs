//! The generic cell rate algorithm: of each cell one number is kept, the time until which its tries are paid
//! for. A try pays for an interval more, and must not pay beyond a window from now.
//!
//! `redis/take.lua` does the same.

use super::policy::Cell;

/// A try that is one too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    /// The cell with the longest wait.
    pub(super) cell: Cell,
    /// Microseconds after which there is room again.
    pub(super) wait: u64,
}

/// What a try makes of one cell's number, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) from: u64,
    pub(super) to: u64,
}

impl Step {
    /// What is to be given back when the try does not count. A cell that was full already took less
    /// than an interval.
    pub(super) fn taken(self) -> u64 {
        self.to - self.from
    }
}

/// Judges a try by all of its cells, given each with its number: it is paid for in all of them or in none.
pub(super) fn judge(cells: &[(Cell, u64)], now: u64) -> Result<Vec<Step>, Refused> {
    let mut worst: Option<Refused> = None;
    for (index, &(cell, paid)) in cells.iter().enumerate() {
        if cell.policy.is_mark() {
            continue;
        }
        let mark = cells
            .get(index + 1)
            .filter(|(next, _)| next.policy.is_mark());
        let wait = wait(cell, paid, now);
        let wait = mark.map_or(wait, |&(mark, paid)| wait.min(self::wait(mark, paid, now)));
        if wait > worst.map_or(0, |worst| worst.wait) {
            worst = Some(Refused { cell, wait });
        }
    }
    match worst {
        Some(refused) => Err(refused),
        None => Ok(cells
            .iter()
            .map(|&(cell, paid)| step(cell, paid, now))
            .collect()),
    }
}

/// What is left when a try is given back.
pub(super) fn give_back(paid: u64, taken: u64) -> u64 {
    paid.saturating_sub(taken)
}

fn step(cell: Cell, paid: u64, now: u64) -> Step {
    let end = now + cell.window();
    // A number beyond the window is of a longer window that was set once, or of a clock that was ahead.
    let from = paid.clamp(now, end);
    let to = (from + cell.interval()).min(end);
    Step { from, to }
}

fn wait(cell: Cell, paid: u64, now: u64) -> u64 {
    let end = now + cell.window();
    (paid.clamp(now, end) + cell.interval()).saturating_sub(end)
}

#[cfg(test)]
mod tests {
    use super::super::policy::Policy;
    use super::*;
    use crate::settings::Rate;

    const NOW: u64 = 1_000_000_000;
    const SECOND: u64 = 1_000_000;

    fn cell(policy: Policy, requests: u32, seconds: u32) -> Cell {
        let rate = Rate { requests, seconds };
        Cell {
            policy,
            rate,
            key: 0,
        }
    }

    /// Tries at one moment until one is refused.
    fn burst(cell: Cell, mut paid: u64, now: u64) -> (u32, u64, Refused) {
        let mut count = 0;
        loop {
            match judge(&[(cell, paid)], now) {
                Ok(steps) => paid = steps[0].to,
                Err(refused) => return (count, paid, refused),
            }
            count += 1;
        }
    }

    #[test]
    fn as_many_as_the_limit_says_come_at_once_and_then_one_per_interval() {
        let cell = cell(Policy::Operation, 10, 900);
        let (count, paid, refused) = burst(cell, 0, NOW);
        assert_eq!((count, refused.wait), (10, 90 * SECOND));
        let earliest = NOW + 90 * SECOND;
        let early = judge(&[(cell, paid)], earliest - 1).unwrap_err();
        assert_eq!(early.wait, 1);
        assert_eq!(burst(cell, paid, earliest).0, 1);
        assert_eq!(burst(cell, paid, NOW + 900 * SECOND).0, 10);
    }

    #[test]
    fn a_limit_of_one_is_one_per_window() {
        let cell = cell(Policy::Operation, 1, 60);
        let (count, paid, refused) = burst(cell, 0, NOW);
        assert_eq!((count, refused.wait), (1, 60 * SECOND));
        assert_eq!(burst(cell, paid, NOW + 60 * SECOND).0, 1);
    }

    #[test]
    fn a_refused_try_is_paid_for_in_no_cell_and_the_longest_wait_is_told() {
        let wide = cell(Policy::PasswordAddress, 100, 900);
        let full = cell(Policy::PasswordAccount, 10, 900);
        let fuller = cell(Policy::MailRecipient, 1, 900);
        let end = NOW + 900 * SECOND;
        let refused = judge(&[(full, end), (wide, 0), (fuller, end)], NOW).unwrap_err();
        assert_eq!((refused.cell, refused.wait), (fuller, 900 * SECOND));
    }

    #[test]
    fn what_a_try_took_can_be_given_back() {
        let cell = cell(Policy::Operation, 10, 900);
        let full = burst(cell, 0, NOW).1;
        let last = full - 90 * SECOND;
        let taken = judge(&[(cell, last)], NOW).unwrap()[0].taken();
        assert_eq!(give_back(full, taken), last);
        assert_eq!(give_back(5, 9), 0);
    }

    #[test]
    fn a_spent_account_is_open_to_whoever_has_not_failed_on_it() {
        let account = cell(Policy::PasswordEverywhere, 100, 900);
        let mark = cell(Policy::PasswordFailed, 1, 900);
        let spent = NOW + 900 * SECOND;
        let steps = judge(&[(account, spent), (mark, 0)], NOW).unwrap();
        assert_eq!(steps[0].taken(), 0);
        assert_eq!(steps[1].to, NOW + 900 * SECOND);

        let cells = [(account, spent), (mark, steps[1].to)];
        let refused = judge(&cells, NOW).unwrap_err();
        assert_eq!((refused.cell, refused.wait), (account, 9 * SECOND));
    }

    #[test]
    fn a_mark_alone_refuses_nobody_and_keeps_the_latest_failure() {
        let account = cell(Policy::PasswordEverywhere, 100, 900);
        let mark = cell(Policy::PasswordFailed, 1, 900);
        let earlier = NOW + 500 * SECOND;
        let steps = judge(&[(account, 0), (mark, earlier)], NOW).unwrap();
        assert_eq!(steps[1].to, NOW + 900 * SECOND);
        assert_eq!(give_back(steps[1].to, steps[1].taken()), earlier);
    }

    #[test]
    fn a_number_from_a_clock_that_was_ahead_waits_no_longer_than_the_window() {
        let cell = cell(Policy::Operation, 10, 900);
        let refused = judge(&[(cell, NOW * 1_000)], NOW).unwrap_err();
        assert_eq!(refused.wait, 90 * SECOND);
    }
}
