// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::{ValidationProblemCode, Violation};

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
