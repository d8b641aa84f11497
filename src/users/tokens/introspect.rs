//! Token introspection (RFC 7662), for services that do not hold the secrets.

use generated::models::{Introspection, IntrospectionTokenKind};
use time::OffsetDateTime;

use super::token_status;
use crate::auth::api_token_secret::ApiTokenSecret;
use crate::auth::token_verifier::TokenVerifier;
use crate::auth::tokens::{TokenKind, Verified};
use crate::database::Database;
use crate::errors::ApiError;
use crate::users::entity::Model as User;

/// The response for a token that is not accepted, whatever the reason (RFC 7662, section 2.2).
const INACTIVE: Introspection = Introspection {
    active: false,
    token_kind: None,
    username: None,
    sub: None,
    access_role: None,
    iss: None,
    jti: None,
    sid: None,
    exp: None,
    iat: None,
    nbf: None,
};

/// Tells other services about tokens.
pub(crate) struct TokenIntrospection {
    pub(crate) database: Database,
    pub(crate) tokens: TokenVerifier,
}

impl TokenIntrospection {
    /// Returns the status of a token and its claims. No hint is needed: a token's first characters tell its kind.
    ///
    /// # Errors
    /// `service-unavailable` when the revocation store or the database cannot be asked.
    pub(crate) async fn introspect(&self, token: &str) -> Result<Introspection, ApiError> {
        let told = match ApiTokenSecret::read(token) {
            Some(secret) => self.introspect_api_token(&secret).await?,
            None => self.introspect_token(token).await?,
        };
        Ok(told.unwrap_or(INACTIVE))
    }

    async fn introspect_token(&self, token: &str) -> Result<Option<Introspection>, ApiError> {
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let Some(kind) = self.tokens.keys.kind_of(token) else {
            return Ok(None);
        };
        let Ok(token) = self.tokens.keys.verify(kind, token, now) else {
            return Ok(None);
        };
        let revoked = self
            .tokens
            .revocations
            .is_revoked(token.jti, token.session)
            .await?;
        let reason = revoked.then_some("revoked");
        match token_status::of_token(&self.database, kind, &token, reason).await? {
            Ok(user) => Ok(Some(self.active(kind, &token, user))),
            Err(_reason) => Ok(None),
        }
    }

    fn active(&self, kind: TokenKind, token: &Verified, user: User) -> Introspection {
        Introspection {
            active: true,
            token_kind: Some(match kind {
                TokenKind::Access => IntrospectionTokenKind::Access,
                TokenKind::Refresh => IntrospectionTokenKind::Refresh,
                TokenKind::Email => IntrospectionTokenKind::Email,
                TokenKind::Password => IntrospectionTokenKind::Password,
            }),
            sub: Some(user.id),
            access_role: Some(user.access_role.into()),
            username: Some(user.email),
            iss: Some(self.tokens.keys.issuer().to_owned()),
            jti: Some(token.jti),
            sid: token.session,
            exp: Some(token.expires_at),
            iat: Some(token.issued_at),
            nbf: Some(token.not_before),
        }
    }

    async fn introspect_api_token(
        &self,
        secret: &ApiTokenSecret,
    ) -> Result<Option<Introspection>, ApiError> {
        let Ok((token, user)) = token_status::of_secret(&self.database, secret).await? else {
            return Ok(None);
        };
        Ok(Some(Introspection {
            active: true,
            token_kind: Some(IntrospectionTokenKind::Api),
            sub: Some(user.id),
            access_role: Some(user.access_role.into()),
            username: Some(user.email),
            iss: Some(self.tokens.keys.issuer().to_owned()),
            jti: Some(token.id),
            exp: token.expires_at.map(OffsetDateTime::unix_timestamp),
            iat: Some(token.created_at.unix_timestamp()),
            ..INACTIVE
        }))
    }
}
