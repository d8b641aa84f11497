//! The Redis that has all revocations.

use sea_orm_migration::prelude::*;

use super::tables::table;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = table(manager, "filled_redis")
            .col(
                ColumnDef::new("id")
                    .small_integer()
                    .not_null()
                    .primary_key(),
            )
            .col(ColumnDef::new("identity").string_len(128).not_null())
            .take();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("filled_redis").take())
            .await
    }
}
