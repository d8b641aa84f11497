//! Accepts the credentials of a mock's users.

use std::sync::Arc;

use gatekeeper::{ApiKey, Basic, Bearer, Denial, RequestContext};
use generated::{Security, security::schemes};

use super::service_replies::ServiceReplies;
use super::users::{MockUsers, secrets_match};
use crate::auth::tokens::TokenKind;
use crate::auth::{Caller, Scheme};
use crate::errors::ApiError;

/// The mock as each worker sees it.
#[derive(Clone)]
pub(crate) struct Mock {
    pub(crate) users: Arc<MockUsers>,
    pub(crate) replies: Arc<ServiceReplies>,
}

impl Security for Mock {
    type Identity = Caller;
    type Error = ApiError;

    async fn decode_token(
        &self,
        _context: RequestContext<'_>,
        credential: Bearer<'_, schemes::Jwt>,
    ) -> Result<Caller, Denial> {
        self.users
            .bearer(TokenKind::Access, Scheme::Jwt, credential.token())
    }

    async fn decode_refresh_token(
        &self,
        _context: RequestContext<'_>,
        credential: Bearer<'_, schemes::JwtRefresh>,
    ) -> Result<Caller, Denial> {
        let token = credential.token();
        self.users
            .bearer(TokenKind::Refresh, Scheme::JwtRefresh, token)
    }

    async fn decode_password_token(
        &self,
        _context: RequestContext<'_>,
        credential: Bearer<'_, schemes::JwtPassword>,
    ) -> Result<Caller, Denial> {
        let token = credential.token();
        self.users
            .bearer(TokenKind::Password, Scheme::JwtPassword, token)
    }

    async fn decode_basic(
        &self,
        _context: RequestContext<'_>,
        credential: Basic<'_, schemes::Basic>,
    ) -> Result<Caller, Denial> {
        self.users
            .find(|user| {
                user.email == credential.username()
                    && secrets_match(&user.password, credential.password())
            })
            .map(|user| user.caller(Scheme::Basic))
            .ok_or_else(|| Denial::credentials("not a pair that was printed at start"))
    }

    async fn decode_api_token(
        &self,
        _context: RequestContext<'_>,
        credential: ApiKey<'_, schemes::ApiToken>,
    ) -> Result<Caller, Denial> {
        self.users
            .find(|user| secrets_match(&user.api_token, credential.value()))
            .map(|user| user.caller(Scheme::ApiToken))
            .ok_or_else(|| Denial::invalid("not an API token that was printed at start"))
    }
}
