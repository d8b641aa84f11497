//! The indexes by which pages of accounts and of events are found and counted without their rows. The second one makes
//! `ix_events_user` needless, which the release before still uses.

use sea_orm_migration::prelude::*;

use super::tables::index;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

const INDEXES: [(&str, &str, &[&str]); 2] = [
    ("ix_users_created_at", "users", &["created_at", "id"]),
    ("ix_events_page", "events", &["user_id", "id", "kind"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table, columns) in INDEXES {
            index(manager, name, table, columns).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table, _) in INDEXES {
            let mut index = Index::drop();
            index.name(name).table(table);
            manager.drop_index(index).await?;
        }
        Ok(())
    }
}
