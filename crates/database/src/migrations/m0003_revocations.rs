//! Revoked token ids and ended session ids: both are random, so they share one table.

use sea_orm_migration::prelude::*;

use super::tables::{id, index, moment, table};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = table(manager, "revocations")
            .col(id("id").not_null().primary_key())
            .col(moment(manager, "expires_at").not_null())
            .col(moment(manager, "revoked_at").not_null())
            .col(ColumnDef::new("published").boolean().not_null())
            .take();
        manager.create_table(table).await?;
        for (name, column) in [
            ("ix_revocations_published", "published"),
            ("ix_revocations_revoked_at", "revoked_at"),
            ("ix_revocations_expires_at", "expires_at"),
        ] {
            index(manager, name, "revocations", &[column]).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("revocations").take())
            .await
    }
}
