//! A worker's connection: asking, losing it, making another.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{RedisError, Value, cmd};
use tokio::time::Instant;
use uuid::Uuid;

use super::keys::{self, EPOCH};
use super::server;
use super::shared::{Shared, redis_fault};
use crate::auth::revocation::backend::StoreUnavailable;
use crate::redis::connection_config;

/// After a failure, requests fail at once for so long instead of each waiting for the same silence.
const PAUSE: Duration = Duration::from_millis(100);

/// A worker's connection to Redis, made again when it is lost.
pub(super) struct WorkerConnection {
    shared: Arc<Shared>,
    state: Mutex<State>,
    /// Held by the one request that connects.
    connecting: tokio::sync::Mutex<()>,
    made: AtomicU64,
}

enum State {
    Up(Live),
    Down {
        since: Option<Instant>,
        reason: StoreUnavailable,
    },
}

#[derive(Clone)]
struct Live {
    connection: MultiplexedConnection,
    /// Of the process behind the connection; the epoch must be the same.
    run_id: Arc<str>,
    /// Tells this connection from later ones.
    number: u64,
}

enum Answer {
    Revoked(bool),
    /// The server does not hold our data, or not all of it.
    Lost,
}

impl WorkerConnection {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        let state = State::Down {
            since: None,
            reason: StoreUnavailable::new("not connected yet"),
        };
        Self {
            shared,
            state: Mutex::new(state),
            connecting: tokio::sync::Mutex::default(),
            made: AtomicU64::new(0),
        }
    }

    pub(super) async fn is_revoked(
        &self,
        jti: Uuid,
        sid: Option<Uuid>,
    ) -> Result<bool, StoreUnavailable> {
        if self.shared.untrusted.load(Ordering::Acquire) {
            return Err(StoreUnavailable::new("Redis cannot be trusted at present"));
        }
        let began = Instant::now();
        if let Some(mut live) = self.live()? {
            match ask(&mut live, jti, sid).await {
                Ok(Answer::Revoked(revoked)) => {
                    self.shared.answered();
                    return Ok(revoked);
                }
                Ok(Answer::Lost) => {}
                // A connection that broke is replaced at once; one that was silent is not.
                Err(error) if error.is_connection_dropped() && !error.is_timeout() => {
                    self.forget(&live);
                }
                Err(error) => return Err(self.fail(Some(&live), redis_fault(&error))),
            }
        }
        // Apart, so that its size, with all of the loading in it, is no part of every request's future.
        let recovery = Box::pin(self.recover(jti, sid));
        match tokio::time::timeout_at(began + self.shared.timeout, recovery).await {
            Ok(Ok(revoked)) => {
                self.shared.answered();
                Ok(revoked)
            }
            Ok(Err(down)) => Err(down),
            Err(_) => Err(self.fail(None, StoreUnavailable::new("Redis did not answer in time"))),
        }
    }

    /// Connects and fills Redis, as far as either is needed, and asks.
    async fn recover(&self, jti: Uuid, sid: Option<Uuid>) -> Result<bool, StoreUnavailable> {
        let mut live = self.connect().await?;
        for last in [false, true] {
            match ask(&mut live, jti, sid).await {
                Ok(Answer::Revoked(revoked)) => return Ok(revoked),
                Ok(Answer::Lost) if last => break,
                Ok(Answer::Lost) => self.shared.refill(&live.run_id).await?,
                Err(error) => return Err(self.fail(Some(&live), redis_fault(&error))),
            }
        }
        // Perhaps the address leads to another process by now.
        Err(self.fail(
            Some(&live),
            StoreUnavailable::new("Redis has lost its data, and again while it was loaded"),
        ))
    }

    async fn connect(&self) -> Result<Live, StoreUnavailable> {
        let _connecting = self.connecting.lock().await;
        if let Some(live) = self.live()? {
            return Ok(live);
        }
        let made = async {
            let config = connection_config(self.shared.timeout);
            let mut connection = self
                .shared
                .client
                .get_multiplexed_async_connection_with_config(&config)
                .await
                .map_err(|error| redis_fault(&error))?;
            let run_id = server::run_id(&mut connection).await?;
            let number = self.made.fetch_add(1, Ordering::Relaxed);
            Ok(Live {
                connection,
                run_id: Arc::from(run_id),
                number,
            })
        };
        match made.await {
            Ok(live) => {
                *self.state() = State::Up(live.clone());
                Ok(live)
            }
            Err(down) => Err(self.fail(None, down)),
        }
    }

    /// Returns the connection; none when it is time to make one; an error shortly after a failure.
    fn live(&self) -> Result<Option<Live>, StoreUnavailable> {
        match &*self.state() {
            State::Up(live) => Ok(Some(live.clone())),
            State::Down {
                since: Some(since),
                reason,
            } if since.elapsed() < PAUSE => Err(reason.clone()),
            State::Down { .. } => Ok(None),
        }
    }

    /// Drops the connection, so that the next request makes one.
    fn forget(&self, lost: &Live) {
        let mut state = self.state();
        if matches!(&*state, State::Up(live) if live.number == lost.number) {
            *state = State::Down {
                since: None,
                reason: StoreUnavailable::new("the connection was lost"),
            };
        }
    }

    /// Records a failure. A connection that another request made meanwhile stays.
    fn fail(&self, lost: Option<&Live>, reason: StoreUnavailable) -> StoreUnavailable {
        let mut state = self.state();
        let other = match (&*state, lost) {
            (State::Up(live), Some(lost)) => live.number != lost.number,
            (State::Up(_), None) => true,
            (State::Down { .. }, _) => false,
        };
        if !other {
            *state = State::Down {
                since: Some(Instant::now()),
                reason: reason.clone(),
            };
        }
        drop(state);
        self.shared.failed(&reason);
        reason
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks for the epoch, the token and the session in one round trip.
async fn ask(live: &mut Live, jti: Uuid, sid: Option<Uuid>) -> Result<Answer, RedisError> {
    let mut command = cmd("MGET");
    command.arg(EPOCH).arg(&keys::revoked(jti));
    if let Some(sid) = sid {
        command.arg(&keys::revoked(sid));
    }
    let reply = live
        .connection
        .send_packed_command(&command)
        .await?
        .extract_error()?;
    let Value::Array(values) = reply else {
        return Ok(Answer::Lost);
    };
    Ok(match values.split_first() {
        Some((Value::BulkString(epoch), revoked))
            if epoch.as_slice() == live.run_id.as_bytes() && !revoked.is_empty() =>
        {
            Answer::Revoked(revoked.iter().any(|value| !matches!(value, Value::Nil)))
        }
        _ => Answer::Lost,
    })
}
