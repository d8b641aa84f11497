// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::UserSignupAccessRole;

/// What opens an account.
#[derive(Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct UserSignup {
    /// The address. Space around it is dropped, letters are made small and an internationalised domain takes its ASCII form (`xn--...`), which has to exist; at most 64 characters before the `@`.
    pub email: String,
    /// 8 to 128 characters of any kind, counted in Normalization Form C, in which it is kept; sent in another form they may be more.
    pub password: String,
    /// The role asked for; nobody signs up as more than `basic`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_role: Option<UserSignupAccessRole>,
}

impl UserSignup {
    /// The `minLength` of `email`.
    pub const EMAIL_MIN_LENGTH: usize = 3;
    /// The `maxLength` of `email`.
    pub const EMAIL_MAX_LENGTH: usize = 254;
    /// The `minLength` of `password`.
    pub const PASSWORD_MIN_LENGTH: usize = 8;
    /// The `maxLength` of `password`.
    pub const PASSWORD_MAX_LENGTH: usize = 512;
}

impl std::fmt::Debug for UserSignup {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("UserSignup")
            .field("email", &self.email)
            .field("password", &"[redacted]")
            .field("access_role", &self.access_role)
            .finish()
    }
}
