// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// What starts a session.
#[derive(Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct Credentials {
    /// The account's address.
    pub email: String,
    /// The account's password.
    pub password: String,
    /// End the live session, if there is one, and start another.
    #[serde(default)]
    pub replace_session: bool,
}

impl Credentials {
    /// The `maxLength` of `email`.
    pub const EMAIL_MAX_LENGTH: usize = 320;
    /// The `maxLength` of `password`.
    pub const PASSWORD_MAX_LENGTH: usize = 1024;
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Credentials")
            .field("email", &self.email)
            .field("password", &"[redacted]")
            .field("replace_session", &self.replace_session)
            .finish()
    }
}
