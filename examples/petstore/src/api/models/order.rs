// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// The schema `Order`.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct Order {
    /// The property `petId`.
    #[serde(rename = "petId")]
    pub pet_id: i64,
    /// The property `shipDate`.
    #[serde(
        rename = "shipDate",
        default,
        skip_serializing_if = "Option::is_none",
        with = "time::serde::rfc3339::option"
    )]
    pub ship_date: Option<time::OffsetDateTime>,
    /// The property `complete`.
    #[serde(default)]
    pub complete: bool,
}
