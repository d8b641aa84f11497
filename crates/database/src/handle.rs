//! The handle through which all SQL goes.
//!
//! A future that is dropped in the middle of an exchange with a SQL server leaves the connection in a state that
//! the driver does not know: with `BEGIN` on its way, inside a transaction that nobody ends, so that what the next
//! users of the connection write is acknowledged and then undone. Actix drops the future of a request whose client
//! hangs up, and a time limit drops what it limits. So no query runs in such a future: [`Database`] is no
//! connection, and gives one to nobody but the work that it runs in a task of its own, on a runtime of its own.
//! A caller drops only its wait for that task.

use std::future::Future;
use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use infrastructure::metrics::Pool;
use infrastructure::telemetry::Work;
use sea_orm::{DbErr, RuntimeErr};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinError, JoinHandle};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tracing::Instrument as _;

use super::Connection;

/// The longest time that a step of a request waits for the database: a query, or a transaction as a whole.
pub const TIMEOUT: Duration = Duration::from_secs(5);

/// The longest time that the pool waits for a connection to be opened; less than [`TIMEOUT`], so that the error names it.
pub(super) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);

/// The time after the limits of the server at which work is given up: its connection is dead, as when the machine of the
/// server is gone and nothing says so.
const GRACE: Duration = Duration::from_secs(10);

/// The milliseconds before work is repeated. Of transactions that wait for each other the database lets one go on, so few
/// are rolled back more than once.
const REPEAT_PAUSES: [u64; 6] = [5, 10, 20, 50, 100, 200];

/// A pool of connections to the database. Cheap to clone.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    // Dropped before the runtime, with which the sockets of the connections are registered.
    pool: Connection,
    /// A permit for each connection. Work that waits for one has not begun, and may be dropped.
    turns: Arc<Semaphore>,
    /// Callers that wait for a permit.
    waiting: AtomicUsize,
    connections: u32,
    time_limit: Duration,
    executor: Executor,
}

impl Database {
    pub(super) fn new(
        pool: Connection,
        connections: u32,
        time_limit: Duration,
        executor: Executor,
    ) -> Self {
        let permits = usize::try_from(connections).unwrap_or(Semaphore::MAX_PERMITS);
        Self(Arc::new(Inner {
            pool,
            turns: Arc::new(Semaphore::new(permits)),
            waiting: AtomicUsize::new(0),
            connections,
            time_limit,
            executor,
        }))
    }

