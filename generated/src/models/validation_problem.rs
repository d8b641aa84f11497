// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::Violation;

/// Which rules of the contract a request breaks.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct ValidationProblem {
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
    pub code: ValidationProblemCode,
    /// Every violation.
    pub errors: Vec<Violation>,
}

impl ValidationProblem {
    /// The `maxLength` of `type_`.
    pub const TYPE_MAX_LENGTH: usize = 2048;
    /// The `maxLength` of `title`.
    pub const TITLE_MAX_LENGTH: usize = 200;
    /// The `minimum` of `status`.
    pub const STATUS_MINIMUM: i32 = 400;
    /// The `maximum` of `status`.
    pub const STATUS_MAXIMUM: i32 = 400;
    /// The `maxLength` of `detail`.
    pub const DETAIL_MAX_LENGTH: usize = 2048;
    /// The `maxLength` of `instance`.
    pub const INSTANCE_MAX_LENGTH: usize = 128;
    /// The `maxItems` of `errors`.
    pub const ERRORS_MAX_ITEMS: usize = 100;
}

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
