//! The connection to SQLite, PostgreSQL or MySQL, and what the three must be told to behave alike.

use std::future::Future;
use std::time::Duration;

use anyhow::{Context as _, bail};
use sea_orm::sqlx::Executor as _;
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DatabaseTransaction,
    DbBackend, DbErr, IsolationLevel, RuntimeErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait as _,
};
use sea_orm_migration::MigratorTrait as _;
use secrecy::ExposeSecret as _;
use time::OffsetDateTime;

pub(crate) mod fault;
mod migrations;
mod sqlite;
#[cfg(test)]
pub(crate) mod testing;

use crate::settings;

/// Longest time that a step of a request waits for the database: a query, or a transaction as a whole.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// How long a request waits for a free connection; less than [`PATIENCE`], so that the error names it.
const ACQUIRE: Duration = Duration::from_secs(3);

/// An arbitrary number that the advisory lock of migrations goes by.
const MIGRATION_LOCK: i64 = 0x5357_4150_4931;

/// Opens the database that `database.url` names.
///
/// # Errors
/// One line that names the database (never its password) and says what to do.
pub(crate) async fn connect(settings: &settings::Database) -> anyhow::Result<DatabaseConnection> {
    let url = settings.url.expose_secret();
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(settings.max_connections)
        .acquire_timeout(ACQUIRE)
        .connect_timeout(ACQUIRE)
        .test_before_acquire_if_idle_for(Duration::from_secs(5))
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    let place = if DbBackend::Sqlite.is_prefix_of(url) {
        sqlite::prepare(&mut options, settings)?
    } else if DbBackend::Postgres.is_prefix_of(url) {
        options.map_sqlx_postgres_opts(|server| {
            let patience = PATIENCE.as_millis().to_string();
            server.application_name(env!("CARGO_PKG_NAME")).options([
                ("statement_timeout", patience.as_str()),
                ("idle_in_transaction_session_timeout", patience.as_str()),
            ])
        });
        server_name(url)
    } else if DbBackend::MySql.is_prefix_of(url) {
        options.map_sqlx_mysql_pool_opts(|pool| {
            pool.after_connect(|connection, _| {
                Box::pin(async move {
                    connection
                        .execute("SET SESSION innodb_lock_wait_timeout = 5")
                        .await
                        .map(drop)
                })
            })
        });
        server_name(url)
    } else {
        bail!("database.url must begin with sqlite://, postgres:// or mysql://");
    };
    tokio::time::timeout(PATIENCE * 2, Database::connect(options))
        .await
        .map_err(|_elapsed| anyhow::anyhow!("no answer within {} s", (PATIENCE * 2).as_secs()))
        .and_then(|opened| opened.map_err(anyhow::Error::from))
        .with_context(|| {
            format!(
                "cannot open the database {place}: check database.url, that it is there and \
                 that this process may read and write it"
            )
        })
}

/// Opens the database, with its tables up to date unless the settings leave that to the command `migrate`.
///
/// # Errors
/// See [`connect`] and [`migrate`].
pub(crate) async fn open(settings: &settings::Database) -> anyhow::Result<DatabaseConnection> {
    let database = connect(settings).await?;
    if settings.migrate_on_start {
        migrate(&database).await?;
    }
    Ok(database)
}

/// Brings the tables up to date. Safe to call from several instances at once: one works, the others wait.
///
/// # Errors
/// What the database said, with the step that failed; nothing of that step remains on SQLite and PostgreSQL.
pub(crate) async fn migrate(database: &DatabaseConnection) -> anyhow::Result<()> {
    let work = async {
        let transaction = begin(database).await?;
        if database.get_database_backend() == DbBackend::Postgres {
            transaction
                .execute_unprepared(&format!(
                    "SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"
                ))
                .await?;
        }
        migrations::Migrator::up(&transaction, None).await?;
        transaction.commit().await
    };
    work.await
        .context("cannot bring the tables up to date: it takes an account that may create tables, and nobody else may hold a lock")
}

/// Whether the database answers and has our tables.
///
/// # Errors
/// What the database said, or that it said nothing within two seconds.
pub(crate) async fn check(database: &DatabaseConnection) -> Result<(), DbErr> {
    let question = database.execute_unprepared("SELECT 1 FROM users WHERE 1 = 0");
    tokio::time::timeout(Duration::from_secs(2), question)
        .await
        .unwrap_or_else(|_elapsed| Err(silent()))
        .map(drop)
}

