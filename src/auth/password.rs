//! Hashing of passwords: argon2id on threads of its own.
//!
//! One hash takes longer than thousands of ordinary requests, so it never runs where requests are
//! served; and because the queue is bounded, a burst of logins is told to come back instead of
//! making everybody wait.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, ensure};
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::oneshot;

use crate::settings;

/// Why a password could not be hashed or compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PasswordFault {
    /// The queue is full; worth another try in a second or so.
    Busy,
    /// The stored hash cannot be read, or hashing itself failed; the text is for the log.
    Failed(String),
}

impl std::fmt::Display for PasswordFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Busy => formatter.write_str("too many passwords are waiting to be hashed"),
            Self::Failed(reason) => write!(formatter, "a password cannot be hashed: {reason}"),
        }
    }
}

impl std::error::Error for PasswordFault {}

/// Hashes and verifies passwords.
pub(crate) struct Passwords {
    queue: Arc<Queue>,
    /// Compared with when there is no such user, so that the answer takes as long.
    dummy: Arc<str>,
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Passwords").finish_non_exhaustive()
    }
}

impl Passwords {
    /// Starts the threads. They end when the value is dropped.
    ///
    /// # Errors
    /// When argon2 doesn't take the parameters, when the queue would have no place, or when the system
    /// refuses a thread.
    pub(crate) fn new(settings: &settings::Passwords) -> anyhow::Result<Self> {
        let params = Params::new(settings.memory_kib, settings.iterations, settings.parallelism, None)
            .map_err(|error| {
                anyhow::anyhow!(
                    "passwords.memory_kib, passwords.iterations and passwords.parallelism don't go \
                     together: {error}; the defaults are 19456, 2 and 1"
                )
            })?;
        ensure!(settings.queue > 0, "passwords.queue is 0: set at least 1");
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let dummy = hash(&argon2, &SecretString::from(uuid::Uuid::new_v4().to_string()))
            .context("passwords.*: a first hash failed")?;

        // Made before its threads: dropped on a failure below, it ends those that run already.
        let passwords =
            Self { queue: Arc::new(Queue::new(settings.queue)), dummy: Arc::from(dummy) };
        for number in 0..threads(settings) {
            let queue = Arc::clone(&passwords.queue);
            let argon2 = argon2.clone();
            std::thread::Builder::new()
                .name(format!("password-{number}"))
                .spawn(move || queue.work(&argon2))
                .context("the system refused a thread for hashing passwords")?;
        }
        Ok(passwords)
    }

    /// Makes the text to store (a PHC string, with a salt of its own).
    ///
    /// # Errors
    /// See [`PasswordFault`].
    pub(crate) async fn hash(&self, password: SecretString) -> Result<String, PasswordFault> {
        self.ask(|reply| Job::Hash { password, reply }).await
    }

    /// Whether the password is the stored one. `None` stands for an unknown user: the same work is
    /// done, and the answer is no.
    ///
    /// # Errors
    /// See [`PasswordFault`].
    pub(crate) async fn verify(
        &self,
        password: SecretString,
        stored: Option<&str>,
    ) -> Result<bool, PasswordFault> {
        let known = stored.is_some();
        let stored = stored.map_or_else(|| Arc::clone(&self.dummy), Arc::from);
        let equal = self.ask(|reply| Job::Verify { password, stored, reply }).await?;
        Ok(known && equal)
    }

    async fn ask<T>(
        &self,
        job: impl FnOnce(Reply<T>) -> Job,
    ) -> Result<T, PasswordFault> {
        let (reply, answer) = oneshot::channel();
        self.queue.push(job(reply))?;
        answer.await.unwrap_or_else(|_| Err(PasswordFault::Failed("its thread ended".to_owned())))
    }
}

/// How many threads hash: as set, or all cores but one, which goes on serving.
fn threads(settings: &settings::Passwords) -> usize {
    match settings.threads {
        0 => std::thread::available_parallelism().map_or(1, |cores| cores.get().max(2) - 1),
        threads => threads,
    }
}

impl Drop for Passwords {
    fn drop(&mut self) {
        self.queue.close();
    }
}

type Reply<T> = oneshot::Sender<Result<T, PasswordFault>>;

enum Job {
    Hash { password: SecretString, reply: Reply<String> },
    Verify { password: SecretString, stored: Arc<str>, reply: Reply<bool> },
}

impl Job {
    /// Whether nobody waits for the answer any more.
    fn is_abandoned(&self) -> bool {
        match self {
            Self::Hash { reply, .. } => reply.is_closed(),
            Self::Verify { reply, .. } => reply.is_closed(),
        }
    }

    // A failed send means that the request was cancelled meanwhile: nobody to tell.
    fn run(self, argon2: &Argon2<'_>) {
        match self {
            Self::Hash { password, reply } => drop(reply.send(hash(argon2, &password))),
            Self::Verify { password, stored, reply } => {
                drop(reply.send(verify(argon2, &password, &stored)));
            }
        }
    }
}

struct Queue {
    limit: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    closed: bool,
}

