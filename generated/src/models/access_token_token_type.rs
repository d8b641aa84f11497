// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// How to send it (RFC 6750).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum AccessTokenTokenType {
    /// The value `Bearer`.
    Bearer,
}

impl AccessTokenTokenType {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::Bearer];

    /// Returns the value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
        }
    }
}

impl std::fmt::Display for AccessTokenTokenType {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for AccessTokenTokenType {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "Bearer" => Ok(Self::Bearer),
            _ => Err("not a value of AccessTokenTokenType"),
        }
    }
}
