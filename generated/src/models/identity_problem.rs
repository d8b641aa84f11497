// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// Why credentials were not accepted.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct IdentityProblem {
    /// URL of the page that explains `code` (`get_error`).
    #[serde(rename = "type")]
    pub type_: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: i32,
    /// What happened and what to do next, for people.
    pub detail: String,
    /// The request's id, as in `X-Request-Id`.
    pub instance: String,
    /// What happened, for programs. Stable.
    pub code: IdentityProblemCode,
    /// The role that the operation asks for, with `authorisation-required`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_role: Option<String>,
}

impl IdentityProblem {
    /// The `maxLength` of `type_`.
    pub const TYPE_MAX_LENGTH: usize = 2048;
    /// The `maxLength` of `title`.
    pub const TITLE_MAX_LENGTH: usize = 200;
    /// The `minimum` of `status`.
    pub const STATUS_MINIMUM: i32 = 401;
    /// The `maximum` of `status`.
    pub const STATUS_MAXIMUM: i32 = 401;
    /// The `maxLength` of `detail`.
    pub const DETAIL_MAX_LENGTH: usize = 2048;
    /// The `maxLength` of `instance`.
    pub const INSTANCE_MAX_LENGTH: usize = 128;
    /// The `maxLength` of `required_role`.
    pub const REQUIRED_ROLE_MAX_LENGTH: usize = 64;
}

/// What happened, for programs. Stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum IdentityProblemCode {
    /// The value `token-missing`.
    #[serde(rename = "token-missing")]
    TokenMissing,
    /// The value `token-invalid`.
    #[serde(rename = "token-invalid")]
    TokenInvalid,
    /// The value `token-expired`.
    #[serde(rename = "token-expired")]
    TokenExpired,
    /// The value `authorisation-required`.
    #[serde(rename = "authorisation-required")]
    AuthorisationRequired,
    /// The value `credentials-invalid`.
    #[serde(rename = "credentials-invalid")]
    CredentialsInvalid,
}

impl IdentityProblemCode {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[
        Self::TokenMissing,
        Self::TokenInvalid,
        Self::TokenExpired,
        Self::AuthorisationRequired,
        Self::CredentialsInvalid,
    ];

    /// Returns the value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TokenMissing => "token-missing",
            Self::TokenInvalid => "token-invalid",
            Self::TokenExpired => "token-expired",
            Self::AuthorisationRequired => "authorisation-required",
            Self::CredentialsInvalid => "credentials-invalid",
        }
    }
}

impl std::fmt::Display for IdentityProblemCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for IdentityProblemCode {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "token-missing" => Ok(Self::TokenMissing),
            "token-invalid" => Ok(Self::TokenInvalid),
            "token-expired" => Ok(Self::TokenExpired),
            "authorisation-required" => Ok(Self::AuthorisationRequired),
            "credentials-invalid" => Ok(Self::CredentialsInvalid),
            _ => Err("not a value of IdentityProblemCode"),
        }
    }
}
