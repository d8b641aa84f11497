// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::UserTokensTokenType;

/// A session's pair of tokens.
#[derive(Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct UserTokens {
    /// The access token.
    pub token: String,
    /// The refresh token.
    pub refresh_token: String,
    /// How to send the access token (RFC 6750).
    pub token_type: UserTokensTokenType,
    /// Life of the access token in seconds.
    pub expires_in: i64,
    /// Life of the refresh token in seconds.
    pub refresh_expires_in: i64,
    /// The user's id.
    pub user_id: uuid::Uuid,
    /// The user's address.
    pub email: String,
}

impl UserTokens {
    /// The `maxLength` of `token`.
    pub const TOKEN_MAX_LENGTH: usize = 4096;
    /// The `maxLength` of `refresh_token`.
    pub const REFRESH_TOKEN_MAX_LENGTH: usize = 4096;
    /// The `minimum` of `expires_in`.
    pub const EXPIRES_IN_MINIMUM: i64 = 0;
    /// The `maximum` of `expires_in`.
    pub const EXPIRES_IN_MAXIMUM: i64 = 9007199254740991;
    /// The `minimum` of `refresh_expires_in`.
    pub const REFRESH_EXPIRES_IN_MINIMUM: i64 = 0;
    /// The `maximum` of `refresh_expires_in`.
    pub const REFRESH_EXPIRES_IN_MAXIMUM: i64 = 9007199254740991;
    /// The `maxLength` of `email`.
    pub const EMAIL_MAX_LENGTH: usize = 254;
}

impl std::fmt::Debug for UserTokens {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("UserTokens")
            .field("token", &"[redacted]")
            .field("refresh_token", &"[redacted]")
            .field("token_type", &self.token_type)
            .field("expires_in", &self.expires_in)
            .field("refresh_expires_in", &self.refresh_expires_in)
            .field("user_id", &self.user_id)
            .field("email", &self.email)
            .finish()
    }
}
