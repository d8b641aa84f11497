// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// A relation of a planet, to be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum PlanetRelation {
    /// The value `residents`.
    #[serde(rename = "residents")]
    Residents,
    /// The value `films`.
    #[serde(rename = "films")]
    Films,
    /// The value `species`.
    #[serde(rename = "species")]
    Species,
}

impl PlanetRelation {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::Residents, Self::Films, Self::Species];

    /// Returns the value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Residents => "residents",
            Self::Films => "films",
            Self::Species => "species",
        }
    }
}

impl std::fmt::Display for PlanetRelation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for PlanetRelation {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "residents" => Ok(Self::Residents),
            "films" => Ok(Self::Films),
            "species" => Ok(Self::Species),
            _ => Err("not a value of PlanetRelation"),
        }
    }
}
