//! Writes revocations to Redis.

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{Pipeline, RedisError, pipe};
use time::OffsetDateTime;

use super::feed;
use super::keys::{self, EPOCH};
use crate::clock::CLOCK_SKEW;
use crate::revocation::backend::Revocation;

/// Revocations that are written at a time.
pub(super) const CHUNK: usize = 1_000;

/// Writes revocations in one round trip, tells the readers of the feed, and returns the epoch that the server has.
pub(super) async fn with_epoch(
    connection: &mut MultiplexedConnection,
    revocations: &[Revocation],
) -> Result<Option<String>, RedisError> {
    let mut commands = pipe();
    commands.cmd("GET").arg(EPOCH);
    add(&mut commands, revocations, Told::Readers);
    let (epoch,) = commands.query_async(connection).await?;
    Ok(epoch)
}

/// Writes revocations to a Redis that is being filled: readers of the feed go to SQL themselves.
pub(super) async fn all(
    connection: &mut MultiplexedConnection,
    revocations: &[Revocation],
) -> Result<(), RedisError> {
    for chunk in revocations.chunks(CHUNK) {
        let mut commands = pipe();
        add(&mut commands, chunk, Told::Nobody);
        if !commands.is_empty() {
            commands.exec_async(connection).await?;
        }
    }
    Ok(())
}

/// Those who are told of what is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Readers,
    Nobody,
}

fn add(commands: &mut Pipeline, revocations: &[Revocation], told: Told) {
    let now = OffsetDateTime::now_utc().unix_timestamp();
    for revocation in revocations {
        // The remaining life and not the end of it: the clock of Redis need not agree with ours.
        let remaining = revocation.expires_at.unix_timestamp() + CLOCK_SKEW - now;
        if remaining > 0 {
            commands
                .cmd("SET")
                .arg(&keys::revoked(revocation.id))
                .arg(1)
                .arg("EX")
                .arg(remaining)
                .ignore();
            if told == Told::Readers {
                feed::announce(commands, revocation);
            }
        }
    }
}
