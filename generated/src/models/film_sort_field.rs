// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// What films can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum FilmSortField {
    /// The value `id`.
    #[serde(rename = "id")]
    Id,
    /// The value `title`.
    #[serde(rename = "title")]
    Title,
    /// The value `episode_id`.
    #[serde(rename = "episode_id")]
    EpisodeId,
    /// The value `director`.
    #[serde(rename = "director")]
    Director,
    /// The value `release_date`.
    #[serde(rename = "release_date")]
    ReleaseDate,
}

impl FilmSortField {
    /// The value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Title => "title",
            Self::EpisodeId => "episode_id",
            Self::Director => "director",
            Self::ReleaseDate => "release_date",
        }
    }
}
