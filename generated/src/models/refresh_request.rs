// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// What may come with a refresh token.
#[derive(Clone, PartialEq, Default, serde::Deserialize, serde::Serialize)]
pub struct RefreshRequest {
    /// The access token that the new one replaces; it may have expired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_access_token: Option<String>,
}

impl RefreshRequest {
    /// The `minLength` of `old_access_token`.
    pub const OLD_ACCESS_TOKEN_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `old_access_token`.
    pub const OLD_ACCESS_TOKEN_MAX_LENGTH: usize = 4096;
}

impl std::fmt::Debug for RefreshRequest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("RefreshRequest")
            .field("old_access_token", &"[redacted]")
            .finish()
    }
}
