//! A worker's connection: using it, losing it, making another.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{ErrorKind, RedisError, Value, cmd, pipe};
use infrastructure::redis::{Primary, connection_config};
use tokio::time::Instant;
use uuid::Uuid;

use super::fill::{self, Filled};
use super::keys::{self, EPOCH};
use super::server::{self, ServerFault};
use super::shared::Shared;
use super::write;
use crate::revocation::backend::{Revocation, StoreUnavailable};

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
    primary: Arc<Primary>,
    /// Of the process behind the connection; the epoch must be the same.
    identity: Arc<str>,
    /// Tells this connection from later ones.
    number: u64,
}

/// The id of a token, and that of its session if it has one.
pub(super) type Token = (Uuid, Option<Uuid>);

/// A reply of Redis; none when the server does not hold our data, or not all of it.
type Reply<T> = Result<Option<T>, RedisError>;

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

    /// Returns, for each token in its place, whether it or its session is revoked.
    pub(super) async fn are_revoked(
        &self,
        tokens: &[Token],
    ) -> Result<Vec<bool>, StoreUnavailable> {
        self.run(async |live| are_revoked(live, tokens).await).await
    }

    /// Writes revocations.
    pub(super) async fn publish(&self, revocations: &[Revocation]) -> Result<(), StoreUnavailable> {
        let written = self.run(async |live| publish(live, revocations).await);
        written.await?.map_err(StoreUnavailable::from)
    }

    /// Checks whether the server as a whole can be trusted.
    pub(super) async fn check_server(&self) {
        let look = async {
            let mut live = self.connect().await.ok()?;
            let found = server::identity(&mut live.connection).await;
            // It was a replica in between, and has another's data with the epoch among them: all is to be loaded again.
            if matches!(&found, Ok(now) if **now != *live.identity) {
                let mut forget_epoch = cmd("DEL");
                forget_epoch.arg(EPOCH);
                let gone: Result<(), RedisError> =
                    forget_epoch.query_async(&mut live.connection).await;
                gone.ok()?;
                self.forget(&live);
            }
            Some((live, found))
        };
        let Ok(Some((live, found))) =
            tokio::time::timeout(self.shared.server.timeout(), look).await
        else {
            return;
        };
        match found {
            Ok(_) => self.shared.untrusted.store(false, Ordering::Release),
            // Whoever asks next finds out.
            Err(ServerFault::Silent(_)) => {}
            Err(fault) => {
                // The address may lead to another server by now.
                self.forget(&live);
                self.shared.untrusted.store(true, Ordering::Release);
                self.shared.failed(&fault.into());
            }
        }
    }

    /// Runs a command within the time limit.
    async fn run<T>(
        &self,
        command: impl AsyncFn(&mut Live) -> Reply<T>,
    ) -> Result<T, StoreUnavailable> {
        if self.shared.untrusted.load(Ordering::Acquire) {
            return Err(StoreUnavailable::new("Redis cannot be trusted at present"));
        }
        let began = Instant::now();
        if let Some(mut live) = self.live()? {
            match command(&mut live).await {
                Ok(Some(answer)) => {
                    self.shared.answered();
                    return Ok(answer);
                }
                Ok(None) => {}
                // A connection that broke is replaced at once; one that was silent is not.
                Err(error) if error.is_connection_dropped() && !error.is_timeout() => {
                    self.forget(&live);
                }
                Err(error) => return Err(self.fail(Some(&live), error.into())),
            }
        }
        // Apart, so that its size, with all of the loading in it, is no part of every request's future.
        let recovery = Box::pin(self.recover(command));
        match tokio::time::timeout_at(began + self.shared.server.timeout(), recovery).await {
            Ok(Ok(answer)) => {
                self.shared.answered();
                Ok(answer)
            }
            Ok(Err(down)) => Err(down),
            Err(_) => Err(self.fail(None, StoreUnavailable::new("Redis did not answer in time"))),
        }
    }

    /// Connects and fills Redis, as far as either is needed, and runs the command.
    async fn recover<T>(
        &self,
        command: impl AsyncFn(&mut Live) -> Reply<T>,
    ) -> Result<T, StoreUnavailable> {
        // Once for each: the connection is out of date, the data are lost.
        for _ in 0..3 {
            let mut live = self.connect().await?;
            let reply = if self.shared.is_complete(&live.identity) {
                command(&mut live).await
            } else {
                Ok(None)
            };
            match reply {
                Ok(Some(answer)) => return Ok(answer),
                Ok(None) => match fill::fill(&self.shared, &live.primary, &live.identity).await? {
                    Filled::Yes => {}
                    Filled::Other => self.forget(&live),
                },
                Err(error) => return Err(self.fail(Some(&live), error.into())),
            }
        }
        Err(self.fail(
            None,
            StoreUnavailable::new("Redis has lost its data, and again while it was loaded"),
        ))
    }

    async fn connect(&self) -> Result<Live, StoreUnavailable> {
        let _connecting = self.connecting.lock().await;
        if let Some(live) = self.live()? {
            return Ok(live);
        }
        let made = async {
            let primary = self.shared.server.primary().await?;
            let config = connection_config(self.shared.server.timeout());
            let mut connection = primary.connect(&config).await?;
            let identity = server::identity(&mut connection).await?;
            Ok(Live {
                connection,
                primary,
                identity: Arc::from(identity),
                number: self.made.fetch_add(1, Ordering::Relaxed),
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
            State::Up(live) if self.is_usable(live) => Ok(Some(live.clone())),
            State::Down {
                since: Some(since),
                reason,
            } if since.elapsed() < PAUSE => Err(reason.clone()),
            State::Up(_) | State::Down { .. } => Ok(None),
        }
    }

    fn is_usable(&self, live: &Live) -> bool {
        live.primary.is_current() && self.shared.is_complete(&live.identity)
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

/// Asks for the epoch, and for each token and its session, in one round trip. "Not revoked" counts from a server that is
/// still the primary when it has answered, by its own word, too: a replica has another's data, with our epoch among them.
async fn are_revoked(live: &mut Live, tokens: &[Token]) -> Reply<Vec<bool>> {
    let mut questions = pipe();
    let command = questions.cmd("MGET").arg(EPOCH);
    for &(jti, sid) in tokens {
        // Two keys for each, so that an answer is found by its place.
        command.arg(&keys::revoked(jti));
        command.arg(&keys::revoked(sid.unwrap_or(jti)));
    }
    questions.cmd("ROLE");
    let replies = live.connection.send_packed_commands(&questions, 0, 2);
    let mut replies = replies.await?.into_iter().map(Value::extract_error);
    let mut next = || replies.next().transpose();
    let (Some(Value::Array(values)), Some(Value::Array(role))) = (next()?, next()?) else {
        return Ok(None);
    };
    if !server::is_primary(&role) {
        return Err(RedisError::from((
            ErrorKind::Client,
            "Redis is no primary any more",
        )));
    }
    let revoked = match values.split_first() {
        Some((Value::BulkString(epoch), revoked))
            if epoch.as_slice() == live.identity.as_bytes()
                && revoked.len() == 2 * tokens.len() =>
        {
            revoked
        }
        _ => return Ok(None),
    };
    let revoked: Vec<bool> = revoked
        .chunks_exact(2)
        .map(|pair| pair.iter().any(|value| !matches!(value, Value::Nil)))
        .collect();
    let counts = live.primary.is_current() || revoked.iter().all(|revoked| *revoked);
    Ok(counts.then_some(revoked))
}

/// Writes to a server that holds our data, and is the primary at the end: what is written to another is lost.
///
/// A refusal of the server is told apart from a fault of the connection, since it may still answer questions.
async fn publish(live: &mut Live, revocations: &[Revocation]) -> Reply<Result<(), RedisError>> {
    for chunk in revocations.chunks(write::CHUNK) {
        match write::with_epoch(&mut live.connection, chunk).await {
            Ok(Some(epoch)) if epoch == *live.identity => {}
            Ok(_) => return Ok(None),
            Err(error) if error.is_io_error() => return Err(error),
            Err(error) => return Ok(Some(Err(error))),
        }
    }
    Ok(live.primary.is_current().then_some(Ok(())))
}
