// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// The word that all is well.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct Status {
    /// Always `ok`; anything else is a problem.
    pub status: StatusStatus,
}

/// Always `ok`; anything else is a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum StatusStatus {
    /// The value `ok`.
    #[serde(rename = "ok")]
    Ok,
}

impl StatusStatus {
    /// The value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
        }
    }
}
