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
