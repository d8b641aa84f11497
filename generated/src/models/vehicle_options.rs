// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// Which relations are wanted.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct VehicleOptions {
    /// The characters who have driven it.
    #[serde(default = "VehicleOptions::default_pilots")]
    pub pilots: bool,
    /// The films that it is seen in.
    #[serde(default = "VehicleOptions::default_films")]
    pub films: bool,
}

impl VehicleOptions {
    fn default_pilots() -> bool {
        true
    }

    fn default_films() -> bool {
        true
    }
}

impl std::default::Default for VehicleOptions {
    fn default() -> Self {
        Self {
            pilots: Self::default_pilots(),
            films: Self::default_films(),
        }
    }
}
