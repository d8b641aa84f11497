// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// The part of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum ViolationIn {
    /// The value `path`.
    #[serde(rename = "path")]
    Path,
    /// The value `query`.
    #[serde(rename = "query")]
    Query,
    /// The value `header`.
    #[serde(rename = "header")]
    Header,
    /// The value `cookie`.
    #[serde(rename = "cookie")]
    Cookie,
    /// The value `body`.
    #[serde(rename = "body")]
    Body,
}

impl ViolationIn {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[
        Self::Path,
        Self::Query,
        Self::Header,
        Self::Cookie,
        Self::Body,
    ];

    /// Returns the value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
            Self::Body => "body",
        }
    }
}

impl std::fmt::Display for ViolationIn {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for ViolationIn {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "path" => Ok(Self::Path),
            "query" => Ok(Self::Query),
            "header" => Ok(Self::Header),
            "cookie" => Ok(Self::Cookie),
            "body" => Ok(Self::Body),
            _ => Err("not a value of ViolationIn"),
        }
    }
}
