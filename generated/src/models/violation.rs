// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::ViolationIn;

/// One rule of the contract that the request breaks. The offending value is never repeated.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct Violation {
    /// The part of the request.
    #[serde(rename = "in")]
    pub in_: ViolationIn,
    /// The place within that part, a JSON Pointer (RFC 6901).
    pub pointer: String,
    /// The rule, in words.
    pub message: String,
}

impl Violation {
    /// The `maxLength` of `pointer`.
    pub const POINTER_MAX_LENGTH: usize = 1024;
    /// The `maxLength` of `message`.
    pub const MESSAGE_MAX_LENGTH: usize = 1024;
}
