// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// The value at `components/parameters/SecFetchSite/schema`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum SecFetchSiteParameter {
    /// The value `same-origin`.
    #[serde(rename = "same-origin")]
    SameOrigin,
    /// The value `none`.
    #[serde(rename = "none")]
    None,
}

impl SecFetchSiteParameter {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::SameOrigin, Self::None];

    /// Returns the value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SameOrigin => "same-origin",
            Self::None => "none",
        }
    }
}

impl std::fmt::Display for SecFetchSiteParameter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for SecFetchSiteParameter {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "same-origin" => Ok(Self::SameOrigin),
            "none" => Ok(Self::None),
            _ => Err("not a value of SecFetchSiteParameter"),
        }
    }
}
