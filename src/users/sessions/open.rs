//! The start of a session: at most one lives, whoever else logs in at the same moment.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use uuid::Uuid;

use super::end::end_unrecorded;
use super::lifetimes::TokenLifetimes;
use super::state::is_live;
use crate::audit::{self, AuditContext, AuditEventKind};
use crate::auth::revocation::Revocation;
use crate::database::{self, Connection, Database};
use crate::errors::ApiError;
use crate::users::entity as user;
use crate::users::sessions::entity::{self as session, Model as Session};
use crate::users::store::update_version;

/// The number of times that a login tries which loses its races.
const ATTEMPTS: usize = 5;

/// A session that was opened.
pub(crate) struct Opened {
    pub(crate) session: Session,
    /// The account as it was when the session was opened.
    pub(crate) user: user::Model,
    /// The revocation of the session that this one replaced, to be published.
    pub(crate) replaced: Option<Revocation>,
}

/// An event that is recorded of a session, and a detail of it.
type Event = (AuditEventKind, Option<&'static str>);

/// The event of a login.
pub(crate) const LOGGED_IN: Event = (AuditEventKind::LoggedIn, None);

/// Opens a session for `checked`, whose password has just been verified, and records the event. `None`: the stored
/// password has changed since, or the account is gone.
///
/// # Errors
/// `user-already-logged-in` when a session lives and is not to be replaced; what else has become of the
/// account since the password was checked; `service-unavailable`.
pub(crate) async fn open(
    database: &Database,
    checked: &user::Model,
    lifetimes: &TokenLifetimes,
    replace: bool,
    event: Event,
    context: &AuditContext,
) -> Result<Option<Opened>, ApiError> {
    let (checked, lifetimes, context) = (checked.clone(), *lifetimes, context.clone());
    database
        .run(move |database| async move {
            for _ in 0..ATTEMPTS {
                match attempt(&database, &checked, &lifetimes, replace, event, &context).await? {
                    Attempt::Won(opened) => return Ok(Some(*opened)),
                    Attempt::PasswordChanged => return Ok(None),
                    Attempt::Lost => {}
                }
            }
            Err(ApiError::unavailable(
                "The account is being changed; try again shortly",
                "the account kept changing while a session was to be opened",
            ))
        })
        .await
}

enum Attempt {
    Won(Box<Opened>),
    /// The account changed while this was going on.
    Lost,
    PasswordChanged,
}

async fn attempt(
    database: &Connection,
    checked: &user::Model,
    lifetimes: &TokenLifetimes,
    replace: bool,
    (kind, detail): Event,
    context: &AuditContext,
) -> Result<Attempt, ApiError> {
    let transaction = database::begin(database).await?;
    // The lock makes logins of one account queue up instead of losing their races; SQLite has one
    // writer anyhow. The version below decides even where a lock is not honoured.
    let Some(user) = user::Entity::find_by_id(checked.id)
        .lock_exclusive()
        .one(&transaction)
        .await?
        .filter(|user| user.password_hash == checked.password_hash)
    else {
        return Ok(Attempt::PasswordChanged);
    };
    user.ensure_active()?;

    let now = database::now();
    if let Some(id) = user.session_id {
        let latest = session::Entity::find_by_id(id).one(&transaction).await?;
        if !replace && latest.is_some_and(|session| is_live(&session, now)) {
            return Err(ApiError::user_already_logged_in());
        }
    }

    let id = Uuid::new_v4();
    let won = update_version(now)
        .col_expr(user::Column::SessionId, Expr::value(id))
        .filter(user::Column::Id.eq(user.id))
        .filter(user::Column::Version.eq(user.version))
        .exec(&transaction)
        .await?;
    if won.rows_affected == 0 {
        transaction.rollback().await?;
        return Ok(Attempt::Lost);
    }
    // Also a session that is over by its refresh token ends for good here.
    let replaced = match user.session_id {
        Some(old) => end_unrecorded(&transaction, old, now).await?,
        None => None,
    };
    let absolute_end = now + lifetimes.absolute;
    let (access_expires_at, refresh_expires_at) = lifetimes.ends(now, absolute_end);
    let session = Session {
        id,
        user_id: user.id,
        access_jti: Uuid::new_v4(),
        refresh_jti: Uuid::new_v4(),
        issued_at: now,
        access_expires_at,
        refresh_expires_at,
        spent_access_jti: None,
        spent_refresh_jti: None,
        rotated_at: None,
        started_at: now,
        last_used_at: now,
        absolute_end,
        ended_at: None,
        user_agent: context.user_agent.clone(),
        client_address: context.client_address.clone(),
        last_user_agent: context.user_agent.clone(),
        last_client_address: context.client_address.clone(),
    };
    database::insert(&transaction, session.clone()).await?;
    audit::record(&transaction, context, kind, user.id, detail).await?;
    transaction.commit().await?;
    Ok(Attempt::Won(Box::new(Opened {
        session,
        user,
        replaced,
    })))
}
