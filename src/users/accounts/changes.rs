//! Changes of accounts by admins and owners: one transaction each.
//!
//! The account's row is locked first, so that a login that runs at the same time either waits or is ended here; and
//! that of the actor with it, who must still be what the credential says.

use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait, EntityTrait as _};
use uuid::Uuid;

use super::actor::Actor;
use super::address;
use super::admins::{Locked, bump_version, lock, lock_among_admins};
use crate::audit::{self, AuditContext, AuditEventKind};
use crate::auth::revocation::Revocation;
use crate::auth::roles::Role;
use crate::database::{self, Database};
use crate::errors::ApiError;
use crate::users::api_tokens;
use crate::users::entity::{self as user, Model as User};
use crate::users::sessions;

/// The outcome of a change.
pub(crate) struct Done {
    /// The account as it is now; as it was, when it was deleted.
    pub(crate) user: User,
    /// The revocations that it made, to be published.
    pub(crate) revoked: Vec<Revocation>,
}

/// The change that is wanted.
#[derive(Clone, Default)]
pub(super) struct Update {
    pub(super) role: Option<Role>,
    /// In normal form.
    pub(super) email: Option<String>,
}

/// Changes the role, asks for another address, or both; all of it or nothing.
///
/// # Errors
/// `not-found`, `forbidden` where the last admin would lose the role, `token-invalid` for an actor who may not do
/// this any more, `service-unavailable`.
pub(super) async fn update(
    database: &Database,
    id: Uuid,
    update: Update,
    actor: &Actor,
) -> Result<Done, ApiError> {
    let actor = actor.clone();
    database
        .run(move |database| async move {
            let transaction = database::begin(&database).await?;
            let needed = match update.role {
                Some(_) => Role::Admin,
                None => needed(&actor, id),
            };
            let locked = lock_among_admins(&transaction, id, &actor, needed).await?;
            let mut done = match update.role {
                Some(role) => assign(&transaction, locked, role, actor.context()).await?,
                None => Done {
                    user: locked.user,
                    revoked: Vec::new(),
                },
            };
            if let Some(email) = update.email {
                let context = actor.context();
                done.user = address::request(&transaction, done.user, email, context).await?;
            }
            transaction.commit().await?;
            Ok(done)
        })
        .await
}

/// Gives an account a role, which ends its sessions and tokens.
///
/// # Errors
/// Those of [`update`].
pub(crate) async fn set_role(
    database: &Database,
    id: Uuid,
    role: Role,
    actor: &Actor,
) -> Result<Done, ApiError> {
    let wanted = Update {
        role: Some(role),
        email: None,
    };
    update(database, id, wanted, actor).await
}

/// Suspends an account: nobody gets in until it is restored.
///
/// # Errors
/// Those of [`update`]; `forbidden` for the last admin and for the own account.
pub(crate) async fn suspend(
    database: &Database,
    id: Uuid,
    actor: &Actor,
) -> Result<Done, ApiError> {
    spare_oneself(id, actor, "Nobody can suspend their own account.")?;
    let actor = actor.clone();
    database
        .run(move |database| async move {
            let transaction = database::begin(&database).await?;
            let locked = lock_among_admins(&transaction, id, &actor, Role::Admin).await?;
            if locked.user.is_suspended() {
                return unchanged(&transaction, locked.user).await;
            }
            locked.spare_last_admin()?;
            let now = database::now();
            let row = user::ActiveModel {
                disabled_at: Set(Some(now)),
                email_jti: Set(None),
                ..without_mailed_tokens(bump_version(locked.user, now))
            };
            let user = row.update(&transaction).await?;
            let revoked = end_everything(&transaction, id).await?;
            audit::record(
                &transaction,
                actor.context(),
                AuditEventKind::Suspended,
                id,
                None,
            )
            .await?;
            transaction.commit().await?;
            Ok(Done { user, revoked })
        })
        .await
}

