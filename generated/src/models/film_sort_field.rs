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
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[
        Self::Id,
        Self::Title,
        Self::EpisodeId,
        Self::Director,
        Self::ReleaseDate,
    ];

    /// Returns the value as the contract writes it.
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

impl std::fmt::Display for FilmSortField {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for FilmSortField {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "id" => Ok(Self::Id),
            "title" => Ok(Self::Title),
            "episode_id" => Ok(Self::EpisodeId),
            "director" => Ok(Self::Director),
            "release_date" => Ok(Self::ReleaseDate),
            _ => Err("not a value of FilmSortField"),
        }
    }
}
