// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// A user's record.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct User {
    /// The user's id; never used again for another.
    pub user_id: uuid::Uuid,
    /// The user's address.
    pub email: String,
    /// The user's role.
    pub access_role: UserAccessRole,
    /// Whether the address is proven.
    pub email_verified: bool,
    /// When the account was opened (RFC 3339).
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: time::OffsetDateTime,
}

/// The user's role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum UserAccessRole {
    /// The value `basic`.
    #[serde(rename = "basic")]
    Basic,
    /// The value `admin`.
    #[serde(rename = "admin")]
    Admin,
}

impl UserAccessRole {
    /// The value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Admin => "admin",
        }
    }
}
