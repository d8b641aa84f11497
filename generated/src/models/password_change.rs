// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// A password to have from now on.
#[derive(Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct PasswordChange {
    /// 8 to 128 characters of any kind, counted in Normalization Form C, in which it is kept; sent in another form they may be more.
    pub password: String,
}

impl PasswordChange {
    /// The `minLength` of `password`.
    pub const PASSWORD_MIN_LENGTH: usize = 8;
    /// The `maxLength` of `password`.
    pub const PASSWORD_MAX_LENGTH: usize = 512;
}

impl std::fmt::Debug for PasswordChange {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("PasswordChange")
            .field("password", &"[redacted]")
            .finish()
    }
}
