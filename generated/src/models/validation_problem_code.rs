// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// What happened, for programs. Stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum ValidationProblemCode {
    /// The value `validation-failed`.
    #[serde(rename = "validation-failed")]
    ValidationFailed,
}

impl ValidationProblemCode {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::ValidationFailed];

    /// Returns the value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ValidationFailed => "validation-failed",
        }
    }
}

impl std::fmt::Display for ValidationProblemCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for ValidationProblemCode {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "validation-failed" => Ok(Self::ValidationFailed),
            _ => Err("not a value of ValidationProblemCode"),
        }
    }
}
