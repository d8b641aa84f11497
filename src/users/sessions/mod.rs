//! Sessions: the rows are the truth, tokens only point at them.
//!
//! A session is live by what its row says at the moment; nothing has to be cleared when it runs out.

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _,
    QuerySelect as _,
};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

mod list;
mod open;
mod pair;
pub(crate) mod purge;
mod rotate;
#[cfg(test)]
mod tests;

use super::session_entity as session;
use crate::audit::{self, AuditContext, AuditEventKind};
use crate::auth::revocation::{Revocation, entity as revocation};
use crate::database::{self, Database};
use crate::settings::Settings;

pub(crate) use list::{live, unpublished_of};
pub(crate) use open::{LOGGED_IN, open};
pub(crate) use pair::pair;
pub(crate) use rotate::{Presented, Rotation, rotate};
pub(crate) use session::Model as Session;

/// The lifetimes of sessions and their tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenLifetimes {
    pub(crate) access: Duration,
    pub(crate) refresh: Duration,
    /// From the start of the session to the end that rotation doesn't move.
    pub(crate) absolute: Duration,
    /// For how long a spent refresh token is answered with the same pair again.
    pub(crate) repeat: Duration,
}

impl TokenLifetimes {
    /// Reads the lifetimes from the settings.
    pub(crate) fn of(settings: &Settings) -> Self {
        Self {
            access: Duration::hours(settings.tokens.access.hours.into()),
            refresh: Duration::hours(settings.tokens.refresh.hours.into()),
            absolute: Duration::days(settings.sessions.absolute_days.into()),
            repeat: Duration::seconds(settings.sessions.refresh_repeat_seconds.into()),
        }
    }

    /// Returns when a pair made `now` expires: access, refresh. An access token never outlives the session.
    fn ends(
        &self,
        now: OffsetDateTime,
        absolute_end: OffsetDateTime,
    ) -> (OffsetDateTime, OffsetDateTime) {
        let refresh = (now + self.refresh).min(absolute_end);
        ((now + self.access).min(refresh), refresh)
    }
}

/// The state of a verified refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefreshState {
    /// The current one of its session.
    Current,
    /// The one before, spent a moment ago, whose successor has not been used.
    Repeat,
    /// Spent, and used once more: somebody holds a copy (RFC 9700, section 4.14.2).
    Reused,
    /// Of a session that has ended or never was.
    Ended,
}

impl RefreshState {
    fn of(session: &Session, jti: Uuid, repeat: Duration) -> Self {
        let now = OffsetDateTime::now_utc();
        if !is_live(session, now) {
            Self::Ended
        } else if session.refresh_jti == jti {
            Self::Current
        } else if session.spent_refresh_jti == Some(jti)
            && session.rotated_at.is_some_and(|at| now < at + repeat)
        {
            Self::Repeat
        } else {
            Self::Reused
        }
    }
}

/// Returns the state of the refresh token `jti` of session `id`.
pub(crate) async fn refresh_state(
    database: &Database,
    id: Uuid,
    jti: Uuid,
    repeat: Duration,
) -> Result<RefreshState, DbErr> {
    let session = database
        .run(move |database| async move { session::Entity::find_by_id(id).one(&database).await })
        .await?;
    Ok(session.map_or(RefreshState::Ended, |session| {
        RefreshState::of(&session, jti, repeat)
    }))
}

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
    origin: &AuditContext,
) -> Result<Option<Revocation>, DbErr> {
    let now = database::now();
    let Some(session) = end_row(transaction, id, now).await? else {
        return unpublished(transaction, id).await;
    };
    let revoked = revoke_session(transaction, &session, now).await?;
    audit::record(transaction, origin, kind, session.user_id, detail).await?;
    Ok(revoked)
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
async fn end_unrecorded(
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

/// Revokes a token or a session from now on. `None`: it has expired anyway.
pub(crate) async fn revoke(
    transaction: &impl ConnectionTrait,
    id: Uuid,
    expires_at: OffsetDateTime,
    now: OffsetDateTime,
) -> Result<Option<Revocation>, DbErr> {
    if expires_at <= now {
        return Ok(None);
    }
    let row = revocation::ActiveModel {
        id: Set(id),
        expires_at: Set(expires_at),
        revoked_at: Set(now),
        published: Set(false),
    };
    revocation::Entity::insert(row)
        .on_conflict(
            OnConflict::column(revocation::Column::Id)
                .do_nothing_on([revocation::Column::Id])
                .to_owned(),
        )
        .exec_without_returning(transaction)
        .await?;
    Ok(Some(Revocation { id, expires_at }))
}

/// Returns the revocation of `id`, if SQL has it and the fast store may not.
pub(crate) async fn unpublished(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<Revocation>, DbErr> {
    let row = revocation::Entity::find_by_id(id)
        .filter(revocation::Column::Published.eq(false))
        .one(connection)
        .await?;
    Ok(row.map(|row| Revocation {
        id: row.id,
        expires_at: row.expires_at,
    }))
}

/// Locks the session's row until `transaction` is over.
pub(crate) async fn lock(transaction: &impl ConnectionTrait, id: Uuid) -> Result<(), DbErr> {
    session::Entity::find_by_id(id)
        .lock_exclusive()
        .one(transaction)
        .await
        .map(drop)
}

/// Returns whether the session lives, as a part of a transaction.
pub(crate) async fn is_live_within(
    transaction: &impl ConnectionTrait,
    id: Uuid,
) -> Result<bool, DbErr> {
    let session = session::Entity::find_by_id(id).one(transaction).await?;
    Ok(session.is_some_and(|session| is_live(&session, database::now())))
}

fn is_live(session: &Session, now: OffsetDateTime) -> bool {
    session.ended_at.is_none() && session.refresh_expires_at > now && session.absolute_end > now
}
