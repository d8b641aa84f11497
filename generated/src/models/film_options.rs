// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// Which relations are wanted.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct FilmOptions {
    /// The characters seen in it.
    #[serde(default = "FilmOptions::default_characters")]
    pub characters: bool,
    /// The planets seen in it.
    #[serde(default = "FilmOptions::default_planets")]
    pub planets: bool,
    /// The species seen in it.
    #[serde(default = "FilmOptions::default_species")]
    pub species: bool,
    /// The starships seen in it.
    #[serde(default = "FilmOptions::default_starships")]
    pub starships: bool,
    /// The vehicles seen in it.
    #[serde(default = "FilmOptions::default_vehicles")]
    pub vehicles: bool,
}

impl FilmOptions {
    fn default_characters() -> bool {
        true
    }

    fn default_planets() -> bool {
        true
    }

    fn default_species() -> bool {
        true
    }

    fn default_starships() -> bool {
        true
    }

    fn default_vehicles() -> bool {
        true
    }
}

impl std::default::Default for FilmOptions {
    fn default() -> Self {
        Self {
            characters: Self::default_characters(),
            planets: Self::default_planets(),
            species: Self::default_species(),
            starships: Self::default_starships(),
            vehicles: Self::default_vehicles(),
        }
    }
}
