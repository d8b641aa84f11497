//! Login by password: login, the Flask-JWT operation, Basic and the reset of a password all verify it here, with one
//! limit, one dummy hash and one set of refusals.

use std::sync::Arc;

use gatekeeper::RequestContext;
use secrecy::SecretString;

use super::email::normal_form;
use super::entity::Model as User;
use super::store;
use crate::audit::Audit;
use crate::auth::password::{Admitted, Passwords, Verdict};
use crate::database::{self, Database};
use crate::errors::ApiError;
use crate::limits::Limits;

/// Verifies the passwords of accounts. Cheap to clone.
#[derive(Clone)]
pub(crate) struct PasswordLogin {
    pub(crate) database: Database,
    pub(crate) passwords: Arc<Passwords>,
    pub(crate) limits: Limits,
    pub(crate) audit: Audit,
}

impl PasswordLogin {
    /// Verifies a password and returns the account, which must be one that may be used.
    ///
    /// # Errors
    /// Those of [`verify_password`](Self::verify_password), and `email-unverified` and `account-disabled`.
    pub(crate) async fn authenticate(
        &self,
        context: RequestContext<'_>,
        email: &str,
        password: SecretString,
    ) -> Result<User, ApiError> {
        let user = self.verify_password(context, email, password).await?;
        user.ensure_active().inspect_err(|_| {
            let reason = "right password, but unverified or suspended";
            let context = self.audit.context_of(context);
            self.audit.refuse(&context, Some(user.id), reason);
        })?;
        Ok(user)
    }

    /// Verifies a password and returns the account, even if it is unverified or suspended. Text that is no address is
    /// treated as an unknown one.
    ///
    /// # Errors
    /// `credentials-invalid`, `too-many-requests`, `service-unavailable`.
    pub(crate) async fn verify_password(
        &self,
        context: RequestContext<'_>,
        email: &str,
        password: SecretString,
    ) -> Result<User, ApiError> {
        let admitted = self.passwords.admit(context.address())?;
        let normal = normal_form(email);
        let account = normal.as_deref().unwrap_or(email);
        let counted = self
            .limits
            .enforce_password(&self.audit, context, account)
            .await?;
        let (user, verdict) = match self.find_and_verify(&admitted, normal, password).await {
            Ok(found) => found,
            Err(fault) => {
                // Nobody has learnt anything, and it is not the caller's fault.
                self.limits.refund(counted).await;
                return Err(fault);
            }
        };
        match (user, verdict) {
            (Some(mut user), Verdict::Right { renewed }) => {
                self.limits.refund(counted).await;
                if let Some(renewed) = renewed {
                    self.renew_hash(&mut user, renewed).await;
                }
                Ok(user)
            }
            (user, _) => {
                let reason = match user {
                    Some(_) => "wrong password",
                    None => "unknown address",
                };
                let user_id = user.map(|user| user.id);
                let context = self.audit.context_of(context);
                self.audit.refuse_password(&context, user_id, reason);
                Err(ApiError::credentials_invalid())
            }
        }
    }

    /// Finds the account and verifies the password: the same steps whether there is such an account, such an address or
    /// neither, so that the time they take does not tell.
    async fn find_and_verify(
        &self,
        admitted: &Admitted<'_>,
        email: Option<String>,
        password: SecretString,
    ) -> Result<(Option<User>, Verdict), ApiError> {
        // No account has an empty address.
        let email = email.unwrap_or_default();
        let user = store::find_by_email(&self.database, &email).await?;
        let stored = user.as_ref().and_then(store::password_of);
        let verdict = self.passwords.verify(admitted, password, stored).await?;
        Ok((user, verdict))
    }

    /// Stores a hash made with the present parameters. Where that fails, the next login does it.
    async fn renew_hash(&self, user: &mut User, renewed: String) {
        match store::renew_hash(&self.database, user, &renewed).await {
            Ok(true) => user.password_hash = renewed,
            Ok(false) => {}
            Err(error) => {
                let cause = database::describe_error(&error);
                tracing::warn!(user_id = %user.id, cause, "a password's hash was not renewed");
            }
        }
    }
}