impl Queue {
    fn new(limit: usize) -> Self {
        Self { limit, state: Mutex::default(), changed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that can panic runs under the lock, so the state is sound even when poisoned.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, job: Job) -> Result<(), PasswordFault> {
        let mut state = self.lock();
        if state.jobs.len() >= self.limit {
            state.jobs.retain(|waiting| !waiting.is_abandoned());
        }
        if state.jobs.len() >= self.limit {
            return Err(PasswordFault::Busy);
        }
        state.jobs.push_back(job);
        drop(state);
        self.changed.notify_one();
        Ok(())
    }

    fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    fn work(&self, argon2: &Argon2<'_>) {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.jobs.pop_front() {
                drop(state);
                if !job.is_abandoned() {
                    job.run(argon2);
                }
                state = self.lock();
            } else if state.closed {
                return;
            } else {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}

fn hash(argon2: &Argon2<'_>, password: &SecretString) -> Result<String, PasswordFault> {
    argon2
        .hash_password(password.expose_secret().as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| PasswordFault::Failed(error.to_string()))
}

fn verify(
    argon2: &Argon2<'_>,
    password: &SecretString,
    stored: &str,
) -> Result<bool, PasswordFault> {
    use argon2::password_hash::Error;

    let stored =
        PasswordHash::new(stored).map_err(|error| PasswordFault::Failed(error.to_string()))?;
    // The parameters come from the stored text: a hash made before a change of settings stays good.
    match argon2.verify_password(password.expose_secret().as_bytes(), &stored) {
        Ok(()) => Ok(true),
        Err(Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(PasswordFault::Failed(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

    use super::*;

    fn settings() -> settings::Passwords {
        settings::Passwords { memory_kib: 64, iterations: 1, parallelism: 1, threads: 1, queue: 2 }
    }

    fn secret(text: &str) -> SecretString {
        text.into()
    }

    /// ASVS 5.0, 11.4.2.
    #[tokio::test]
    async fn a_hash_names_argon2id_and_its_parameters_and_has_its_own_salt() {
        let passwords = Passwords::new(&settings()).unwrap();
        let one = passwords.hash(secret("sand people")).await.unwrap();
        let two = passwords.hash(secret("sand people")).await.unwrap();
        assert!(one.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{one}");
        assert_ne!(one, two);
    }

    #[tokio::test]
    async fn only_the_right_password_is_right() {
        let passwords = Passwords::new(&settings()).unwrap();
        let stored = passwords.hash(secret("sand people")).await.unwrap();
        let stored = Some(stored.as_str());
        assert_eq!(passwords.verify(secret("sand people"), stored).await, Ok(true));
        assert_eq!(passwords.verify(secret("Sand people"), stored).await, Ok(false));
        assert_eq!(passwords.verify(secret(""), stored).await, Ok(false));
    }

    #[tokio::test]
    async fn an_unknown_user_is_never_right() {
        let mut passwords = Passwords::new(&settings()).unwrap();
        let dummy = passwords.hash(secret("dummy")).await.unwrap();
        passwords.dummy = Arc::from(dummy);
        assert_eq!(passwords.verify(secret("dummy"), None).await, Ok(false));
    }

    #[tokio::test]
    async fn a_hash_made_with_other_parameters_stays_good() {
        let old = Passwords::new(&settings()).unwrap();
        let stored = old.hash(secret("sand people")).await.unwrap();
        let new = Passwords::new(&settings::Passwords { memory_kib: 128, ..settings() }).unwrap();
        assert_eq!(new.verify(secret("sand people"), Some(&stored)).await, Ok(true));
    }

    #[tokio::test]
    async fn a_broken_hash_is_a_fault_and_not_a_wrong_password() {
        let passwords = Passwords::new(&settings()).unwrap();
        let outcome = passwords.verify(secret("x"), Some("plain text")).await;
        assert!(matches!(outcome, Err(PasswordFault::Failed(_))), "{outcome:?}");
    }

    #[test]
    fn a_full_queue_refuses_and_abandoned_jobs_give_their_places_back() {
        let queue = Queue::new(2);
        let job = || {
            let (reply, answer) = oneshot::channel();
            (Job::Hash { password: secret("x"), reply }, answer)
        };
        let (first, first_answer) = job();
        let (second, _second_answer) = job();
        let (third, _third_answer) = job();
        queue.push(first).unwrap();
        queue.push(second).unwrap();
        assert_eq!(queue.push(third), Err(PasswordFault::Busy));

        drop(first_answer);
        let (fourth, _fourth_answer) = job();
        queue.push(fourth).unwrap();
        assert_eq!(queue.lock().jobs.len(), 2);
    }

    #[tokio::test]
    async fn cancelled_requests_leave_the_pool_usable() {
        let passwords = Passwords::new(&settings()).unwrap();
        for _ in 0..50 {
            let mut asked = Box::pin(passwords.hash(secret("x")));
            // Polled once, so that it is queued, then dropped.
            let poll = std::future::poll_fn(|context| {
                std::task::Poll::Ready(asked.as_mut().poll(context).is_ready())
            });
            poll.await;
        }
        assert!(passwords.hash(secret("x")).await.is_ok());
    }

    #[test]
    fn the_threads_end_with_the_value() {
        let passwords = Passwords::new(&settings()).unwrap();
        let queue = Arc::clone(&passwords.queue);
        drop(passwords);
        while Arc::strong_count(&queue) > 1 {
            std::thread::yield_now();
        }
    }

    #[test]
    fn without_a_number_of_threads_there_is_at_least_one() {
        assert!(threads(&settings::Passwords { threads: 0, ..settings() }) >= 1);
        assert_eq!(threads(&settings::Passwords { threads: 3, ..settings() }), 3);
    }

    #[test]
    fn impossible_parameters_are_refused_by_name() {
        for (settings, name) in [
            (settings::Passwords { memory_kib: 1, ..settings() }, "passwords.memory_kib"),
            (settings::Passwords { queue: 0, ..settings() }, "passwords.queue"),
        ] {
            let message = Passwords::new(&settings).unwrap_err().to_string();
            assert!(message.starts_with(name), "{message}");
        }
    }
}
