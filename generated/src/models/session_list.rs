// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::Session;

/// A page of sessions.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct SessionList {
    /// The sessions of this page.
    pub results: Vec<Session>,
    /// How many there are in all.
    pub count: i64,
    /// URL of the next page, null on the last.
    pub next: Option<String>,
    /// URL of the page before, null on the first.
    pub previous: Option<String>,
}

impl SessionList {
    /// The `maxItems` of `results`.
    pub const RESULTS_MAX_ITEMS: usize = 100;
    /// The `minimum` of `count`.
    pub const COUNT_MINIMUM: i64 = 0;
    /// The `maximum` of `count`.
    pub const COUNT_MAXIMUM: i64 = 9007199254740991;
    /// The `maxLength` of `next`.
    pub const NEXT_MAX_LENGTH: usize = 4096;
    /// The `maxLength` of `previous`.
    pub const PREVIOUS_MAX_LENGTH: usize = 4096;
}
