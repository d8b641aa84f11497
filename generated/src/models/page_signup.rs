// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// The form that opens an account; what is said of the members of `UserSignup` holds for these.
#[derive(Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct PageSignup {
    /// The address.
    pub email: String,
    /// The password.
    pub password: String,
    /// What the page gave this form, so that a form that is sent twice opens one account and sends one mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<uuid::Uuid>,
}

impl PageSignup {
    /// The `minLength` of `email`.
    pub const EMAIL_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `email`.
    pub const EMAIL_MAX_LENGTH: usize = 320;
    /// The `minLength` of `password`.
    pub const PASSWORD_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `password`.
    pub const PASSWORD_MAX_LENGTH: usize = 512;
}

impl std::fmt::Debug for PageSignup {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("PageSignup")
            .field("email", &self.email)
            .field("password", &"[redacted]")
            .field("key", &self.key)
            .finish()
    }
}
