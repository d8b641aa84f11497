// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// Which relations are wanted.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct SpeciesOptions {
    /// The characters of it.
    #[serde(default = "SpeciesOptions::default_characters")]
    pub characters: bool,
    /// The films that it is seen in.
    #[serde(default = "SpeciesOptions::default_films")]
    pub films: bool,
}

impl SpeciesOptions {
    fn default_characters() -> bool {
        true
    }

    fn default_films() -> bool {
        true
    }
}

impl std::default::Default for SpeciesOptions {
    fn default() -> Self {
        Self {
            characters: Self::default_characters(),
            films: Self::default_films(),
        }
    }
}
