// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// A role; `admin` may do all that `basic` may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum AccessRole {
    /// The value `basic`.
    #[serde(rename = "basic")]
    Basic,
    /// The value `admin`.
    #[serde(rename = "admin")]
    Admin,
}

impl AccessRole {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::Basic, Self::Admin];

    /// Returns the value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Admin => "admin",
        }
    }
}

impl std::fmt::Display for AccessRole {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for AccessRole {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "basic" => Ok(Self::Basic),
            "admin" => Ok(Self::Admin),
            _ => Err("not a value of AccessRole"),
        }
    }
}
