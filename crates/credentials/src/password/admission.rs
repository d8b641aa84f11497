//! Admission to password hashing: no more than may wait or run, and no client with more than half of that.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use infrastructure::clients::network;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::fault::PasswordFault;

/// Bounds the jobs that wait or run, of all clients and of each. A login is one from before its limits and its account are
/// looked up, so that the overflow of a burst reaches neither.
pub(super) struct Admission {
    jobs: Arc<Semaphore>,
    most: usize,
    /// The number of jobs that one client may have.
    share: usize,
    /// Jobs by client; no more entries than jobs.
    clients: Mutex<HashMap<u128, usize>>,
}

/// A job that was admitted. Dropping it makes room for another.
#[must_use]
pub struct Admitted<'a> {
    _job: OwnedSemaphorePermit,
    _client: Share<'a>,
}

/// A client's part of its share.
struct Share<'a> {
    clients: &'a Mutex<HashMap<u128, usize>>,
    client: u128,
}

impl Admission {
    pub(super) fn new(jobs: usize) -> Self {
        Self {
            jobs: Arc::new(Semaphore::new(jobs)),
            most: jobs,
            share: jobs.div_ceil(2),
            clients: Mutex::default(),
        }
    }

    /// Returns the number of jobs that wait or run.
    pub(super) fn jobs(&self) -> usize {
        self.most - self.jobs.available_permits()
    }

    /// Admits a job of nobody in particular.
    pub(super) fn admit(&self) -> Result<OwnedSemaphorePermit, PasswordFault> {
        let jobs = Arc::clone(&self.jobs);
        jobs.try_acquire_owned().map_err(|_| PasswordFault::Busy)
    }

    /// Admits a job of this client, unless it has its share: right passwords of its own accounts are not counted as
    /// tries, and must not keep everybody else out.
    pub(super) fn admit_client(&self, client: IpAddr) -> Result<Admitted<'_>, PasswordFault> {
        let client = network(client);
        let mut clients = lock(&self.clients);
        let own = clients.get(&client).copied().unwrap_or_default();
        if own >= self.share {
            return Err(PasswordFault::Busy);
        }
        let job = self.admit()?;
        clients.insert(client, own + 1);
        drop(clients);
        Ok(Admitted {
            _job: job,
            _client: Share {
                clients: &self.clients,
                client,
            },
        })
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        let mut clients = lock(self.clients);
        match clients.get_mut(&self.client) {
            Some(own) if *own > 1 => *own -= 1,
            _ => drop(clients.remove(&self.client)),
        }
    }
}

fn lock(clients: &Mutex<HashMap<u128, usize>>) -> MutexGuard<'_, HashMap<u128, usize>> {
    // Nothing that can panic runs under the lock.
    clients.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_half_and_a_permit_comes_back() {
        let admission = Admission::new(5);
        let client = |last: u8| IpAddr::from([192, 0, 2, last]);
        let mut held: Vec<_> = (0..3).map(|_| admission.admit_client(client(1))).collect();
        assert!(held.iter().all(Result::is_ok));
        assert!(admission.admit_client(client(1)).is_err());
        held.extend((0..2).map(|_| admission.admit_client(client(2))));
        assert!(held.iter().all(Result::is_ok));
        assert!(admission.admit_client(client(3)).is_err());
        held.clear();
        assert!(admission.admit_client(client(1)).is_ok());
        assert!(lock(&admission.clients).is_empty());
        assert_eq!(admission.jobs.available_permits(), 5);
    }
}
