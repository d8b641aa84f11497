//! Changed and reset passwords.

use std::sync::Arc;

use gatekeeper::{Denial, Rejection, RequestContext};
use secrecy::SecretString;

mod store;
#[cfg(test)]
mod tests;

use super::current::current_user;
use super::entity::Model as User;
use super::mail_requests::MailRequests;
use super::password_login::PasswordLogin;
use super::store::find_by_id;
use crate::auth::password::{PasswordFault, Passwords};
use crate::auth::refusals::{deny, unchecked};
use crate::auth::token_verifier::TokenVerifier;
use crate::auth::tokens::TokenKind;
use crate::auth::{Caller, Scheme};
use crate::database::Database;
use crate::errors::ApiError;

pub(crate) use store::renew_jti;

/// Changes the passwords of accounts.
pub(crate) struct PasswordChanges {
    pub(crate) database: Database,
    pub(crate) passwords: Arc<Passwords>,
    pub(crate) login: PasswordLogin,
    pub(crate) tokens: TokenVerifier,
    pub(crate) mails: MailRequests,
}

impl PasswordChanges {
    /// Authenticates by a password token, which a mail has brought.
    pub(crate) async fn authenticate(
        &self,
        context: RequestContext<'_>,
        token: &str,
    ) -> Result<Caller, Denial> {
        Ok(self.find_bearer(context, token).await?.0)
    }

    /// Authenticates by the password token of a link, which stays as it is, and returns the account as well.
    ///
    /// # Errors
    /// `token-invalid`, `token-expired`, `service-unavailable`.
    pub(crate) async fn open_link(
        &self,
        context: RequestContext<'_>,
        token: &str,
    ) -> Result<(Caller, User), ApiError> {
        let bearer = self.find_bearer(context, token).await;
        Ok(bearer.map_err(|denial| Rejection::Denied {
            denial,
            challenges: Vec::new(),
        })?)
    }

    async fn find_bearer(
        &self,
        context: RequestContext<'_>,
        token: &str,
    ) -> Result<(Caller, User), Denial> {
        let token = self
            .tokens
            .verify(context, TokenKind::Password, token)
            .await?;
        let user = find_by_id(&self.database, token.user_id)
            .await
            .map_err(unchecked)?;
        let reason = match user {
            None => "the user is gone",
            Some(user) if user.is_suspended() => "the user is suspended",
            Some(user) if user.password_jti != Some(token.jti) => {
                "the password token was used, or replaced by a newer one"
            }
            Some(user) => return Ok((Caller::of_token(&token, Scheme::JwtPassword), user)),
        };
        let audit = &self.tokens.audit;
        Err(deny(audit, context, Some(token.user_id), reason))
    }

    /// Sets the password for the bearer of a mailed token, which is spent by it.
    ///
    /// # Errors
    /// `validation-failed`, `token-invalid`, `service-unavailable`.
    pub(crate) async fn change(
        &self,
        context: RequestContext<'_>,
        caller: &Caller,
        password: SecretString,
    ) -> Result<(), ApiError> {
        let audit = &self.tokens.audit;
        let user = current_user(&self.database, audit, context, caller).await?;
        // Before the token is spent: a password that is refused leaves it as it was.
        let hash = self.passwords.hash(password, user.email).await?;
        let own = audit.context_of(context).by(caller.user_id);
        let revoked = store::change(&self.database, caller.user_id, caller.jti, hash, &own)
            .await?
            .ok_or_else(|| ApiError::token_invalid("the password token was used meanwhile"))?;
        self.mails.wakeup.notify_one();
        Ok(self.tokens.revocations.publish(&revoked).await?)
    }

    /// Sets the password for a caller who gives the present one.
    ///
    /// # Errors
    /// `validation-failed`, `credentials-invalid`, `token-invalid`, `too-many-requests`, `service-unavailable`.
    pub(crate) async fn reset(
        &self,
        context: RequestContext<'_>,
        caller: &Caller,
        old: SecretString,
        new: SecretString,
    ) -> Result<(), ApiError> {
        let audit = &self.tokens.audit;
        let user = current_user(&self.database, audit, context, caller).await?;
        let email = user.email;
        let user = self.login.verify_password(context, &email, old).await?;
        // The address may have gone to another account in between.
        if user.id != caller.user_id {
            return Err(ApiError::credentials_invalid());
        }
        let hash = self
            .passwords
            .hash(new, email)
            .await
            .map_err(|fault| match fault {
                PasswordFault::Refused(reason) => ApiError::invalid("/new_password", reason),
                fault => fault.into(),
            })?;
        let own = audit.context_of(context).by(caller.user_id);
        let revoked = store::reset(&self.database, &user, caller.session, hash, &own)
            .await?
            .ok_or_else(ApiError::credentials_invalid)?;
        self.mails.wakeup.notify_one();
        Ok(self.tokens.revocations.publish(&revoked).await?)
    }
}
