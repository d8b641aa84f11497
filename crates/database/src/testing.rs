//! Databases for unit tests: a SQLite file each, or the server that `STARWARS_TEST_DATABASE_URL` names.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::ops::Deref;
use std::path::PathBuf;

use infrastructure::settings;
use sea_orm::ConnectionTrait as _;
use secrecy::SecretString;
use uuid::Uuid;

use super::Database;

/// The storage of a test database: a folder that is removed with the test, or a new database on the server, which is
/// thrown away as a whole.
pub(crate) struct TemporaryDatabase {
    url: String,
    folder: PathBuf,
}

impl TemporaryDatabase {
    pub(crate) async fn new() -> Self {
        let name = format!("starwars_{}", Uuid::new_v4().simple());
        let folder = std::env::temp_dir().join(&name);
        let url = match std::env::var("STARWARS_TEST_DATABASE_URL") {
            Ok(server) => {
                #[expect(clippy::disallowed_methods, reason = "it makes the database of a test")]
                let administrator = sea_orm::Database::connect(&server).await.unwrap();
                administrator
                    .execute_unprepared(&format!("CREATE DATABASE {name}"))
                    .await
                    .unwrap();
                administrator.close().await.unwrap();
                let (server, _default) = server.rsplit_once('/').unwrap();
                format!("{server}/{name}")
            }
            Err(_unset) => format!("sqlite://{}/test.db", folder.display()),
        };
        Self { url, folder }
    }

    pub(crate) fn settings(&self) -> settings::Database {
        settings_for(&self.url)
    }
}

impl Drop for TemporaryDatabase {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

pub(crate) fn settings_for(url: &str) -> settings::Database {
    settings::Database {
        url: SecretString::from(url),
        max_connections: 8,
        busy_timeout_ms: 4_000,
        migrate_on_start: true,
        transaction_pooling: false,
    }
}

/// A database with the tables of the service.
pub struct TestDatabase {
    handle: Database,
    _storage: TemporaryDatabase,
}

impl TestDatabase {
    /// Creates the database and its tables.
    pub async fn open() -> Self {
        let storage = TemporaryDatabase::new().await;
        let handle = super::connect(&storage.settings()).await.unwrap();
        super::migrate(&handle).await.unwrap();
        Self {
            handle,
            _storage: storage,
        }
    }
}

impl Deref for TestDatabase {
    type Target = Database;

    fn deref(&self) -> &Database {
        &self.handle
    }
}
