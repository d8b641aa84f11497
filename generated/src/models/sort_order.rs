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
    /// The value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asc => "asc",
            Self::Desc => "desc",
        }
    }
}
