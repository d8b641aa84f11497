//! Buckets in Redis, for any number of instances. Its clock decides, and buckets expire there.
//!
//! A Redis that loses its data begins to count anew. If Redis does not answer, the answer is 503: a password whose
//! attempt is not counted is not verified.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use deadpool_redis::Connection;
use deadpool_redis::redis::{RedisError, cmd};

use super::gcra::BucketFull;
use super::policy::Bucket;
use crate::redis::{PREFIX, Server, Unavailable};
use crate::telemetry::Work;

#[cfg(test)]
mod tests;

/// The number of bits of a key that are used: with at most some million buckets of each policy, no flood fills the server.
const KEY_BITS: u32 = 20;

/// Buckets in Redis.
pub(super) struct Redis {
    server: Arc<Server>,
    acquire: Script,
    refund: Script,
    /// True while the log says that Redis is away.
    down: AtomicBool,
}

impl Redis {
    /// Connects at the first request.
    pub(super) fn new(server: Arc<Server>) -> Self {
        Self {
            server,
            acquire: Script::new(include_str!("acquire.lua")),
            refund: Script::new(include_str!("refund.lua")),
            down: AtomicBool::new(false),
        }
    }

    /// Counts a request in all buckets or in none, and returns what it took of each.
    pub(super) async fn acquire(
        &self,
        buckets: &[Bucket],
    ) -> Result<Result<Vec<u64>, BucketFull>, Unavailable> {
        let keys: Vec<_> = buckets.iter().map(name).collect();
        let numbers: Vec<_> = buckets
            .iter()
            .flat_map(|bucket| {
                let exemption = u64::from(bucket.policy.is_exemption());
                [bucket.interval(), bucket.window(), exemption]
            })
            .collect();
        let answer = self.run(&self.acquire, &keys, &numbers).await?;
        match answer.as_slice() {
            [0, 0, taken @ ..] if taken.len() == buckets.len() => Ok(Ok(taken.to_vec())),
            [place, wait] => place
                .checked_sub(1)
                .and_then(|place| buckets.get(usize::try_from(place).ok()?))
                .map(|&bucket| {
                    Err(BucketFull {
                        bucket,
                        wait: *wait,
                    })
                })
                .ok_or_else(|| {
                    Unavailable::new("the script refused by a bucket that it was not given")
                }),
            _ => Err(Unavailable::new(
                "the script gave an answer of another shape",
            )),
        }
    }

    /// Undoes an [`acquire`](Self::acquire).
    pub(super) async fn refund(&self, taken: &[(Bucket, u64)]) -> Result<(), Unavailable> {
        let keys: Vec<_> = taken.iter().map(|(bucket, _)| name(bucket)).collect();
        let numbers: Vec<_> = taken.iter().map(|(_, taken)| *taken).collect();
        self.run(&self.refund, &keys, &numbers).await.map(drop)
    }

    /// Runs a script within the time limit.
    async fn run(
        &self,
        script: &Script,
        keys: &[String],
        numbers: &[u64],
    ) -> Result<Vec<u64>, Unavailable> {
        let asked = async {
            let mut connection = self.server.primary().await?.pooled().await?;
            let answer = script.run(&mut connection, keys, numbers).await;
            // Its server may have become a replica, and the address lead to another.
            Ok(answer.inspect_err(|_| drop(Connection::take(connection)))?)
        };
        let mut work = Work::of_database("redis");
        let answer = match tokio::time::timeout(self.server.timeout(), asked).await {
            Ok(answer) => answer,
            Err(_) => Err(Unavailable::new("Redis did not answer in time")),
        };
        if answer.is_err() {
            work.fail("unavailable");
        }
        self.log_transition(answer.as_ref().err());
        answer
    }

    /// Logs the first of several failures in a row, and their end.
    fn log_transition(&self, failure: Option<&Unavailable>) {
        let was_down = self.down.swap(failure.is_some(), Ordering::Relaxed);
        match failure {
            Some(down) if !was_down => tracing::warn!(
                reason = &*down.0,
                "Redis does not count tries; what is limited answers 503 until it does"
            ),
            None if was_down => tracing::info!("Redis counts tries again"),
            _ => {}
        }
    }
}

/// Returns the bucket's name in Redis.
fn name(bucket: &Bucket) -> String {
    let key = bucket.key & ((1 << KEY_BITS) - 1);
    format!("{PREFIX}limit:{}:{key:05x}", bucket.policy.name())
}

/// A script, which is sent only to a server that does not have it.
struct Script {
    text: &'static str,
    /// The digest by which the server knows it.
    digest: OnceLock<String>,
}

impl Script {
    const fn new(text: &'static str) -> Self {
        Self {
            text,
            digest: OnceLock::new(),
        }
    }

    async fn run(
        &self,
        connection: &mut Connection,
        keys: &[String],
        numbers: &[u64],
    ) -> Result<Vec<u64>, RedisError> {
        if let Some(digest) = self.digest.get() {
            let answer = call(connection, digest, keys, numbers).await;
            // Refused before anything ran, so nothing is counted twice.
            if !matches!(&answer, Err(error) if error.code() == Some("NOSCRIPT")) {
                return answer;
            }
        }
        let mut load = cmd("SCRIPT");
        let digest: String = load
            .arg("LOAD")
            .arg(self.text)
            .query_async(connection)
            .await?;
        let digest = self.digest.get_or_init(|| digest);
        call(connection, digest, keys, numbers).await
    }
}

async fn call(
    connection: &mut Connection,
    digest: &str,
    keys: &[String],
    numbers: &[u64],
) -> Result<Vec<u64>, RedisError> {
    let mut command = cmd("EVALSHA");
    command.arg(digest).arg(keys.len()).arg(keys).arg(numbers);
    command.query_async(connection).await
}
