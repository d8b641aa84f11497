// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// Always `ok`; anything else is a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum AcknowledgementStatus {
    /// The value `ok`.
    #[serde(rename = "ok")]
    Ok,
}

impl AcknowledgementStatus {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::Ok];

    /// Returns the value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
        }
    }
}

impl std::fmt::Display for AcknowledgementStatus {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for AcknowledgementStatus {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "ok" => Ok(Self::Ok),
            _ => Err("not a value of AcknowledgementStatus"),
        }
    }
}
