//! Accounts.

use sea_orm_migration::prelude::*;

use super::tables::{id, moment, table};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = table(manager, "users")
            .col(id("id").not_null().primary_key())
            // 254 is the longest address that SMTP can carry (RFC 5321, erratum 1690).
            .col(
                ColumnDef::new("email")
                    .string_len(254)
                    .not_null()
                    .unique_key(),
            )
            .col(ColumnDef::new("password_hash").text().not_null())
            .col(ColumnDef::new("access_role").small_integer().not_null())
            .col(moment(manager, "email_verified_at").null())
            .col(moment(manager, "disabled_at").null())
            .col(id("email_jti").null())
            .col(id("password_jti").null())
            .col(id("session_id").null())
            .col(ColumnDef::new("version").integer().not_null())
            .col(moment(manager, "created_at").not_null())
            .col(moment(manager, "updated_at").not_null())
            .take();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("users").take())
            .await
    }
}
