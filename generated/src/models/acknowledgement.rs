// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::AcknowledgementStatus;

/// The word that all is well.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct Acknowledgement {
    /// Always `ok`; anything else is a problem.
    pub status: AcknowledgementStatus,
}
