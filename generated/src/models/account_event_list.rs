// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::AccountEvent;

/// A page of events.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct AccountEventList {
    /// The events of this page.
    pub results: Vec<AccountEvent>,
    /// How many there are in all.
    pub count: i64,
    /// URL of the next page, null on the last.
    pub next: Option<String>,
    /// URL of the page before, null on the first.
    pub previous: Option<String>,
}
