// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// What characters can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum CharacterSortField {
    /// The value `id`.
    #[serde(rename = "id")]
    Id,
    /// The value `name`.
    #[serde(rename = "name")]
    Name,
    /// The value `gender`.
    #[serde(rename = "gender")]
    Gender,
    /// The value `birth_year`.
    #[serde(rename = "birth_year")]
    BirthYear,
    /// The value `height`.
    #[serde(rename = "height")]
    Height,
    /// The value `mass`.
    #[serde(rename = "mass")]
    Mass,
}

impl CharacterSortField {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[
        Self::Id,
        Self::Name,
        Self::Gender,
        Self::BirthYear,
        Self::Height,
        Self::Mass,
    ];

    /// Returns the value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Name => "name",
            Self::Gender => "gender",
            Self::BirthYear => "birth_year",
            Self::Height => "height",
            Self::Mass => "mass",
        }
    }
}

impl std::fmt::Display for CharacterSortField {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for CharacterSortField {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "id" => Ok(Self::Id),
            "name" => Ok(Self::Name),
            "gender" => Ok(Self::Gender),
            "birth_year" => Ok(Self::BirthYear),
            "height" => Ok(Self::Height),
            "mass" => Ok(Self::Mass),
            _ => Err("not a value of CharacterSortField"),
        }
    }
}
