//! The schedule of streams.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use super::tables::{index, moment, table};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = table(manager, "holodules")
            .col(key(manager).not_null().primary_key())
            .col(ColumnDef::new("video_id").string_len(64).not_null())
            .col(moment(manager, "datetime").not_null())
            .col(ColumnDef::new("name").string_len(200).not_null())
            .col(ColumnDef::new("title").string_len(500).not_null())
            .col(ColumnDef::new("url").string_len(2048).not_null())
            .col(ColumnDef::new("description").text().not_null())
            .take();
        manager.create_table(table).await?;
        let columns = &["datetime", "key"];
        index(manager, "ix_holodules_datetime", "holodules", columns).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("holodules").take())
            .await
    }
}

/// Left to itself, MySQL would take two keys for one that differ in the case of a letter only, and PostgreSQL would
/// sort them by the words of its locale.
fn key(manager: &SchemaManager<'_>) -> ColumnDef {
    let mut column = ColumnDef::new("key");
    match manager.get_database_backend() {
        DbBackend::MySql => column.custom("varchar(64) CHARACTER SET ascii COLLATE ascii_bin"),
        DbBackend::Postgres => column.custom("varchar(64) COLLATE \"C\""),
        _ => column.string_len(64),
    };
    column
}
