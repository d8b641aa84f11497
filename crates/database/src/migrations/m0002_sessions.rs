//! Sessions: the present token pair of each, and the one spent before it.

use sea_orm_migration::prelude::*;

use super::tables::{id, index, moment, table};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut owner = ForeignKey::create()
            .name("fk_sessions_user")
            .from("sessions", "user_id")
            .to("users", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .take();
        let table = table(manager, "sessions")
            .col(id("id").not_null().primary_key())
            .col(id("user_id").not_null())
            .col(id("access_jti").not_null())
            .col(id("refresh_jti").not_null())
            .col(moment(manager, "issued_at").not_null())
            .col(moment(manager, "access_expires_at").not_null())
            .col(moment(manager, "refresh_expires_at").not_null())
            .col(id("spent_access_jti").null())
            .col(id("spent_refresh_jti").null())
            .col(moment(manager, "rotated_at").null())
            .col(moment(manager, "started_at").not_null())
            .col(moment(manager, "last_used_at").not_null())
            .col(moment(manager, "absolute_end").not_null())
            .col(moment(manager, "ended_at").null())
            .foreign_key(&mut owner)
            .take();
        manager.create_table(table).await?;
        for (name, column) in [
            ("ix_sessions_user", "user_id"),
            ("ix_sessions_absolute_end", "absolute_end"),
        ] {
            index(manager, name, "sessions", &[column]).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("sessions").take())
            .await
    }
}
