// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::Status;

/// The schema `Pet`.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct PetRequest {
    /// The property `name`.
    pub name: String,
    /// The property `status`.
    #[serde(default = "PetRequest::default_status")]
    pub status: Status,
    /// The property `tags`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
}

impl PetRequest {
    /// The `minLength` of `name`.
    pub const NAME_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `name`.
    pub const NAME_MAX_LENGTH: usize = 40;
    /// The `maxItems` of `tags`.
    pub const TAGS_MAX_ITEMS: usize = 10;
}

impl PetRequest {
    fn default_status() -> Status {
        Status::Available
    }
}
