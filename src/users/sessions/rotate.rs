//! Exchange of a refresh token for a new pair: once, however often and from wherever it is asked for.

use sea_orm::{ActiveValue::Set, ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::end::end_within;
use super::lifetimes::TokenLifetimes;
use super::state::RefreshState;
use crate::audit::{self, AuditContext, AuditEventKind};
use crate::auth::revocation::{Revocation, revoke, unpublished};
use crate::database::{self, Connection, Database};
use crate::users::sessions::entity::{self as session, Model as Session};

/// The number of times that a request looks which loses the race. One look is enough to find the winner's pair;
/// the rest is for the session's ending in between.
const ATTEMPTS: usize = 3;

/// The refresh token that was presented.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Presented {
    pub(crate) session: Uuid,
    pub(crate) refresh_jti: Uuid,
    /// The access token that the caller says it holds.
    pub(crate) access_jti: Option<Uuid>,
}

/// The outcome of an exchange.
pub(crate) enum Rotation {
    /// The session with its present pair; the old access token is to be published as revoked.
    Pair {
        session: Box<Session>,
        retired: Option<Revocation>,
    },
    /// Refused. When that ended the session, it is to be published.
    Refused {
        reason: &'static str,
        ended: Option<Revocation>,
    },
}

/// Exchanges the presented refresh token.
pub(crate) async fn rotate(
    database: &Database,
    presented: Presented,
    lifetimes: &TokenLifetimes,
    context: &AuditContext,
) -> Result<Rotation, DbErr> {
    let (lifetimes, context) = (*lifetimes, context.clone());
    database
        .run(move |database| async move { attempts(&database, presented, &lifetimes, &context).await })
        .await
}

async fn attempts(
    database: &Connection,
    presented: Presented,
    lifetimes: &TokenLifetimes,
    context: &AuditContext,
) -> Result<Rotation, DbErr> {
    for _ in 0..ATTEMPTS {
        let Some(session) = session::Entity::find_by_id(presented.session)
            .one(database)
            .await?
        else {
            return Ok(refused("no such session"));
        };
        let (jti, repeat) = (presented.refresh_jti, lifetimes.repeat);
        let state = RefreshState::of(database, &session, jti, repeat).await?;
        let own = [Some(session.access_jti), session.spent_access_jti];
        match state {
            RefreshState::Ended => return Ok(refused("the session has ended")),
            RefreshState::Reused => {
                return Ok(Rotation::Refused {
                    reason: "a spent refresh token was used again; its session has been ended",
                    ended: end_reused(database, session.id, context).await?,
                });
            }
            _ if presented.access_jti.is_some() && !own.contains(&presented.access_jti) => {
                return Ok(refused("the old access token is not of this session"));
            }
            RefreshState::Repeat => {
                // Whoever rotated may not have come to publish it yet.
                let retired = match session.spent_access_jti {
                    Some(jti) => unpublished(database, jti).await?,
                    None => None,
                };
                return Ok(Rotation::Pair {
                    session: Box::new(session),
                    retired,
                });
            }
            RefreshState::Current => {
                if let Some(rotated) = exchange(database, session, lifetimes, context).await? {
                    return Ok(rotated);
                }
            }
        }
    }
    Ok(refused(
        "the session changed too often while it was looked at",
    ))
}

/// Ends the session of a refresh token that was used twice.
async fn end_reused(
    database: &Connection,
    session: Uuid,
    context: &AuditContext,
) -> Result<Option<Revocation>, DbErr> {
    let transaction = database::begin(database).await?;
    let event = (AuditEventKind::RefreshTokenReused, None);
    let ended = end_within(&transaction, session, event, context).await?;
    transaction.commit().await?;
    Ok(ended)
}

/// Gives the session a new pair. `None`: another request was faster, or the session has ended.
async fn exchange(
    database: &Connection,
    seen: Session,
    lifetimes: &TokenLifetimes,
    context: &AuditContext,
) -> Result<Option<Rotation>, DbErr> {
    let transaction = database::begin(database).await?;
    let now = database::now();
    let (access_expires_at, refresh_expires_at) = lifetimes.ends(now, seen.absolute_end);
    let next = Session {
        access_jti: Uuid::new_v4(),
        refresh_jti: Uuid::new_v4(),
        issued_at: now,
        access_expires_at,
        refresh_expires_at,
        spent_access_jti: Some(seen.access_jti),
        spent_refresh_jti: Some(seen.refresh_jti),
        // With its fraction, unlike the others, and by a clock that all instances share: seconds count here.
        rotated_at: Some(database::clock(&transaction).await?),
        last_used_at: now,
        last_user_agent: context.user_agent.clone(),
        last_client_address: context.client_address.clone(),
        ..seen
    };
    let changed = session::ActiveModel {
        access_jti: Set(next.access_jti),
        refresh_jti: Set(next.refresh_jti),
        issued_at: Set(next.issued_at),
        access_expires_at: Set(next.access_expires_at),
        refresh_expires_at: Set(next.refresh_expires_at),
        spent_access_jti: Set(next.spent_access_jti),
        spent_refresh_jti: Set(next.spent_refresh_jti),
        rotated_at: Set(next.rotated_at),
        last_used_at: Set(next.last_used_at),
        last_user_agent: Set(next.last_user_agent.clone()),
        last_client_address: Set(next.last_client_address.clone()),
        ..Default::default()
    };
    let won = session::Entity::update_many()
        .set(changed)
        .filter(session::Column::Id.eq(seen.id))
        .filter(session::Column::RefreshJti.eq(seen.refresh_jti))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::AbsoluteEnd.gt(now))
        .filter(session::Column::RefreshExpiresAt.gt(now))
        .exec(&transaction)
        .await?;
    if won.rows_affected == 0 {
        transaction.rollback().await?;
        return Ok(None);
    }
    // A pair never changes while its refresh token is current, so what was seen is what was spent.
    let retired = revoke(&transaction, seen.access_jti, seen.access_expires_at, now).await?;
    audit::record(
        &transaction,
        context,
        AuditEventKind::Refreshed,
        next.user_id,
        None,
    )
    .await?;
    transaction.commit().await?;
    Ok(Some(Rotation::Pair {
        session: Box::new(next),
        retired,
    }))
}

fn refused(reason: &'static str) -> Rotation {
    Rotation::Refused {
        reason,
        ended: None,
    }
}
