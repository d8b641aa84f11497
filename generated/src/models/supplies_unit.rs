// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// The unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum SuppliesUnit {
    /// The value `hour`.
    #[serde(rename = "hour")]
    Hour,
    /// The value `day`.
    #[serde(rename = "day")]
    Day,
    /// The value `week`.
    #[serde(rename = "week")]
    Week,
    /// The value `month`.
    #[serde(rename = "month")]
    Month,
    /// The value `year`.
    #[serde(rename = "year")]
    Year,
}

impl SuppliesUnit {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::Hour, Self::Day, Self::Week, Self::Month, Self::Year];

    /// Returns the value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

impl std::fmt::Display for SuppliesUnit {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for SuppliesUnit {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "hour" => Ok(Self::Hour),
            "day" => Ok(Self::Day),
            "week" => Ok(Self::Week),
            "month" => Ok(Self::Month),
            "year" => Ok(Self::Year),
            _ => Err("not a value of SuppliesUnit"),
        }
    }
}
