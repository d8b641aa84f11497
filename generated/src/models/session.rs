// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// A live session.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct Session {
    /// The session's id, `sid` in its tokens.
    pub session_id: uuid::Uuid,
    /// When it began (RFC 3339).
    #[serde(with = "time::serde::rfc3339")]
    pub started_at: time::OffsetDateTime,
    /// When its tokens were made or renewed last (RFC 3339).
    #[serde(with = "time::serde::rfc3339")]
    pub last_used_at: time::OffsetDateTime,
    /// When it ends unless its tokens are renewed (RFC 3339).
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: time::OffsetDateTime,
    /// When it ends in any case (RFC 3339).
    #[serde(with = "time::serde::rfc3339")]
    pub absolute_end: time::OffsetDateTime,
    /// Whether it is the calling one.
    pub current: bool,
    /// What the client called itself at the start.
    pub user_agent: Option<String>,
    /// The client's address or network at the start, as the operator has it kept.
    pub client_address: Option<String>,
    /// What the client called itself at the last use.
    pub last_user_agent: Option<String>,
    /// The client's address or network at the last use, as the operator has it kept.
    pub last_client_address: Option<String>,
}

impl Session {
    /// The `maxLength` of `user_agent`.
    pub const USER_AGENT_MAX_LENGTH: usize = 256;
    /// The `maxLength` of `client_address`.
    pub const CLIENT_ADDRESS_MAX_LENGTH: usize = 64;
    /// The `maxLength` of `last_user_agent`.
    pub const LAST_USER_AGENT_MAX_LENGTH: usize = 256;
    /// The `maxLength` of `last_client_address`.
    pub const LAST_CLIENT_ADDRESS_MAX_LENGTH: usize = 64;
}
