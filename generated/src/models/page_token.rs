// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// The form of a page with one button.
#[derive(Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct PageToken {
    /// The token of the link.
    pub token: String,
}

impl PageToken {
    /// The `minLength` of `token`.
    pub const TOKEN_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `token`.
    pub const TOKEN_MAX_LENGTH: usize = 4096;
}

impl std::fmt::Debug for PageToken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("PageToken")
            .field("token", &"[redacted]")
            .finish()
    }
}
