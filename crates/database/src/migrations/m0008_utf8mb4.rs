//! The character set of tables that were made before it was said.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Statement};

use super::tables::UTF8;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// Every table, with the columns of type `text`, which a conversion would make `mediumtext`.
const TABLES: [(&str, &[&str]); 8] = [
    ("users", &["password_hash"]),
    ("sessions", &[]),
    ("revocations", &[]),
    ("mails", &[]),
    ("api_tokens", &[]),
    ("events", &[]),
    ("subscribers", &[]),
    ("holodules", &["description"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DbBackend::MySql {
            return Ok(());
        }
        for (table, texts) in TABLES {
            if !is_converted(manager, table).await? {
                convert(manager, table, texts).await?;
            }
        }
        Ok(())
    }

    /// Nothing reads the old character set better.
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}

async fn is_converted(manager: &SchemaManager<'_>, table: &str) -> Result<bool, DbErr> {
    let question = Statement::from_sql_and_values(
        DbBackend::MySql,
        "SELECT 1 FROM information_schema.tables \
         WHERE table_schema = DATABASE() AND table_name = ? AND table_collation = ?",
        [table.into(), UTF8.1.into()],
    );
    let row = manager.get_connection().query_one_raw(question).await?;
    Ok(row.is_some())
}

/// One statement, which is done as a whole or not at all. Foreign keys stand in its way only where they are text.
async fn convert(manager: &SchemaManager<'_>, table: &str, texts: &[&str]) -> Result<(), DbErr> {
    let (set, collation) = UTF8;
    let mut statement =
        format!("ALTER TABLE {table} CONVERT TO CHARACTER SET {set} COLLATE {collation}");
    for text in texts {
        statement.push_str(&format!(
            ", MODIFY {text} text CHARACTER SET {set} COLLATE {collation} NOT NULL"
        ));
    }
    manager
        .get_connection()
        .execute_unprepared(&statement)
        .await
        .map(drop)
}
