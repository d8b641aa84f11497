// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// A token to look at or to give back. Other members are ignored (RFC 6749, section 3.2).
#[derive(Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct TokenForm {
    /// The token.
    pub token: String,
    /// The kind that the caller takes it for: `access_token`, `refresh_token`, `email_token`,
    /// `password_token` or `api_token`. Only a hint; others are ignored (RFC 7009, section 2.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_type_hint: Option<String>,
}

impl TokenForm {
    /// The `minLength` of `token`.
    pub const TOKEN_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `token`.
    pub const TOKEN_MAX_LENGTH: usize = 4096;
    /// The `maxLength` of `token_type_hint`.
    pub const TOKEN_TYPE_HINT_MAX_LENGTH: usize = 64;
}

impl std::fmt::Debug for TokenForm {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("TokenForm")
            .field("token", &"[redacted]")
            .field("token_type_hint", &self.token_type_hint)
            .finish()
    }
}
