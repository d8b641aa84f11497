// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// What starts a session, in Flask-JWT's words.
#[derive(Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct TokenRequest {
    /// The account's address.
    pub username: String,
    /// The account's password.
    pub password: String,
    /// End the live session, if there is one, and start another.
    #[serde(default)]
    pub replace_session: bool,
}

impl TokenRequest {
    /// The `maxLength` of `username`.
    pub const USERNAME_MAX_LENGTH: usize = 320;
    /// The `maxLength` of `password`.
    pub const PASSWORD_MAX_LENGTH: usize = 1024;
}

impl std::fmt::Debug for TokenRequest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("TokenRequest")
            .field("username", &self.username)
            .field("password", &"[redacted]")
            .field("replace_session", &self.replace_session)
            .finish()
    }
}
