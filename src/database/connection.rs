//! What work is lent: the pool, and transactions on it, with what the drivers must be told apart in.

use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    IsolationLevel, QueryResult, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait as _, Value,
};
use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};

/// The pool, for the work that [`Database::run`](super::Database::run) runs.
#[derive(Clone)]
pub(crate) struct Connection(DatabaseConnection);

/// A transaction, which is undone when it is dropped before it was committed.
pub(crate) struct Transaction(DatabaseTransaction);

impl Connection {
    pub(super) fn new(pool: DatabaseConnection) -> Self {
        Self(pool)
    }

    /// See [`begin`](super::begin).
    pub(super) async fn begin(&self) -> Result<Transaction, DbErr> {
        let options = match self.0.get_database_backend() {
            DbBackend::Sqlite => TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            },
            _ => TransactionOptions {
                isolation_level: Some(IsolationLevel::ReadCommitted),
                ..TransactionOptions::default()
            },
        };
        self.0.begin_with_options(options).await.map(Transaction)
    }
}

impl Transaction {
    /// Makes what was written lasting.
    ///
    /// # Errors
    /// What the database said.
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        self.0.commit().await
    }

    /// Undoes what was written.
    ///
    /// # Errors
    /// What the database said.
    pub(crate) async fn rollback(self) -> Result<(), DbErr> {
        self.0.rollback().await
    }

    /// SeaORM's own, which migrations need.
    pub(super) fn inner(&self) -> &DatabaseTransaction {
        &self.0
    }
}

#[async_trait]
impl ConnectionTrait for Connection {
    fn get_database_backend(&self) -> DbBackend {
        self.0.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.0.execute_raw(bound(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.0.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.0.query_one_raw(bound(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.0.query_all_raw(bound(statement)).await
    }

    fn support_returning(&self) -> bool {
        self.0.support_returning()
    }
}

#[async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.0.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.0.execute_raw(bound(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.0.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.0.query_one_raw(bound(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.0.query_all_raw(bound(statement)).await
    }

    fn support_returning(&self) -> bool {
        self.0.support_returning()
    }
}

/// The statement with its times in a form that the server takes.
///
/// The driver for MySQL says of a time with an offset that it is a `TIMESTAMP`, which ends in January 2038: MariaDB takes a
/// later one for `NULL`. The columns are `DATETIME`, in UTC, and so is a time without an offset.
fn bound(mut statement: Statement) -> Statement {
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
    // At either end of the calendar there is none in UTC; that time is refused before it comes here.
    let moment = moment.checked_to_offset(UtcOffset::UTC).unwrap_or(moment);
    PrimitiveDateTime::new(moment.date(), moment.time())
}
