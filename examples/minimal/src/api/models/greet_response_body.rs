// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// The schema `GreetResponseBody`.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct GreetResponseBody {
    /// The property `greeting`.
    pub greeting: String,
}
