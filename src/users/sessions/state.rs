//! The state of a session and of its refresh tokens, by what its row says at the moment.

use sea_orm::{ConnectionTrait, DbErr, EntityTrait as _, QuerySelect as _};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::database::{self, Database};
use crate::users::sessions::entity::{self as session, Model as Session};

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
    pub(super) async fn of(
        connection: &impl ConnectionTrait,
        session: &Session,
        jti: Uuid,
        repeat: Duration,
    ) -> Result<Self, DbErr> {
        if !is_live(session, OffsetDateTime::now_utc()) {
            return Ok(Self::Ended);
        }
        if session.refresh_jti == jti {
            return Ok(Self::Current);
        }
        Ok(match session.rotated_at {
            Some(at)
                if session.spent_refresh_jti == Some(jti)
                    && database::clock(connection).await? < at + repeat =>
            {
                Self::Repeat
            }
            _ => Self::Reused,
        })
    }
}

/// Returns the state of the refresh token `jti` of session `id`.
pub(crate) async fn refresh_state(
    database: &Database,
    id: Uuid,
    jti: Uuid,
    repeat: Duration,
) -> Result<RefreshState, DbErr> {
    database
        .run(move |database| async move {
            match session::Entity::find_by_id(id).one(&database).await? {
                Some(session) => RefreshState::of(&database, &session, jti, repeat).await,
                None => Ok(RefreshState::Ended),
            }
        })
        .await
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

/// Returns whether the session lives at this moment.
pub(super) fn is_live(session: &Session, now: OffsetDateTime) -> bool {
    session.ended_at.is_none() && session.refresh_expires_at > now && session.absolute_end > now
}
