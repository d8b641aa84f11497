// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// A species of the saga.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct SpeciesEntry {
    /// The id of the species.
    pub id: i32,
    /// The species' name.
    pub name: String,
    /// The class of life.
    pub classification: Option<String>,
    /// What it is taken for.
    pub designation: Option<String>,
    /// Average height in centimetres.
    pub average_height: Option<f64>,
    /// Average life in years.
    pub average_lifespan: Option<f64>,
    /// The language spoken.
    pub language: Option<String>,
    /// Usual colours of the skin; empty for none.
    pub skin_colors: Option<Vec<String>>,
    /// Usual colours of the hair; empty for none.
    pub hair_colors: Option<Vec<String>>,
    /// Usual colours of the eyes; empty for none.
    pub eye_colors: Option<Vec<String>>,
    /// URL of the planet that it comes from; null for none.
    pub homeworld: Option<String>,
    /// URLs of the characters of it; absent when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub characters: Option<Vec<String>>,
    /// URLs of the films that it is seen in; absent when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub films: Option<Vec<String>>,
    /// The species' own URL.
    pub url: String,
}

impl SpeciesEntry {
    /// The `minimum` of `id`.
    pub const ID_MINIMUM: i32 = 1;
    /// The `maximum` of `id`.
    pub const ID_MAXIMUM: i32 = 2147483647;
    /// The `maxLength` of `name`.
    pub const NAME_MAX_LENGTH: usize = 200;
    /// The `maxLength` of `classification`.
    pub const CLASSIFICATION_MAX_LENGTH: usize = 200;
    /// The `maxLength` of `designation`.
    pub const DESIGNATION_MAX_LENGTH: usize = 200;
    /// The `maxLength` of `language`.
    pub const LANGUAGE_MAX_LENGTH: usize = 200;
    /// The `maxItems` of `skin_colors`.
    pub const SKIN_COLORS_MAX_ITEMS: usize = 50;
    /// The `maxItems` of `hair_colors`.
    pub const HAIR_COLORS_MAX_ITEMS: usize = 50;
    /// The `maxItems` of `eye_colors`.
    pub const EYE_COLORS_MAX_ITEMS: usize = 50;
    /// The `maxLength` of `homeworld`.
    pub const HOMEWORLD_MAX_LENGTH: usize = 2048;
    /// The `maxItems` of `characters`.
    pub const CHARACTERS_MAX_ITEMS: usize = 200;
    /// The `maxItems` of `films`.
    pub const FILMS_MAX_ITEMS: usize = 200;
    /// The `maxLength` of `url`.
    pub const URL_MAX_LENGTH: usize = 2048;
}
