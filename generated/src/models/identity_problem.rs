// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::IdentityProblemCode;

/// Why credentials were not accepted.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct IdentityProblem {
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
    pub code: IdentityProblemCode,
    /// The role that the operation asks for, with `authorisation-required`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_role: Option<String>,
}

impl IdentityProblem {
    /// The `maxLength` of `type_`.
    pub const TYPE_MAX_LENGTH: usize = 2048;
    /// The `maxLength` of `title`.
    pub const TITLE_MAX_LENGTH: usize = 200;
    /// The `minimum` of `status`.
    pub const STATUS_MINIMUM: i32 = 401;
    /// The `maximum` of `status`.
    pub const STATUS_MAXIMUM: i32 = 401;
    /// The `maxLength` of `detail`.
    pub const DETAIL_MAX_LENGTH: usize = 2048;
    /// The `maxLength` of `instance`.
    pub const INSTANCE_MAX_LENGTH: usize = 128;
    /// The `maxLength` of `required_role`.
    pub const REQUIRED_ROLE_MAX_LENGTH: usize = 64;
}
