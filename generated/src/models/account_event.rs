// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// Something that happened to an account.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct AccountEvent {
    /// The event's id.
    pub event_id: uuid::Uuid,
    /// When (RFC 3339).
    #[serde(with = "time::serde::rfc3339")]
    pub happened_at: time::OffsetDateTime,
    /// What happened.
    pub kind: AccountEventKind,
    /// The account that it happened to.
    pub user_id: uuid::Uuid,
    /// The account that did it; null for somebody without credentials and for the command line.
    pub actor_id: Option<uuid::Uuid>,
    /// The request that did it, as in `X-Request-Id`; null for the command line and for what is done later,
    /// such as the sending of a password token.
    pub request_id: Option<uuid::Uuid>,
    /// The client's address or network, as the operator has it kept.
    pub client_address: Option<String>,
    /// More, in words; the reason of a refusal.
    pub detail: Option<String>,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum AccountEventKind {
    /// The value `signed-up`.
    #[serde(rename = "signed-up")]
    SignedUp,
    /// The value `user-created`.
    #[serde(rename = "user-created")]
    UserCreated,
    /// The value `email-verified`.
    #[serde(rename = "email-verified")]
    EmailVerified,
    /// The value `logged-in`.
    #[serde(rename = "logged-in")]
    LoggedIn,
    /// The value `refused`.
    #[serde(rename = "refused")]
    Refused,
    /// The value `refreshed`.
    #[serde(rename = "refreshed")]
    Refreshed,
    /// The value `refresh-token-reused`.
    #[serde(rename = "refresh-token-reused")]
    RefreshTokenReused,
    /// The value `logged-out`.
    #[serde(rename = "logged-out")]
    LoggedOut,
    /// The value `sessions-ended`.
    #[serde(rename = "sessions-ended")]
    SessionsEnded,
    /// The value `password-token-requested`.
    #[serde(rename = "password-token-requested")]
    PasswordTokenRequested,
    /// The value `password-changed`.
    #[serde(rename = "password-changed")]
    PasswordChanged,
    /// The value `password-reset`.
    #[serde(rename = "password-reset")]
    PasswordReset,
    /// The value `email-change-requested`.
    #[serde(rename = "email-change-requested")]
    EmailChangeRequested,
    /// The value `email-changed`.
    #[serde(rename = "email-changed")]
    EmailChanged,
    /// The value `role-changed`.
    #[serde(rename = "role-changed")]
    RoleChanged,
    /// The value `suspended`.
    #[serde(rename = "suspended")]
    Suspended,
    /// The value `restored`.
    #[serde(rename = "restored")]
    Restored,
    /// The value `deleted`.
    #[serde(rename = "deleted")]
    Deleted,
    /// The value `api-token-created`.
    #[serde(rename = "api-token-created")]
    ApiTokenCreated,
    /// The value `api-token-deleted`.
    #[serde(rename = "api-token-deleted")]
    ApiTokenDeleted,
    /// The value `token-revoked`.
    #[serde(rename = "token-revoked")]
    TokenRevoked,
    /// The value `token-minted`.
    #[serde(rename = "token-minted")]
    TokenMinted,
}

impl AccountEventKind {
    /// The value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedUp => "signed-up",
            Self::UserCreated => "user-created",
            Self::EmailVerified => "email-verified",
            Self::LoggedIn => "logged-in",
            Self::Refused => "refused",
            Self::Refreshed => "refreshed",
            Self::RefreshTokenReused => "refresh-token-reused",
            Self::LoggedOut => "logged-out",
            Self::SessionsEnded => "sessions-ended",
            Self::PasswordTokenRequested => "password-token-requested",
            Self::PasswordChanged => "password-changed",
            Self::PasswordReset => "password-reset",
            Self::EmailChangeRequested => "email-change-requested",
            Self::EmailChanged => "email-changed",
            Self::RoleChanged => "role-changed",
            Self::Suspended => "suspended",
            Self::Restored => "restored",
            Self::Deleted => "deleted",
            Self::ApiTokenCreated => "api-token-created",
            Self::ApiTokenDeleted => "api-token-deleted",
            Self::TokenRevoked => "token-revoked",
            Self::TokenMinted => "token-minted",
        }
    }
}
