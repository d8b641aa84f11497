//! The clients of events, and of the last use of sessions.

use sea_orm_migration::prelude::*;

use super::tables::add_column;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

const COLUMNS: [(&str, &str, u32); 3] = [
    ("events", "user_agent", 256),
    ("sessions", "last_user_agent", 256),
    ("sessions", "last_client_address", 64),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, name, length) in COLUMNS {
            let column = ColumnDef::new(name).string_len(length).null().take();
            add_column(manager, table, column).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, name, _) in COLUMNS {
            let alteration = Table::alter().table(table).drop_column(name).take();
            manager.alter_table(alteration).await?;
        }
        Ok(())
    }
}
