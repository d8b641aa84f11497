// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::{AccessRole, IntrospectionTokenKind};

/// What a token is worth (RFC 7662, section 2.2). Only `active` when it is not good.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct Introspection {
    /// Whether the token is good now.
    pub active: bool,
    /// The kind of token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_kind: Option<IntrospectionTokenKind>,
    /// The address of the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The account's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<uuid::Uuid>,
    /// A role; `admin` may do all that `basic` may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_role: Option<AccessRole>,
    /// Who issued it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// The token's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jti: Option<uuid::Uuid>,
    /// The session's id, of access and refresh tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<uuid::Uuid>,
    /// When it expires, in seconds since 1970; absent for API tokens that do not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
    /// When it was issued, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
    /// From when it is good, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
}

impl Introspection {
    /// The `maxLength` of `username`.
    pub const USERNAME_MAX_LENGTH: usize = 254;
    /// The `maxLength` of `iss`.
    pub const ISS_MAX_LENGTH: usize = 256;
    /// The `minimum` of `exp`.
    pub const EXP_MINIMUM: i64 = 0;
    /// The `maximum` of `exp`.
    pub const EXP_MAXIMUM: i64 = 9007199254740991;
    /// The `minimum` of `iat`.
    pub const IAT_MINIMUM: i64 = 0;
    /// The `maximum` of `iat`.
    pub const IAT_MAXIMUM: i64 = 9007199254740991;
    /// The `minimum` of `nbf`.
    pub const NBF_MINIMUM: i64 = 0;
    /// The `maximum` of `nbf`.
    pub const NBF_MAXIMUM: i64 = 9007199254740991;
}
