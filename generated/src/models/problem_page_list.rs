// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::ProblemPage;

/// Every code, explained.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct ProblemPageList {
    /// The pages, by status.
    pub results: Vec<ProblemPage>,
    /// How many there are.
    pub count: i64,
    /// Null; all of them are here.
    pub next: Option<String>,
    /// Null; all of them are here.
    pub previous: Option<String>,
}
