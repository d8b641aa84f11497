//! The `limits` section: rate limits on passwords, mails and operations.

use std::{collections::BTreeMap, net::IpAddr};

use ipnet::IpNet;
use serde::{Deserialize, Deserializer, de};

use super::forms::list;

/// The `limits` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Enforces the limits.
    pub enabled: bool,
    /// Addresses or networks of proxies whose `X-Forwarded-For` is trusted.
    #[serde(deserialize_with = "networks")]
    pub trusted_proxies: Vec<IpNet>,
    /// Failed passwords.
    pub passwords: PasswordLimits,
    /// Mails that requests without credentials cause.
    pub mails: MailLimits,
    /// Requests of one account with `Idempotency-Key`.
    pub idempotency_keys: Rate,
    /// Requests of one client address, by operation id.
    pub operations: BTreeMap<String, Rate>,
}

/// The `limits.passwords` section: failures within `seconds`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordLimits {
    /// For one account from one client address.
    pub account_and_address: u32,
    /// From one client address, for whatever accounts.
    pub address: u32,
    /// For one account from anywhere; beyond it, each address has one failure.
    pub account: u32,
    /// The window in seconds.
    pub seconds: u32,
}

/// The `limits.mails` section: mails within `seconds`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailLimits {
    /// To one mail address.
    pub recipient: u32,
    /// Caused by one client address.
    pub address: u32,
    /// The window in seconds.
    pub seconds: u32,
}

/// A number of requests within a window.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Most requests within the window.
    pub requests: u32,
    /// The window in seconds.
    pub seconds: u32,
}

/// Reads networks, or single addresses as networks of one address.
fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpNet>, D::Error> {
    let parse = |text: &String| {
        text.parse::<IpNet>()
            .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
            .map_err(|_| de::Error::custom("expected addresses or networks like 10.0.0.0/8"))
    };
    list(deserializer)?.iter().map(parse).collect()
}
