//! Login: a session and its pair of tokens for a password.

use gatekeeper::RequestContext;
use generated::models::UserTokens;
use secrecy::SecretString;

use super::password_login::PasswordLogin;
use super::sessions::{Sessions, pair};
use crate::errors::ApiError;

/// The number of times that a login is tried after the stored hash has changed under it.
const ATTEMPTS: usize = 3;

/// Logs accounts in.
pub(crate) struct Login {
    pub(crate) passwords: PasswordLogin,
    pub(crate) sessions: Sessions,
}

impl Login {
    /// Authenticates by password, opens a session and signs its pair of tokens.
    ///
    /// # Errors
    /// Those of [`PasswordLogin::authenticate`] and [`Sessions::open`].
    pub(crate) async fn log_in(
        &self,
        context: RequestContext<'_>,
        email: &str,
        password: SecretString,
        replace: bool,
    ) -> Result<UserTokens, ApiError> {
        for _ in 0..ATTEMPTS {
            let password = password.clone();
            let user = self
                .passwords
                .authenticate(context, email, password)
                .await?;
            // Without a session the password is to be verified again: another login may have renewed its hash, or its
            // owner may have changed it.
            if let Some(opened) = self.sessions.open(context, &user, replace).await? {
                let keys = &self.sessions.tokens.keys;
                return Ok(pair(keys, &opened.session, &opened.user)?);
            }
        }
        Err(ApiError::unavailable(
            "The account is being changed; try again shortly",
            "the password's hash kept changing while a session was to be opened",
        ))
    }
}
