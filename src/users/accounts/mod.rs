//! Accounts as their owners and admins see and change them, over HTTP and at the command line.

use std::sync::Arc;

use gatekeeper::RequestContext;
use generated::models::{self, UserCreate, UserList, UserUpdate};
use uuid::Uuid;

mod actor;
pub(crate) mod address;
mod admins;
mod changes;
mod create;
mod search;
#[cfg(test)]
mod tests;

use super::email::normal_form;
use super::entity::Model as User;
use super::mail_requests::MailRequests;
use super::store;
use crate::audit::Audit;
use crate::auth::Caller;
use crate::auth::password::Passwords;
use crate::auth::revocation::Revocations;
use crate::auth::roles::Role;
use crate::database::Database;
use crate::errors::{ApiError, not_an_address};
use crate::idempotency::Key;
use crate::mail::MailKind;
use crate::paging::Page;
use crate::preconditions::Preconditions;

pub(crate) use actor::{Actor, act};
use changes::change_if;
pub(crate) use changes::{Change, Done, change};
pub(crate) use create::{NewUser, create};
pub(crate) use search::{Filter, list};

/// Changes accounts for callers, and publishes what that ends.
pub(crate) struct AccountChanges {
    pub(crate) database: Database,
    pub(crate) passwords: Arc<Passwords>,
    pub(crate) mails: MailRequests,
    /// The worker's own handle.
    pub(crate) revocations: Revocations,
    pub(crate) audit: Audit,
}

impl AccountChanges {
    /// Opens an account for somebody.
    ///
    /// # Errors
    /// See [`create()`]; `service-unavailable` while mails pile up.
    pub(crate) async fn create(
        &self,
        context: RequestContext<'_>,
        caller: &Caller,
        body: UserCreate,
        key: Key,
    ) -> Result<models::User, ApiError> {
        if !body.email_verified {
            self.mails.ensure_room().await?;
        }
        let new = NewUser {
            email: &body.email,
            password: body.password.into(),
            role: body.access_role.into(),
            verified: body.email_verified,
        };
        let create =
            async |actor: &Actor| create(&self.database, &self.passwords, new, actor, key).await;
        let user = act(&self.audit, context, caller, create).await?;
        self.mails.wakeup.notify_one();
        Ok(user)
    }

    /// Changes the role, asks for another address, or both.
    ///
    /// # Errors
    /// `authorisation-required` when somebody else than an admin names a role, whichever; see [`find_visible`] and
    /// [`change_if()`].
    pub(crate) async fn update(
        &self,
        context: RequestContext<'_>,
        caller: &Caller,
        id: Uuid,
        preconditions: Preconditions,
        body: UserUpdate,
    ) -> Result<User, ApiError> {
        if body.access_role.is_some() && !caller.is_admin() {
            return Err(ApiError::authorisation_required(Role::Admin.name()));
        }
        let user = find_visible(&self.database, caller, id).await?;
        let present = user.email.clone();
        // Also before a mail is counted; the transaction decides.
        preconditions.verify(Some(&models::User::from(user)))?;
        let email = body
            .email
            .map(|email| normal_form(&email).ok_or_else(not_an_address))
            .transpose()?;
        if let Some(email) = email.as_deref().filter(|email| *email != present) {
            self.mails
                .admit(context, MailKind::EmailChange, email)
                .await?;
        }
        let update = Change::Update {
            role: body.access_role.map(Into::into),
            email,
        };
        self.change_if(context, caller, id, update, preconditions)
            .await
    }

    /// Makes a change of an account that the caller may see.
    ///
    /// # Errors
    /// See [`ensure_visible`] and [`change()`].
    pub(crate) async fn change(
        &self,
        context: RequestContext<'_>,
        caller: &Caller,
        id: Uuid,
        wanted: Change,
    ) -> Result<User, ApiError> {
        self.change_if(context, caller, id, wanted, Preconditions::default())
            .await
    }

    /// Makes a change of an account that the caller may see, if it is as the preconditions want it.
    ///
    /// # Errors
    /// See [`ensure_visible`] and [`change_if()`].
    pub(crate) async fn change_if(
        &self,
        context: RequestContext<'_>,
        caller: &Caller,
        id: Uuid,
        wanted: Change,
        preconditions: Preconditions,
    ) -> Result<User, ApiError> {
        ensure_visible(caller, id)?;
        let make =
            async |actor: &Actor| change_if(&self.database, id, wanted, preconditions, actor).await;
        let done = act(&self.audit, context, caller, make).await?;
        self.mails.wakeup.notify_one();
        // Where this fails the response does not say that all is done, though it will be: SQL has it, and the store
        // catches up.
        self.revocations.publish(&done.revoked).await?;
        Ok(done.user)
    }
}

/// Returns a page of the accounts that the filter selects.
pub(crate) async fn listed(
    database: &Database,
    public_url: &str,
    filter: &Filter,
    page: Page,
) -> Result<UserList, ApiError> {
    let (users, count) = list(database, filter, page).await?;
    let disabled = filter.disabled.map(|disabled| disabled.to_string());
    let kept: Vec<(&str, &str)> = [
        ("search", filter.search.as_deref()),
        ("access_role", filter.role.map(Role::name)),
        ("disabled", disabled.as_deref()),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
    .collect();
    let around = page.neighbours(count, public_url, "/users/v1/", &kept);
    Ok(UserList {
        results: users.into_iter().map(Into::into).collect(),
        count: i64::try_from(count).unwrap_or(i64::MAX),
        next: around.next,
        previous: around.previous,
    })
}

/// Returns the account, if the caller may see it: the own one, or any for admins.
///
/// # Errors
/// `not-found`, for what is not there and for what is another's alike.
pub(crate) async fn find_visible(
    database: &Database,
    caller: &Caller,
    id: Uuid,
) -> Result<User, ApiError> {
    ensure_visible(caller, id)?;
    store::find_by_id(database, id)
        .await?
        .ok_or_else(ApiError::not_found)
}

/// Refuses a caller who may see nothing of the account.
///
/// # Errors
/// `not-found`, before anything is looked up: neither the answer nor its time tells whether another's id exists.
pub(crate) fn ensure_visible(caller: &Caller, id: Uuid) -> Result<(), ApiError> {
    if caller.user_id == id || caller.is_admin() {
        Ok(())
    } else {
        Err(ApiError::not_found())
    }
}
