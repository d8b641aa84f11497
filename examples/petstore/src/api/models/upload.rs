// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// The schema `Upload`.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct Upload {
    /// The property `bytes`.
    pub bytes: i64,
    /// The property `caption`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
}
