//! Sessions: the rows are the truth, tokens only point at them.
//!
//! A session is live by what its row says at the moment; nothing has to be cleared when it runs out.

mod end;
pub(crate) mod entity;
mod lifetimes;
pub(crate) mod list;
mod open;
mod pair;
mod purge;
mod rotate;
mod state;
#[cfg(test)]
mod tests;

use gatekeeper::{Denial, RequestContext};
use generated::models::{ProblemCode, UserTokens};
use uuid::Uuid;

use super::current::current_user;
use super::entity::Model as User;
use crate::audit::AuditEventKind;
use crate::auth::refusals::{deny, refuse_token, unanswered, unchecked};
use crate::auth::token_verifier::TokenVerifier;
use crate::auth::tokens::{TokenFault, TokenKind};
use crate::auth::{Caller, Scheme};
use crate::database::{self, Database};
use crate::errors::ApiError;

pub(crate) use end::{end, end_all_within, end_of_within, end_within};
pub(crate) use lifetimes::TokenLifetimes;
pub(crate) use list::{page, unpublished_of};
pub(crate) use open::{LOGGED_IN, Opened, open};
pub(crate) use pair::pair;
pub(crate) use purge::{KEPT, purge};
pub(crate) use rotate::{Presented, Rotation, rotate};
pub(crate) use state::{RefreshState, is_live_within, lock, refresh_state};

/// Opens, refreshes and ends sessions, and publishes what ended. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Sessions {
    pub(crate) database: Database,
    pub(crate) tokens: TokenVerifier,
    pub(crate) lifetimes: TokenLifetimes,
}

impl Sessions {
    /// Authenticates by a refresh token. The session's row decides: a refresh token that was spent already ends the
    /// whole session, because somebody holds a copy (RFC 9700, 4.14.2).
    pub(crate) async fn authenticate(
        &self,
        context: RequestContext<'_>,
        token: &str,
    ) -> Result<Caller, Denial> {
        let token = self
            .tokens
            .verify(context, TokenKind::Refresh, token)
            .await?;
        let deny = |reason| deny(&self.tokens.audit, context, Some(token.user_id), reason);
        let Some(session) = token.session else {
            return Err(deny("a refresh token without session"));
        };
        let state = refresh_state(&self.database, session, token.jti, self.lifetimes.repeat)
            .await
            .map_err(unchecked)?;
        match state {
            RefreshState::Current | RefreshState::Repeat => {
                Ok(Caller::of_token(&token, Scheme::JwtRefresh))
            }
            RefreshState::Reused => {
                let context = self.tokens.audit.context_of(context).by(token.user_id);
                let event = (AuditEventKind::RefreshTokenReused, None);
                let ended = end(&self.database, session, event, &context)
                    .await
                    .map_err(unchecked)?;
                let published = self.tokens.revocations.publish(ended.as_slice()).await;
                published.map_err(unanswered)?;
                let reason = "a spent refresh token was used again; its session was ended";
                Err(deny(reason))
            }
            RefreshState::Ended => Err(deny("the session has ended")),
        }
    }

    /// Opens a session for an account whose password has just been verified. `None`: the stored password has changed
    /// since, or the account is gone.
    ///
    /// # Errors
    /// Those of [`open()`]; `service-unavailable` when the end of the session before it cannot be published.
    pub(crate) async fn open(
        &self,
        context: RequestContext<'_>,
        user: &User,
        replace: bool,
    ) -> Result<Option<Opened>, ApiError> {
        let audit = &self.tokens.audit;
        let own = audit.context_of(context).by(user.id);
        let (database, lifetimes) = (&self.database, &self.lifetimes);
        let opened = open(database, user, lifetimes, replace, LOGGED_IN, &own)
            .await
            .inspect_err(|refusal| {
                let reason = match refusal.code() {
                    ProblemCode::EmailUnverified | ProblemCode::AccountDisabled => {
                        "right password, but unverified or suspended"
                    }
                    ProblemCode::UserAlreadyLoggedIn => "right password, but a session is live",
                    // Not the caller's doing.
                    _ => return,
                };
                audit.refuse(&audit.context_of(context), Some(user.id), reason);
            })?;
        let Some(opened) = opened else {
            return Ok(None);
        };
        let published = self
            .tokens
            .revocations
            .publish(opened.replaced.as_slice())
            .await;
        if let Err(unavailable) = published {
            // Nobody will hold its tokens, so it must not stand in the way of the next login.
            let event = (AuditEventKind::LoggedOut, Some("never handed out"));
            end(database, opened.session.id, event, &own).await?;
            return Err(unavailable.into());
        }
        Ok(Some(opened))
    }