/// Runs database work of one request; beyond [`PATIENCE`] it is given up, and rolled back if it was a transaction.
///
/// The timeouts that the server keeps do not help when it hangs or the network swallows its answers.
///
/// # Errors
/// Those of the work, or a connection error after [`PATIENCE`].
pub(crate) async fn limited<T, E: From<DbErr>>(
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    tokio::time::timeout(PATIENCE, work)
        .await
        .unwrap_or_else(|_elapsed| Err(silent().into()))
}

/// Begins a transaction that writes.
///
/// SQLite takes the write lock at once: a transaction that reads first and writes later would fail
/// instead of waiting when another has written in between. The servers run at READ COMMITTED, so
/// that a row read after our own update of it is the newest on all of them.
///
/// # Errors
/// What the database said.
pub(crate) async fn begin(database: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = match database.get_database_backend() {
        DbBackend::Sqlite => TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        },
        _ => TransactionOptions {
            isolation_level: Some(IsolationLevel::ReadCommitted),
            ..TransactionOptions::default()
        },
    };
    database.begin_with_options(options).await
}

/// The present time in whole seconds.
///
/// SQLite keeps times as text and compares them as text, which is the order in time only while all
/// have the same form; a fraction would break that.
#[must_use]
pub(crate) fn now() -> OffsetDateTime {
    let now = OffsetDateTime::now_utc();
    now.replace_nanosecond(0).unwrap_or(now)
}

fn silent() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(
        "the database did not answer in time".to_owned(),
    ))
}

/// Host, port and database of a URL, without user and password.
fn server_name(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    rest.split(['?', '#']).next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::panic,
        reason = "a test fails by panicking"
    )]

    use tokio::task::JoinSet;

    use super::testing::{Place, TestDatabase, settings_for};
    use super::*;

    #[tokio::test]
    async fn instances_that_migrate_at_once_do_not_disturb_each_other() {
        let place = Place::new().await;
        let mut tasks = JoinSet::new();
        for _ in 0..4 {
            let settings = place.settings();
            tasks.spawn(async move {
                let database = connect(&settings).await?;
                migrate(&database).await?;
                anyhow::Ok(check(&database).await?)
            });
        }
        for outcome in tasks.join_all().await {
            outcome.unwrap();
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_new_sqlite_file_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = std::env::temp_dir().join(format!("starwars-{}", uuid::Uuid::new_v4()));
        let file = folder.join("new.db");
        let settings = settings_for(&format!("sqlite://{}", file.display()));
        let database = connect(&settings).await.unwrap();
        migrate(&database).await.unwrap();
        let mut modes = Vec::new();
        for place in [folder.clone(), file, folder.join("new.db-wal")] {
            modes.push(std::fs::metadata(place).unwrap().permissions().mode() & 0o777);
        }
        drop(std::fs::remove_dir_all(&folder));
        assert_eq!(modes, [0o700, 0o600, 0o600]);
    }

    #[tokio::test]
    async fn a_database_that_cannot_be_opened_is_named_in_one_line_without_its_password() {
        for (url, name) in [
            ("sqlite:///proc/nowhere/test.db", "/proc/nowhere/test.db"),
            ("sqlite::memory:", "database.url"),
            (
                "postgres://me:hunter2@127.0.0.1:1/starwars",
                "127.0.0.1:1/starwars",
            ),
            (
                "mysql://me:hunter2@127.0.0.1:1/starwars",
                "127.0.0.1:1/starwars",
            ),
            ("redis://me:hunter2@127.0.0.1", "database.url"),
        ] {
            let Err(error) = connect(&settings_for(url)).await else {
                panic!("{url} was opened");
            };
            let line = format!("{error:#}");
            assert!(line.contains(name) && !line.contains("hunter2"), "{line}");
            assert_eq!(line.lines().count(), 1, "{line}");
        }
    }

    #[tokio::test]
    async fn a_writer_waits_for_another_instead_of_failing() {
        let database = TestDatabase::open().await;
        let first = begin(&database).await.unwrap();
        let second = tokio::spawn({
            let connection = database.connection.clone();
            async move { begin(&connection).await?.commit().await }
        });
        tokio::time::sleep(Duration::from_millis(300)).await;
        first.commit().await.unwrap();
        second.await.unwrap().unwrap();
    }

    #[test]
    fn the_name_of_a_server_has_no_password() {
        assert_eq!(
            server_name("postgres://me:p%40ss@db.example:5432/starwars?sslmode=require"),
            "db.example:5432/starwars"
        );
        assert_eq!(server_name("mysql://me:p@ss@host/db"), "host/db");
    }

    #[test]
    fn the_present_has_no_fraction_of_a_second() {
        assert_eq!(now().nanosecond(), 0);
    }
}
