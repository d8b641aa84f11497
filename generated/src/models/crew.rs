// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// How many run it; both ends are the same where one number is known. Sorted and filtered by `minimum`.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct Crew {
    /// The fewest.
    pub minimum: i64,
    /// The most.
    pub maximum: i64,
}

impl Crew {
    /// The `minimum` of `minimum`.
    pub const MINIMUM_MINIMUM: i64 = 0;
    /// The `maximum` of `minimum`.
    pub const MINIMUM_MAXIMUM: i64 = 9007199254740991;
    /// The `minimum` of `maximum`.
    pub const MAXIMUM_MINIMUM: i64 = 0;
    /// The `maximum` of `maximum`.
    pub const MAXIMUM_MAXIMUM: i64 = 9007199254740991;
}
