// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::Starship;

/// A page of starships.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct StarshipList {
    /// The starships of this page.
    pub results: Vec<Starship>,
    /// How many match in all.
    pub count: i64,
    /// URL of the next page, null on the last.
    pub next: Option<String>,
    /// URL of the page before, null on the first.
    pub previous: Option<String>,
}

impl StarshipList {
    /// The `maxItems` of `results`.
    pub const RESULTS_MAX_ITEMS: usize = 100;
    /// The `minimum` of `count`.
    pub const COUNT_MINIMUM: i64 = 0;
    /// The `maximum` of `count`.
    pub const COUNT_MAXIMUM: i64 = 9007199254740991;
    /// The `maxLength` of `next`.
    pub const NEXT_MAX_LENGTH: usize = 16384;
    /// The `maxLength` of `previous`.
    pub const PREVIOUS_MAX_LENGTH: usize = 16384;
}
