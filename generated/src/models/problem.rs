// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::ProblemCode;

/// Why a request was not served (RFC 9457).
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct Problem {
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
    /// What happened, for programs. Stable. `get_error` explains each.
    pub code: ProblemCode,
}

impl Problem {
    /// The `maxLength` of `type_`.
    pub const TYPE_MAX_LENGTH: usize = 2048;
    /// The `maxLength` of `title`.
    pub const TITLE_MAX_LENGTH: usize = 200;
    /// The `minimum` of `status`.
    pub const STATUS_MINIMUM: i32 = 400;
    /// The `maximum` of `status`.
    pub const STATUS_MAXIMUM: i32 = 599;
    /// The `maxLength` of `detail`.
    pub const DETAIL_MAX_LENGTH: usize = 2048;
    /// The `maxLength` of `instance`.
    pub const INSTANCE_MAX_LENGTH: usize = 128;
}
