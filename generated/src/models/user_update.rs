// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::AccessRole;

/// What is to change; at least one member.
#[derive(Debug, Clone, PartialEq, Default, serde::Deserialize, serde::Serialize)]
pub struct UserUpdate {
    /// The new address. Space around it is dropped, letters are made small and an internationalised domain takes its ASCII form (`xn--...`), which has to exist; at most 64 characters before the `@`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// A role; `admin` may do all that `basic` may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_role: Option<AccessRole>,
}

impl UserUpdate {
    /// The `minLength` of `email`.
    pub const EMAIL_MIN_LENGTH: usize = 3;
    /// The `maxLength` of `email`.
    pub const EMAIL_MAX_LENGTH: usize = 254;
}