    /// Runs work. Once it has begun it goes on, also when the caller stops waiting for it, which it does after
    /// [`TIMEOUT`] (much later in the background); then the limits that the database itself keeps end the work. What they do
    /// not end is given up, since its connection is dead.
    ///
    /// Work that the database rolled back in favour of other work, as one of two that wait for each other, is repeated;
    /// so is work that met a connection which had been lost, as the server was restarted.
    ///
    /// # Errors
    /// Those of the work; a connection error when it takes too long, or no connection is free for too long.
    pub async fn run<T, E, W>(
        &self,
        work: impl FnOnce(Connection) -> W + Clone + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbErr> + Send + 'static,
        W: Future<Output = Result<T, E>> + Send + 'static,
    {
        let time_limit = self.0.time_limit;
        let deadline = Instant::now() + time_limit;
        // Less than the deadline, so that the error names what was missing.
        let turn = timeout(time_limit * 3 / 5, self.turn())
            .await
            .unwrap_or_else(|_elapsed| Err(unavailable("no connection was free in time")))?;
        match timeout_at(deadline, self.spawn(turn, work, Some(time_limit + GRACE))).await {
            Ok(ended) => outcome(ended),
            Err(_elapsed) => Err(unavailable("the database did not answer in time").into()),
        }
    }

    /// Runs work without a time limit.
    ///
    /// # Errors
    /// Those of the work.
    pub async fn run_unlimited<T, E, W>(
        &self,
        work: impl FnOnce(Connection) -> W + Clone + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbErr> + Send + 'static,
        W: Future<Output = Result<T, E>> + Send + 'static,
    {
        let turn = self.turn().await?;
        outcome(self.spawn(turn, work, None).await)
    }

    async fn turn(&self) -> Result<Turn, DbErr> {
        let mut work = Work::of_database(self.0.pool.system());
        let _waiting = Waiting::begin(&self.0.waiting);
        let permit = Arc::clone(&self.0.turns).acquire_owned().await;
        work.event("connection");
        Ok(Turn {
            _permit: permit.map_err(|_closed| unavailable("the process stops"))?,
            _work: work,
        })
    }

    /// Returns how the connections are used.
    pub fn usage(&self) -> Pool {
        let inner = &self.0;
        let max = usize::try_from(inner.connections).unwrap_or(usize::MAX);
        let used = max.saturating_sub(inner.turns.available_permits());
        Pool {
            used,
            idle: inner.pool.open_connections().saturating_sub(used),
            max,
            waiting: inner.waiting.load(Ordering::Relaxed),
        }
    }

    fn spawn<T, E, W>(
        &self,
        turn: Turn,
        work: impl FnOnce(Connection) -> W + Clone + Send + 'static,
        dead_after: Option<Duration>,
    ) -> JoinHandle<Result<T, E>>
    where
        T: Send + 'static,
        E: From<DbErr> + Send + 'static,
        W: Future<Output = Result<T, E>> + Send + 'static,
    {
        let pool = self.0.pool.clone();
        let work = async move {
            let work = run_with_repeats(&pool, work);
            let outcome = match dead_after {
                // The pool closes the connection, which does not answer its check.
                Some(time) => timeout(time, work).await.unwrap_or_else(|_elapsed| {
                    tracing::warn!("a connection to the database is dead; it is given up");
                    Err(unavailable("the connection is dead").into())
                }),
                None => work.await,
            };
            drop(turn);
            outcome
        };
        // In the span of the request, for the lines that the work logs.
        self.0
            .executor
            .handle()
            .spawn(work.instrument(gatekeeper::current_span()))
    }

    /// Waits until all work has ended, for [`TIMEOUT`] at most, and closes the connections.
    pub async fn close(&self) {
        let inner = &self.0;
        if timeout(TIMEOUT, inner.turns.acquire_many(inner.connections))
            .await
            .is_err()
        {
            tracing::warn!("the process stops while the database still works for it");
        }
        inner.turns.close();
        let pool = inner.pool.clone();
        let closing = inner
            .executor
            .handle()
            .spawn(async move { pool.close().await });
        if !matches!(timeout(TIMEOUT, closing).await, Ok(Ok(Ok(())))) {
            tracing::warn!("the connections to the database were not closed in order");
        }
    }

    /// Returns the pool itself, for tests that look behind the code under test.
    #[cfg(any(test, feature = "testing"))]
    pub fn pool(&self) -> &Connection {
        &self.0.pool
    }
}

/// The right to use a connection, and the span of what is done with it.
struct Turn {
    _permit: OwnedSemaphorePermit,
    _work: Work,
}

/// A caller that waits, which may end by being dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn begin(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Runs work, and repeats it if the database rolled it back in favour of other work or its connection was lost. Work of
/// several transactions is not repeated once one of them was committed.
async fn run_with_repeats<T, E, W>(
    pool: &Connection,
    work: impl FnOnce(Connection) -> W + Clone,
) -> Result<T, E>
where
    W: Future<Output = Result<T, E>>,
{
    for pause in REPEAT_PAUSES {
        let connection = pool.afresh();
        let outcome = work.clone()(connection.clone()).await;
        if outcome.is_ok() || !connection.may_be_repeated() {
            return outcome;
        }
        tracing::debug!("the database rolled work back; it is repeated");
        sleep(Duration::from_millis(pause)).await;
    }
    work(pool.afresh()).await
}

/// Returns the outcome of work that has ended. A panic in it continues in the caller.
fn outcome<T, E: From<DbErr>>(ended: Result<Result<T, E>, JoinError>) -> Result<T, E> {
    match ended.map_err(JoinError::try_into_panic) {
        Ok(outcome) => outcome,
        Err(Ok(cause)) => panic::resume_unwind(cause),
        Err(Err(_cancelled)) => Err(unavailable("the process stops").into()),
    }
}

/// The threads that talk to the database. They are not the workers': a connection is served by the runtime that
/// opened it, and must not end with a worker.
pub(super) struct Executor {
    handle: Handle,
    runtime: Option<Runtime>,
}

impl Executor {
    /// Starts the threads.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(super) fn start() -> anyhow::Result<Self> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let runtime = Builder::new_multi_thread()
            .worker_threads(cores.div_ceil(2))
            .thread_name("database")
            .enable_all()
            .build()
            .context("the threads for the database cannot be started")?;
        Ok(Self {
            handle: runtime.handle().clone(),
            runtime: Some(runtime),
        })
    }

    pub(super) fn handle(&self) -> &Handle {
        &self.handle
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // A runtime that is dropped waits for its threads, which is a panic in asynchronous code.
            runtime.shutdown_background();
        }
    }
}

