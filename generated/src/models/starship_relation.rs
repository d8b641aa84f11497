// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// A relation of a starship, to be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum StarshipRelation {
    /// The value `pilots`.
    #[serde(rename = "pilots")]
    Pilots,
    /// The value `films`.
    #[serde(rename = "films")]
    Films,
}

impl StarshipRelation {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::Pilots, Self::Films];

    /// Returns the value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pilots => "pilots",
            Self::Films => "films",
        }
    }
}

impl std::fmt::Display for StarshipRelation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for StarshipRelation {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "pilots" => Ok(Self::Pilots),
            "films" => Ok(Self::Films),
            _ => Err("not a value of StarshipRelation"),
        }
    }
}
