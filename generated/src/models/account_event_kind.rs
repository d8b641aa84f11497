// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

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
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[
        Self::SignedUp,
        Self::UserCreated,
        Self::EmailVerified,
        Self::LoggedIn,
        Self::Refused,
        Self::Refreshed,
        Self::RefreshTokenReused,
        Self::LoggedOut,
        Self::SessionsEnded,
        Self::PasswordTokenRequested,
        Self::PasswordChanged,
        Self::PasswordReset,
        Self::EmailChangeRequested,
        Self::EmailChanged,
        Self::RoleChanged,
        Self::Suspended,
        Self::Restored,
        Self::Deleted,
        Self::ApiTokenCreated,
        Self::ApiTokenDeleted,
        Self::TokenRevoked,
        Self::TokenMinted,
    ];

    /// Returns the value as the contract writes it.
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

impl std::fmt::Display for AccountEventKind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for AccountEventKind {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "signed-up" => Ok(Self::SignedUp),
            "user-created" => Ok(Self::UserCreated),
            "email-verified" => Ok(Self::EmailVerified),
            "logged-in" => Ok(Self::LoggedIn),
            "refused" => Ok(Self::Refused),
            "refreshed" => Ok(Self::Refreshed),
            "refresh-token-reused" => Ok(Self::RefreshTokenReused),
            "logged-out" => Ok(Self::LoggedOut),
            "sessions-ended" => Ok(Self::SessionsEnded),
            "password-token-requested" => Ok(Self::PasswordTokenRequested),
            "password-changed" => Ok(Self::PasswordChanged),
            "password-reset" => Ok(Self::PasswordReset),
            "email-change-requested" => Ok(Self::EmailChangeRequested),
            "email-changed" => Ok(Self::EmailChanged),
            "role-changed" => Ok(Self::RoleChanged),
            "suspended" => Ok(Self::Suspended),
            "restored" => Ok(Self::Restored),
            "deleted" => Ok(Self::Deleted),
            "api-token-created" => Ok(Self::ApiTokenCreated),
            "api-token-deleted" => Ok(Self::ApiTokenDeleted),
            "token-revoked" => Ok(Self::TokenRevoked),
            "token-minted" => Ok(Self::TokenMinted),
            _ => Err("not a value of AccountEventKind"),
        }
    }
}
