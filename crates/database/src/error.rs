//! The meaning of a database error, by its code and never by its text.

use sea_orm::sqlx;
use sea_orm::sqlx::error::DatabaseError;
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

/// Classifies an error of any of the three databases.
#[must_use]
pub fn classify_error(error: &DbErr) -> DatabaseErrorClass {
    if let Some(SqlErr::UniqueConstraintViolation(_)) = error.sql_err() {
        return DatabaseErrorClass::Unique;
    }
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => DatabaseErrorClass::Unavailable,
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
            match cause.as_ref() {
                sqlx::Error::Database(refusal) => refused(refusal.as_ref()),
                sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed
                | sqlx::Error::BeginFailed => DatabaseErrorClass::Unavailable,
                _ => DatabaseErrorClass::Other,
            }
        }
        _ => DatabaseErrorClass::Other,
    }
}

/// Returns true if the database rolled back a transaction in favour of another one: a deadlock, or a row that another has
/// changed meanwhile. Repeated, it may succeed.
#[must_use]
pub(super) fn is_conflict(error: &DbErr) -> bool {
    let Some(refusal) = refusal(error) else {
        return false;
    };
    if let Some(mysql) = refusal.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        return matches!(mysql.number(), 1020 | 1213);
    }
    matches!(refusal.code().as_deref(), Some("40001" | "40P01"))
}

/// Returns true if the connection is gone: what was not committed on it is undone.
#[must_use]
pub(super) fn is_lost(error: &DbErr) -> bool {
    if let DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) =
        error
        && let sqlx::Error::Io(_) = cause.as_ref()
    {
        return true;
    }
    let Some(refusal) = refusal(error) else {
        return false;
    };
    if let Some(mysql) = refusal.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        return matches!(mysql.number(), 1053 | 1927 | 4031);
    }
    // Of PgBouncer, too. The server stops, has crashed, or starts.
    let code = refusal.code().unwrap_or_default();
    code.starts_with("08") || matches!(&*code, "57P01" | "57P02" | "57P03")
}

/// Returns true if the database has become read-only: a standby, a file or a volume.
#[must_use]
pub fn is_read_only(error: &DbErr) -> bool {
    let Some(refusal) = refusal(error) else {
        return false;
    };
    if let Some(mysql) = refusal.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        return matches!(mysql.number(), 1290 | 1792 | 1836);
    }
    let code = refusal.code().unwrap_or_default();
    // SQLSTATE of PostgreSQL; SQLITE_READONLY with whatever the upper bytes add.
    code == "25006" || code.parse().is_ok_and(|extended: i32| extended & 0xff == 8)
}

/// Describes the error for the log. A violated unique constraint is only named, since MySQL's text holds the value.
#[must_use]
pub fn describe_error(error: &DbErr) -> String {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))
            if classify_error(error) == DatabaseErrorClass::Unique =>
        {
            let constraint = cause
                .as_database_error()
                .and_then(DatabaseError::constraint);
            format!(
                "a unique constraint was broken: {}",
                constraint.unwrap_or("unnamed")
            )
        }
        _ => error.to_string(),
    }
}

/// Returns the error that the database itself reported.
fn refusal(error: &DbErr) -> Option<&dyn DatabaseError> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
            cause.as_database_error()
        }
        _ => None,
    }
}

fn refused(refusal: &dyn DatabaseError) -> DatabaseErrorClass {
    let temporary =
        if let Some(mysql) = refusal.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
            temporary_on_mysql(mysql.number())
        } else if refusal
            .try_downcast_ref::<sqlx::postgres::PgDatabaseError>()
            .is_some()
        {
            refusal
                .code()
                .is_some_and(|state| temporary_on_postgres(&state))
        } else {
            refusal
                .code()
                .and_then(|code| code.parse().ok())
                .is_some_and(temporary_on_sqlite)
        };
    if temporary {
        DatabaseErrorClass::Unavailable
    } else {
        DatabaseErrorClass::Other
    }
}

/// SQLSTATE: connection (08), resources (53), operator intervention and time-outs (57), and system errors (58);
/// serialisation failure, deadlock, lock not available; a server that became read-only by a switch-over.
fn temporary_on_postgres(state: &str) -> bool {
    ["08", "53", "57", "58"]
        .iter()
        .any(|class| state.starts_with(class))
        || ["40001", "40P01", "55P03", "25006", "25P03"].contains(&state)
}

/// Primary result codes: BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN. The upper bytes only add detail.
fn temporary_on_sqlite(extended: i32) -> bool {
    matches!(extended & 0xff, 5 | 6 | 8 | 10 | 13 | 14)
}

/// Of MySQL and MariaDB. A number from 1900 on may have another meaning on the other one; where it has, that is none that a
/// statement of ours can meet.
fn temporary_on_mysql(number: u16) -> bool {
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
        assert!(!temporary_on_postgres("42P01"));
        assert!(!temporary_on_sqlite(1));
        assert!(!temporary_on_mysql(1064));
    }

    /// The numbers are those of `mysqld_error.h`; what each server really says, the tests of the service show.
    #[test]
    fn what_mariadb_ends_for_its_own_reasons_is_temporary() {
        let ended = [1317, 1927, 1969, 3024, 4031];
        assert!(ended.into_iter().all(temporary_on_mysql));
        // No such table, no null, too long, not a number, a duplicate, a foreign key, truncated, a constraint.
        let mistakes = [1146, 1048, 1406, 1366, 1062, 1452, 1265, 4025];
        assert!(!mistakes.into_iter().any(temporary_on_mysql));
    }

    #[test]
    fn extended_codes_of_sqlite_count_as_their_primary_code() {
        let busy_snapshot = 5 | (2 << 8);
        assert!(temporary_on_sqlite(busy_snapshot));
    }
}
