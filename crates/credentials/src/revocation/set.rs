//! Revoked ids in memory.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use time::OffsetDateTime;
use uuid::Uuid;

use super::backend::Revocation;
use crate::clock::CLOCK_SKEW;

/// Revoked `jti`s and `sid`s, each with the second in which its last token expires.
#[derive(Default)]
pub(super) struct Set {
    /// Seconds since 1970 in 32 bits, which last until 2106 and make an entry a fifth smaller.
    entries: RwLock<HashMap<Uuid, u32>>,
    /// False only when the set is empty. Read first: the set is mostly empty where it only holds what Redis lacks.
    used: AtomicBool,
}

impl Set {
    /// Returns whether the token or its session is revoked.
    pub(super) fn contains(&self, jti: Uuid, sid: Option<Uuid>) -> bool {
        if !self.used.load(Ordering::Acquire) {
            return false;
        }
        let entries = self.read();
        entries.contains_key(&jti) || sid.is_some_and(|sid| entries.contains_key(&sid))
    }

    pub(super) fn add(&self, revocations: &[Revocation]) {
        // Mostly all is known, and every request reads: the exclusive lock is for what is new.
        let new: Vec<(Uuid, u32)> = {
            let entries = self.read();
            revocations
                .iter()
                .map(|revocation| (revocation.id, second(revocation.expires_at)))
                .filter(|(id, end)| entries.get(id).is_none_or(|known| known < end))
                .collect()
        };
        if new.is_empty() {
            return;
        }
        let mut entries = self.write();
        entries.extend(new);
        self.used.store(true, Ordering::Release);
    }

    pub(super) fn remove(&self, ids: impl IntoIterator<Item = Uuid>) {
        let mut entries = self.write();
        for id in ids {
            entries.remove(&id);
        }
        self.used.store(!entries.is_empty(), Ordering::Release);
    }

    /// Reserves room for as many more, so that the map is not copied again and again while it grows.
    pub(super) fn reserve(&self, more: usize) {
        self.write().reserve(more);
    }

    /// Removes what no token can need any more at `now`, in seconds since 1970.
    pub(super) fn drop_expired(&self, now: i64) {
        let expired = |expires_at: &u32| i64::from(*expires_at) + CLOCK_SKEW <= now;
        // Every request reads, and looking through a million entries takes long: the exclusive lock is for those that go.
        let ids: Vec<Uuid> = {
            let entries = self.read();
            let gone = entries.iter().filter(|(_, end)| expired(end));
            gone.map(|(id, _)| *id).collect()
        };
        for some in ids.chunks(1_000) {
            let mut entries = self.write();
            for id in some {
                // It may have been given a later end meanwhile.
                if entries.get(id).is_some_and(expired) {
                    entries.remove(id);
                }
            }
        }
        if ids.is_empty() {
            return;
        }
        let mut entries = self.write();
        if entries.capacity() > 4 * entries.len().max(1024) {
            entries.shrink_to_fit();
        }
        self.used.store(!entries.is_empty(), Ordering::Release);
    }

    pub(super) fn ids(&self) -> Vec<Uuid> {
        self.read().keys().copied().collect()
    }

    pub(super) fn len(&self) -> usize {
        self.read().len()
    }

    // Nothing panics while the lock is held, so a poisoned map is whole.
    fn read(&self) -> RwLockReadGuard<'_, HashMap<Uuid, u32>> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<Uuid, u32>> {
        self.entries.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the second of a time; beyond the range the latest, so that a token is refused for longer rather than shorter.
fn second(time: OffsetDateTime) -> u32 {
    u32::try_from(time.unix_timestamp().max(0)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn revocation(id: u128, expires_at: i64) -> Revocation {
        Revocation {
            id: Uuid::from_u128(id),
            expires_at: OffsetDateTime::from_unix_timestamp(expires_at).unwrap(),
        }
    }

    #[test]
    fn a_token_is_revoked_by_its_own_id_or_its_sessions() {
        let set = Set::default();
        set.add(&[revocation(1, 100)]);
        let [one, two] = [1, 2].map(Uuid::from_u128);
        assert!(set.contains(one, None));
        assert!(set.contains(two, Some(one)));
        assert!(!set.contains(two, None));
        assert!(!set.contains(two, Some(two)));
    }

    #[test]
    fn an_entry_stays_until_its_tokens_have_expired_on_every_clock() {
        let set = Set::default();
        set.add(&[revocation(1, 100)]);
        set.drop_expired(100 + CLOCK_SKEW - 1);
        assert!(set.contains(Uuid::from_u128(1), None));
        set.drop_expired(100 + CLOCK_SKEW);
        assert!(!set.contains(Uuid::from_u128(1), None));
    }

    #[test]
    fn an_entry_that_is_added_again_keeps_its_later_end() {
        let set = Set::default();
        for expires_at in [100, 200, 150] {
            set.add(&[revocation(1, expires_at)]);
        }
        set.drop_expired(200 + CLOCK_SKEW - 1);
        assert!(set.contains(Uuid::from_u128(1), None));
        set.drop_expired(200 + CLOCK_SKEW);
        assert!(!set.contains(Uuid::from_u128(1), None));
    }

    #[test]
    fn removing_one_entry_leaves_the_others() {
        let set = Set::default();
        set.add(&[revocation(1, 100), revocation(2, 100)]);
        set.remove([Uuid::from_u128(1)]);
        assert!(!set.contains(Uuid::from_u128(1), None));
        assert!(set.contains(Uuid::from_u128(2), None));
        assert_eq!(set.len(), 1);
    }
}
