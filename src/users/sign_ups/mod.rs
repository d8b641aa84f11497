//! Sign-up, and the verification of the address that was given.

mod store;

use std::sync::Arc;

use gatekeeper::RequestContext;
use secrecy::SecretString;

use super::email::normal_form;
use super::mail_requests::MailRequests;
use crate::audit::Audit;
use crate::auth::password::Passwords;
use crate::auth::refusals::refuse_token;
use crate::auth::tokens::{Keys, TokenFault, TokenKind};
use crate::database::{self, Database};
use crate::errors::{ApiError, not_an_address};
use crate::idempotency::Key;
use crate::mail::MailKind;

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
        let audit = &self.audit;
        let now = database::now().unix_timestamp();
        let token = match self.keys.verify(TokenKind::Email, token, now) {
            Ok(token) => token,
            Err(TokenFault::Expired { user_id }) => {
                let reason = "the token has expired";
                audit.refuse(&audit.context_of(context), Some(user_id), reason);
                return Err(ApiError::token_expired());
            }
            Err(TokenFault::Invalid(_, reason)) => {
                return Err(refuse_token(audit, context, None, reason));
            }
        };
        let email = token.email.as_deref().unwrap_or_default();
        let event_context = audit.context_of(context);
        if !mark_verified(
            &self.database,
            token.user_id,
            email,
            token.jti,
            &event_context,
        )
        .await?
        {
            let reason =
                "the link was replaced by a newer one, or its account is gone or suspended";
            return Err(refuse_token(audit, context, Some(token.user_id), reason));
        }
        self.mails.wakeup.notify_one();
        Ok(())
    }
}
