// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// The present password and the one to have from now on.
#[derive(Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct PasswordReset {
    /// The present password.
    pub old_password: String,
    /// 8 to 128 characters of any kind, counted in Normalization Form C, in which it is kept; sent in another form they may be more.
    pub new_password: String,
}

impl PasswordReset {
    /// The `maxLength` of `old_password`.
    pub const OLD_PASSWORD_MAX_LENGTH: usize = 1024;
    /// The `minLength` of `new_password`.
    pub const NEW_PASSWORD_MIN_LENGTH: usize = 8;
    /// The `maxLength` of `new_password`.
    pub const NEW_PASSWORD_MAX_LENGTH: usize = 512;
}

impl std::fmt::Debug for PasswordReset {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("PasswordReset")
            .field("old_password", &"[redacted]")
            .field("new_password", &"[redacted]")
            .finish()
    }
}
