// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::Holodule;

/// The streams of a day.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct HoloduleList {
    /// How many there are.
    pub result: i64,
    /// The streams, newest first.
    pub holodules: Vec<Holodule>,
}

impl HoloduleList {
    /// The `minimum` of `result`.
    pub const RESULT_MINIMUM: i64 = 0;
    /// The `maximum` of `result`.
    pub const RESULT_MAXIMUM: i64 = 9007199254740991;
    /// The `maxItems` of `holodules`.
    pub const HOLODULES_MAX_ITEMS: usize = 200;
}
