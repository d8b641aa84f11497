//! The generic cell rate algorithm (GCRA): each bucket keeps one number, its theoretical arrival time (`tat`). A
//! request moves it on by an interval, and is refused if that would be beyond a window from now.
//!
//! `redis/acquire.lua` does the same.

use super::policy::Bucket;

/// The refusal of a request for which a bucket has no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BucketFull {
    /// The bucket with the longest wait.
    pub(super) bucket: Bucket,
    /// The microseconds until there is room again.
    pub(super) wait: u64,
}

/// A change of a bucket's `tat` by one request, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TatChange {
    pub(super) from: u64,
    pub(super) to: u64,
}

impl TatChange {
    /// Returns what a refund has to subtract. A bucket that was full already took less
    /// than an interval.
    pub(super) fn taken(self) -> u64 {
        self.to - self.from
    }
}

/// Decides on a request by all of its buckets, each given with its `tat`: it is counted in all of them or in none.
pub(super) fn decide(buckets: &[(Bucket, u64)], now: u64) -> Result<Vec<TatChange>, BucketFull> {
    let mut worst: Option<BucketFull> = None;
    for (index, &(bucket, tat)) in buckets.iter().enumerate() {
        if bucket.policy.is_exemption() {
            continue;
        }
        let exemption = buckets
            .get(index + 1)
            .filter(|(next, _)| next.policy.is_exemption());
        let wait = wait(bucket, tat, now);
        let wait = exemption.map_or(wait, |&(exemption, tat)| {
            wait.min(self::wait(exemption, tat, now))
        });
        if wait > worst.map_or(0, |worst| worst.wait) {
            worst = Some(BucketFull { bucket, wait });
        }
    }
    match worst {
        Some(refused) => Err(refused),
        None => Ok(buckets
            .iter()
            .map(|&(bucket, tat)| change(bucket, tat, now))
            .collect()),
    }
}

/// Returns the `tat` of a bucket after a refund.
pub(super) fn refund(tat: u64, taken: u64) -> u64 {
    tat.saturating_sub(taken)
}

fn change(bucket: Bucket, tat: u64, now: u64) -> TatChange {
    let end = now + bucket.window();
    // A `tat` beyond the window is of a longer window that was configured before, or of a clock that was ahead.
    let from = tat.clamp(now, end);
    let to = (from + bucket.interval()).min(end);
    TatChange { from, to }
}

fn wait(bucket: Bucket, tat: u64, now: u64) -> u64 {
    let end = now + bucket.window();
    (tat.clamp(now, end) + bucket.interval()).saturating_sub(end)
}

#[cfg(test)]
mod tests {
    use super::super::policy::Policy;
    use super::*;
    use crate::settings::Rate;

    const NOW: u64 = 1_000_000_000;
    const SECOND: u64 = 1_000_000;

    fn bucket(policy: Policy, requests: u32, seconds: u32) -> Bucket {
        let rate = Rate { requests, seconds };
        Bucket {
            policy,
            rate,
            key: 0,
        }
    }

    /// Makes requests at one moment until one is refused.
    fn burst(bucket: Bucket, mut tat: u64, now: u64) -> (u32, u64, BucketFull) {
        let mut count = 0;
        loop {
            match decide(&[(bucket, tat)], now) {
                Ok(changes) => tat = changes[0].to,
                Err(refused) => return (count, tat, refused),
            }
            count += 1;
        }
    }

    #[test]
    fn as_many_as_the_limit_says_come_at_once_and_then_one_per_interval() {
        let bucket = bucket(Policy::Operation, 10, 900);
        let (count, tat, refused) = burst(bucket, 0, NOW);
        assert_eq!((count, refused.wait), (10, 90 * SECOND));
        let earliest = NOW + 90 * SECOND;
        let early = decide(&[(bucket, tat)], earliest - 1).unwrap_err();
        assert_eq!(early.wait, 1);
        assert_eq!(burst(bucket, tat, earliest).0, 1);
        assert_eq!(burst(bucket, tat, NOW + 900 * SECOND).0, 10);
    }

    #[test]
    fn a_limit_of_one_is_one_per_window() {
        let bucket = bucket(Policy::Operation, 1, 60);
        let (count, tat, refused) = burst(bucket, 0, NOW);
        assert_eq!((count, refused.wait), (1, 60 * SECOND));
        assert_eq!(burst(bucket, tat, NOW + 60 * SECOND).0, 1);
    }

    #[test]
    fn a_refused_try_is_paid_for_in_no_cell_and_the_longest_wait_is_told() {
        let wide = bucket(Policy::PasswordAddress, 100, 900);
        let full = bucket(Policy::PasswordAccount, 10, 900);
        let fuller = bucket(Policy::MailRecipient, 1, 900);
        let end = NOW + 900 * SECOND;
        let refused = decide(&[(full, end), (wide, 0), (fuller, end)], NOW).unwrap_err();
        assert_eq!((refused.bucket, refused.wait), (fuller, 900 * SECOND));
    }

    #[test]
    fn what_a_try_took_can_be_given_back() {
        let bucket = bucket(Policy::Operation, 10, 900);
        let full = burst(bucket, 0, NOW).1;
        let last = full - 90 * SECOND;
        let taken = decide(&[(bucket, last)], NOW).unwrap()[0].taken();
        assert_eq!(refund(full, taken), last);
        assert_eq!(refund(5, 9), 0);
    }

    #[test]
    fn a_spent_account_is_open_to_whoever_has_not_failed_on_it() {
        let account = bucket(Policy::PasswordEverywhere, 100, 900);
        let exemption = bucket(Policy::PasswordFailed, 1, 900);
        let spent = NOW + 900 * SECOND;
        let changes = decide(&[(account, spent), (exemption, 0)], NOW).unwrap();
        assert_eq!(changes[0].taken(), 0);
        assert_eq!(changes[1].to, NOW + 900 * SECOND);

        let buckets = [(account, spent), (exemption, changes[1].to)];
        let refused = decide(&buckets, NOW).unwrap_err();
        assert_eq!((refused.bucket, refused.wait), (account, 9 * SECOND));
    }

    #[test]
    fn a_mark_alone_refuses_nobody_and_keeps_the_latest_failure() {
        let account = bucket(Policy::PasswordEverywhere, 100, 900);
        let exemption = bucket(Policy::PasswordFailed, 1, 900);
        let earlier = NOW + 500 * SECOND;
        let changes = decide(&[(account, 0), (exemption, earlier)], NOW).unwrap();
        assert_eq!(changes[1].to, NOW + 900 * SECOND);
        assert_eq!(refund(changes[1].to, changes[1].taken()), earlier);
    }

    #[test]
    fn a_number_from_a_clock_that_was_ahead_waits_no_longer_than_the_window() {
        let bucket = bucket(Policy::Operation, 10, 900);
        let refused = decide(&[(bucket, NOW * 1_000)], NOW).unwrap_err();
        assert_eq!(refused.wait, 90 * SECOND);
    }
}
