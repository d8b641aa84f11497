// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// A relation of a species, to be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum SpeciesRelation {
    /// The value `characters`.
    #[serde(rename = "characters")]
    Characters,
    /// The value `films`.
    #[serde(rename = "films")]
    Films,
}

impl SpeciesRelation {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::Characters, Self::Films];

    /// Returns the value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Characters => "characters",
            Self::Films => "films",
        }
    }
}

impl std::fmt::Display for SpeciesRelation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for SpeciesRelation {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "characters" => Ok(Self::Characters),
            "films" => Ok(Self::Films),
            _ => Err("not a value of SpeciesRelation"),
        }
    }
}
