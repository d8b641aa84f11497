//! The functions that the contract names in `x-bearerInfoFunc`: one per security scheme.

use std::pin::Pin;

use gatekeeper::{ApiKey, Basic, Bearer, Denial, Failure as _, RequestContext};
use generated::{Security, security::schemes};
use sea_orm::DbErr;
use time::OffsetDateTime;
use uuid::Uuid;

use super::api_token_secret::ApiTokenSecret;
use super::checks::Check;
use super::revocation::StoreUnavailable;
use super::tokens::{TokenFault, TokenKind, Verified};
use super::{Caller, Scheme};
use crate::audit::AuditEventKind;
use crate::database;
use crate::errors::{ApiError, RETRY_AFTER_SECONDS};
use crate::state::App;
use crate::users::entity::Model as User;
use crate::users::sessions::{self, RefreshState, TokenLifetimes};
use crate::users::store;
use crate::users::tokens::token_status;

impl Security for App {
    type Identity = Caller;
    type Error = ApiError;

    async fn decode_token(
        &self,
        context: RequestContext<'_>,
        credential: Bearer<'_, schemes::Jwt>,
    ) -> Result<Caller, Denial> {
        let token = self.verify(context, TokenKind::Access, credential.token())?;
        self.refuse_revoked(context, &token).await?;
        Ok(Caller::of_token(&token, Scheme::Jwt))
    }

    async fn decode_refresh_token(
        &self,
        context: RequestContext<'_>,
        credential: Bearer<'_, schemes::JwtRefresh>,
    ) -> Result<Caller, Denial> {
        boxed(self.refreshing(context, credential.token())).await
    }

    async fn decode_password_token(
        &self,
        context: RequestContext<'_>,
        credential: Bearer<'_, schemes::JwtPassword>,
    ) -> Result<Caller, Denial> {
        boxed(self.resetting(context, credential.token())).await
    }

    async fn decode_basic(
        &self,
        context: RequestContext<'_>,
        credential: Basic<'_, schemes::Basic>,
    ) -> Result<Caller, Denial> {
        boxed(self.with_password(context, credential)).await
    }

    async fn decode_api_token(
        &self,
        context: RequestContext<'_>,
        credential: ApiKey<'_, schemes::ApiToken>,
    ) -> Result<Caller, Denial> {
        boxed(self.with_api_token(context, credential.value())).await
    }

    async fn throttle(
        &self,
        operation: &'static str,
        context: RequestContext<'_>,
    ) -> Result<(), Denial> {
        boxed(self.count_request(context, operation))
            .await
            .map_err(|refusal| Denial::problem(refusal.into_problem()))
    }
}

/// Away from the future of the hook. All hooks, and what follows them, share the space of one future, which is
/// allocated and moved for each request: it is to have the size that an access token needs.
fn boxed<F: Future>(future: F) -> Pin<Box<F>> {
    Box::pin(future)
}

impl App {
    /// The session's row decides: a refresh token that was spent already ends the whole session,
    /// because somebody holds a copy (RFC 9700, 4.14.2).
    async fn refreshing(&self, context: RequestContext<'_>, token: &str) -> Result<Caller, Denial> {
        let token = self.verify(context, TokenKind::Refresh, token)?;
        self.refuse_revoked(context, &token).await?;
        let Some(session) = token.session else {
            return Err(self.refused(context, &token, "a refresh token without session"));
        };
        let repeat = TokenLifetimes::of(&self.settings).repeat;
        let state = sessions::refresh_state(&self.database, session, token.jti, repeat)
            .await
            .map_err(|error| database_denial(&error))?;
        match state {
            RefreshState::Current | RefreshState::Repeat => {
                Ok(Caller::of_token(&token, Scheme::JwtRefresh))
            }
            RefreshState::Reused => {
                self.end_reused(context, &token, session).await?;
                let reason = "a spent refresh token was used again; its session was ended";
                Err(self.refused(context, &token, reason))
            }
            RefreshState::Ended => Err(self.refused(context, &token, "the session has ended")),
        }
    }

    async fn resetting(&self, context: RequestContext<'_>, token: &str) -> Result<Caller, Denial> {
        let token = self.verify(context, TokenKind::Password, token)?;
        self.refuse_revoked(context, &token).await?;
        let user = store::find_by_id(&self.database, token.user_id)
            .await
            .map_err(|error| database_denial(&error))?;
        let reason = match user {
            None => "the user is gone",
            Some(user) if user.disabled_at.is_some() => "the user is suspended",
            Some(user) if user.password_jti != Some(token.jti) => {
                "the password token was used, or replaced by a newer one"
            }
            Some(_) => return Ok(Caller::of_token(&token, Scheme::JwtPassword)),
        };
        Err(self.refused(context, &token, reason))
    }

    /// The door notes its refusals itself.
    async fn with_password(
        &self,
        context: RequestContext<'_>,
        credential: Basic<'_, schemes::Basic>,
    ) -> Result<Caller, Denial> {
        let password = credential.password().to_owned().into();
        let user = self
            .admitted(context, credential.username(), password)
            .await
            .map_err(|error| Denial::problem(error.into_problem()))?;
        user_caller(&user, Uuid::nil(), Scheme::Basic)
    }

