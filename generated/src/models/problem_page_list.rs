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

impl ProblemPageList {
    /// The `maxItems` of `results`.
    pub const RESULTS_MAX_ITEMS: usize = 100;
    /// The `minimum` of `count`.
    pub const COUNT_MINIMUM: i64 = 0;
    /// The `maximum` of `count`.
    pub const COUNT_MAXIMUM: i64 = 9007199254740991;
    /// The `maxLength` of `next`.
    pub const NEXT_MAX_LENGTH: usize = 2048;
    /// The `maxLength` of `previous`.
    pub const PREVIOUS_MAX_LENGTH: usize = 2048;
}
