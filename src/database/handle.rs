//! The handle through which all SQL goes.
//!
//! A future that is dropped in the middle of an exchange with a SQL server leaves the connection in a state that
//! the driver does not know: with `BEGIN` on its way, inside a transaction that nobody ends, so that what the next
//! users of the connection write is acknowledged and then undone. Actix drops the future of a request whose client
//! hangs up, and a time limit drops what it limits. So no query runs in such a future: [`Database`] is no
//! connection, and gives one to nobody but the work that it runs in a task of its own, on a runtime of its own.
//! What a caller drops is the wait for that task.

use std::future::Future;
use std::panic;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use sea_orm::{DatabaseConnection, DbErr, RuntimeErr};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::Semaphore;
use tokio::task::{JoinError, JoinHandle};
use tokio::time::timeout;

/// Longest time that a step of a request waits for the database: a query, or a transaction as a whole.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// Pieces of work that may be under way or wait for a connection. What comes beyond is refused at once: clients
/// that hang up do not take their work with them, so nothing else would bound it.
const AT_ONCE: u16 = 4_096;

/// A pool of connections to the database. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Database(Arc<Inner>);

struct Inner {
    // Before the runtime, which the sockets of the connections are registered with.
    pool: DatabaseConnection,
    admission: Arc<Semaphore>,
    executor: Executor,
}

impl Database {
    pub(super) fn new(pool: DatabaseConnection, executor: Executor) -> Self {
        let admission = Arc::new(Semaphore::new(AT_ONCE.into()));
        Self(Arc::new(Inner {
            pool,
            admission,
            executor,
        }))
    }

    /// Runs work of a request. It goes on when the caller stops waiting for it, which it does after [`PATIENCE`];
    /// then the limits that the database itself keeps end the work.
    ///
    /// # Errors
    /// Those of the work; a connection error after [`PATIENCE`], and when too much work is waiting.
    pub(crate) async fn run<T, E, W>(
        &self,
        work: impl FnOnce(DatabaseConnection) -> W,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbErr> + Send + 'static,
        W: Future<Output = Result<T, E>> + Send + 'static,
    {
        match timeout(PATIENCE, self.spawn(work)?).await {
            Ok(ended) => outcome(ended),
            Err(_elapsed) => Err(unavailable("the database did not answer in time").into()),
        }
    }

    /// Runs work that no request waits for, without a time limit.
    ///
    /// # Errors
    /// Those of the work; a connection error when too much work is waiting.
    pub(crate) async fn run_unlimited<T, E, W>(
        &self,
        work: impl FnOnce(DatabaseConnection) -> W,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbErr> + Send + 'static,
        W: Future<Output = Result<T, E>> + Send + 'static,
    {
        outcome(self.spawn(work)?.await)
    }

    fn spawn<T, E, W>(
        &self,
        work: impl FnOnce(DatabaseConnection) -> W,
    ) -> Result<JoinHandle<Result<T, E>>, DbErr>
    where
        T: Send + 'static,
        E: From<DbErr> + Send + 'static,
        W: Future<Output = Result<T, E>> + Send + 'static,
    {
        let inner = &self.0;
        let permit = Arc::clone(&inner.admission)
            .try_acquire_owned()
            .map_err(|_none_left| unavailable("too much work waits for the database"))?;
        let work = work(inner.pool.clone());
        Ok(inner.executor.handle().spawn(async move {
            let outcome = work.await;
            drop(permit);
            outcome
        }))
    }

    /// Waits until all work has ended, for [`PATIENCE`] at most, and closes the connections.
    pub(crate) async fn close(&self) {
        let inner = &self.0;
        if timeout(PATIENCE, inner.admission.acquire_many(AT_ONCE.into()))
            .await
            .is_err()
        {
            tracing::warn!("the process stops while the database still works for it");
        }
        inner.admission.close();
        let pool = inner.pool.clone();
        let closing = inner
            .executor
            .handle()
            .spawn(async move { pool.close().await });
        if !matches!(timeout(PATIENCE, closing).await, Ok(Ok(Ok(())))) {
            tracing::warn!("the connections to the database were not closed in order");
        }
    }

    /// The pool itself, for tests that look behind the code under test.
    #[cfg(test)]
    pub(crate) fn pool(&self) -> &DatabaseConnection {
        &self.0.pool
    }
}

/// The outcome of work that has ended. A panic in it goes on in whoever waited for it.
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
    /// When the system has no thread to give.
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
            // Dropped as it is, a runtime waits for its threads, which is a panic in asynchronous code.
            runtime.shutdown_background();
        }
    }
}

fn unavailable(reason: &str) -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(reason.to_owned()))
}
