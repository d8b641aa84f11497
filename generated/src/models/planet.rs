// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// A planet of the saga.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct Planet {
    /// The id of the planet.
    pub id: i32,
    /// The planet's name.
    pub name: String,
    /// Diameter in kilometres.
    pub diameter: Option<i64>,
    /// Length of a day in standard hours.
    pub rotation_period: Option<i64>,
    /// Length of a year in standard days.
    pub orbital_period: Option<i64>,
    /// Gravity at the surface; 1 is standard.
    pub gravity: Option<f64>,
    /// How many live there.
    pub population: Option<i64>,
    /// Share of the surface that is water, in per cent.
    pub surface_water: Option<f64>,
    /// Its climates.
    pub climates: Option<Vec<String>>,
    /// Its landscapes.
    pub terrains: Option<Vec<String>>,
    /// URLs of the characters born there; absent when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub residents: Option<Vec<String>>,
    /// URLs of the films that it is seen in; absent when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub films: Option<Vec<String>>,
    /// URLs of the species that come from there; absent when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub species: Option<Vec<String>>,
    /// The planet's own URL.
    pub url: String,
}

impl Planet {
    /// The `minimum` of `id`.
    pub const ID_MINIMUM: i32 = 1;
    /// The `maximum` of `id`.
    pub const ID_MAXIMUM: i32 = 2147483647;
    /// The `maxLength` of `name`.
    pub const NAME_MAX_LENGTH: usize = 200;
    /// The `minimum` of `diameter`.
    pub const DIAMETER_MINIMUM: i64 = 0;
    /// The `maximum` of `diameter`.
    pub const DIAMETER_MAXIMUM: i64 = 9007199254740991;
    /// The `minimum` of `rotation_period`.
    pub const ROTATION_PERIOD_MINIMUM: i64 = 0;
    /// The `maximum` of `rotation_period`.
    pub const ROTATION_PERIOD_MAXIMUM: i64 = 9007199254740991;
    /// The `minimum` of `orbital_period`.
    pub const ORBITAL_PERIOD_MINIMUM: i64 = 0;
    /// The `maximum` of `orbital_period`.
    pub const ORBITAL_PERIOD_MAXIMUM: i64 = 9007199254740991;
    /// The `minimum` of `population`.
    pub const POPULATION_MINIMUM: i64 = 0;
    /// The `maximum` of `population`.
    pub const POPULATION_MAXIMUM: i64 = 9007199254740991;
    /// The `maxItems` of `climates`.
    pub const CLIMATES_MAX_ITEMS: usize = 50;
    /// The `maxItems` of `terrains`.
    pub const TERRAINS_MAX_ITEMS: usize = 50;
    /// The `maxItems` of `residents`.
    pub const RESIDENTS_MAX_ITEMS: usize = 200;
    /// The `maxItems` of `films`.
    pub const FILMS_MAX_ITEMS: usize = 200;
    /// The `maxItems` of `species`.
    pub const SPECIES_MAX_ITEMS: usize = 200;
    /// The `maxLength` of `url`.
    pub const URL_MAX_LENGTH: usize = 2048;
}
