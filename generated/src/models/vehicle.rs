// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::{Crew, Supplies};

/// A vehicle of the saga.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct Vehicle {
    /// The id of the vehicle.
    pub id: i32,
    /// The vehicle's name.
    pub name: String,
    /// The make that it is of.
    pub model: String,
    /// Who builds it.
    pub manufacturers: Option<Vec<String>>,
    /// Price of a new one, in galactic credits.
    pub cost_in_credits: Option<i64>,
    /// Length in metres.
    pub length: Option<f64>,
    /// How many run it; both ends are the same where one number is known. Sorted and filtered by `minimum`.
    pub crew: Option<Crew>,
    /// How many it carries besides its crew.
    pub passengers: Option<i64>,
    /// Load in kilograms.
    pub cargo_capacity: Option<i64>,
    /// For how long it can do without new supplies. Sorted and filtered in days, of which a month has 30 and a
    /// year 365.
    pub consumables: Option<Supplies>,
    /// Top speed in an atmosphere, in kilometres an hour.
    pub max_atmosphering_speed: Option<i64>,
    /// What it is built for.
    pub vehicle_class: String,
    /// URLs of the characters who have driven it; absent when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pilots: Option<Vec<String>>,
    /// URLs of the films that it is seen in; absent when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub films: Option<Vec<String>>,
    /// The vehicle's own URL.
    pub url: String,
}

impl Vehicle {
    /// The `minimum` of `id`.
    pub const ID_MINIMUM: i32 = 1;
    /// The `maximum` of `id`.
    pub const ID_MAXIMUM: i32 = 2147483647;
    /// The `maxLength` of `name`.
    pub const NAME_MAX_LENGTH: usize = 200;
    /// The `maxLength` of `model`.
    pub const MODEL_MAX_LENGTH: usize = 200;
    /// The `maxItems` of `manufacturers`.
    pub const MANUFACTURERS_MAX_ITEMS: usize = 50;
    /// The `minimum` of `cost_in_credits`.
    pub const COST_IN_CREDITS_MINIMUM: i64 = 0;
    /// The `maximum` of `cost_in_credits`.
    pub const COST_IN_CREDITS_MAXIMUM: i64 = 9007199254740991;
    /// The `minimum` of `passengers`.
    pub const PASSENGERS_MINIMUM: i64 = 0;
    /// The `maximum` of `passengers`.
    pub const PASSENGERS_MAXIMUM: i64 = 9007199254740991;
    /// The `minimum` of `cargo_capacity`.
    pub const CARGO_CAPACITY_MINIMUM: i64 = 0;
    /// The `maximum` of `cargo_capacity`.
    pub const CARGO_CAPACITY_MAXIMUM: i64 = 9007199254740991;
    /// The `minimum` of `max_atmosphering_speed`.
    pub const MAX_ATMOSPHERING_SPEED_MINIMUM: i64 = 0;
    /// The `maximum` of `max_atmosphering_speed`.
    pub const MAX_ATMOSPHERING_SPEED_MAXIMUM: i64 = 9007199254740991;
    /// The `maxLength` of `vehicle_class`.
    pub const VEHICLE_CLASS_MAX_LENGTH: usize = 200;
    /// The `maxItems` of `pilots`.
    pub const PILOTS_MAX_ITEMS: usize = 200;
    /// The `maxItems` of `films`.
    pub const FILMS_MAX_ITEMS: usize = 200;
    /// The `maxLength` of `url`.
    pub const URL_MAX_LENGTH: usize = 2048;
}
