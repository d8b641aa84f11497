//! The one way past a password: login, the Flask-JWT door, Basic and the reset of a password go through here.
//! One limiter, one dummy hash, one set of refusals.

use gatekeeper::RequestContext;
use generated::models::ProblemCode;
use secrecy::SecretString;

use crate::audit::{AuditContext, AuditEventKind};
use crate::auth::password::{Admitted, Verdict};
use crate::database;
use crate::errors::ApiError;
use crate::state::App;
use crate::users::email::normal_form;
use crate::users::entity::Model as User;
use crate::users::sessions::{self, Session, TokenLifetimes};
use crate::users::store;

/// How often a login looks again after the stored hash has changed under it.
const LOGIN_ATTEMPTS: usize = 3;

impl App {
    /// The account of the address, if the password is its own; whether it may be used is not looked at. An
    /// address that is none is an unknown one.
    ///
    /// # Errors
    /// `credentials-invalid`, `too-many-requests`, `service-unavailable`.
    pub(crate) async fn proved(
        &self,
        context: RequestContext<'_>,
        email: &str,
        password: SecretString,
    ) -> Result<User, ApiError> {
        let admitted = self.passwords.admit(context.address())?;
        let normal = normal_form(email);
        let account = normal.as_deref().unwrap_or(email);
        let counted = self.count_password(context, account).await?;
        let (user, verdict) = match self.judged(&admitted, normal, password).await {
            Ok(judged) => judged,
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
                self.audit
                    .refuse_password(&self.origin(context), user_id, reason);
                Err(ApiError::credentials_invalid())
            }
        }
    }

    /// Looks the account up and compares the password: the same steps whether there is such an account,
    /// such an address or neither, so that the time they take does not tell.
    async fn judged(
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

    /// As [`proved`](Self::proved), for an account that may be used.
    ///
    /// # Errors
    /// Those, and `email-unverified` and `account-disabled`.
    pub(crate) async fn admitted(
        &self,
        context: RequestContext<'_>,
        email: &str,
        password: SecretString,
    ) -> Result<User, ApiError> {
        let user = self.proved(context, email, password).await?;
        user.ensure_active()
            .map_err(ApiError::from)
            .inspect_err(|refusal| self.note_kept_out(context, &user, refusal))?;
        Ok(user)
    }

    /// Notes what keeps somebody out who has the password.
    fn note_kept_out(&self, context: RequestContext<'_>, user: &User, refusal: &ApiError) {
        let reason = match refusal.code() {
            ProblemCode::EmailUnverified | ProblemCode::AccountDisabled => {
                "right password, but unverified or suspended"
            }
            ProblemCode::UserAlreadyLoggedIn => "right password, but a session is live",
            // Not the caller's doing.
            _ => return,
        };
        self.audit
            .refuse(&self.origin(context), Some(user.id), reason);
    }

    /// Starts a session for whoever has the password.
    ///
    /// # Errors
    /// As [`admitted`](Self::admitted), and `user-already-logged-in`.
    pub(crate) async fn begin_session(
        &self,
        context: RequestContext<'_>,
        email: &str,
        password: SecretString,
        replace: bool,
    ) -> Result<(Session, User), ApiError> {
        let lives = TokenLifetimes::of(&self.settings);
        for _ in 0..LOGIN_ATTEMPTS {
            let user = self.admitted(context, email, password.clone()).await?;
            let origin = self.origin(context).by(user.id);
            let opened = sessions::open(
                &self.database,
                &user,
                &lives,
                replace,
                sessions::LOGGED_IN,
                &origin,
            )
            .await
            .inspect_err(|refusal| self.note_kept_out(context, &user, refusal))?;
            // Without a session the password is to be judged again: another login may have renewed its
            // hash, or its owner may have changed it.
            if let Some(opened) = opened {
                if let Err(refusal) = self.publish(opened.replaced.as_slice()).await {
                    // Nobody will hold its tokens, so it must not stand in the way of the next login.
                    let event = (AuditEventKind::LoggedOut, Some("never handed out"));
                    let id = opened.session.id;
                    sessions::end(&self.database, id, event, &origin).await?;
                    return Err(refusal);
                }
                return Ok((opened.session, opened.user));
            }
        }
        Err(ApiError::unavailable(
            "The account is being changed; try again shortly",
            "the password's hash kept changing while a session was to be opened",
        ))
    }

    /// Who is at the door; of nobody yet.
    pub(crate) fn origin(&self, context: RequestContext<'_>) -> AuditContext {
        AuditContext::of(context, self.settings.audit.client_address)
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
