// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// What the service is, and where its documents are.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct EntryPoint {
    /// The title of the contract.
    pub title: String,
    /// The version of the contract.
    pub version: String,
    /// URL of the contract, as JSON.
    pub contract: String,
    /// URL of the viewer; null where the operator switched it off.
    pub viewer: Option<String>,
    /// URL of the catalogue of errors.
    pub errors: String,
    /// URL that tells whether requests can be served.
    pub status: String,
}

impl EntryPoint {
    /// The `maxLength` of `title`.
    pub const TITLE_MAX_LENGTH: usize = 64;
    /// The `maxLength` of `version`.
    pub const VERSION_MAX_LENGTH: usize = 32;
    /// The `maxLength` of `contract`.
    pub const CONTRACT_MAX_LENGTH: usize = 2048;
    /// The `maxLength` of `viewer`.
    pub const VIEWER_MAX_LENGTH: usize = 2048;
    /// The `maxLength` of `errors`.
    pub const ERRORS_MAX_LENGTH: usize = 2048;
    /// The `maxLength` of `status`.
    pub const STATUS_MAX_LENGTH: usize = 2048;
}
