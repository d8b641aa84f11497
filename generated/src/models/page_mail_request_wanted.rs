// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// The button, `verification` for a link that proves the address, `password` for one to choose a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum PageMailRequestWanted {
    /// The value `verification`.
    #[serde(rename = "verification")]
    Verification,
    /// The value `password`.
    #[serde(rename = "password")]
    Password,
}

impl PageMailRequestWanted {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::Verification, Self::Password];

    /// Returns the value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Verification => "verification",
            Self::Password => "password",
        }
    }
}

impl std::fmt::Display for PageMailRequestWanted {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for PageMailRequestWanted {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "verification" => Ok(Self::Verification),
            "password" => Ok(Self::Password),
            _ => Err("not a value of PageMailRequestWanted"),
        }
    }
}
