// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The operations of tag `Auth`.

use crate::models::{
    AccessToken, Acknowledgement, ApiTokenList, ApiTokenRequest, Introspection, NewApiToken,
    TokenForm, TokenRequest,
};
use crate::security::Security;
use gatekeeper::{Body, RequestContext};

/// Tokens for other clients and for other services.
pub trait Auth: Security {
    /// Make an API token
    ///
    /// For programs: sent in the header `api-token`. Its `value` is in this answer and never again; what is stored is a
    /// digest. An account holds at most 100 of them: 409 `api-token-limit`.
    ///
    /// `POST /auth/v1/api_tokens`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn create_api_token(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        body: ApiTokenRequest,
    ) -> Result<CreateApiTokenResponse, Self::Error>;

    /// Start a session, the Flask-JWT way
    ///
    /// As `login`, with the members and the answer that clients of Flask-JWT know: `username` is the address, and
    /// there is no refresh token in the answer.
    ///
    /// `POST /auth/v1/token`; no credentials.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn create_token(
        &self,
        context: RequestContext<'_>,
        body: TokenRequest,
    ) -> Result<CreateTokenResponse, Self::Error>;

    /// End an API token
    ///
    /// The token is refused from now on. Somebody else's id is like nobody's: 404.
    ///
    /// `DELETE /auth/v1/api_tokens/{api_token_id}`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn delete_api_token(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        api_token_id: uuid::Uuid,
    ) -> Result<DeleteApiTokenResponse, Self::Error>;

    /// Ask what a token is worth
    ///
    /// RFC 7662, for services that do not hold the secrets. All kinds of token of this service are known, API tokens,
    /// too. A token that is expired, revoked, spent, of a suspended account or no token at all is `active: false`
    /// without further members. Asking changes nothing.
    ///
    /// `POST /auth/v1/introspect`; security: `jwt` or `basic`, role `admin`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn introspect_token(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        body: TokenForm,
    ) -> Result<IntrospectTokenResponse, Self::Error>;

    /// The own API tokens
    ///
    /// Newest first, without their values.
    ///
    /// `GET /auth/v1/api_tokens`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn list_api_tokens(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        page: i32,
        page_size: i32,
    ) -> Result<ListApiTokensResponse, Self::Error>;

    /// Give a token back
    ///
    /// RFC 7009. A refresh token ends its session, an access token is refused from now on while its session lives, any
    /// other token dies. A token that is not good any more is answered 200, too. Callers revoke their own tokens
    /// (another's is 403 `forbidden`), with the role `admin` anybody's.
    ///
    /// `POST /auth/v1/revoke`; security: `jwt` or `jwt_refresh`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn revoke_token(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        body: TokenForm,
    ) -> Result<RevokeTokenResponse, Self::Error>;
}

/// What `create_api_token` answers.
pub enum CreateApiTokenResponse {
    /// The new token, with its value.
    Status201 {
        /// The body.
        body: Body<NewApiToken>,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: gatekeeper::HeaderText,
    },
}

/// What `create_token` answers.
pub enum CreateTokenResponse {
    /// The session's access token.
    Status200 {
        /// The body.
        body: Body<AccessToken>,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: gatekeeper::HeaderText,
    },
}

/// What `delete_api_token` answers.
pub enum DeleteApiTokenResponse {
    /// The token is gone.
    Status204,
}

/// What `introspect_token` answers.
pub enum IntrospectTokenResponse {
    /// What the token is worth now.
    Status200 {
        /// The body.
        body: Body<Introspection>,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: gatekeeper::HeaderText,
    },
}

/// What `list_api_tokens` answers.
pub enum ListApiTokensResponse {
    /// A page of API tokens.
    Status200 {
        /// The body.
        body: Body<ApiTokenList>,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: gatekeeper::HeaderText,
    },
}

/// What `revoke_token` answers.
pub enum RevokeTokenResponse {
    /// The token is refused from now on, or was before.
    Status200(Body<Acknowledgement>),
}
