//! The pool and its transactions, as work gets them, with a record of what their statements did.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    IsolationLevel, QueryResult, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait as _, Value,
};
use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};

use super::error;

/// The pool, for work that [`Database::run`](super::Database::run) runs.
#[derive(Clone)]
pub struct Connection {
    pool: DatabaseConnection,
    /// The statements that begin each transaction behind a pooler that shares connections between transactions. There,
    /// a statement outside of a transaction is given one, since it is prepared before it is executed.
    preamble: Option<Arc<str>>,
    history: Arc<History>,
}

/// A transaction, which is rolled back if it is dropped before it was committed.
pub struct Transaction {
    inner: DatabaseTransaction,
    history: Arc<History>,
}

/// The record of the statements of one piece of work.
#[derive(Default)]
struct History {
    /// The database rolled back a transaction of it in favour of another one, or the connection was lost.
    repeatable: AtomicBool,
    /// Something that it wrote is committed, or may be.
    lasting: AtomicBool,
}

impl History {
    /// Records an outcome. `lasts` says that a statement that succeeded, or may have, cannot be undone any more.
    fn record<T>(&self, outcome: Result<T, DbErr>, lasts: bool) -> Result<T, DbErr> {
        match &outcome {
            Err(error) if error::is_conflict(error) || !lasts && error::is_lost(error) => {
                self.repeatable.store(true, Ordering::Relaxed);
            }
            // The outcome of a `COMMIT` without an answer is unknown.
            _ if lasts => self.lasting.store(true, Ordering::Relaxed),
            _ => {}
        }
        outcome
    }
}

impl Connection {
    pub(super) fn new(pool: DatabaseConnection, preamble: Option<Arc<str>>) -> Self {
        Self {
            pool,
            preamble,
            history: Arc::default(),
        }
    }

    /// Returns the same pool for another piece of work.
    pub(super) fn afresh(&self) -> Self {
        Self::new(self.pool.clone(), self.preamble.clone())
    }

    /// Returns the name that traces give to the database.
    pub(super) fn system(&self) -> &'static str {
        match self.pool.get_database_backend() {
            DbBackend::Postgres => "postgresql",
            DbBackend::MySql => "mysql",
            _ => "sqlite",
        }
    }

    /// Returns the number of connections that are open.
    pub(super) fn open_connections(&self) -> usize {
        let open = match self.pool.get_database_backend() {
            DbBackend::Postgres => self.pool.get_postgres_connection_pool().size(),
            DbBackend::MySql => self.pool.get_mysql_connection_pool().size(),
            _ => self.pool.get_sqlite_connection_pool().size(),
        };
        usize::try_from(open).unwrap_or(usize::MAX)
    }

    /// Closes the connections.
    pub(super) async fn close(&self) -> Result<(), DbErr> {
        self.pool.close_by_ref().await
    }

    /// Begins the transaction that a single statement needs, if it needs one.
    async fn begin_if_shared(&self) -> Result<Option<Transaction>, DbErr> {
        match self.preamble {
            Some(_) => begin(self).await.map(Some),
            None => Ok(None),
        }
    }

    /// Returns true if the work met a conflict or a connection that was lost, and committed nothing, so that it can be
    /// repeated.
    pub(super) fn may_be_repeated(&self) -> bool {
        self.history.repeatable.load(Ordering::Relaxed)
            && !self.history.lasting.load(Ordering::Relaxed)
    }

    #[cfg(test)]
    pub(super) fn meet_a_conflict(&self) {
        self.history.repeatable.store(true, Ordering::Relaxed);
    }
}

/// Begins a transaction that writes.
///
/// SQLite takes the write lock at once: a transaction that reads first and writes later would fail
/// instead of waiting when another has written in between. The servers run at READ COMMITTED, so
/// that a row read after our own update of it is the newest on all of them.
///
/// # Errors
/// The error of the database.
pub async fn begin(connection: &Connection) -> Result<Transaction, DbErr> {
    let Connection {
        pool,
        preamble,
        history,
    } = connection;
    let options = match pool.get_database_backend() {
        DbBackend::Sqlite => TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        },
        // The preamble says it.
        _ if preamble.is_some() => TransactionOptions::default(),
        _ => TransactionOptions {
            isolation_level: Some(IsolationLevel::ReadCommitted),
            ..TransactionOptions::default()
        },
    };
    let begun = pool.begin_with_options(options).await;
    let inner = history.record(begun, false)?;
    let transaction = Transaction {
        inner,
        history: Arc::clone(history),
    };
    if let Some(preamble) = preamble {
        transaction.execute_unprepared(preamble).await?;
    }
    Ok(transaction)
}

