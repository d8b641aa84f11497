//! The time for which the copy in memory is trusted.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use infrastructure::clock::Moment;

/// The latest confirmation that the copy is complete, and how long one holds.
pub(super) struct Trust {
    bound: Duration,
    opened: Moment,
    /// The moment when the question was sent whose answer confirmed; zero before the first.
    asked: AtomicU64,
}

impl Trust {
    pub(super) fn new(bound: Duration, opened: Moment) -> Self {
        Self {
            bound,
            opened,
            asked: AtomicU64::new(0),
        }
    }

    /// Records that the copy holds all that had been revoked when the question was sent. The question counts and not its
    /// answer, which may be late for whatever reason.
    pub(super) fn confirm(&self, asked: Moment) {
        self.asked.store(asked.0, Ordering::Release);
    }

    /// Returns whether the copy may be believed at `now`. To be asked before the copy is: a process can be stopped in
    /// between.
    pub(super) fn holds(&self, now: Moment) -> bool {
        let asked = self.asked.load(Ordering::Acquire);
        asked > 0 && now.since(Moment(asked)) < self.bound
    }

    /// Returns how old the latest confirmation is; before the first, how long ago one was wanted.
    pub(super) fn age(&self, now: Moment) -> Duration {
        now.since(Moment(
            self.asked.load(Ordering::Acquire).max(self.opened.0),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUND: Duration = Duration::from_millis(250);

    fn at(milliseconds: u64) -> Moment {
        Moment(milliseconds * 1_000_000)
    }

    #[test]
    fn nothing_is_trusted_before_the_first_confirmation() {
        let trust = Trust::new(BOUND, at(900));
        assert!(!trust.holds(at(1)));
        assert!(!trust.holds(Moment::now()));
        assert_eq!(trust.age(at(1_000)), Duration::from_millis(100));
    }

    #[test]
    fn a_confirmation_holds_for_the_bound_from_the_moment_of_the_question() {
        let trust = Trust::new(BOUND, at(900));
        trust.confirm(at(1_000));
        for (now, holds) in [(1_000, true), (1_249, true), (1_250, false), (9_000, false)] {
            assert_eq!(trust.holds(at(now)), holds, "{now}");
        }
    }

    #[test]
    fn an_answer_that_is_as_late_as_the_bound_confirms_nothing() {
        let trust = Trust::new(BOUND, at(900));
        trust.confirm(at(1_000));
        assert!(!trust.holds(at(1_300)));
        // Sent at 1,100, answered at 1,400.
        trust.confirm(at(1_100));
        assert!(!trust.holds(at(1_400)));
    }

    #[test]
    fn trust_that_was_lost_comes_back_with_the_next_confirmation() {
        let trust = Trust::new(BOUND, at(900));
        trust.confirm(at(1_000));
        assert!(!trust.holds(at(60_000)));
        trust.confirm(at(60_000));
        assert!(trust.holds(at(60_100)));
        assert_eq!(trust.age(at(60_100)), Duration::from_millis(100));
    }

    #[test]
    fn the_clock_goes_forward() {
        let before = Moment::now();
        std::thread::sleep(Duration::from_millis(2));
        let passed = Moment::now().since(before);
        assert!(passed >= Duration::from_millis(2), "{passed:?}");
    }
}
