// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::PageMailRequestWanted;

/// The form that asks for a link by mail.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct PageMailRequest {
    /// The address of the account.
    pub email: String,
    /// The button, `verification` for a link that proves the address, `password` for one to choose a password.
    pub wanted: PageMailRequestWanted,
}

impl PageMailRequest {
    /// The `minLength` of `email`.
    pub const EMAIL_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `email`.
    pub const EMAIL_MAX_LENGTH: usize = 320;
}