/// Restores a suspended account. What the suspension ended stays ended.
///
/// # Errors
/// Those of [`update`], but for `forbidden`.
pub(crate) async fn restore(
    database: &Database,
    id: Uuid,
    actor: &Actor,
) -> Result<Done, ApiError> {
    let actor = actor.clone();
    database
        .run(move |database| async move {
            let transaction = database::begin(&database).await?;
            let mut user = lock(&transaction, id, &actor, Role::Admin).await?;
            if user.is_suspended() {
                let row = user::ActiveModel {
                    disabled_at: Set(None),
                    ..bump_version(user, database::now())
                };
                user = row.update(&transaction).await?;
                audit::record(
                    &transaction,
                    actor.context(),
                    AuditEventKind::Restored,
                    id,
                    None,
                )
                .await?;
                transaction.commit().await?;
            }
            Ok(Done {
                user,
                revoked: Vec::new(),
            })
        })
        .await
}

/// Deletes an account and everything of it but its events.
///
/// # Errors
/// Those of [`suspend`].
pub(crate) async fn delete(database: &Database, id: Uuid, actor: &Actor) -> Result<Done, ApiError> {
    spare_oneself(id, actor, "Nobody can delete their own account.")?;
    let actor = actor.clone();
    database
        .run(move |database| async move {
            let transaction = database::begin(&database).await?;
            let locked = lock_among_admins(&transaction, id, &actor, Role::Admin).await?;
            locked.spare_last_admin()?;
            // The rows go with the account's; the revocations made of them stay until the last token has expired.
            let revoked = end_everything(&transaction, id).await?;
            user::Entity::delete_by_id(id).exec(&transaction).await?;
            audit::record(
                &transaction,
                actor.context(),
                AuditEventKind::Deleted,
                id,
                None,
            )
            .await?;
            transaction.commit().await?;
            Ok(Done {
                user: locked.user,
                revoked,
            })
        })
        .await
}

/// Ends the sessions of an account; its API tokens stay.
///
/// # Errors
/// Those of [`update`], but for `forbidden`.
pub(crate) async fn end_sessions(
    database: &Database,
    id: Uuid,
    actor: &Actor,
) -> Result<Done, ApiError> {
    let actor = actor.clone();
    database
        .run(move |database| async move {
            let transaction = database::begin(&database).await?;
            let user = lock(&transaction, id, &actor, needed(&actor, id)).await?;
            let now = database::now();
            let revoked = sessions::end_all_within(&transaction, id, None, now).await?;
            if revoked.is_empty() {
                return unchanged(&transaction, user).await;
            }
            let user = bump_version(user, now).update(&transaction).await?;
            audit::record(
                &transaction,
                actor.context(),
                AuditEventKind::SessionsEnded,
                id,
                None,
            )
            .await?;
            transaction.commit().await?;
            Ok(Done { user, revoked })
        })
        .await
}

async fn assign(
    transaction: &impl ConnectionTrait,
    locked: Locked,
    role: Role,
    context: &AuditContext,
) -> Result<Done, ApiError> {
    if locked.user.access_role == role.stored() {
        return unchanged(transaction, locked.user).await;
    }
    if role < Role::Admin {
        locked.spare_last_admin()?;
    }
    let user = locked.user;
    let id = user.id;
    let mut row = user::ActiveModel {
        access_role: Set(role.stored()),
        ..without_mailed_tokens(bump_version(user.clone(), database::now()))
    };
    // The link of a verified address is spent, and is still to be answered alike.
    if !user.is_verified() {
        row.email_jti = Set(None);
    }
    let user = row.update(transaction).await?;
    let revoked = end_everything(transaction, id).await?;
    let detail = Some(role.name());
    audit::record(
        transaction,
        context,
        AuditEventKind::RoleChanged,
        id,
        detail,
    )
    .await?;
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

/// Returns the role that the actor needs for a change which owners may make, too.
fn needed(actor: &Actor, id: Uuid) -> Role {
    if actor.is(id) {
        Role::Basic
    } else {
        Role::Admin
    }
}

fn spare_oneself(id: Uuid, actor: &Actor, detail: &'static str) -> Result<(), ApiError> {
    if actor.is(id) {
        return Err(ApiError::forbidden(detail));
    }
    Ok(())
}
