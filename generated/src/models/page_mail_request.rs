// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::PageMailRequestWanted;

/// The form that asks for a link by mail.
#[derive(Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct PageMailRequest {
    /// The address of the account.
    pub email: String,
    /// The button, `verification` for a link that proves the address, `password` for one to choose a password.
    pub wanted: PageMailRequestWanted,
    /// That of a link that works no longer, which says whose address this is to become: a new link proves it for that
    /// account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

impl PageMailRequest {
    /// The `minLength` of `email`.
    pub const EMAIL_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `email`.
    pub const EMAIL_MAX_LENGTH: usize = 320;
    /// The `minLength` of `token`.
    pub const TOKEN_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `token`.
    pub const TOKEN_MAX_LENGTH: usize = 4096;
}

impl std::fmt::Debug for PageMailRequest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("PageMailRequest")
            .field("email", &self.email)
            .field("wanted", &self.wanted)
            .field("token", &"[redacted]")
            .finish()
    }
}
