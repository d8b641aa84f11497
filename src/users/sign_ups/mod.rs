//! Sign-up, and the verification of the address that was given.

mod store;

use std::sync::Arc;

use gatekeeper::RequestContext;
use secrecy::SecretString;
use uuid::Uuid;

use super::email::normal_form;
use super::mail_requests::MailRequests;
use super::store::find_by_id;
use crate::audit::Audit;
use crate::auth::password::Passwords;
use crate::auth::refusals::refuse_token;
use crate::auth::tokens::{Keys, TokenFault, TokenKind, Verified};
use crate::database::{self, Database};
use crate::errors::{ApiError, not_an_address};
use crate::idempotency::Key;
use crate::mail::MailKind;

use store::link_state;
pub(crate) use store::{mark_verified, renew_email_jti, sign_up};

/// Signs accounts up and verifies their addresses.
pub(crate) struct SignUps {
    pub(crate) database: Database,
    pub(crate) keys: Arc<Keys>,
    pub(crate) passwords: Arc<Passwords>,
    pub(crate) mails: MailRequests,
    pub(crate) audit: Audit,
}

impl SignUps {
    /// Opens an account unless the address has one, and has a mail sent in either case.
    ///
    /// # Errors
    /// `validation-failed`, `too-many-requests`, `service-unavailable`; see [`Key::claim`].
    pub(crate) async fn sign_up(
        &self,
        context: RequestContext<'_>,
        email: &str,
        password: SecretString,
        key: Key,
    ) -> Result<(), ApiError> {
        if key.find::<()>(&self.database).await?.is_some() {
            return Ok(());
        }
        let email = normal_form(email).ok_or_else(not_an_address)?;
        self.mails.admit(context, MailKind::Signup, &email).await?;
        let hash = self.passwords.hash(password, email.clone()).await?;
        let context = self.audit.context_of(context);
        sign_up(&self.database, email, hash, &context, key).await?;
        self.mails.wakeup.notify_one();
        Ok(())
    }

    /// Marks the address as verified that the token was mailed to.
    ///
    /// # Errors
    /// `token-invalid`, `token-expired`, `service-unavailable`.
    pub(crate) async fn verify_email(
        &self,
        context: RequestContext<'_>,
        token: &str,
    ) -> Result<(), ApiError> {
        let token = self.verify_token(context, token)?;
        let email = token.email.as_deref().unwrap_or_default();
        let event_context = self.audit.context_of(context);
        if !mark_verified(
            &self.database,
            token.user_id,
            email,
            token.jti,
            &event_context,
        )
        .await?
        {
            return Err(self.refuse_replaced(context, &token));
        }
        self.mails.wakeup.notify_one();
        Ok(())
    }

    /// Returns true if the address is verified by this token already, and false if it still can be. Changes nothing.
    ///
    /// # Errors
    /// Those of [`verify_email`](Self::verify_email).
    pub(crate) async fn is_verified_by(
        &self,
        context: RequestContext<'_>,
        token: &str,
    ) -> Result<bool, ApiError> {
        let token = self.verify_token(context, token)?;
        let email = token.email.as_deref().unwrap_or_default();
        let user = find_by_id(&self.database, token.user_id).await?;
        let state = user.and_then(|user| link_state(&user, email, token.jti));
        state.ok_or_else(|| self.refuse_replaced(context, &token))
    }

    /// Returns the account that a token of ours is for, and the address that it was mailed to, whatever became of the token.
    pub(crate) fn mailed_to(&self, token: &str) -> Option<(Uuid, String)> {
        let now = database::now().unix_timestamp();
        let token = self.keys.verify_even_expired(TokenKind::Email, token, now);
        let token = token.ok()?;
        Some((token.user_id, token.email?))
    }

    fn verify_token(&self, context: RequestContext<'_>, token: &str) -> Result<Verified, ApiError> {
        let audit = &self.audit;
        let now = database::now().unix_timestamp();
        match self.keys.verify(TokenKind::Email, token, now) {
            Ok(token) => Ok(token),
            Err(TokenFault::Expired { user_id }) => {
                let reason = "the token has expired";
                audit.refuse(&audit.context_of(context), Some(user_id), reason);
                Err(ApiError::token_expired())
            }
            Err(TokenFault::Invalid(_, reason)) => Err(refuse_token(audit, context, None, reason)),
        }
    }

    fn refuse_replaced(&self, context: RequestContext<'_>, token: &Verified) -> ApiError {
        let reason = "the link was replaced by a newer one, or its account is gone or suspended";
        refuse_token(&self.audit, context, Some(token.user_id), reason)
    }
}
