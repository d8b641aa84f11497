// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// The schema `Status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum Status {
    /// The value `available`.
    #[serde(rename = "available")]
    Available,
    /// The value `pending`.
    #[serde(rename = "pending")]
    Pending,
    /// The value `sold`.
    #[serde(rename = "sold")]
    Sold,
}

impl Status {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::Available, Self::Pending, Self::Sold];

    /// Returns the value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Pending => "pending",
            Self::Sold => "sold",
        }
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for Status {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "available" => Ok(Self::Available),
            "pending" => Ok(Self::Pending),
            "sold" => Ok(Self::Sold),
            _ => Err("not a value of Status"),
        }
    }
}
