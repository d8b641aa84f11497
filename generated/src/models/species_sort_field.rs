// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// What species can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum SpeciesSortField {
    /// The value `id`.
    #[serde(rename = "id")]
    Id,
    /// The value `name`.
    #[serde(rename = "name")]
    Name,
    /// The value `classification`.
    #[serde(rename = "classification")]
    Classification,
    /// The value `designation`.
    #[serde(rename = "designation")]
    Designation,
    /// The value `average_height`.
    #[serde(rename = "average_height")]
    AverageHeight,
    /// The value `average_lifespan`.
    #[serde(rename = "average_lifespan")]
    AverageLifespan,
    /// The value `language`.
    #[serde(rename = "language")]
    Language,
}

impl SpeciesSortField {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[
        Self::Id,
        Self::Name,
        Self::Classification,
        Self::Designation,
        Self::AverageHeight,
        Self::AverageLifespan,
        Self::Language,
    ];

    /// Returns the value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Name => "name",
            Self::Classification => "classification",
            Self::Designation => "designation",
            Self::AverageHeight => "average_height",
            Self::AverageLifespan => "average_lifespan",
            Self::Language => "language",
        }
    }
}

impl std::fmt::Display for SpeciesSortField {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for SpeciesSortField {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "id" => Ok(Self::Id),
            "name" => Ok(Self::Name),
            "classification" => Ok(Self::Classification),
            "designation" => Ok(Self::Designation),
            "average_height" => Ok(Self::AverageHeight),
            "average_lifespan" => Ok(Self::AverageLifespan),
            "language" => Ok(Self::Language),
            _ => Err("not a value of SpeciesSortField"),
        }
    }
}
