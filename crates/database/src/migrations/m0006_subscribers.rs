//! The mailing list.

use sea_orm_migration::prelude::*;

use super::tables::{id, table};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = table(manager, "subscribers")
            .col(id("id").not_null().primary_key())
            .col(ColumnDef::new("full_name").string_len(200).not_null())
            .col(
                ColumnDef::new("email")
                    .string_len(254)
                    .not_null()
                    .unique_key(),
            )
            .take();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("subscribers").take())
            .await
    }
}
