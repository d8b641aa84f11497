//! Judging and hashing of passwords: zxcvbn and argon2id on threads of their own.
//!
//! One hash takes longer than thousands of ordinary requests, so it never runs where requests are
//! served; and because the queue is bounded, a burst of logins is told to come back instead of
//! making everybody wait.

use std::sync::Arc;

use anyhow::{Context as _, ensure};
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::oneshot;

use crate::settings;

mod policy;
mod queue;
#[cfg(test)]
mod tests;

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
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let dummy = hash(
            &argon2,
            &SecretString::from(uuid::Uuid::new_v4().to_string()),
        )
        .context("passwords.*: a first hash failed")?;

        // Made before its threads: dropped on a failure below, it ends those that run already.
        let passwords = Self {
            queue: Arc::new(Queue::new(settings.queue)),
            dummy: Arc::from(dummy),
        };
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
) -> Result<Verdict, PasswordFault> {
    use argon2::password_hash::Error;

    let stored =
        PasswordHash::new(stored).map_err(|error| PasswordFault::Failed(error.to_string()))?;
    // The parameters come from the stored text: a hash made before a change of settings stays good.
    match argon2.verify_password(password.expose_secret().as_bytes(), &stored) {
        Ok(()) => Ok(Verdict::Right {
            renewed: (!is_current(argon2, &stored))
                .then(|| hash(argon2, password))
                .transpose()?,
        }),
        Err(Error::PasswordInvalid) => Ok(Verdict::Wrong),
        Err(error) => Err(PasswordFault::Failed(error.to_string())),
    }
}

/// Whether a hash made now would cost as much.
fn is_current(argon2: &Argon2<'_>, stored: &PasswordHash) -> bool {
    let cost = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
    stored.algorithm == Algorithm::Argon2id.ident()
        && stored.version == Some(Version::V0x13.into())
        && Params::try_from(stored).is_ok_and(|params| cost(&params) == cost(argon2.params()))
}
