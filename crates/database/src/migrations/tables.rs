//! Builders of tables, columns and indexes that are alike on the three databases.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// The character set and the collation of all text on MySQL: compared by code points, as SQLite and PostgreSQL do.
///
/// Otherwise a table has those of the database: latin1 refuses an emoji, and most collations take `e` and `É` for one
/// letter. This collation ignores spaces at the end, but none of the columns that are compared can hold one.
pub(super) const UTF8: (&str, &str) = ("utf8mb4", "utf8mb4_bin");

/// Begins the statement that creates a table unless it exists.
pub(super) fn table(manager: &SchemaManager<'_>, name: &'static str) -> TableCreateStatement {
    let mut table = Table::create().table(name).if_not_exists().take();
    if manager.get_database_backend() == DbBackend::MySql {
        table.character_set(UTF8.0).collate(UTF8.1);
    }
    table
}

/// Creates an index unless it exists.
pub(super) async fn index(
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

/// Adds a column unless it exists. One at a time, since SQLite takes no more.
pub(super) async fn add_column(
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

/// Returns true if a step may have been done in part. The other databases roll back what was not committed.
pub(super) fn commits_by_itself(manager: &SchemaManager<'_>) -> bool {
    manager.get_database_backend() == DbBackend::MySql
}

/// Defines a column of a point in time, UTC. MySQL's `timestamp` ends in 2038, so there it is a `datetime`.
pub(super) fn moment(manager: &SchemaManager<'_>, name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    if manager.get_database_backend() == DbBackend::MySql {
        column.custom("datetime(6)");
    } else {
        column.timestamp_with_time_zone();
    }
    column
}

pub(super) fn id(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().take()
}
