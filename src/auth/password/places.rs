//! Who may wait for a hash: as many as there is room for, and no client for more than half of it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::PasswordFault;
use crate::limits::network;

/// The places of all who wait or are served.
pub(super) struct Places {
    all: usize,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    count: usize,
    /// By client; no more entries than places.
    of: HashMap<u128, usize>,
}

/// A place; dropping it gives it back.
#[must_use]
pub(crate) struct Place<'a> {
    places: &'a Places,
    client: u128,
}

impl Places {
    pub(super) fn new(all: usize) -> Self {
        Self {
            all,
            taken: Mutex::default(),
        }
    }

    /// A place for this client, unless there is none or it holds its half: right passwords of its own accounts
    /// are not counted as tries, and must not keep everybody else out.
    pub(super) fn take(&self, client: IpAddr) -> Result<Place<'_>, PasswordFault> {
        let client = network(client);
        let mut taken = self.lock();
        let own = taken.of.get(&client).copied().unwrap_or_default();
        if taken.count >= self.all || own >= self.all.div_ceil(2) {
            return Err(PasswordFault::Busy);
        }
        taken.count += 1;
        taken.of.insert(client, own + 1);
        drop(taken);
        Ok(Place {
            places: self,
            client,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        // Nothing that can panic runs under the lock.
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        taken.count = taken.count.saturating_sub(1);
        match taken.of.get_mut(&self.client) {
            Some(own) if *own > 1 => *own -= 1,
            _ => drop(taken.of.remove(&self.client)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_half_and_a_place_comes_back() {
        let places = Places::new(5);
        let client = |last: u8| IpAddr::from([192, 0, 2, last]);
        let mut held: Vec<_> = (0..3).map(|_| places.take(client(1))).collect();
        assert!(held.iter().all(Result::is_ok));
        assert!(places.take(client(1)).is_err());
        held.extend((0..2).map(|_| places.take(client(2))));
        assert!(held.iter().all(Result::is_ok));
        assert!(places.take(client(3)).is_err());
        held.clear();
        assert!(places.take(client(1)).is_ok());
        let taken = places.lock();
        assert!(taken.count == 0 && taken.of.is_empty());
    }
}
