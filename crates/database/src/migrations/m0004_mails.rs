//! Mails to be sent. No token is kept here: the worker makes it when it sends.

use sea_orm_migration::prelude::*;

use super::tables::{id, index, moment, table};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = table(manager, "mails")
            .col(id("id").not_null().primary_key())
            .col(ColumnDef::new("kind").string_len(32).not_null())
            .col(ColumnDef::new("address").string_len(254).not_null())
            // No foreign key: the account of a repeated sign-up was never made.
            .col(id("user_id").null())
            .col(moment(manager, "created_at").not_null())
            .col(moment(manager, "next_attempt_at").not_null())
            .col(ColumnDef::new("attempts").integer().not_null())
            .col(moment(manager, "claimed_until").null())
            .take();
        manager.create_table(table).await?;
        let columns = &["next_attempt_at"];
        index(manager, "ix_mails_next_attempt_at", "mails", columns).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("mails").take())
            .await
    }
}
