//! Replies to requests that may be repeated, encrypted.

use sea_orm_migration::prelude::*;

use super::tables::{id, index, moment, table};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = table(manager, "idempotency_keys")
            .col(id("id").not_null().primary_key())
            .col(ColumnDef::new("reply").blob().not_null())
            .col(moment(manager, "expires_at").not_null())
            .take();
        manager.create_table(table).await?;
        let (name, columns) = ("ix_idempotency_keys_expires_at", &["expires_at"]);
        index(manager, name, "idempotency_keys", columns).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("idempotency_keys").take())
            .await
    }
}
