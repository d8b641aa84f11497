//! Opens connections to SQLite, PostgreSQL and MySQL, with the options that make the three behave alike.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use infrastructure::settings;
use sea_orm::sqlx::pool::PoolOptions;
use sea_orm::sqlx::{AssertSqlSafe, Executor as _, MySql};
use sea_orm::{ConnectOptions, DatabaseConnection, DbBackend, DbErr, RuntimeErr};
use secrecy::ExposeSecret as _;
use tokio::time::timeout;

use super::advice::advice;
use super::handle::{ACQUIRE_TIMEOUT, Database, Executor, TIMEOUT};
use super::{Connection, postgres, sqlite};

/// The longest time that a statement of a background task may take.
const BACKGROUND_TIMEOUT: Duration = Duration::from_secs(60);

/// The number of connections for background tasks, one for each that may run at a time. The tasks that follow
/// revocations must not wait for those that delete old rows, or every token is refused meanwhile.
const BACKGROUND_CONNECTIONS: u32 = 3;

/// Opens the database that `database.url` names, for requests.
///
/// # Errors
/// One line that names the database (never its password) and says what to do.
pub async fn connect(settings: &settings::Database) -> anyhow::Result<Database> {
    open(settings, settings.max_connections, TIMEOUT).await
}

/// Opens the database once more, for background tasks. A burst of requests that wait for connections does not keep them
/// from the database, and their statements may take longer.
///
/// # Errors
/// Those of [`connect`].
pub async fn connect_background(settings: &settings::Database) -> anyhow::Result<Database> {
    open(settings, BACKGROUND_CONNECTIONS, BACKGROUND_TIMEOUT).await
}

async fn open(
    settings: &settings::Database,
    max_connections: u32,
    time_limit: Duration,
) -> anyhow::Result<Database> {
    let url = settings.url.expose_secret();
    let shared = settings.transaction_pooling;
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(max_connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire_if_idle_for(Duration::from_secs(5))
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    let place = if DbBackend::Sqlite.is_prefix_of(url) {
        sqlite::prepare(&mut options, settings)?
    } else if DbBackend::Postgres.is_prefix_of(url) {
        options
            .map_sqlx_postgres_opts(move |server| {
                // PgBouncer refuses start-up parameters that it does not know, and this one is PostgreSQL's default.
                let server = server.extra_float_digits(None);
                let server = server.application_name(infrastructure::program::NAME);
                if shared {
                    server.statement_cache_capacity(0)
                } else {
                    server
                }
            })
            .map_sqlx_postgres_pool_opts(move |pool| {
                let limits = (!shared).then(|| postgres::limits("SET", time_limit));
                postgres::pool(pool, limits)
            });
        server_name(url)
    } else if DbBackend::MySql.is_prefix_of(url) {
        options
            // Whatever the URL says: no other character set holds every text.
            .map_sqlx_mysql_opts(|server| server.charset("utf8mb4").collation("utf8mb4_bin"))
            .map_sqlx_mysql_pool_opts(move |pool| mysql(pool, time_limit));
        server_name(url)
    } else {
        bail!("database.url must begin with sqlite://, postgres:// or mysql://");
    };
    let executor = Executor::start()?;
    #[expect(
        clippy::disallowed_methods,
        reason = "this is where connections are given to a `Database`"
    )]
    let opening = executor.handle().spawn(sea_orm::Database::connect(options));
    let opened: Result<DatabaseConnection, DbErr> = match timeout(TIMEOUT * 2, opening).await {
        Ok(opened) => opened.context("the database was not opened")?,
        Err(_elapsed) => Err(DbErr::Conn(RuntimeErr::Internal(format!(
            "no answer within {} s",
            (TIMEOUT * 2).as_secs()
        )))),
    };
    let pool = opened.map_err(|error| {
        let advice = advice(&error);
        // Its text has that of its causes.
        anyhow!("cannot open the database {place}: {advice}: {error}")
    })?;
    if let DbBackend::Postgres = pool.get_database_backend()
        && !shared
    {
        let pool = pool.get_postgres_connection_pool().clone();
        let checking = executor
            .handle()
            .spawn(postgres::refuse_shared_connections(pool));
        checking
            .await
            .context("the database was not checked")?
            .with_context(|| format!("cannot use the database {place}"))?;
    }
    let preamble = shared.then(|| {
        format!(
            "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; DEALLOCATE ALL; {}",
            postgres::limits("SET LOCAL", time_limit)
        )
    });
    let pool = Connection::new(pool, preamble.map(Arc::from));
    Ok(Database::new(pool, max_connections, time_limit, executor))
}

/// Does the same as [`postgres::pool`]. `ROLLBACK` without a transaction is no error here, so no query is needed for one.
fn mysql(pool: PoolOptions<MySql>, time_limit: Duration) -> PoolOptions<MySql> {
    let seconds = time_limit.as_secs();
    // MySQL skips what MariaDB alone knows. A limit of the operator's that is lower stays.
    let limits = format!(
        "SET SESSION innodb_lock_wait_timeout = {seconds}, SESSION lock_wait_timeout = {seconds} \
         /*M!100300 , SESSION idle_transaction_timeout = {seconds}, \
         SESSION max_statement_time = IF(@@max_statement_time > 0, LEAST(@@max_statement_time, {seconds}), {seconds}) */"
    );
    pool.after_connect(move |connection, _| {
        let limits = AssertSqlSafe(limits.clone());
        Box::pin(async move { connection.execute(limits).await.map(drop) })
    })
    .after_release(|connection, _| {
        Box::pin(async move {
            let read_only = "ROLLBACK; SELECT 1 FROM DUAL WHERE @@read_only NOT IN ('0', 'OFF')";
            let row = postgres::in_time(connection.fetch_optional(read_only)).await?;
            Ok(row.is_none())
        })
    })
}

/// Returns host, port and database of a URL, without user and password.
fn server_name(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    // First, since a password may stand there, too, with an `@` in it.
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    rest.to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::{migrate, testing::settings_for};
    use super::*;

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

    #[test]
    fn the_name_of_a_server_has_no_password() {
        assert_eq!(
            server_name("postgres://me:p%40ss@db.example:5432/starwars?sslmode=require"),
            "db.example:5432/starwars"
        );
        assert_eq!(server_name("mysql://me:p@ss@host/db"), "host/db");
        assert_eq!(
            server_name("postgres://host/db?user=me&password=p@ss#p@ss"),
            "host/db"
        );
    }
}
