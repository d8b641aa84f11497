// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// A character of the saga.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct Character {
    /// The id of the character.
    pub id: i32,
    /// The character's name.
    pub name: String,
    /// The gender; null for droids and where unknown.
    pub gender: Option<String>,
    /// Year of birth, counted from the Battle of Yavin; years before it are negative.
    pub birth_year: Option<f64>,
    /// Height in centimetres.
    pub height: Option<f64>,
    /// Mass in kilograms.
    pub mass: Option<f64>,
    /// Colours of the skin; empty for none.
    pub skin_colors: Option<Vec<String>>,
    /// Colours of the hair; empty for none.
    pub hair_colors: Option<Vec<String>>,
    /// Colours of the eyes; empty for none.
    pub eye_colors: Option<Vec<String>>,
    /// URL of the planet of birth.
    pub homeworld: String,
    /// URLs of the films that the character is seen in; absent when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub films: Option<Vec<String>>,
    /// URLs of the character's species; absent when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub species: Option<Vec<String>>,
    /// URLs of the starships that the character has piloted; absent when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starships: Option<Vec<String>>,
    /// URLs of the vehicles that the character has driven; absent when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vehicles: Option<Vec<String>>,
    /// The character's own URL.
    pub url: String,
}

impl Character {
    /// The `minimum` of `id`.
    pub const ID_MINIMUM: i32 = 1;
    /// The `maximum` of `id`.
    pub const ID_MAXIMUM: i32 = 2147483647;
    /// The `maxLength` of `name`.
    pub const NAME_MAX_LENGTH: usize = 200;
    /// The `maxLength` of `gender`.
    pub const GENDER_MAX_LENGTH: usize = 200;
    /// The `maxItems` of `skin_colors`.
    pub const SKIN_COLORS_MAX_ITEMS: usize = 50;
    /// The `maxItems` of `hair_colors`.
    pub const HAIR_COLORS_MAX_ITEMS: usize = 50;
    /// The `maxItems` of `eye_colors`.
    pub const EYE_COLORS_MAX_ITEMS: usize = 50;
    /// The `maxLength` of `homeworld`.
    pub const HOMEWORLD_MAX_LENGTH: usize = 2048;
    /// The `maxItems` of `films`.
    pub const FILMS_MAX_ITEMS: usize = 200;
    /// The `maxItems` of `species`.
    pub const SPECIES_MAX_ITEMS: usize = 200;
    /// The `maxItems` of `starships`.
    pub const STARSHIPS_MAX_ITEMS: usize = 200;
    /// The `maxItems` of `vehicles`.
    pub const VEHICLES_MAX_ITEMS: usize = 200;
    /// The `maxLength` of `url`.
    pub const URL_MAX_LENGTH: usize = 2048;
}
