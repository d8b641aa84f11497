//! The end of sessions, and the revocations that it leads to.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QuerySelect as _,
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::audit::{self, AuditContext, AuditEventKind};
use crate::auth::revocation::{Revocation, revoke, unpublished};
use crate::database::{self, Database};
use crate::errors::ApiError;
use crate::users::sessions::entity::{self as session, Model as Session};

/// Ends a session, durably. `Some`: to be published, so that the session's tokens are refused everywhere.
///
/// It is `Some`, too, when the session had been ended but its revocation is not published yet: whoever
/// asked the first time may not have lived to do so.
///
/// `event` and its detail are recorded when the session ends by this.
pub(crate) async fn end(
    database: &Database,
    id: Uuid,
    event: (AuditEventKind, Option<&'static str>),
    context: &AuditContext,
) -> Result<Option<Revocation>, DbErr> {
    let context = context.clone();
    database
        .run(move |database| async move {
            let transaction = database::begin(&database).await?;
            let revoked = end_within(&transaction, id, event, &context).await?;
            transaction.commit().await?;
            Ok(revoked)
        })
        .await
}

/// Ends a session as [`end`] does, as a part of `transaction`.
pub(crate) async fn end_within(
    transaction: &impl ConnectionTrait,
    id: Uuid,
    (kind, detail): (AuditEventKind, Option<&str>),
    context: &AuditContext,
) -> Result<Option<Revocation>, DbErr> {
    let now = database::now();
    let Some(session) = end_row(transaction, id, now).await? else {
        return unpublished(transaction, id).await;
    };
    let revoked = revoke_session(transaction, &session, now).await?;
    audit::record(transaction, context, kind, session.user_id, detail).await?;
    Ok(revoked)
}

/// Ends a session of an account as [`end`] does, as a part of `transaction`.
///
/// # Errors
/// `not-found` when the account has no such session.
pub(crate) async fn end_of_within(
    transaction: &impl ConnectionTrait,
    user_id: Uuid,
    id: Uuid,
    event: (AuditEventKind, Option<&str>),
    context: &AuditContext,
) -> Result<Option<Revocation>, ApiError> {
    session::Entity::find_by_id(id)
        .filter(session::Column::UserId.eq(user_id))
        .one(transaction)
        .await?
        .ok_or_else(ApiError::not_found)?;
    Ok(end_within(transaction, id, event, context).await?)
}

/// Ends all sessions of an account but `kept` as a part of `transaction`, which must have changed the account's
/// row before: that keeps logins out until it is over. To be published after the commit.
pub(crate) async fn end_all_within(
    transaction: &impl ConnectionTrait,
    user_id: Uuid,
    kept: Option<Uuid>,
    now: OffsetDateTime,
) -> Result<Vec<Revocation>, DbErr> {
    let live: Vec<Uuid> = session::Entity::find()
        .filter(session::Column::UserId.eq(user_id))
        .filter(session::Column::EndedAt.is_null())
        .select_only()
        .column(session::Column::Id)
        .into_tuple()
        .all(transaction)
        .await?;
    let mut revoked = Vec::new();
    for id in live {
        if kept != Some(id) {
            revoked.extend(end_unrecorded(transaction, id, now).await?);
        }
    }
    Ok(revoked)
}

/// Ends a session as a part of `transaction`, without an event. `None`: it had ended, or no token of it is alive.
pub(super) async fn end_unrecorded(
    transaction: &impl ConnectionTrait,
    id: Uuid,
    now: OffsetDateTime,
) -> Result<Option<Revocation>, DbErr> {
    match end_row(transaction, id, now).await? {
        Some(session) => revoke_session(transaction, &session, now).await,
        None => Ok(None),
    }
}

/// Ends the row of a session and returns it as it is now. `None`: it had ended.
async fn end_row(
    transaction: &impl ConnectionTrait,
    id: Uuid,
    now: OffsetDateTime,
) -> Result<Option<Session>, DbErr> {
    let ended = session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(now))
        .filter(session::Column::Id.eq(id))
        .filter(session::Column::EndedAt.is_null())
        .exec(transaction)
        .await?;
    if ended.rows_affected == 0 {
        return Ok(None);
    }
    // Read after the update: a rotation in between may have given the session younger tokens.
    session::Entity::find_by_id(id).one(transaction).await
}

async fn revoke_session(
    transaction: &impl ConnectionTrait,
    session: &Session,
    now: OffsetDateTime,
) -> Result<Option<Revocation>, DbErr> {
    let expires_at = session.access_expires_at.max(session.refresh_expires_at);
    revoke(transaction, session.id, expires_at, now).await
}
