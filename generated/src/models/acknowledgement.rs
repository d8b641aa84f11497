// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// The word that all is well.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct Acknowledgement {
    /// Always `ok`; anything else is a problem.
    pub status: AcknowledgementStatus,
}

/// Always `ok`; anything else is a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum AcknowledgementStatus {
    /// The value `ok`.
    #[serde(rename = "ok")]
    Ok,
}

impl AcknowledgementStatus {
    /// The value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
        }
    }
}
