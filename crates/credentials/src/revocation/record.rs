//! Rows of `revocations` in the transaction of whoever revokes.

use sea_orm::sea_query::{OnConflict, SelectStatement};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _,
    Select,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::backend::Revocation;
use super::entity::{ActiveModel, Column, Entity, Model};

/// Revokes a token or a session from now on. `None`: it has expired anyway.
///
/// # Errors
/// Those of the database.
pub async fn revoke(
    transaction: &impl ConnectionTrait,
    id: Uuid,
    expires_at: OffsetDateTime,
    now: OffsetDateTime,
) -> Result<Option<Revocation>, DbErr> {
    if expires_at <= now {
        return Ok(None);
    }
    let row = ActiveModel {
        id: Set(id),
        expires_at: Set(expires_at),
        revoked_at: Set(now),
        published: Set(false),
    };
    let mut once = OnConflict::column(Column::Id);
    once.do_nothing_on([Column::Id]);
    Entity::insert(row)
        .on_conflict(once)
        .exec_without_returning(transaction)
        .await?;
    Ok(Some(Revocation { id, expires_at }))
}

/// Returns those of the ids that are revoked.
///
/// # Errors
/// Those of the database.
pub async fn revoked(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Revocation>, DbErr> {
    all(connection, Entity::find().filter(Column::Id.is_in(ids))).await
}

/// Returns the revocation of `id`, if SQL has it and the fast store may not.
///
/// # Errors
/// Those of the database.
pub async fn unpublished(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<Revocation>, DbErr> {
    let unpublished = Entity::find_by_id(id).filter(Column::Published.eq(false));
    let found = all(connection, unpublished).await;
    found.map(|mut found| found.pop())
}

/// Returns those of the selected ids that are revoked in SQL, and in the fast store may not be.
///
/// # Errors
/// Those of the database.
pub async fn unpublished_among(
    connection: &impl ConnectionTrait,
    ids: SelectStatement,
) -> Result<Vec<Revocation>, DbErr> {
    let among = Entity::find().filter(Column::Id.in_subquery(ids));
    all(connection, among.filter(Column::Published.eq(false))).await
}

async fn all(
    connection: &impl ConnectionTrait,
    query: Select<Entity>,
) -> Result<Vec<Revocation>, DbErr> {
    let revocation = |row: Model| Revocation {
        id: row.id,
        expires_at: row.expires_at,
    };
    let rows = query.all(connection).await?;
    Ok(rows.into_iter().map(revocation).collect())
}
