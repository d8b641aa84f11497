// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// The value at `paths/greetings/{name}/get/responses/200/content/application/json/schema`.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct GreetResponseBody {
    /// The property `greeting`.
    pub greeting: String,
}
