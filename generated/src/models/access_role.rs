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
    /// The value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Admin => "admin",
        }
    }
}
