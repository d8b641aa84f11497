//! Changes of accounts by admins and owners: one transaction each.
//!
//! The account's row is locked first, so that a login that runs at the same time either waits or is ended here; and
//! that of the actor with it, who must still be what the credential says.

use generated::models;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait, EntityTrait as _};
use uuid::Uuid;

use super::actor::Actor;
use super::address;
use super::admins::{Locked, bump_version, lock};
use crate::audit::{self, AuditContext, AuditEventKind};
use crate::auth::revocation::Revocation;
use crate::auth::roles::Role;
use crate::database::{self, Database, Transaction};
use crate::errors::ApiError;
use crate::preconditions::Preconditions;
use crate::users::api_tokens;
use crate::users::entity::{self as user, Model as User};
use crate::users::sessions;

/// A change of an account.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// Gives it a role, which ends its sessions and tokens, asks for another address, or both; all of it or nothing.
    Update {
        role: Option<Role>,
        /// In normal form.
        email: Option<String>,
    },
    /// Lets nobody in until it is restored.
    Suspend,
    /// Ends the suspension. What that ended stays ended.
    Restore,
    /// Deletes it and everything of it but its events.
    Delete,
    /// Ends its sessions; its API tokens stay.
    EndSessions,
    /// Ends the one of its sessions with this id.
    EndSession(Uuid),
}

/// The outcome of a change.
pub(crate) struct Done {
    /// The account as it is now; as it was, when it was deleted.
    pub(crate) user: User,
    /// The revocations that it made, to be published.
    pub(crate) revoked: Vec<Revocation>,
}

/// Changes an account.
///
/// # Errors
/// See [`change_if()`]; never `precondition-failed`.
pub(crate) async fn change(
    database: &Database,
    id: Uuid,
    change: Change,
    actor: &Actor,
) -> Result<Done, ApiError> {
    change_if(database, id, change, Preconditions::default(), actor).await
}

/// Changes an account that is as the preconditions want it.
///
/// # Errors
/// `not-found`, `forbidden` where the last admin would go or nobody may do it to the own account, `token-invalid` for an
/// actor who may not do this any more, `precondition-failed`, `service-unavailable`.
pub(crate) async fn change_if(
    database: &Database,
    id: Uuid,
    change: Change,
    preconditions: Preconditions,
    actor: &Actor,
) -> Result<Done, ApiError> {
    let is_own = actor.is(id);
    let needed = match &change {
        Change::Suspend if is_own => {
            return Err(ApiError::forbidden("Nobody can suspend their own account."));
        }
        Change::Delete if is_own => {
            return Err(ApiError::forbidden("Nobody can delete their own account."));
        }
        Change::Update { role: None, .. } | Change::EndSessions | Change::EndSession(_)
            if is_own =>
        {
            Role::Basic
        }
        _ => Role::Admin,
    };
    let actor = actor.clone();
    database
        .run(move |database| async move {
            let transaction = database::begin(&database).await?;
            let locked = lock(&transaction, id, &actor, needed).await?;
            preconditions.verify(Some(&models::User::from(locked.user.clone())))?;
            let done = make(&transaction, locked, change, actor.context()).await?;
            transaction.commit().await?;
            Ok(done)
        })
        .await
}

async fn make(
    transaction: &Transaction,
    locked: Locked,
    change: Change,
    context: &AuditContext,
) -> Result<Done, ApiError> {
    let id = locked.user.id;
    let (kind, done) = match change {
        Change::Update { role, email } => {
            let mut done = match role {
                Some(role) => assign(transaction, locked, role, context).await?,
                None => Done {
                    user: locked.user,
                    revoked: Vec::new(),
                },
            };
            if let Some(email) = email {
                done.user = address::request(transaction, done.user, email, context).await?;
            }
            return Ok(done);
        }
        Change::Suspend if !locked.user.is_suspended() => {
            locked.spare_last_admin()?;
            let now = database::now();
            let row = user::ActiveModel {
                disabled_at: Set(Some(now)),
                email_jti: Set(None),
                ..without_mailed_tokens(bump_version(locked.user, now))
            };
            let user = row.update(transaction).await?;
            let revoked = end_everything(transaction, id).await?;
            (AuditEventKind::Suspended, Done { user, revoked })
        }
        Change::Restore if locked.user.is_suspended() => {
            let row = user::ActiveModel {
                disabled_at: Set(None),
                ..bump_version(locked.user, database::now())
            };
            let user = row.update(transaction).await?;
            let revoked = Vec::new();
            (AuditEventKind::Restored, Done { user, revoked })
        }
        Change::Suspend | Change::Restore => return unchanged(transaction, locked.user).await,
        Change::Delete => {
            locked.spare_last_admin()?;
            // The rows go with the account's; the revocations made of them stay until the last token has expired.
            let revoked = end_everything(transaction, id).await?;
            user::Entity::delete_by_id(id).exec(transaction).await?;
            let user = locked.user;
            (AuditEventKind::Deleted, Done { user, revoked })
        }
        Change::EndSessions => {
            let now = database::now();
            let revoked = sessions::end_all_within(transaction, id, None, now).await?;
            if revoked.is_empty() {
                return unchanged(transaction, locked.user).await;
            }
            let user = bump_version(locked.user, now).update(transaction).await?;
            (AuditEventKind::SessionsEnded, Done { user, revoked })
        }
        Change::EndSession(session) => {
            let event = (AuditEventKind::SessionsEnded, Some("one session"));
            let revoked = sessions::end_of_within(transaction, id, session, event, context).await?;
            return Ok(Done {
                user: locked.user,
                revoked: revoked.into_iter().collect(),
            });
        }
    };
    audit::record(transaction, context, kind, id, None).await?;
    Ok(done)
}

async fn assign(
    transaction: &Transaction,
    locked: Locked,
    role: Role,
    context: &AuditContext,
) -> Result<Done, ApiError> {
    if locked.user.access_role == role {
        return unchanged(transaction, locked.user).await;
    }
    if role < Role::Admin {
        locked.spare_last_admin()?;
    }
    let user = locked.user;
    let id = user.id;
    let mut row = user::ActiveModel {
        access_role: Set(role),
        ..without_mailed_tokens(bump_version(user.clone(), database::now()))
    };
    // The link of a verified address is spent, and is still to be answered alike.
    if !user.is_verified() {
        row.email_jti = Set(None);
    }
    let user = row.update(transaction).await?;
    let revoked = end_everything(transaction, id).await?;
    let (kind, detail) = (AuditEventKind::RoleChanged, Some(role.name()));
    audit::record(transaction, context, kind, id, detail).await?;
    Ok(Done { user, revoked })
}

/// Returns the account as it was found. The request that changed it may not have lived to publish what that ended.
async fn unchanged(transaction: &impl ConnectionTrait, user: User) -> Result<Done, ApiError> {
    let revoked = sessions::unpublished_of(transaction, user.id).await?;
    Ok(Done { user, revoked })
}

fn without_mailed_tokens(row: user::ActiveModel) -> user::ActiveModel {
    user::ActiveModel {
        password_jti: Set(None),
        pending_email: Set(None),
        pending_email_jti: Set(None),
        ..row
    }
}

async fn end_everything(
    transaction: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Vec<Revocation>, ApiError> {
    let revoked = sessions::end_all_within(transaction, id, None, database::now()).await?;
    api_tokens::delete_all_within(transaction, id).await?;
    Ok(revoked)
}
