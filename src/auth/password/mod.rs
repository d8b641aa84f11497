//! Judging and hashing of passwords: zxcvbn and argon2id on threads of their own.
//!
//! One hash takes longer than thousands of ordinary requests, so it never runs where requests are
//! served; and because the queue is bounded, a burst of logins is told to come back instead of
//! making everybody wait.
//!
//! Passwords are hashed and compared in one normal form, whichever door they come by.

use std::net::IpAddr;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use argon2::Params;
use secrecy::SecretString;
use tokio::sync::oneshot;

use crate::errors::ApiError;
use crate::settings;

mod hasher;
mod normal;
mod places;
mod policy;
mod queue;
#[cfg(test)]
mod tests;

use hasher::Hasher;
use places::{Place, Places};
use queue::{Job, Queue, Reply};

/// Why a password was not hashed or compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PasswordFault {
    /// The queue is full; worth another try in a second or so.
    Busy,
    /// Nobody may have this password; the text is for whoever chose it, and never holds the password.
    Refused(&'static str),
    /// The stored hash cannot be read, or hashing itself failed; the text is for the log.
    Failed(String),
}

impl std::fmt::Display for PasswordFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Busy => formatter.write_str("too many passwords are waiting to be hashed"),
            Self::Refused(reason) => formatter.write_str(reason),
            Self::Failed(reason) => write!(formatter, "a password cannot be hashed: {reason}"),
        }
    }
}

impl std::error::Error for PasswordFault {}

impl From<PasswordFault> for ApiError {
    fn from(fault: PasswordFault) -> Self {
        match fault {
            PasswordFault::Busy => Self::unavailable(
                "Too many log in at the moment; try again shortly",
                fault.to_string(),
            ),
            PasswordFault::Refused(reason) => Self::invalid("/password", reason),
            PasswordFault::Failed(_) => Self::internal(fault.to_string()),
        }
    }
}

/// What became of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Another password, or no such user.
    Wrong,
    /// The stored one.
    Right {
        /// What to store from now on, when the stored text was made with other parameters.
        renewed: Option<String>,
    },
}

/// Hashes and verifies passwords.
pub(crate) struct Passwords {
    queue: Arc<Queue>,
    /// As many as can wait or be hashed.
    places: Places,
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
        let dummy = Hasher::new(params.clone())
            .hash(&SecretString::from(uuid::Uuid::new_v4().to_string()))
            .context("passwords.*: a first hash failed")?;

        // Made before its threads: dropped on a failure below, it ends those that run already.
        let passwords = Self {
            queue: Arc::new(Queue::new(settings.queue)),
            places: Places::new(settings.queue + threads(settings)),
            dummy: Arc::from(dummy),
        };
        for number in 0..threads(settings) {
            let queue = Arc::clone(&passwords.queue);
            let hasher = Hasher::new(params.clone());
            std::thread::Builder::new()
                .name(format!("password-{number}"))
                .spawn(move || queue.work(hasher))
                .context("the system refused a thread for hashing passwords")?;
        }
        Ok(passwords)
    }

    /// A place among those whose passwords are compared, to be held until [`verify`](Self::verify) has
    /// answered. Whoever does more than that takes it first: the overflow of a burst is told to come back
    /// before it keeps the database busy.
    ///
    /// # Errors
    /// [`PasswordFault::Busy`].
    pub(crate) fn place(&self, client: IpAddr) -> Result<Place<'_>, PasswordFault> {
        self.places.take(client)
    }

    /// Makes the text to store (a PHC string, with a salt of its own) for a new password of the account of
    /// `email`, unless nobody may have that password.
    ///
    /// # Errors
    /// See [`PasswordFault`].
    pub(crate) async fn hash(
        &self,
        password: SecretString,
        email: String,
    ) -> Result<String, PasswordFault> {
        self.ask(|reply| Job::Hash {
            password,
            email,
            reply,
        })
        .await
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
    ) -> Result<Verdict, PasswordFault> {
        let known = stored.is_some();
        let stored = stored.map_or_else(|| Arc::clone(&self.dummy), Arc::from);
        let verdict = self
            .ask(|reply| Job::Verify {
                password,
                stored,
                reply,
            })
            .await?;
        Ok(if known { verdict } else { Verdict::Wrong })
    }

    async fn ask<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, PasswordFault> {
        let (reply, answer) = oneshot::channel();
        self.queue.push(job(reply))?;
        answer
            .await
            .unwrap_or_else(|_| Err(PasswordFault::Failed("its thread ended".to_owned())))
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
