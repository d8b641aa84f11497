// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// An API token to make.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct ApiTokenRequest {
    /// What it is for, for its owner.
    pub name: String,
    /// When it ends (RFC 3339), in the future; never when absent.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "time::serde::rfc3339::option"
    )]
    pub expires_at: Option<time::OffsetDateTime>,
}

impl ApiTokenRequest {
    /// The `minLength` of `name`.
    pub const NAME_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `name`.
    pub const NAME_MAX_LENGTH: usize = 100;
}
