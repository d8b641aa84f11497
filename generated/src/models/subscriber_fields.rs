// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// Who is to be on the list.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct SubscriberFields {
    /// The name.
    pub full_name: String,
    /// The address. Space around it is dropped, letters are made small and an internationalised domain takes its ASCII form (`xn--...`), which has to exist; at most 64 characters before the `@`.
    pub email: String,
}

impl SubscriberFields {
    /// The `minLength` of `full_name`.
    pub const FULL_NAME_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `full_name`.
    pub const FULL_NAME_MAX_LENGTH: usize = 200;
    /// The `minLength` of `email`.
    pub const EMAIL_MIN_LENGTH: usize = 3;
    /// The `maxLength` of `email`.
    pub const EMAIL_MAX_LENGTH: usize = 254;
}
