// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// What happened, for programs. Stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum TokenProblemCode {
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
}

impl TokenProblemCode {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[
        Self::TokenMissing,
        Self::TokenInvalid,
        Self::TokenExpired,
        Self::AuthorisationRequired,
    ];

    /// Returns the value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TokenMissing => "token-missing",
            Self::TokenInvalid => "token-invalid",
            Self::TokenExpired => "token-expired",
            Self::AuthorisationRequired => "authorisation-required",
        }
    }
}

impl std::fmt::Display for TokenProblemCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for TokenProblemCode {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "token-missing" => Ok(Self::TokenMissing),
            "token-invalid" => Ok(Self::TokenInvalid),
            "token-expired" => Ok(Self::TokenExpired),
            "authorisation-required" => Ok(Self::AuthorisationRequired),
            _ => Err("not a value of TokenProblemCode"),
        }
    }
}
