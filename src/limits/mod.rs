//! Rate limits, counted in memory or in Redis.
//!
//! An attempt is counted before the password is verified, and a right password is refunded: of attempts that run side by
//! side no more are verified than the limit says. Written here instead of `governor`, which cannot refund, stores
//! nothing in Redis and does not bound its keys.
//!
//! A password is counted by account and client, by client, and by account. When the last is spent, somebody
//! guesses from many addresses; each client that has not failed on the account within the window still has one
//! attempt, so the owner gets in and each address of the attacker has a single guess.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use actix_web::http::header::{HeaderName, HeaderValue, RETRY_AFTER};
use anyhow::{Context as _, ensure};
use gatekeeper::Contract;
use generated::models::ProblemCode;
use secrecy::ExposeSecret as _;
use uuid::Uuid;

use crate::errors::ApiError;
use crate::mail::MailKind;
use crate::redis::{Server, Unavailable};
use crate::settings::{self, MailLimits, PasswordLimits, Rate, Settings};

mod enforce;
mod gcra;
mod memory;
mod policy;
mod redis;

use gcra::BucketFull;
use memory::Memory;
use policy::{Bucket, Digests, Policy};
use redis::Redis;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Counts attempts. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Limits(Arc<Parts>);

struct Parts {
    passwords: PasswordLimits,
    mails: MailLimits,
    operations: BTreeMap<String, Rate>,
    idempotency_keys: Rate,
    digests: Digests,
    store: Store,
}

enum Store {
    Off,
    Memory(Box<Memory>),
    Redis(Redis),
}

/// An attempt that was counted. It is refunded if the password is right; one that is dropped stays counted.
#[must_use]
pub(crate) struct Reservation(Vec<(Bucket, u64)>);

/// The refusal of an attempt beyond a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RateLimitExceeded {
    /// The name of the limit.
    pub(crate) policy: &'static str,
    /// The quota and its window.
    pub(crate) rate: Rate,
    /// The seconds until another attempt can succeed.
    pub(crate) wait: u64,
}

/// Checks that each configured operation exists and is declared as limited.
///
/// # Errors
/// Names the operation, and those that can be limited.
pub(crate) fn check(settings: &settings::Limits, contract: &Contract) -> anyhow::Result<()> {
    let limited: Vec<_> = contract
        .operations()
        .filter(|operation| operation.statuses.contains(&429))
        .map(|operation| operation.id.as_str())
        .collect();
    for name in settings.operations.keys() {
        ensure!(
            limited.contains(&name.as_str()),
            "limits.operations.{name} is no operation that the contract limits; those are {}",
            limited.join(", ")
        );
    }
    Ok(())
}

impl Limits {
    /// Prepares the limits, counted in this process or in Redis, which need not be reachable yet.
    ///
    /// Keys are digests with the secret that signs refresh tokens: instances that sign with the same secret count
    /// together, and a new secret begins to count anew.
    ///
    /// # Errors
    /// There is no such secret.
    pub(crate) fn open(settings: &Settings, redis: Option<&Arc<Server>>) -> anyhow::Result<Self> {
        let secrets = &settings.tokens.refresh.secrets;
        let secret = secrets.first().context("tokens.refresh.secrets is empty")?;
        let limits = &settings.limits;
        let store = match redis {
            _ if !limits.enabled => Store::Off,
            None => Store::Memory(Box::new(Memory::new())),
            Some(server) => Store::Redis(Redis::new(Arc::clone(server))),
        };
        Ok(Self(Arc::new(Parts {
            passwords: limits.passwords,
            mails: limits.mails,
            operations: limits.operations.clone(),
            idempotency_keys: limits.idempotency_keys,
            digests: Digests::new(secret.expose_secret().as_bytes()),
            store,
        })))
    }

    /// Counts an attempt of a password for `account` (the normal form of its address; the text as sent if it has
    /// none), before the password is verified.
    ///
    /// # Errors
    /// `too-many-requests`; `service-unavailable` if Redis does not answer.
    pub(crate) async fn password(
        &self,
        account: &str,
        client: IpAddr,
    ) -> Result<Reservation, ApiError> {
        let PasswordLimits {
            account_and_address,
            address,
            account: anywhere,
            seconds,
        } = self.0.passwords;
        let bucket = |policy, requests, client, text| {
            let rate = Rate { requests, seconds };
            self.bucket(policy, rate, client, text)
        };
        let client = Some(client);
        // An exemption follows the bucket that it opens.
        let buckets = [
            bucket(
                Policy::PasswordAccount,
                account_and_address,
                client,
                account,
            ),
            bucket(Policy::PasswordAddress, address, client, ""),
            bucket(Policy::PasswordEverywhere, anywhere, None, account),
            bucket(Policy::PasswordFailed, 1, client, account),
        ];
        self.acquire(&buckets).await
    }

