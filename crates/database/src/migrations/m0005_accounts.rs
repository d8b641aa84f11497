//! Changes of address, clients of sessions, API tokens, and what happened to accounts.

use sea_orm_migration::prelude::*;

use super::tables::{add_column, id, index, moment, table};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let text = |name: &'static str, length| ColumnDef::new(name).string_len(length).take();
        for (table, column) in [
            ("users", text("pending_email", 254).null().take()),
            ("users", id("pending_email_jti").null().take()),
            ("sessions", text("user_agent", 256).null().take()),
            ("sessions", text("client_address", 64).null().take()),
        ] {
            add_column(manager, table, column).await?;
        }
        api_tokens(manager).await?;
        events(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["events", "api_tokens"] {
            manager
                .drop_table(Table::drop().table(table).take())
                .await?;
        }
        for (table, column) in [
            ("sessions", "client_address"),
            ("sessions", "user_agent"),
            ("users", "pending_email_jti"),
            ("users", "pending_email"),
        ] {
            let alteration = Table::alter().table(table).drop_column(column).take();
            manager.alter_table(alteration).await?;
        }
        Ok(())
    }
}

async fn api_tokens(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut owner = ForeignKey::create()
        .name("fk_api_tokens_user")
        .from("api_tokens", "user_id")
        .to("users", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .take();
    let table = table(manager, "api_tokens")
        .col(id("id").not_null().primary_key())
        .col(id("user_id").not_null())
        .col(ColumnDef::new("name").string_len(100).not_null())
        // SHA-256 in hexadecimal digits.
        .col(
            ColumnDef::new("digest")
                .string_len(64)
                .not_null()
                .unique_key(),
        )
        .col(moment(manager, "created_at").not_null())
        .col(moment(manager, "expires_at").null())
        .col(moment(manager, "last_used_at").null())
        .foreign_key(&mut owner)
        .take();
    manager.create_table(table).await?;
    index(manager, "ix_api_tokens_user", "api_tokens", &["user_id"]).await
}

async fn events(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // No foreign keys: what happened stays when an account goes.
    let table = table(manager, "events")
        .col(id("id").not_null().primary_key())
        .col(moment(manager, "happened_at").not_null())
        .col(ColumnDef::new("kind").string_len(32).not_null())
        .col(id("user_id").null())
        .col(id("actor_id").null())
        .col(id("request_id").null())
        .col(ColumnDef::new("client_address").string_len(64).null())
        .col(ColumnDef::new("detail").string_len(256).null())
        .take();
    manager.create_table(table).await?;
    index(manager, "ix_events_user", "events", &["user_id", "id"]).await?;
    index(manager, "ix_events_happened_at", "events", &["happened_at"]).await
}
