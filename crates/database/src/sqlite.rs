//! Options of SQLite, and its file.

use std::fs;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::time::Duration;

use anyhow::Context as _;
use infrastructure::settings;
use sea_orm::ConnectOptions;
use sea_orm::sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous,
};
use sea_orm::sqlx::{self, Connection as _, Executor as _};
use secrecy::ExposeSecret as _;

/// Creates the file, sets the options of every connection to it, and returns the file's name.
pub(super) fn prepare(
    options: &mut ConnectOptions,
    settings: &settings::Database,
) -> anyhow::Result<String> {
    let url = settings.url.expose_secret();
    let parsed: SqliteConnectOptions = url.parse().context(
        "database.url is not a SQLite address; it should look like sqlite://var/starwars.db",
    )?;
    let file = parsed.get_filename();
    create(file).with_context(|| {
        format!(
            "cannot open the database file {}: give this process the right to write there, \
             or set database.url to another place",
            file.display()
        )
    })?;
    let place = file.display().to_string();
    let busy = Duration::from_millis(settings.busy_timeout_ms);
    options.map_sqlx_sqlite_opts(move |file| {
        file.journal_mode(SqliteJournalMode::Wal)
            // An acknowledged commit survives the loss of power, not only of the process.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(busy)
    });
    options
        .map_sqlx_sqlite_pool_opts(|pool| pool.after_release(|connection, _| is_clean(connection)));
    Ok(place)
}

/// Returns true if a connection that comes back is outside of any transaction, so that it can be used again.
///
/// A `COMMIT` that finds the disk full may leave its transaction open, or end it without the driver's knowledge. Later
/// writes on such a connection would be acknowledged and never stored.
fn is_clean(
    connection: &mut SqliteConnection,
) -> Pin<Box<dyn Future<Output = sqlx::Result<bool>> + Send + '_>> {
    Box::pin(async move {
        // An error where there is no transaction. The driver runs earlier statements first; then its count is right.
        let was_inside = connection.execute("ROLLBACK").await.is_ok();
        Ok(!was_inside && !connection.is_in_transaction())
    })
}

/// Creates the file and its folder, readable by the owner only. A file or folder that exists keeps its mode.
///
/// A file that exists is not opened: a process that closes any of its descriptors of a file loses all its locks on it (POSIX
/// `fcntl`), those of its other pool, too. Whoever opens the file next from elsewhere, as a backup does, would then believe to
/// be alone, and take away the log to which this process goes on writing.
fn create(file: &Path) -> io::Result<()> {
    if let Some(folder) = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
    }
    let mut opening = fs::OpenOptions::new();
    opening.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut opening, 0o600);
    match opening.open(file) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        opened => opened.map(drop),
    }
}
