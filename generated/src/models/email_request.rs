// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// An address that something is asked for.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct EmailRequest {
    /// The address. Space around it is dropped, letters are made small and an internationalised domain takes its ASCII form (`xn--...`), which has to exist; at most 64 characters before the `@`.
    pub email: String,
}

impl EmailRequest {
    /// The `minLength` of `email`.
    pub const EMAIL_MIN_LENGTH: usize = 3;
    /// The `maxLength` of `email`.
    pub const EMAIL_MAX_LENGTH: usize = 254;
}
