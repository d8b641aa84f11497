//! Forgotten, changed and reset passwords.

use gatekeeper::RequestContext;
use generated::models::{EmailRequest, PasswordChange, PasswordReset};

mod store;
#[cfg(test)]
mod tests;

use super::email::normal_form;
use crate::auth::Caller;
use crate::auth::password::PasswordFault;
use crate::errors::{ApiError, not_an_address};
use crate::mail::{MailKind, queue};
use crate::state::App;

pub(crate) use store::renew_jti;

/// Queues the mail with a password token. Who has the address is looked up by the mail worker, so that the
/// answer and its time tell nothing.
pub(super) async fn forgotten(
    app: &App,
    context: RequestContext<'_>,
    body: EmailRequest,
) -> Result<(), ApiError> {
    let email = normal_form(&body.email).ok_or_else(not_an_address)?;
    app.count_mail(context, MailKind::Forgotten, &email).await?;
    app.refuse_when_mails_pile_up().await?;
    queue::push_alone(&app.database, MailKind::Forgotten, email).await?;
    app.mail_wakeup.notify_one();
    Ok(())
}

/// Sets the password for the bearer of a mailed token, which is spent by it.
pub(super) async fn change(
    app: &App,
    context: RequestContext<'_>,
    caller: &Caller,
    body: PasswordChange,
) -> Result<(), ApiError> {
    let user = app.user_of(context, caller).await?;
    // Before the token is spent: a password that is refused leaves it as it was.
    let hash = app.passwords.hash(body.password.into(), user.email).await?;
    let origin = app.origin(context).by(caller.user_id);
    let revoked = store::change(&app.database, caller.user_id, caller.jti, hash, &origin)
        .await?
        .ok_or_else(|| ApiError::token_invalid("the password token was used meanwhile"))?;
    app.mail_wakeup.notify_one();
    app.publish(&revoked).await
}

/// Sets the password for a caller who gives the present one.
pub(super) async fn reset(
    app: &App,
    context: RequestContext<'_>,
    caller: &Caller,
    body: PasswordReset,
) -> Result<(), ApiError> {
    let email = app.user_of(context, caller).await?.email;
    let user = app
        .proved(context, &email, body.old_password.into())
        .await?;
    // The address may have gone to another account in between.
    if user.id != caller.user_id {
        return Err(ApiError::credentials_invalid());
    }
    let hash = app
        .passwords
        .hash(body.new_password.into(), email)
        .await
        .map_err(|fault| match fault {
            PasswordFault::Refused(reason) => ApiError::invalid("/new_password", reason),
            fault => fault.into(),
        })?;
    let origin = app.origin(context).by(caller.user_id);
    let revoked = store::reset(&app.database, &user, caller.session, hash, &origin)
        .await?
        .ok_or_else(ApiError::credentials_invalid)?;
    app.mail_wakeup.notify_one();
    app.publish(&revoked).await
}