    /// Refunds an attempt that was right, or that was never verified. It stays counted if Redis does not answer.
    pub(crate) async fn refund(&self, counted: Reservation) {
        let Reservation(taken) = counted;
        match &self.0.store {
            Store::Off => {}
            Store::Memory(memory) => memory.refund(&taken, memory.now()),
            // The store logs the failure.
            Store::Redis(redis) => drop(redis.refund(&taken).await),
        }
    }

    /// Counts a mail to `recipient` (in normal form) that a client asks for. Each kind has a count of its own: an
    /// anonymous caller who asks for one does not keep the owner from another.
    ///
    /// # Errors
    /// Those of [`password`](Self::password).
    pub(crate) async fn mail(
        &self,
        kind: MailKind,
        recipient: &str,
        client: IpAddr,
    ) -> Result<(), ApiError> {
        let MailLimits {
            recipient: mails,
            address,
            seconds,
        } = self.0.mails;
        let rate = |requests| Rate { requests, seconds };
        let kinds_own = format!("{kind} {recipient}");
        let buckets = [
            self.bucket(Policy::MailRecipient, rate(mails), None, &kinds_own),
            self.bucket(Policy::MailAddress, rate(address), Some(client), ""),
        ];
        self.acquire(&buckets).await.map(drop)
    }

    /// Counts a request for an operation that `limits.operations` names.
    ///
    /// # Errors
    /// Those of [`password`](Self::password).
    pub(crate) async fn operation(&self, operation: &str, client: IpAddr) -> Result<(), ApiError> {
        let Some(rate) = self.0.operations.get(operation) else {
            return Ok(());
        };
        let bucket = self.bucket(Policy::Operation, *rate, Some(client), operation);
        self.acquire(&[bucket]).await.map(drop)
    }

    /// Counts a request of an account with `Idempotency-Key`.
    ///
    /// # Errors
    /// Those of [`password`](Self::password).
    pub(crate) async fn idempotency_key(&self, user_id: Uuid) -> Result<(), ApiError> {
        let (policy, rate) = (Policy::IdempotencyKey, self.0.idempotency_keys);
        let bucket = self.bucket(policy, rate, None, &user_id.to_string());
        self.acquire(&[bucket]).await.map(drop)
    }

    /// Checks that attempts can be counted.
    ///
    /// # Errors
    /// The reason, for the log.
    pub(crate) async fn ready(&self) -> Result<(), String> {
        let Store::Redis(redis) = &self.0.store else {
            return Ok(());
        };
        let rate = Rate {
            requests: 1_000,
            seconds: 1,
        };
        let probe = self.bucket(Policy::Operation, rate, None, "readiness");
        match redis.acquire(&[probe]).await {
            Ok(_) => Ok(()),
            Err(Unavailable(reason)) => Err(reason.into_owned()),
        }
    }

    fn bucket(&self, policy: Policy, rate: Rate, client: Option<IpAddr>, text: &str) -> Bucket {
        let key = self.0.digests.key(policy, client, text);
        Bucket { policy, rate, key }
    }

    async fn acquire(&self, buckets: &[Bucket]) -> Result<Reservation, ApiError> {
        let taken = match &self.0.store {
            Store::Off => return Ok(Reservation(Vec::new())),
            Store::Memory(memory) => memory.acquire(buckets, memory.now()),
            Store::Redis(redis) => {
                redis
                    .acquire(buckets)
                    .await
                    .map_err(|Unavailable(reason)| {
                        ApiError::unavailable(
                            "Tries cannot be counted at the moment; try again shortly.",
                            reason,
                        )
                    })?
            }
        };
        match taken {
            Ok(taken) => Ok(Reservation(buckets.iter().copied().zip(taken).collect())),
            Err(full) => Err(RateLimitExceeded::from(full).into()),
        }
    }
}

impl From<BucketFull> for RateLimitExceeded {
    fn from(BucketFull { bucket, wait }: BucketFull) -> Self {
        Self {
            policy: bucket.policy.name(),
            rate: bucket.rate,
            wait: wait.div_ceil(1_000_000).clamp(1, 86_400),
        }
    }
}

/// Converts with the headers of draft-ietf-httpapi-ratelimit-headers.
impl From<RateLimitExceeded> for ApiError {
    fn from(exceeded: RateLimitExceeded) -> Self {
        let RateLimitExceeded { policy, rate, wait } = exceeded;
        let (quota, window) = (rate.requests, rate.seconds);
        let detail = match wait {
            0..120 => format!("Too many tries; try again in {wait} s."),
            _ => format!(
                "Too many tries; try again in {} minutes.",
                wait.div_ceil(60)
            ),
        };
        let mut error = Self::new(ProblemCode::TooManyRequests, detail)
            .because(policy)
            .header(RETRY_AFTER, wait.into());
        for (name, value) in [
            (RATE_LIMIT, format!(r#""{policy}";r=0;t={wait}"#)),
            (
                RATE_LIMIT_POLICY,
                format!(r#""{policy}";q={quota};w={window}"#),
            ),
        ] {
            if let Ok(value) = HeaderValue::try_from(value) {
                error = error.header(name, value);
            }
        }
        error
    }
}

#[cfg(test)]
mod tests;
