//! Accounts that somebody opens for somebody else.

use generated::models::User;
use secrecy::SecretString;

use super::actor::Actor;
use crate::audit::{self, AuditEventKind};
use crate::auth::password::Passwords;
use crate::auth::roles::Role;
use crate::database::{self, Database, DatabaseErrorClass};
use crate::errors::{ApiError, not_an_address};
use crate::idempotency::Key;
use crate::mail::{MailKind, queue};
use crate::users::email::normal_form;
use crate::users::store::fresh;

/// The account that is wanted.
pub(crate) struct NewUser<'a> {
    pub(crate) email: &'a str,
    pub(crate) password: SecretString,
    pub(crate) role: Role,
    /// The address counts as verified; a link is mailed otherwise.
    pub(crate) verified: bool,
}

/// Opens an account for somebody, as an admin or the operator wants it, and returns it, or the one that the first request
/// with the key opened, as it was then.
///
/// # Errors
/// `validation-failed` for what is no address and for a password that nobody may have; `user-already-exists`;
/// `token-invalid` for an actor who is no admin any more; `service-unavailable`; see [`Key::claim`].
pub(crate) async fn create(
    database: &Database,
    passwords: &Passwords,
    new: NewUser<'_>,
    actor: &Actor,
    key: Key,
) -> Result<User, ApiError> {
    let email = normal_form(new.email).ok_or_else(not_an_address)?;
    let password_hash = passwords.hash(new.password, email.clone()).await?;
    let verified_at = new.verified.then(database::now);
    let user = fresh(email.clone(), password_hash, new.role, verified_at);
    let reply = User::from(user.clone());
    let (role, verified, actor) = (new.role, new.verified, actor.clone());
    database
        .run(move |database| async move {
            let transaction = database::begin(&database).await?;
            // Before the actor's row is locked, for which a second request would wait.
            let first = key.claim(&transaction, &reply).await?;
            actor.lock(&transaction, &[], Role::Admin).await?;
            if let Some(first) = first {
                return Ok(first);
            }
            database::insert(&transaction, user)
                .await
                .map_err(|error| match database::classify_error(&error) {
                    DatabaseErrorClass::Unique => ApiError::user_already_exists(),
                    DatabaseErrorClass::Unavailable | DatabaseErrorClass::Other => error.into(),
                })?;
            if !verified {
                queue::push(&transaction, MailKind::Signup, email, Some(reply.user_id)).await?;
            }
            let (created, role) = (AuditEventKind::UserCreated, Some(role.name()));
            audit::record(&transaction, actor.context(), created, reply.user_id, role).await?;
            transaction.commit().await?;
            Ok(reply)
        })
        .await
}
