// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// An API token that was just made.
#[derive(Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct NewApiToken {
    /// The API token's id.
    pub api_token_id: uuid::Uuid,
    /// What it is for.
    pub name: String,
    /// What to send in the header `api-token`. Shown here and never again.
    pub value: String,
    /// When it was made (RFC 3339).
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: time::OffsetDateTime,
    /// When it ends (RFC 3339); null for never.
    #[serde(with = "time::serde::rfc3339::option")]
    pub expires_at: Option<time::OffsetDateTime>,
}

impl NewApiToken {
    /// The `maxLength` of `name`.
    pub const NAME_MAX_LENGTH: usize = 100;
    /// The `maxLength` of `value`.
    pub const VALUE_MAX_LENGTH: usize = 128;
}

impl std::fmt::Debug for NewApiToken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("NewApiToken")
            .field("api_token_id", &self.api_token_id)
            .field("name", &self.name)
            .field("value", &"[redacted]")
            .field("created_at", &self.created_at)
            .field("expires_at", &self.expires_at)
            .finish()
    }
}
