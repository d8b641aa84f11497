// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::AccessTokenTokenType;

/// A session's access token.
#[derive(Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct AccessToken {
    /// The access token.
    pub access_token: String,
    /// How to send it (RFC 6750).
    pub token_type: AccessTokenTokenType,
    /// Life of the token in seconds.
    pub expires_in: i64,
}

impl AccessToken {
    /// The `maxLength` of `access_token`.
    pub const ACCESS_TOKEN_MAX_LENGTH: usize = 4096;
    /// The `minimum` of `expires_in`.
    pub const EXPIRES_IN_MINIMUM: i64 = 0;
    /// The `maximum` of `expires_in`.
    pub const EXPIRES_IN_MAXIMUM: i64 = 9007199254740991;
}

impl std::fmt::Debug for AccessToken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("AccessToken")
            .field("access_token", &"[redacted]")
            .field("token_type", &self.token_type)
            .field("expires_in", &self.expires_in)
            .finish()
    }
}
