//! The tables, one step after another; a step that has been released is never edited.
//!
//! Each step is Rust, not SQL, so that one set serves the three dialects. Each can be repeated: MySQL commits every
//! statement that changes a table by itself, so that a step that was cut off remains half done there.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

mod m0001_users;
mod m0002_sessions;
mod m0003_revocations;
mod m0004_mails;
mod m0005_accounts;
mod m0006_subscribers;
mod m0007_holodules;
mod m0008_utf8mb4;
mod m0009_unpublished;
mod m0010_probe;

pub(super) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_users::Migration),
            Box::new(m0002_sessions::Migration),
            Box::new(m0003_revocations::Migration),
            Box::new(m0004_mails::Migration),
            Box::new(m0005_accounts::Migration),
            Box::new(m0006_subscribers::Migration),
            Box::new(m0007_holodules::Migration),
            Box::new(m0008_utf8mb4::Migration),
            Box::new(m0009_unpublished::Migration),
            Box::new(m0010_probe::Migration),
        ]
    }
}

/// The character set of all text on MySQL, and how it is compared: by code points, as SQLite and PostgreSQL do.
///
/// Left to itself, a table takes those of the database: latin1 refuses an emoji, and most collations take `e` and `É` for
/// one letter. This collation ignores spaces at the end, but none of the columns that are compared can hold one.
const UTF8: (&str, &str) = ("utf8mb4", "utf8mb4_bin");

/// Begins a new table, which may be there already.
fn table(manager: &SchemaManager<'_>, name: &'static str) -> TableCreateStatement {
    let mut table = Table::create().table(name).if_not_exists().take();
    if manager.get_database_backend() == DbBackend::MySql {
        table.character_set(UTF8.0).collate(UTF8.1);
    }
    table
}

/// Creates an index unless it is there already.
async fn index(
    manager: &SchemaManager<'_>,
    name: &'static str,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    if commits_by_itself(manager) && manager.has_index(table, name).await? {
        return Ok(());
    }
    let mut index = Index::create().name(name).table(table).take();
    for column in columns {
        index.col(*column);
    }
    manager.create_index(index).await
}

/// Adds a column unless it is there already. One at a time, since SQLite takes no more.
async fn add_column(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: ColumnDef,
) -> Result<(), DbErr> {
    if commits_by_itself(manager) && manager.has_column(table, column.get_column_name()).await? {
        return Ok(());
    }
    let alteration = Table::alter().table(table).add_column(column).take();
    manager.alter_table(alteration).await
}

/// Reports that a step may have been done in part. The other databases undo what was not committed.
fn commits_by_itself(manager: &SchemaManager<'_>) -> bool {
    manager.get_database_backend() == DbBackend::MySql
}

/// A point in time, UTC. MySQL's `timestamp` would end in 2038, so there it is a `datetime`.
fn moment(manager: &SchemaManager<'_>, name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    if manager.get_database_backend() == DbBackend::MySql {
        column.custom("datetime(6)");
    } else {
        column.timestamp_with_time_zone();
    }
    column
}

fn id(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().take()
}
