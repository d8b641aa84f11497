// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// Which relations are wanted.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct CharacterOptions {
    /// The films that the character is seen in.
    #[serde(default = "CharacterOptions::default_films")]
    pub films: bool,
    /// The character's species.
    #[serde(default = "CharacterOptions::default_species")]
    pub species: bool,
    /// The starships that the character has piloted.
    #[serde(default = "CharacterOptions::default_starships")]
    pub starships: bool,
    /// The vehicles that the character has driven.
    #[serde(default = "CharacterOptions::default_vehicles")]
    pub vehicles: bool,
}

impl CharacterOptions {
    fn default_films() -> bool {
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

impl std::default::Default for CharacterOptions {
    fn default() -> Self {
        Self {
            films: Self::default_films(),
            species: Self::default_species(),
            starships: Self::default_starships(),
            vehicles: Self::default_vehicles(),
        }
    }
}
