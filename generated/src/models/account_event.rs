// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::AccountEventKind;

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
    /// What the client called itself.
    pub user_agent: Option<String>,
    /// More, in words; the reason of a refusal.
    pub detail: Option<String>,
}

impl AccountEvent {
    /// The `maxLength` of `client_address`.
    pub const CLIENT_ADDRESS_MAX_LENGTH: usize = 64;
    /// The `maxLength` of `user_agent`.
    pub const USER_AGENT_MAX_LENGTH: usize = 256;
    /// The `maxLength` of `detail`.
    pub const DETAIL_MAX_LENGTH: usize = 256;
}