    async fn with_api_token(
        &self,
        context: RequestContext<'_>,
        value: &str,
    ) -> Result<Caller, Denial> {
        let Some(secret) = ApiTokenSecret::read(value) else {
            return Err(self.refused_of(context, None, "not an API token of ours"));
        };
        let status = token_status::of_secret(&self.database, &secret)
            .await
            .map_err(|error| database_denial(&error))?;
        let (token, user) = status.map_err(|refusal| {
            let reason = refusal.reason;
            self.note_refusal(context, refusal.user_id(), reason);
            match refusal.check {
                Check::Expiry => Denial::expired(reason),
                _ => Denial::invalid(reason),
            }
        })?;
        let caller = user_caller(&user, token.id, Scheme::ApiToken)?;
        self.api_token_uses.note(&self.database, &token).await;
        Ok(caller)
    }

    /// A spent refresh token may repeat its own exchange for a while, and nothing else.
    ///
    /// # Errors
    /// `token-invalid`, `service-unavailable`.
    pub(crate) async fn refuse_spent(
        &self,
        context: RequestContext<'_>,
        caller: &Caller,
    ) -> Result<(), ApiError> {
        let (Scheme::JwtRefresh, Some(session)) = (caller.via, caller.session) else {
            return Ok(());
        };
        let repeat = TokenLifetimes::of(&self.settings).repeat;
        let state = sessions::refresh_state(&self.database, session, caller.jti, repeat).await?;
        if state == RefreshState::Current {
            Ok(())
        } else {
            let reason = "the refresh token was spent";
            Err(self.token_refused(context, Some(caller.user_id), reason))
        }
    }

    /// The refusal of a token by an operation, noted. Whose it is must be beyond doubt where it is told.
    pub(crate) fn token_refused(
        &self,
        context: RequestContext<'_>,
        user_id: Option<Uuid>,
        reason: &'static str,
    ) -> ApiError {
        self.note_refusal(context, user_id, reason);
        ApiError::token_invalid(reason)
    }

    fn verify(
        &self,
        context: RequestContext<'_>,
        kind: TokenKind,
        token: &str,
    ) -> Result<Verified, Denial> {
        let now = OffsetDateTime::now_utc().unix_timestamp();
        self.keys
            .verify(kind, token, now)
            .map_err(|fault| self.faulty(context, kind, token, fault))
    }

    fn faulty(
        &self,
        context: RequestContext<'_>,
        kind: TokenKind,
        token: &str,
        fault: TokenFault,
    ) -> Denial {
        match fault {
            TokenFault::Expired { user_id } => {
                self.note_refusal(context, Some(user_id), "the token has expired");
                Denial::expired("past `exp`")
            }
            // A token of another kind may be what the operation's next alternative takes. Where none does,
            // the gate's line about the request tells of it.
            TokenFault::Invalid(_, reason)
                if self.keys.kind_of(token).is_some_and(|of| of != kind) =>
            {
                Denial::invalid(reason)
            }
            TokenFault::Invalid(_, reason) => self.refused_of(context, None, reason),
        }
    }

    async fn refuse_revoked(
        &self,
        context: RequestContext<'_>,
        token: &Verified,
    ) -> Result<(), Denial> {
        match self.revocations.is_revoked(token.jti, token.session).await {
            Ok(false) => Ok(()),
            Ok(true) => Err(self.refused(context, token, "revoked")),
            Err(down) => Err(store_denial(&down)),
        }
    }

    /// The denial of a token with a good signature, noted.
    fn refused(
        &self,
        context: RequestContext<'_>,
        token: &Verified,
        reason: &'static str,
    ) -> Denial {
        self.refused_of(context, Some(token.user_id), reason)
    }

    fn refused_of(
        &self,
        context: RequestContext<'_>,
        user_id: Option<Uuid>,
        reason: &'static str,
    ) -> Denial {
        self.note_refusal(context, user_id, reason);
        Denial::invalid(reason)
    }

    /// Notes that a credential was refused; see [`Audit::refuse`](crate::audit::Audit::refuse).
    pub(crate) fn note_refusal(
        &self,
        context: RequestContext<'_>,
        user_id: Option<Uuid>,
        reason: &'static str,
    ) {
        self.audit.refuse(&self.origin(context), user_id, reason);
    }

    async fn end_reused(
        &self,
        context: RequestContext<'_>,
        token: &Verified,
        session: Uuid,
    ) -> Result<(), Denial> {
        let origin = self.origin(context).by(token.user_id);
        let reused = AuditEventKind::RefreshTokenReused;
        let ended = sessions::end(&self.database, session, (reused, None), &origin)
            .await
            .map_err(|error| database_denial(&error))?;
        self.revocations
            .publish(ended.as_slice())
            .await
            .map_err(|down| store_denial(&down))
    }
}

/// A caller who came without a token that says the role.
fn user_caller(user: &User, jti: Uuid, via: Scheme) -> Result<Caller, Denial> {
    let role = user
        .role()
        .map_err(|error| Denial::problem(ApiError::from(error).into_problem()))?;
    Ok(Caller {
        user_id: user.id,
        access_role: role.level(),
        session: None,
        jti,
        via,
    })
}

/// Whatever keeps the database from answering, nobody is let in on it, and the caller may try again.
fn database_denial(error: &DbErr) -> Denial {
    Denial::unavailable(database::describe_error(error), RETRY_AFTER_SECONDS)
}

fn store_denial(down: &StoreUnavailable) -> Denial {
    Denial::unavailable(down.reason().to_owned(), RETRY_AFTER_SECONDS)
}
