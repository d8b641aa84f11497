// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// The kind of token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum IntrospectionTokenKind {
    /// The value `access`.
    #[serde(rename = "access")]
    Access,
    /// The value `refresh`.
    #[serde(rename = "refresh")]
    Refresh,
    /// The value `email`.
    #[serde(rename = "email")]
    Email,
    /// The value `password`.
    #[serde(rename = "password")]
    Password,
    /// The value `api`.
    #[serde(rename = "api")]
    Api,
}

impl IntrospectionTokenKind {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[
        Self::Access,
        Self::Refresh,
        Self::Email,
        Self::Password,
        Self::Api,
    ];

    /// Returns the value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
            Self::Email => "email",
            Self::Password => "password",
            Self::Api => "api",
        }
    }
}

impl std::fmt::Display for IntrospectionTokenKind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for IntrospectionTokenKind {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "access" => Ok(Self::Access),
            "refresh" => Ok(Self::Refresh),
            "email" => Ok(Self::Email),
            "password" => Ok(Self::Password),
            "api" => Ok(Self::Api),
            _ => Err("not a value of IntrospectionTokenKind"),
        }
    }
}
