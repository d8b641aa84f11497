// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// A relation of a character, to be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum CharacterRelation {
    /// The value `films`.
    #[serde(rename = "films")]
    Films,
    /// The value `species`.
    #[serde(rename = "species")]
    Species,
    /// The value `starships`.
    #[serde(rename = "starships")]
    Starships,
    /// The value `vehicles`.
    #[serde(rename = "vehicles")]
    Vehicles,
}

impl CharacterRelation {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::Films, Self::Species, Self::Starships, Self::Vehicles];

    /// Returns the value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Films => "films",
            Self::Species => "species",
            Self::Starships => "starships",
            Self::Vehicles => "vehicles",
        }
    }
}

impl std::fmt::Display for CharacterRelation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for CharacterRelation {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "films" => Ok(Self::Films),
            "species" => Ok(Self::Species),
            "starships" => Ok(Self::Starships),
            "vehicles" => Ok(Self::Vehicles),
            _ => Err("not a value of CharacterRelation"),
        }
    }
}
