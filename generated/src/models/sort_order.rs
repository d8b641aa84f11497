// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// Ascending or descending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum SortOrder {
    /// The value `asc`.
    #[serde(rename = "asc")]
    Asc,
    /// The value `desc`.
    #[serde(rename = "desc")]
    Desc,
}

impl SortOrder {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::Asc, Self::Desc];

    /// Returns the value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asc => "asc",
            Self::Desc => "desc",
        }
    }
}

impl std::fmt::Display for SortOrder {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for SortOrder {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "asc" => Ok(Self::Asc),
            "desc" => Ok(Self::Desc),
            _ => Err("not a value of SortOrder"),
        }
    }
}
