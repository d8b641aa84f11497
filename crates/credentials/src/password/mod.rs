//! Policy, hashing and verification of passwords: zxcvbn and argon2id, on threads for blocking work.
//!
//! One hash takes longer than thousands of ordinary requests, so it never runs where requests are served. How many run
//! and how many wait is bounded: the overflow of a burst of logins is answered 503 instead of making everybody
//! wait.
//!
//! Passwords are hashed and compared in one normal form, whichever operation they come with.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, ensure};
use argon2::Params;
use infrastructure::metrics::{self, Queue};
use infrastructure::settings;
use infrastructure::telemetry::Work;
use prometheus::Histogram;
use secrecy::SecretString;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;

mod admission;
mod fault;
mod hasher;
mod normal;
mod policy;
#[cfg(test)]
mod tests;

use admission::Admission;
pub use admission::Admitted;
pub use fault::{PasswordFault, Verdict};
use hasher::Hasher;
use normal::normal_form;

/// Hashes and verifies passwords.
pub struct Passwords {
    /// Bounds the jobs that wait or run.
    admission: Admission,
    /// A permit for each hash that may be computed at a time.
    running: Arc<Semaphore>,
    threads: usize,
    /// The time that hashes take.
    pub seconds: Histogram,
    hashers: Arc<Hashers>,
    /// Compared with when there is no such user, so that the answer takes as long.
    dummy: Arc<str>,
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Passwords").finish_non_exhaustive()
    }
}

impl Passwords {
    /// Prepares the hashing that the settings describe.
    ///
    /// # Errors
    /// Argon2 doesn't take the parameters, or nobody may wait.
    pub fn new(settings: &settings::Passwords) -> anyhow::Result<Self> {
        let params = Params::new(
            settings.memory_kib,
            settings.iterations,
            settings.parallelism,
            None,
        )
        .map_err(|error| {
            anyhow::anyhow!(
                "passwords.memory_kib, passwords.iterations and passwords.parallelism don't go \
                     together: {error}; the defaults are 19456, 2 and 1"
            )
        })?;
        ensure!(settings.queue > 0, "passwords.queue is 0: set at least 1");
        let mut hasher = Hasher::new(params.clone());
        let dummy = hasher
            .hash(&SecretString::from(uuid::Uuid::new_v4().to_string()))
            .context("passwords.*: a first hash failed")?;
        let threads = threads(settings);
        Ok(Self {
            admission: Admission::new(settings.queue.saturating_add(threads)),
            running: Arc::new(Semaphore::new(threads)),
            threads,
            seconds: metrics::hashing_seconds()?,
            hashers: Arc::new(Hashers {
                params,
                idle: Mutex::new(vec![hasher]),
            }),
            dummy: Arc::from(dummy),
        })
    }

    /// Returns the number of jobs that run and wait.
    pub fn usage(&self) -> Queue {
        let running = self.threads - self.running.available_permits();
        Queue {
            running,
            waiting: self.admission.jobs().saturating_sub(running),
        }
    }

    /// Admits a login of this client, to be held until [`verify`](Self::verify) has returned. A login takes it first:
    /// the overflow of a burst is answered 503 before it keeps the database busy.
    pub fn admit(&self, client: IpAddr) -> Result<Admitted<'_>, PasswordFault> {
        self.admission.admit_client(client)
    }

    /// Makes the text to store (a PHC string, with a salt of its own) for a new password of the account of
    /// `email`, unless nobody may have that password.
    pub async fn hash(
        &self,
        password: SecretString,
        email: String,
    ) -> Result<String, PasswordFault> {
        let _admitted = self.admission.admit()?;
        self.run(move |hasher| {
            let password = normal_form(&password);
            policy::check(&password, &email)?;
            hasher.hash(&password)
        })
        .await
    }

    /// Verifies a password against the stored hash. `None` stands for an unknown user: the same work is done, and the
    /// verdict is [`Verdict::Wrong`].
    pub async fn verify(
        &self,
        _admitted: &Admitted<'_>,
        password: SecretString,
        stored: Option<&str>,
    ) -> Result<Verdict, PasswordFault> {
        let known = stored.is_some();
        let stored = stored.map_or_else(|| Arc::clone(&self.dummy), Arc::from);
        let verdict = self
            .run(move |hasher| hasher.verify(&password, &stored))
            .await?;
        Ok(if known { verdict } else { Verdict::Wrong })
    }

    /// Runs a job on a thread for blocking work, when its turn comes. A caller who leaves before that takes the job
    /// along; one that runs is finished, and keeps its permit until then.
    async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Hasher) -> Result<T, PasswordFault> + Send + 'static,
    ) -> Result<T, PasswordFault> {
        let interrupted = |reason: &str| PasswordFault::Failed(reason.to_owned());
        let mut work = Work::begin("hash password");
        let turn = Arc::clone(&self.running).acquire_owned().await;
        let turn: OwnedSemaphorePermit = turn.map_err(|_| interrupted("hashing was stopped"))?;
        work.event("thread");
        let hashers = Arc::clone(&self.hashers);
        let seconds = self.seconds.clone();
        let job = spawn_blocking(move || {
            let outcome = seconds.observe_closure_duration(|| hashers.with(job));
            drop(turn);
            outcome
        });
        job.await
            .unwrap_or_else(|_| Err(interrupted("its thread ended")))
    }
}

/// Hashers that are not in use: no more than may run at a time, since each has its memory for good.
struct Hashers {
    params: Params,
    idle: Mutex<Vec<Hasher>>,
}

impl Hashers {
    fn with<T>(&self, job: impl FnOnce(&mut Hasher) -> T) -> T {
        // Nothing that can panic runs under the lock.
        let lock = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = lock().pop();
        let mut hasher = idle.unwrap_or_else(|| Hasher::new(self.params.clone()));
        let outcome = job(&mut hasher);
        lock().push(hasher);
        outcome
    }
}

/// Returns how many hashes are computed at a time: as set, or all cores but one, which goes on serving.
fn threads(settings: &settings::Passwords) -> usize {
    match settings.threads {
        0 => std::thread::available_parallelism().map_or(1, |cores| cores.get().max(2) - 1),
        threads => threads,
    }
}
