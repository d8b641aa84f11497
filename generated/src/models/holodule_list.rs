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
