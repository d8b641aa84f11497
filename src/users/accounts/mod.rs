//! What owners and admins do with accounts, over HTTP and at the command line.

use gatekeeper::RequestContext;
use generated::models::{Session as SessionRecord, SessionList, UserCreate, UserList, UserUpdate};
use uuid::Uuid;

mod actor;
pub(crate) mod address;
mod admins;
pub(crate) mod changes;
mod search;
#[cfg(test)]
mod tests;

use super::email::normal_form;
use super::entity::Model as User;
use super::sessions::{self, Session};
use super::store::{self, NewUser};
use crate::auth::Caller;
use crate::auth::roles::Role;
use crate::database::Database;
use crate::errors::{ApiError, not_an_address};
use crate::mail::MailKind;
use crate::paging::Page;
use crate::state::App;

pub(crate) use actor::Actor;
pub(crate) use search::{Filter, list};

/// A page of the accounts that are wanted.
///
/// # Errors
/// What the database said.
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
        results: users
            .into_iter()
            .map(TryInto::try_into)
            .collect::<Result<_, _>>()?,
        count: i64::try_from(count).unwrap_or(i64::MAX),
        next: around.next,
        previous: around.previous,
    })
}

/// Opens an account for somebody.
///
/// # Errors
/// See [`store::create`]; `service-unavailable` while mails pile up.
pub(super) async fn open(
    app: &App,
    context: RequestContext<'_>,
    caller: &Caller,
    body: UserCreate,
) -> Result<User, ApiError> {
    if !body.email_verified {
        app.refuse_when_mails_pile_up().await?;
    }
    let new = NewUser {
        email: &body.email,
        password: body.password.into(),
        role: body.access_role.into(),
        verified: body.email_verified,
    };
    let create =
        async |actor: &Actor| store::create(&app.database, &app.passwords, new, actor).await;
    let user = app.act(context, caller, create).await?;
    app.mail_wakeup.notify_one();
    Ok(user)
}

/// The account, if the caller may see it: the own one, or any for admins.
///
/// # Errors
/// `not-found`, for what is not there and for what is another's alike.
pub(super) async fn visible(app: &App, caller: &Caller, id: Uuid) -> Result<User, ApiError> {
    own_or_admin(caller, id)?;
    store::find_by_id(&app.database, id)
        .await?
        .ok_or_else(ApiError::not_found)
}

/// Changes the role, asks for another address, or both.
///
/// # Errors
/// `authorisation-required` when somebody else than an admin names a role, whichever; see [`visible`] and
/// [`changes::update`].
pub(super) async fn update(
    app: &App,
    context: RequestContext<'_>,
    caller: &Caller,
    id: Uuid,
    body: UserUpdate,
) -> Result<User, ApiError> {
    if body.access_role.is_some() && !caller.is_admin() {
        return Err(ApiError::authorisation_required(Role::Admin.name()));
    }
    let present = visible(app, caller, id).await?.email;
    let email = body
        .email
        .map(|email| normal_form(&email).ok_or_else(not_an_address))
        .transpose()?;
    if let Some(email) = email.as_deref().filter(|email| *email != present) {
        app.count_mail(context, MailKind::EmailChange, email)
            .await?;
        app.refuse_when_mails_pile_up().await?;
    }
    let update = changes::Update {
        role: body.access_role.map(Into::into),
        email,
    };
    let update = async |actor: &Actor| changes::update(&app.database, id, update, actor).await;
    let done = app.act(context, caller, update).await?;
    app.mail_wakeup.notify_one();
    app.publish(&done.revoked).await?;
    Ok(done.user)
}

/// Removes an account.
///
/// # Errors
/// See [`changes::delete`].
pub(super) async fn delete(
    app: &App,
    context: RequestContext<'_>,
    caller: &Caller,
    id: Uuid,
) -> Result<(), ApiError> {
    let delete = async |actor: &Actor| changes::delete(&app.database, id, actor).await;
    let done = app.act(context, caller, delete).await?;
    app.publish(&done.revoked).await
}

/// Suspends an account.
///
/// # Errors
/// See [`changes::suspend`].
pub(super) async fn suspend(
    app: &App,
    context: RequestContext<'_>,
    caller: &Caller,
    id: Uuid,
) -> Result<User, ApiError> {
    let suspend = async |actor: &Actor| changes::suspend(&app.database, id, actor).await;
    let done = app.act(context, caller, suspend).await?;
    app.publish(&done.revoked).await?;
    Ok(done.user)
}

/// Restores a suspended account.
///
/// # Errors
/// See [`changes::restore`].
pub(super) async fn restore(
    app: &App,
    context: RequestContext<'_>,
    caller: &Caller,
    id: Uuid,
) -> Result<(), ApiError> {
    let restore = async |actor: &Actor| changes::restore(&app.database, id, actor).await;
    let done = app.act(context, caller, restore).await?;
    app.publish(&done.revoked).await
}

/// A page of the account's live sessions.
///
/// # Errors
/// See [`visible`].
pub(super) async fn sessions(
    app: &App,
    caller: &Caller,
    id: Uuid,
    page: Page,
) -> Result<SessionList, ApiError> {
    visible(app, caller, id).await?;
    let live = sessions::live(&app.database, id).await?;
    let count = live.len();
    let index = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let results = live
        .into_iter()
        .skip(index(page.offset()))
        .take(index(page.limit()))
        .map(|session| shown(session, caller))
        .collect();
    let public_url = &app.settings.server.public_url;
    let path = format!("/users/v1/{id}/sessions");
    let around = page.neighbours(
        u64::try_from(count).unwrap_or(u64::MAX),
        public_url,
        &path,
        &[],
    );
    Ok(SessionList {
        results,
        count: i64::try_from(count).unwrap_or(i64::MAX),
        next: around.next,
        previous: around.previous,
    })
}

/// Ends the account's sessions, the calling one among them.
///
/// # Errors
/// See [`visible`].
pub(super) async fn end_sessions(
    app: &App,
    context: RequestContext<'_>,
    caller: &Caller,
    id: Uuid,
) -> Result<(), ApiError> {
    own_or_admin(caller, id)?;
    let end_sessions = async |actor: &Actor| changes::end_sessions(&app.database, id, actor).await;
    let done = app.act(context, caller, end_sessions).await?;
    app.publish(&done.revoked).await
}

/// Whether the caller may see anything of the account.
///
/// # Errors
/// `not-found`, before anything is looked up: neither the answer nor its time tells whether another's id exists.
pub(super) fn own_or_admin(caller: &Caller, id: Uuid) -> Result<(), ApiError> {
    if caller.user_id == id || caller.is_admin() {
        Ok(())
    } else {
        Err(ApiError::not_found())
    }
}

fn shown(session: Session, caller: &Caller) -> SessionRecord {
    SessionRecord {
        session_id: session.id,
        started_at: session.started_at,
        last_used_at: session.last_used_at,
        expires_at: session.refresh_expires_at,
        absolute_end: session.absolute_end,
        current: caller.session == Some(session.id),
        user_agent: session.user_agent,
        client_address: session.client_address,
    }
}
