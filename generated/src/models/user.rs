// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::AccessRole;

/// A user's record.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct User {
    /// The user's id; never used again for another.
    pub user_id: uuid::Uuid,
    /// The user's address.
    pub email: String,
    /// A role; `admin` may do all that `basic` may.
    pub access_role: AccessRole,
    /// Whether the address is proven.
    pub email_verified: bool,
    /// The address that takes its place when it is proved; null when no change is under way.
    pub pending_email: Option<String>,
    /// Whether the account is suspended.
    pub disabled: bool,
    /// When the account was opened (RFC 3339).
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: time::OffsetDateTime,
}

impl User {
    /// The `maxLength` of `email`.
    pub const EMAIL_MAX_LENGTH: usize = 254;
    /// The `maxLength` of `pending_email`.
    pub const PENDING_EMAIL_MAX_LENGTH: usize = 254;
}
