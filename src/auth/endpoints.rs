//! The functions that the contract names in `x-bearerInfoFunc`: one per security scheme.

use gatekeeper::{Bearer, Denial};
use generated::{Security, security::schemes};
use sea_orm::DbErr;
use time::OffsetDateTime;
use uuid::Uuid;

use super::revocation::StoreDown;
use super::tokens::{Kind, TokenFault, Verified};
use super::{Caller, Scheme};
use crate::database::fault;
use crate::errors::{ApiError, RETRY_AFTER_SECONDS};
use crate::state::App;
use crate::users::sessions::{self, Lives, RefreshState};
use crate::users::store;

impl Security for App {
    type Identity = Caller;
    type Error = ApiError;

    async fn decode_token(&self, credential: Bearer<'_, schemes::Jwt>) -> Result<Caller, Denial> {
        let token = self.verify(Kind::Access, credential.token())?;
        self.refuse_revoked(&token).await?;
        Ok(caller(&token, Scheme::Jwt))
    }

    /// The session's row decides: a refresh token that was spent already ends the whole session,
    /// because somebody holds a copy (RFC 9700, 4.14.2).
    async fn decode_refresh_token(
        &self,
        credential: Bearer<'_, schemes::JwtRefresh>,
    ) -> Result<Caller, Denial> {
        let token = self.verify(Kind::Refresh, credential.token())?;
        self.refuse_revoked(&token).await?;
        let Some(session) = token.session else {
            return Err(Denial::invalid("a refresh token without session"));
        };
        let repeat = Lives::of(&self.settings).repeat;
        let state = sessions::refresh_state(&self.database, session, token.jti, repeat)
            .await
            .map_err(|error| database_denial(&error))?;
        match state {
            RefreshState::Current | RefreshState::Repeat => Ok(caller(&token, Scheme::JwtRefresh)),
            RefreshState::Reused => {
                self.end_session(session).await?;
                Err(Denial::invalid(
                    "a spent refresh token was used again; its session was ended",
                ))
            }
            RefreshState::Ended => Err(Denial::invalid("the session has ended")),
        }
    }

    async fn decode_password_token(
        &self,
        credential: Bearer<'_, schemes::JwtPassword>,
    ) -> Result<Caller, Denial> {
        let token = self.verify(Kind::Password, credential.token())?;
        self.refuse_revoked(&token).await?;
        let user = store::find_by_id(&self.database, token.user_id)
            .await
            .map_err(|error| database_denial(&error))?
            .ok_or_else(|| Denial::invalid("the user is gone"))?;
        if user.disabled_at.is_some() {
            return Err(Denial::invalid("the user is suspended"));
        }
        if user.password_jti != Some(token.jti) {
            return Err(Denial::invalid(
                "the password token was used, or replaced by a newer one",
            ));
        }
        Ok(caller(&token, Scheme::JwtPassword))
    }
}

impl App {
    fn verify(&self, kind: Kind, token: &str) -> Result<Verified, Denial> {
        let now = OffsetDateTime::now_utc().unix_timestamp();
        self.keys
            .verify(kind, token, now)
            .map_err(|fault| match fault {
                TokenFault::Invalid(reason) => Denial::invalid(reason),
                TokenFault::Expired => Denial::expired("past `exp`"),
            })
    }

    async fn refuse_revoked(&self, token: &Verified) -> Result<(), Denial> {
        match self.revocations.check(token.jti, token.session).await {
            Ok(false) => Ok(()),
            Ok(true) => Err(Denial::invalid("revoked")),
            Err(down) => Err(store_denial(&down)),
        }
    }

    async fn end_session(&self, session: Uuid) -> Result<(), Denial> {
        let ended = sessions::end(&self.database, session)
            .await
            .map_err(|error| database_denial(&error))?;
        self.revocations
            .publish(ended.as_slice())
            .await
            .map_err(|down| store_denial(&down))
    }
}

fn caller(token: &Verified, via: Scheme) -> Caller {
    Caller {
        user_id: token.user_id,
        access_role: token.access_role,
        session: token.session,
        jti: token.jti,
        via,
    }
}

/// Whatever keeps the database from answering, nobody is let in on it, and the caller may try again.
fn database_denial(error: &DbErr) -> Denial {
    Denial::unavailable(fault::describe(error), RETRY_AFTER_SECONDS)
}

fn store_denial(down: &StoreDown) -> Denial {
    Denial::unavailable(down.reason().to_owned(), RETRY_AFTER_SECONDS)
}
