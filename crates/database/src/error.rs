//! The meaning of a database error, by its code and never by its text.

use sea_orm::sqlx;
use sea_orm::sqlx::error::DatabaseError;
use sea_orm::sqlx::{mysql::MySqlDatabaseError, postgres::PgDatabaseError};
use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// The class of a database error, by what a caller can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseErrorClass {
    /// A unique constraint is violated.
    Unique,
    /// The database is away or busy: the same request may succeed later.
    Unavailable,
    /// Anything else: an error of the service.
    Other,
}

/// The code of an error that the database itself reported.
#[derive(Clone, Copy)]
pub(super) enum Code<'e> {
    /// The number, as in `mysqld_error.h`.
    MySql(u16),
    /// SQLSTATE.
    Postgres(&'e str),
    /// The primary result code.
    Sqlite(i32),
}

/// Classifies an error of any of the three databases.
#[must_use]
pub fn classify_error(error: &DbErr) -> DatabaseErrorClass {
    if let Some(SqlErr::UniqueConstraintViolation(_)) = error.sql_err() {
        return DatabaseErrorClass::Unique;
    }
    let is_temporary = match cause(error) {
        None => matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)),
        Some(sqlx::Error::Database(_)) => code(error).is_some_and(Code::is_temporary),
        Some(cause) => matches!(
            cause,
            sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed
                | sqlx::Error::BeginFailed
        ),
    };
    if is_temporary {
        DatabaseErrorClass::Unavailable
    } else {
        DatabaseErrorClass::Other
    }
}

/// Returns true if the database rolled back a transaction in favour of another one: a deadlock, or a row that another has
/// changed meanwhile. Repeated, it may succeed.
#[must_use]
pub(super) fn is_conflict(error: &DbErr) -> bool {
    matches!(
        code(error),
        Some(Code::MySql(1020 | 1213) | Code::Postgres("40001" | "40P01"))
    )
}

/// Returns true if the connection is gone: what was not committed on it is undone.
#[must_use]
pub(super) fn is_lost(error: &DbErr) -> bool {
    if let Some(sqlx::Error::Io(_)) = cause(error) {
        return true;
    }
    match code(error) {
        Some(Code::MySql(number)) => matches!(number, 1053 | 1927 | 4031),
        // Of PgBouncer, too. The server stops, has crashed, or starts.
        Some(Code::Postgres(state)) => {
            state.starts_with("08") || matches!(state, "57P01" | "57P02" | "57P03")
        }
        _ => false,
    }
}

/// Returns true if the database has become read-only: a standby, a file or a volume.
#[must_use]
pub fn is_read_only(error: &DbErr) -> bool {
    matches!(
        code(error),
        Some(Code::MySql(1290 | 1792 | 1836) | Code::Postgres("25006") | Code::Sqlite(8))
    )
}

/// Describes the error for the log. A violated unique constraint is only named, since MySQL's text holds the value.
#[must_use]
pub fn describe_error(error: &DbErr) -> String {
    if classify_error(error) != DatabaseErrorClass::Unique {
        return error.to_string();
    }
    let constraint = cause(error)
        .and_then(sqlx::Error::as_database_error)
        .and_then(DatabaseError::constraint);
    format!(
        "a unique constraint was broken: {}",
        constraint.unwrap_or("unnamed")
    )
}

/// Returns the driver's error of a statement.
fn cause(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
            Some(cause)
        }
        _ => None,
    }
}

fn code(error: &DbErr) -> Option<Code<'_>> {
    Code::of(cause(error)?.as_database_error()?)
}

impl<'e> Code<'e> {
    pub(super) fn of(refusal: &'e (dyn DatabaseError + 'static)) -> Option<Self> {
        if let Some(mysql) = refusal.try_downcast_ref::<MySqlDatabaseError>() {
            Some(Self::MySql(mysql.number()))
        } else if let Some(postgres) = refusal.try_downcast_ref::<PgDatabaseError>() {
            Some(Self::Postgres(postgres.code()))
        } else {
            refusal.code()?.parse().ok().map(Self::of_sqlite)
        }
    }

    /// The upper bytes of an extended code only add detail.
    fn of_sqlite(extended: i32) -> Self {
        Self::Sqlite(extended & 0xff)
    }

    /// Returns true if the same statement may succeed later.
    fn is_temporary(self) -> bool {
        match self {
            Self::MySql(number) => is_temporary_on_mysql(number),
            // Connection (08), resources (53), operator intervention and time-outs (57), and system errors (58);
            // serialisation failure, deadlock, lock not available; a server that became read-only by a switch-over.
            Self::Postgres(state) => {
                ["08", "53", "57", "58"]
                    .iter()
                    .any(|class| state.starts_with(class))
                    || matches!(state, "40001" | "40P01" | "55P03" | "25006" | "25P03")
            }
            // BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN.
            Self::Sqlite(primary) => matches!(primary, 5 | 6 | 8 | 10 | 13 | 14),
        }
    }
}

/// Of MySQL and MariaDB. A number from 1900 on may have another meaning on the other one; where it has, that is none that a
/// statement of ours can meet.
fn is_temporary_on_mysql(number: u16) -> bool {
    matches!(
        number,
        // Too many connections, in all or of one user.
        1040 | 1203 | 1226
        // The server stops, has ended the connection or the statement, or ends connections that are idle.
        | 1053 | 1152 | 1317 | 1927 | 4031
        // A node of a cluster without the others, or behind them.
        | 1047 | 1180
        // A lock that was not to be had; a row or a table that has changed under the transaction.
        | 1020 | 1205 | 1206 | 1213 | 1412 | 1689
        // The time for the statement is over: `max_statement_time`, `max_execution_time`.
        | 1969 | 3024
        // No memory, no disk, no thread.
        | 1021 | 1037 | 1038 | 1041 | 1114 | 1135
        // Read-only, by a switch-over or by an administrator.
        | 1290 | 1792 | 1836
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::ConnAcquireErr;

    #[test]
    fn a_full_pool_and_a_silent_server_are_temporary() {
        for error in [
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
            DbErr::Conn(RuntimeErr::Internal("silent".to_owned())),
            DbErr::Query(RuntimeErr::SqlxError(sqlx::Error::WorkerCrashed.into())),
        ] {
            assert_eq!(
                classify_error(&error),
                DatabaseErrorClass::Unavailable,
                "{error}"
            );
        }
    }

    #[test]
    fn a_mistake_of_ours_is_not_temporary() {
        assert_eq!(
            classify_error(&DbErr::RecordNotUpdated),
            DatabaseErrorClass::Other
        );
        for mistake in [
            Code::Postgres("42P01"),
            Code::of_sqlite(1),
            Code::MySql(1064),
        ] {
            assert!(!mistake.is_temporary());
        }
    }

    /// The numbers are those of `mysqld_error.h`; what each server really says, the tests of the service show.
    #[test]
    fn what_mariadb_ends_for_its_own_reasons_is_temporary() {
        let ended = [1317, 1927, 1969, 3024, 4031];
        assert!(ended.into_iter().all(is_temporary_on_mysql));
        // No such table, no null, too long, not a number, a duplicate, a foreign key, truncated, a constraint.
        let mistakes = [1146, 1048, 1406, 1366, 1062, 1452, 1265, 4025];
        assert!(!mistakes.into_iter().any(is_temporary_on_mysql));
    }

    #[test]
    fn extended_codes_of_sqlite_count_as_their_primary_code() {
        let busy_snapshot = 5 | (2 << 8);
        assert!(Code::of_sqlite(busy_snapshot).is_temporary());
    }
}