impl Transaction {
    /// Commits the transaction.
    ///
    /// # Errors
    /// The error of the database.
    pub async fn commit(self) -> Result<(), DbErr> {
        self.history.record(self.inner.commit().await, true)
    }

    /// Rolls the transaction back.
    ///
    /// # Errors
    /// The error of the database.
    pub async fn rollback(self) -> Result<(), DbErr> {
        self.inner.rollback().await
    }

    /// Commits a transaction of one statement, if it succeeded. `lasts` says that the statement writes.
    async fn end<T>(self, outcome: Result<T, DbErr>, lasts: bool) -> Result<T, DbErr> {
        let value = outcome?;
        self.history.record(self.inner.commit().await, lasts)?;
        Ok(value)
    }

    /// Returns SeaORM's transaction, which migrations need.
    pub(super) fn inner(&self) -> &DatabaseTransaction {
        &self.inner
    }
}

#[async_trait]
impl ConnectionTrait for Connection {
    fn get_database_backend(&self) -> DbBackend {
        self.pool.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let lasts = writes(&statement.sql);
        if let Some(own) = self.begin_if_shared().await? {
            let outcome = own.execute_raw(statement).await;
            return own.end(outcome, lasts).await;
        }
        let outcome = self.pool.execute_raw(with_utc_times(statement)).await;
        self.history.record(outcome, lasts)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let lasts = writes(sql);
        if let Some(own) = self.begin_if_shared().await? {
            let outcome = own.execute_unprepared(sql).await;
            return own.end(outcome, lasts).await;
        }
        self.history
            .record(self.pool.execute_unprepared(sql).await, lasts)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let lasts = writes(&statement.sql);
        if let Some(own) = self.begin_if_shared().await? {
            let outcome = own.query_one_raw(statement).await;
            return own.end(outcome, lasts).await;
        }
        let outcome = self.pool.query_one_raw(with_utc_times(statement)).await;
        self.history.record(outcome, lasts)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let lasts = writes(&statement.sql);
        if let Some(own) = self.begin_if_shared().await? {
            let outcome = own.query_all_raw(statement).await;
            return own.end(outcome, lasts).await;
        }
        let outcome = self.pool.query_all_raw(with_utc_times(statement)).await;
        self.history.record(outcome, lasts)
    }

    fn support_returning(&self) -> bool {
        self.pool.support_returning()
    }
}

#[async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let outcome = self.inner.execute_raw(with_utc_times(statement)).await;
        self.history.record(outcome, false)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let outcome = self.inner.execute_unprepared(sql).await;
        self.history.record(outcome, false)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let outcome = self.inner.query_one_raw(with_utc_times(statement)).await;
        self.history.record(outcome, false)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let outcome = self.inner.query_all_raw(with_utc_times(statement)).await;
        self.history.record(outcome, false)
    }

    fn support_returning(&self) -> bool {
        self.inner.support_returning()
    }
}

/// Returns true if a statement may change something, which is final outside of a transaction.
fn writes(sql: &str) -> bool {
    !sql.starts_with("SELECT ")
}

/// Returns the statement with its times in a form that the server accepts.
///
/// The driver for MySQL says of a time with an offset that it is a `TIMESTAMP`, which ends in January 2038: MariaDB takes a
/// later one for `NULL`. The columns are `DATETIME`, in UTC, and so is a time without an offset.
fn with_utc_times(mut statement: Statement) -> Statement {
    if statement.db_backend == DbBackend::MySql
        && let Some(values) = &mut statement.values
    {
        for value in &mut values.0 {
            if let Value::TimeDateTimeWithTimeZone(moment) = value {
                *value = Value::TimeDateTime(moment.map(in_utc));
            }
        }
    }
    statement
}

fn in_utc(moment: OffsetDateTime) -> PrimitiveDateTime {
    // At either end of the calendar there is no such time in UTC; it is refused before it comes here.
    let moment = moment.checked_to_offset(UtcOffset::UTC).unwrap_or(moment);
    PrimitiveDateTime::new(moment.date(), moment.time())
}