fn unavailable(reason: &str) -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(reason.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use sea_orm::{ConnectionTrait as _, DbBackend};
    use tokio::sync::Barrier;

    use super::super::{begin, testing::TestDatabase};
    use super::*;

    /// Two who lock the same two rows in opposite orders. SQLite has one writer, so that nobody waits for another there.
    #[tokio::test]
    async fn who_loses_a_deadlock_is_served_all_the_same() {
        let database = TestDatabase::open().await;
        let deadlocks = database.pool().get_database_backend() != DbBackend::Sqlite;
        for id in [1, 2] {
            let row = format!("INSERT INTO probe VALUES ({id}, '1977-05-25 00:00:00')");
            database.pool().execute_unprepared(&row).await.unwrap();
        }
        let (both, attempts) = (Arc::new(Barrier::new(2)), Arc::new(AtomicU32::new(0)));
        let work = |rows: [u32; 2]| {
            let (both, attempts) = (Arc::clone(&both), Arc::clone(&attempts));
            database.run(move |connection| async move {
                let [first, second] = rows.map(|id| {
                    format!("UPDATE probe SET written_at = '1980-05-21 00:00:00' WHERE id = {id}")
                });
                let transaction = begin(&connection).await?;
                transaction.execute_unprepared(&first).await?;
                if attempts.fetch_add(1, Ordering::Relaxed) < 2 && deadlocks {
                    both.wait().await;
                }
                transaction.execute_unprepared(&second).await?;
                transaction.commit().await
            })
        };
        let outcomes: (Result<(), DbErr>, Result<(), DbErr>) =
            tokio::join!(work([1, 2]), work([2, 1]));
        outcomes.0.unwrap();
        outcomes.1.unwrap();
        let expected = if deadlocks { 3 } else { 2 };
        assert_eq!(attempts.load(Ordering::Relaxed), expected);
    }

    #[tokio::test]
    async fn work_that_has_left_something_is_not_done_again() {
        let database = TestDatabase::open().await;
        for (lasting, expected) in [(false, 1 + REPEAT_PAUSES.len()), (true, 1)] {
            let attempts = Arc::new(AtomicU32::new(0));
            let counted = Arc::clone(&attempts);
            let outcome: Result<(), DbErr> = database
                .run(move |connection| async move {
                    counted.fetch_add(1, Ordering::Relaxed);
                    let transaction = begin(&connection).await?;
                    transaction.execute_unprepared("DELETE FROM probe").await?;
                    if lasting {
                        transaction.commit().await?;
                    }
                    connection.meet_a_conflict();
                    Err(DbErr::RecordNotUpdated)
                })
                .await;
            outcome.unwrap_err();
            let attempts = usize::try_from(attempts.load(Ordering::Relaxed)).unwrap();
            assert_eq!(attempts, expected);
        }
    }
}
