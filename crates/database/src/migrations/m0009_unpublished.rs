//! The index by which unpublished revocations are read page by page.

use sea_orm_migration::prelude::*;

use super::tables::{commits_by_itself, index};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

const OLD: &str = "ix_revocations_published";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = &["published", "id"];
        index(
            manager,
            "ix_revocations_unpublished",
            "revocations",
            columns,
        )
        .await?;
        drop_index(manager, OLD).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        index(manager, OLD, "revocations", &["published"]).await?;
        drop_index(manager, "ix_revocations_unpublished").await
    }
}

async fn drop_index(manager: &SchemaManager<'_>, name: &'static str) -> Result<(), DbErr> {
    if commits_by_itself(manager) && !manager.has_index("revocations", name).await? {
        return Ok(());
    }
    let mut statement = Index::drop();
    statement.name(name).table("revocations");
    manager.drop_index(statement).await
}
