//! Brings the tables up to date, by one instance at a time.

use std::{collections::BTreeSet, time::Duration};

use anyhow::{Context as _, anyhow};
use sea_orm::{
    ConnectionTrait as _, DatabaseTransaction, DbBackend, DbErr, EntityTrait as _, Statement,
};
use sea_orm_migration::{MigratorTrait as _, seaql_migrations};

use super::connection::{self, Connection};
use super::error;
use super::migrations::Migrator;

/// The key of PostgreSQL's advisory lock, an arbitrary number.
const POSTGRES_LOCK: i64 = 0x5357_4150_4931;

/// The name of MySQL's lock, which holds for the whole server; a name has 64 characters at most.
const MYSQL_LOCK: &str = "CONCAT('starwars-api migrate ', MD5(DATABASE()))";

/// The time for which one request of MySQL's lock waits; then the log says what is waited for.
const LOCK_WAIT: Duration = Duration::from_secs(10);

/// Keeps the time limits of the connection's requests in variables of the connection, and lifts them. MySQL has none for
/// statements that change tables, and skips what MariaDB alone knows.
const LIFT_MYSQL_LIMITS: &str = "\
    SET @starwars_lock = @@SESSION.lock_wait_timeout, @starwars_row = @@SESSION.innodb_lock_wait_timeout \
    /*M!100300 , @starwars_statement = @@SESSION.max_statement_time */; \
    SET SESSION lock_wait_timeout = 31536000, SESSION innodb_lock_wait_timeout = 31536000 \
    /*M!100300 , SESSION max_statement_time = 0 */";

/// Sets the limits as they were.
const RESTORE_MYSQL_LIMITS: &str = "\
    SET SESSION lock_wait_timeout = @starwars_lock, SESSION innodb_lock_wait_timeout = @starwars_row \
    /*M!100300 , SESSION max_statement_time = @starwars_statement */";

/// Brings the tables up to date.
///
/// All of it goes over one connection, without the time limits of requests. Each step can be repeated, so that
/// the next start goes on where one was cut off.
///
/// # Errors
/// The error of the database, with the step that failed; nothing of that step remains on SQLite and PostgreSQL.
pub(super) async fn up(database: &Connection) -> anyhow::Result<()> {
    let work = async {
        // MySQL commits before each statement that changes a table; there, only the one connection is wanted.
        let transaction = connection::begin(database).await?;
        match transaction.get_database_backend() {
            DbBackend::MySql => on_mysql(transaction.inner()).await?,
            DbBackend::Postgres => {
                transaction
                    .execute_unprepared(&format!(
                        "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; \
                         SET LOCAL idle_in_transaction_session_timeout = 0; \
                         SELECT pg_advisory_xact_lock({POSTGRES_LOCK})"
                    ))
                    .await?;
                apply(transaction.inner()).await?;
            }
            _ => apply(transaction.inner()).await?,
        }
        transaction.commit().await
    };
    work.await.map_err(|error: DbErr| {
        let advice = if error::is_read_only(&error) {
            "the server takes no changes: let database.url lead to one that does"
        } else {
            "it takes an account that may create tables, room on the disk, and nobody else may hold a lock"
        };
        // Its text has that of its causes.
        anyhow!("cannot bring the tables up to date: {advice}: {error}")
    })
}

/// Applies what is pending, and nothing to tables that a later release has brought further: its instances and ours share them
/// until ours are replaced, and one of ours may be started again before that.
async fn apply(connection: &DatabaseTransaction) -> Result<(), DbErr> {
    match count_later(Migrator::get_migration_models(connection).await?) {
        Some(0) => Ok(()),
        Some(later) => {
            tracing::info!(later, "a later release has changed the tables");
            Ok(())
        }
        None => Migrator::up(connection, None).await,
    }
}

/// Returns how many migrations a later release has applied, or `None` if one of ours is pending.
fn count_later(applied: Vec<seaql_migrations::Model>) -> Option<usize> {
    let applied: BTreeSet<String> = applied.into_iter().map(|model| model.version).collect();
    let ours: BTreeSet<String> = Migrator::migrations()
        .iter()
        .map(|migration| migration.name().to_owned())
        .collect();
    ours.is_subset(&applied).then(|| applied.len() - ours.len())
}

/// Verifies that no migration is pending. Takes no right but to read, and creates no table.
///
/// # Errors
/// One is, so that requests would fail one by one; or the database does not answer.
pub(super) async fn verify(database: &Connection) -> anyhow::Result<()> {
    const ADVICE: &str = "the tables are not yet those of this release, and database.migrate_on_start is off: run \
                          `starwars-api migrate` first";
    let transaction = connection::begin(database).await?;
    let applied = seaql_migrations::Entity::find();
    let applied = applied.all(transaction.inner()).await;
    transaction.rollback().await?;
    // There is no such table before the first migration.
    let applied = applied.map_err(|error| anyhow!("{ADVICE}: {error}"))?;
    count_later(applied).context(ADVICE).map(drop)
}

/// Migrates under a lock of the server, which belongs to the connection and so ends with a process that is killed.
async fn on_mysql(connection: &DatabaseTransaction) -> Result<(), DbErr> {
    connection.execute_unprepared(LIFT_MYSQL_LIMITS).await?;
    let outcome = match lock(connection).await {
        Ok(()) => {
            let migrated = apply(connection).await;
            let release = format!("DO RELEASE_LOCK({MYSQL_LOCK})");
            let released = connection.execute_unprepared(&release).await;
            migrated.and(released.map(drop))
        }
        Err(error) => Err(error),
    };
    // The connection goes back to the pool of requests.
    let restored = connection.execute_unprepared(RESTORE_MYSQL_LIMITS).await;
    outcome.and(restored.map(drop))
}

async fn lock(connection: &DatabaseTransaction) -> Result<(), DbErr> {
    let seconds = LOCK_WAIT.as_secs();
    let question = format!("SELECT CAST(GET_LOCK({MYSQL_LOCK}, {seconds}) AS SIGNED)");
    loop {
        let question = Statement::from_string(DbBackend::MySql, &question);
        let row = connection.query_one_raw(question).await?;
        match row.map_or(Ok(None), |row| row.try_get_by_index(0))? {
            Some(1_i64) => return Ok(()),
            Some(_) => {
                tracing::info!("another instance is bringing the tables up to date; waiting for it")
            }
            None => return Err(DbErr::Custom("the server gives no lock".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

    use crate::testing::TemporaryDatabase;
    use crate::{connect, migrate};

    #[tokio::test]
    async fn a_connection_that_migrated_has_the_limits_of_requests_again() {
        let storage = TemporaryDatabase::new().await;
        let mut settings = storage.settings();
        settings.max_connections = 1;
        let database = connect(&settings).await.unwrap();
        migrate(&database).await.unwrap();
        let backend = database.pool().get_database_backend();
        let (question, expected) = match backend {
            DbBackend::MySql => (
                "SELECT CONCAT_WS(' ', @@lock_wait_timeout, @@innodb_lock_wait_timeout, @@max_statement_time)",
                "5 5 5.000000",
            ),
            DbBackend::Postgres => ("SELECT current_setting('statement_timeout')", "5s"),
            // It has none.
            _ => return,
        };
        let question = Statement::from_string(backend, question);
        let row = database.pool().query_one_raw(question).await.unwrap();
        let limits: String = row.unwrap().try_get_by_index(0).unwrap();
        assert_eq!(limits, expected);
    }
}
