// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::{AccountEvent, Session};

/// What an account's owner needs to see whether somebody else uses it.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct AccountSecurity {
    /// The live sessions, newest first.
    pub sessions: Vec<Session>,
    /// The newest events, newest first, without the renewals of tokens. At most half of them are refusals, which
    /// anybody can cause: they leave room for what was done. `list_events` has all.
    pub events: Vec<AccountEvent>,
}

impl AccountSecurity {
    /// The `maxItems` of `sessions`.
    pub const SESSIONS_MAX_ITEMS: usize = 100;
    /// The `maxItems` of `events`.
    pub const EVENTS_MAX_ITEMS: usize = 20;
}