    /// Exchanges the refresh token that a caller presented for a new pair.
    ///
    /// # Errors
    /// `token-invalid`, `service-unavailable`.
    pub(crate) async fn refresh(
        &self,
        context: RequestContext<'_>,
        caller: &Caller,
        old_access_token: Option<String>,
    ) -> Result<UserTokens, ApiError> {
        let TokenVerifier {
            keys,
            revocations,
            audit,
            ..
        } = &self.tokens;
        let presented = Presented {
            session: session_of(caller)?,
            refresh_jti: caller.jti,
            access_jti: old_access_token
                .map(|token| self.access_jti(context, caller, &token))
                .transpose()?,
        };
        let user = current_user(&self.database, audit, context, caller).await?;
        let own = audit.context_of(context).by(caller.user_id);
        match rotate(&self.database, presented, &self.lifetimes, &own).await? {
            Rotation::Pair { session, retired } => {
                revocations.publish(retired.as_slice()).await?;
                Ok(pair(keys, &session, &user)?)
            }
            Rotation::Refused { reason, ended } => {
                revocations.publish(ended.as_slice()).await?;
                Err(refuse_token(audit, context, Some(caller.user_id), reason))
            }
        }
    }

    /// Ends the session that a caller came with.
    ///
    /// # Errors
    /// `token-invalid`, `service-unavailable`.
    pub(crate) async fn log_out(
        &self,
        context: RequestContext<'_>,
        caller: &Caller,
    ) -> Result<(), ApiError> {
        let session = session_of(caller)?;
        self.ensure_unspent(context, caller).await?;
        let own = self.tokens.audit.context_of(context).by(caller.user_id);
        let event = (AuditEventKind::LoggedOut, None);
        let ended = end(&self.database, session, event, &own).await?;
        Ok(self.tokens.revocations.publish(ended.as_slice()).await?)
    }

    /// Refuses a spent refresh token: it may repeat its own exchange for a while, and nothing else.
    ///
    /// # Errors
    /// `token-invalid`, `service-unavailable`.
    pub(crate) async fn ensure_unspent(
        &self,
        context: RequestContext<'_>,
        caller: &Caller,
    ) -> Result<(), ApiError> {
        let (Scheme::JwtRefresh, Some(session)) = (caller.via, caller.session) else {
            return Ok(());
        };
        let repeat = self.lifetimes.repeat;
        let state = refresh_state(&self.database, session, caller.jti, repeat).await?;
        if state == RefreshState::Current {
            return Ok(());
        }
        let reason = "the refresh token was spent";
        let audit = &self.tokens.audit;
        Err(refuse_token(audit, context, Some(caller.user_id), reason))
    }

    /// Returns the id of the access token that the caller wants to be replaced, which may have expired.
    fn access_jti(
        &self,
        context: RequestContext<'_>,
        caller: &Caller,
        token: &str,
    ) -> Result<Uuid, ApiError> {
        let now = database::now().unix_timestamp();
        let keys = &self.tokens.keys;
        let reason = match keys.verify_even_expired(TokenKind::Access, token, now) {
            Ok(verified) if verified.session == caller.session => return Ok(verified.jti),
            Ok(_) => "the old access token is of another session",
            Err(TokenFault::Invalid(_, reason)) => reason,
            Err(TokenFault::Expired { .. }) => "the old access token has expired",
        };
        let audit = &self.tokens.audit;
        Err(refuse_token(audit, context, Some(caller.user_id), reason))
    }
}

fn session_of(caller: &Caller) -> Result<Uuid, ApiError> {
    caller
        .session
        .ok_or_else(|| ApiError::token_invalid("the token belongs to no session"))
}
