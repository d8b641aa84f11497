//! One row that is written to find out whether anything can be.

use sea_orm_migration::prelude::*;

use super::tables::{moment, table};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = table(manager, "probe")
            .col(
                ColumnDef::new("id")
                    .small_integer()
                    .not_null()
                    .primary_key(),
            )
            .col(moment(manager, "written_at").not_null())
            .take();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("probe").take())
            .await
    }
}
