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
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn create_api_token(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: CreateApiTokenParams,
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
    /// The reason for which the operation failed, in the form that the caller receives.
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
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn delete_api_token(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: DeleteApiTokenParams,
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
    /// The reason for which the operation failed, in the form that the caller receives.
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
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn list_api_tokens(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: ListApiTokensParams,
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
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn revoke_token(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        body: TokenForm,
    ) -> Result<RevokeTokenResponse, Self::Error>;
}

/// The parameters of `create_api_token`.
#[derive(Clone)]
pub struct CreateApiTokenParams {
    /// Makes the request repeatable: the same key and body get the same reply for 24 hours, and what the first request made is
    /// not made again. A string of 1 to 255 visible characters (RFC 8941, section 3.3.3), without quotation marks and
    /// backslashes in it; a UUID and the like are also taken without the quotation marks around them, and are the same key.
    /// Choose it at random: whoever knows it and the body can repeat the request.
    pub idempotency_key: Option<String>,
}

impl CreateApiTokenParams {
    /// The `minLength` of `idempotency_key`.
    pub const IDEMPOTENCY_KEY_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `idempotency_key`.
    pub const IDEMPOTENCY_KEY_MAX_LENGTH: usize = 257;
}

impl gatekeeper::FromParameters for CreateApiTokenParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            idempotency_key: validated.header("Idempotency-Key")?,
        })
    }
}

/// The replies of `create_api_token`.
pub enum CreateApiTokenResponse {
    /// The new token, with its value.
    Status201(Body<NewApiToken>),
}

impl gatekeeper::IntoReply for CreateApiTokenResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status201(body) => gatekeeper::Reply::new(201)
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .json(body)?,
        })
    }
}

/// The replies of `create_token`.
pub enum CreateTokenResponse {
    /// The session's access token.
    Status200(Body<AccessToken>),
}

impl gatekeeper::IntoReply for CreateTokenResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200)
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .json(body)?,
        })
    }
}

/// The parameters of `delete_api_token`.
#[derive(Clone)]
pub struct DeleteApiTokenParams {
    /// The API token's id.
    pub api_token_id: uuid::Uuid,
}

impl gatekeeper::FromParameters for DeleteApiTokenParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            api_token_id: validated.path("api_token_id")?,
        })
    }
}

/// The replies of `delete_api_token`.
pub enum DeleteApiTokenResponse {
    /// The token is gone.
    Status204,
}

impl gatekeeper::IntoReply for DeleteApiTokenResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status204 => gatekeeper::Reply::new(204),
        })
    }
}

/// The replies of `introspect_token`.
pub enum IntrospectTokenResponse {
    /// What the token is worth now.
    Status200(Body<Introspection>),
}

impl gatekeeper::IntoReply for IntrospectTokenResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200)
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .json(body)?,
        })
    }
}

/// The parameters of `list_api_tokens`.
#[derive(Clone)]
pub struct ListApiTokensParams {
    /// The page wanted, from 1.
    pub page: i32,
    /// How many entries a page holds.
    pub page_size: i32,
}

impl ListApiTokensParams {
    /// The `minimum` of `page`.
    pub const PAGE_MINIMUM: i32 = 1;
    /// The `maximum` of `page`.
    pub const PAGE_MAXIMUM: i32 = 1000000;
    /// The `minimum` of `page_size`.
    pub const PAGE_SIZE_MINIMUM: i32 = 1;
    /// The `maximum` of `page_size`.
    pub const PAGE_SIZE_MAXIMUM: i32 = 100;
}

impl gatekeeper::FromParameters for ListApiTokensParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            page: validated.query("page")?,
            page_size: validated.query("page_size")?,
        })
    }
}

/// The replies of `list_api_tokens`.
pub enum ListApiTokensResponse {
    /// A page of API tokens.
    Status200(Body<ApiTokenList>),
}

impl gatekeeper::IntoReply for ListApiTokensResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200)
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .json(body)?,
        })
    }
}

/// The replies of `revoke_token`.
pub enum RevokeTokenResponse {
    /// The token is refused from now on, or was before.
    Status200(Body<Acknowledgement>),
}

impl gatekeeper::IntoReply for RevokeTokenResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200).json(body)?,
        })
    }
}
