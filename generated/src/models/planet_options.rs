// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// Which relations are wanted.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct PlanetOptions {
    /// The characters born there.
    #[serde(default = "PlanetOptions::default_residents")]
    pub residents: bool,
    /// The films that it is seen in.
    #[serde(default = "PlanetOptions::default_films")]
    pub films: bool,
    /// The species that come from there.
    #[serde(default = "PlanetOptions::default_species")]
    pub species: bool,
}

impl PlanetOptions {
    fn default_residents() -> bool {
        true
    }

    fn default_films() -> bool {
        true
    }

    fn default_species() -> bool {
        true
    }
}

impl std::default::Default for PlanetOptions {
    fn default() -> Self {
        Self {
            residents: Self::default_residents(),
            films: Self::default_films(),
            species: Self::default_species(),
        }
    }
}
