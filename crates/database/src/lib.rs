//! The connection to SQLite, PostgreSQL or MySQL, and the tables of the service. All SQL goes through [`Database`].

mod advice;
mod clock;
mod connect;
mod connection;
mod error;
mod handle;
mod migrate;
mod migrations;
mod postgres;
mod probe;
mod sqlite;
mod statements;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use clock::{clock, now, warn_of_a_wrong_clock};
pub use connect::{connect, connect_background};
pub use connection::{Connection, Transaction, begin};
pub use error::{DatabaseErrorClass, classify_error, describe_error, is_read_only};
pub use handle::{Database, TIMEOUT};
pub use probe::write_probe;
pub use statements::insert;

use infrastructure::settings;

/// Opens the database, with its tables up to date. Where the settings leave those to the command `migrate`, they must be.
///
/// # Errors
/// See [`connect()`] and [`migrate()`].
pub async fn open(settings: &settings::Database) -> anyhow::Result<Database> {
    let database = connect(settings).await?;
    if settings.migrate_on_start {
        migrate(&database).await?;
    } else {
        database
            .run_unlimited(|database| async move { migrate::verify(&database).await })
            .await?;
    }
    Ok(database)
}

/// Brings the tables up to date. Safe to call from several instances at once: one works, the others wait.
///
/// # Errors
/// The error of the database, with the step that failed; nothing of that step remains on SQLite and PostgreSQL.
pub async fn migrate(database: &Database) -> anyhow::Result<()> {
    database
        .run_unlimited(|database| async move { migrate::up(&database).await })
        .await
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::task::JoinSet;

    use super::testing::{TemporaryDatabase, TestDatabase};
    use super::*;

    #[tokio::test]
    async fn instances_that_migrate_at_once_do_not_disturb_each_other() {
        let storage = TemporaryDatabase::new().await;
        let mut tasks = JoinSet::new();
        for _ in 0..4 {
            let settings = storage.settings();
            tasks.spawn(async move {
                let database = connect(&settings).await?;
                migrate(&database).await?;
                anyhow::Ok(write_probe(&database).await?)
            });
        }
        for outcome in tasks.join_all().await {
            outcome.unwrap();
        }
    }

    #[tokio::test]
    async fn a_writer_waits_for_another_instead_of_failing() {
        let database = TestDatabase::open().await;
        let first = begin(database.pool()).await.unwrap();
        let second = tokio::spawn({
            let connection = database.pool().clone();
            async move { begin(&connection).await?.commit().await }
        });
        tokio::time::sleep(Duration::from_millis(300)).await;
        first.commit().await.unwrap();
        second.await.unwrap().unwrap();
    }
}
