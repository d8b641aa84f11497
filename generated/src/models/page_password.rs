// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// The form that changes a password; it is as `PasswordChange` says.
#[derive(Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct PagePassword {
    /// The password token of the link.
    pub token: String,
    /// The new password.
    pub password: String,
    /// The same once more, against slips of fingers that nobody sees.
    pub again: String,
}

impl PagePassword {
    /// The `minLength` of `token`.
    pub const TOKEN_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `token`.
    pub const TOKEN_MAX_LENGTH: usize = 4096;
    /// The `minLength` of `password`.
    pub const PASSWORD_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `password`.
    pub const PASSWORD_MAX_LENGTH: usize = 512;
    /// The `minLength` of `again`.
    pub const AGAIN_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `again`.
    pub const AGAIN_MAX_LENGTH: usize = 512;
}

impl std::fmt::Debug for PagePassword {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("PagePassword")
            .field("token", &"[redacted]")
            .field("password", &"[redacted]")
            .field("again", &"[redacted]")
            .finish()
    }
}
