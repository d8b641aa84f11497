// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::SuppliesUnit;

/// For how long it can do without new supplies. Sorted and filtered in days, of which a month has 30 and a
/// year 365.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct Supplies {
    /// How many of the unit.
    pub amount: i32,
    /// The unit.
    pub unit: SuppliesUnit,
}

impl Supplies {
    /// The `minimum` of `amount`.
    pub const AMOUNT_MINIMUM: i32 = 0;
    /// The `maximum` of `amount`.
    pub const AMOUNT_MAXIMUM: i32 = 2147483647;
}
