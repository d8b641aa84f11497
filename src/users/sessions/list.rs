//! The sessions of an account.

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _,
};
use uuid::Uuid;

use super::{Session, is_live, revocation, session};
use crate::auth::revocation::Revocation;
use crate::database::{self, Database};

/// The live sessions of an account, newest first.
///
/// # Errors
/// What the database said.
pub(crate) async fn live(database: &Database, user_id: Uuid) -> Result<Vec<Session>, DbErr> {
    // A login ends the session before it, so there are never many.
    let question = session::Entity::find()
        .filter(session::Column::UserId.eq(user_id))
        .filter(session::Column::EndedAt.is_null())
        .order_by_desc(session::Column::StartedAt)
        .order_by_desc(session::Column::Id);
    let mut sessions = database
        .run(move |database| async move { question.all(&database).await })
        .await?;
    let now = database::now();
    sessions.retain(|session| is_live(session, now));
    Ok(sessions)
}

/// The revocations of an account's sessions that stand in SQL and that the fast store may not have.
///
/// # Errors
/// What the database said.
pub(crate) async fn unpublished_of(
    connection: &impl ConnectionTrait,
    user_id: Uuid,
) -> Result<Vec<Revocation>, DbErr> {
    let sessions = session::Entity::find()
        .filter(session::Column::UserId.eq(user_id))
        .select_only()
        .column(session::Column::Id)
        .into_query();
    let rows = revocation::Entity::find()
        .filter(revocation::Column::Id.in_subquery(sessions))
        .filter(revocation::Column::Published.eq(false))
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Revocation {
            id: row.id,
            expires_at: row.expires_at,
        })
        .collect())
}
