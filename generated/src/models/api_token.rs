// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// An API token, without its value.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct ApiToken {
    /// The API token's id.
    pub api_token_id: uuid::Uuid,
    /// What it is for.
    pub name: String,
    /// When it was made (RFC 3339).
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: time::OffsetDateTime,
    /// When it ends (RFC 3339); null for never.
    #[serde(with = "time::serde::rfc3339::option")]
    pub expires_at: Option<time::OffsetDateTime>,
    /// When it was used last (RFC 3339), to the minute; null for never.
    #[serde(with = "time::serde::rfc3339::option")]
    pub last_used_at: Option<time::OffsetDateTime>,
}

impl ApiToken {
    /// The `maxLength` of `name`.
    pub const NAME_MAX_LENGTH: usize = 100;
}
