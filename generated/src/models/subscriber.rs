// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// Somebody on the list.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct Subscriber {
    /// The subscriber's id.
    pub id: uuid::Uuid,
    /// The name.
    pub full_name: String,
    /// The address.
    pub email: String,
}

impl Subscriber {
    /// The `maxLength` of `full_name`.
    pub const FULL_NAME_MAX_LENGTH: usize = 200;
    /// The `maxLength` of `email`.
    pub const EMAIL_MAX_LENGTH: usize = 254;
}
