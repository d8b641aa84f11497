// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::ApiToken;

/// A page of API tokens.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct ApiTokenList {
    /// The API tokens of this page.
    pub results: Vec<ApiToken>,
    /// How many there are in all.
    pub count: i64,
    /// URL of the next page, null on the last.
    pub next: Option<String>,
    /// URL of the page before, null on the first.
    pub previous: Option<String>,
}
