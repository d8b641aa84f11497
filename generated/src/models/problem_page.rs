// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::ProblemCode;

/// What a `code` means, where it comes from and what to do about it.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct ProblemPage {
    /// URL of this page, the `type` of such problems.
    #[serde(rename = "type")]
    pub type_: String,
    /// What happened, for programs. Stable. `get_error` explains each.
    pub code: ProblemCode,
    /// The HTTP status that it comes with.
    pub status: i32,
    /// The code in words.
    pub title: String,
    /// What is so.
    pub meaning: String,
    /// How that comes about.
    pub cause: String,
    /// What to do next.
    pub cure: String,
}

impl ProblemPage {
    /// The `maxLength` of `type_`.
    pub const TYPE_MAX_LENGTH: usize = 2048;
    /// The `minimum` of `status`.
    pub const STATUS_MINIMUM: i32 = 400;
    /// The `maximum` of `status`.
    pub const STATUS_MAXIMUM: i32 = 599;
    /// The `maxLength` of `title`.
    pub const TITLE_MAX_LENGTH: usize = 200;
    /// The `maxLength` of `meaning`.
    pub const MEANING_MAX_LENGTH: usize = 1000;
    /// The `maxLength` of `cause`.
    pub const CAUSE_MAX_LENGTH: usize = 1000;
    /// The `maxLength` of `cure`.
    pub const CURE_MAX_LENGTH: usize = 1000;
}
