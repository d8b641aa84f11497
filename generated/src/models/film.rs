// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// A film of the saga.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct Film {
    /// The id of the film.
    pub id: i32,
    /// The film's title.
    pub title: String,
    /// The number of the episode.
    pub episode_id: i32,
    /// Who directed it.
    pub director: String,
    /// Who produced it.
    pub producers: Vec<String>,
    /// The day of its first release in its home country.
    #[serde(with = "gatekeeper::formats::date")]
    pub release_date: time::Date,
    /// URLs of the characters seen in it; absent when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub characters: Option<Vec<String>>,
    /// URLs of the planets seen in it; absent when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planets: Option<Vec<String>>,
    /// URLs of the species seen in it; absent when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub species: Option<Vec<String>>,
    /// URLs of the starships seen in it; absent when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starships: Option<Vec<String>>,
    /// URLs of the vehicles seen in it; absent when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vehicles: Option<Vec<String>>,
    /// The film's own URL.
    pub url: String,
}

impl Film {
    /// The `minimum` of `id`.
    pub const ID_MINIMUM: i32 = 1;
    /// The `maximum` of `id`.
    pub const ID_MAXIMUM: i32 = 2147483647;
    /// The `maxLength` of `title`.
    pub const TITLE_MAX_LENGTH: usize = 200;
    /// The `minimum` of `episode_id`.
    pub const EPISODE_ID_MINIMUM: i32 = 0;
    /// The `maximum` of `episode_id`.
    pub const EPISODE_ID_MAXIMUM: i32 = 2147483647;
    /// The `maxLength` of `director`.
    pub const DIRECTOR_MAX_LENGTH: usize = 200;
    /// The `maxItems` of `producers`.
    pub const PRODUCERS_MAX_ITEMS: usize = 50;
    /// The `maxItems` of `characters`.
    pub const CHARACTERS_MAX_ITEMS: usize = 200;
    /// The `maxItems` of `planets`.
    pub const PLANETS_MAX_ITEMS: usize = 200;
    /// The `maxItems` of `species`.
    pub const SPECIES_MAX_ITEMS: usize = 200;
    /// The `maxItems` of `starships`.
    pub const STARSHIPS_MAX_ITEMS: usize = 200;
    /// The `maxItems` of `vehicles`.
    pub const VEHICLES_MAX_ITEMS: usize = 200;
    /// The `maxLength` of `url`.
    pub const URL_MAX_LENGTH: usize = 2048;
}
