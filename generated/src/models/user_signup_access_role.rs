// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// The role asked for; nobody signs up as more than `basic`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum UserSignupAccessRole {
    /// The value `basic`.
    #[serde(rename = "basic")]
    Basic,
}

impl UserSignupAccessRole {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::Basic];

    /// Returns the value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "basic",
        }
    }
}

impl std::fmt::Display for UserSignupAccessRole {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for UserSignupAccessRole {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "basic" => Ok(Self::Basic),
            _ => Err("not a value of UserSignupAccessRole"),
        }
    }
}
