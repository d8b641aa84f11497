// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// The schema `Error`.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct Error {
    /// The property `code`.
    pub code: i32,
    /// The property `message`.
    pub message: String,
}
