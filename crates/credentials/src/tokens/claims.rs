//! The payload of a token on the wire.
//!
//! One struct serves both ways, so that what is issued is what is accepted: every claim at most
//! once, of the right JSON type, and none that is not listed here (an `aud`, for one, is refused).

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::roles::Role;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Claims<'a> {
    #[serde(borrow)]
    pub(super) iss: Cow<'a, str>,
    pub(super) exp: i64,
    pub(super) iat: i64,
    pub(super) nbf: i64,
    #[serde(deserialize_with = "hyphenated")]
    pub(super) sub: Uuid,
    #[serde(deserialize_with = "hyphenated")]
    pub(super) jti: Uuid,
    #[serde(deserialize_with = "hyphenated")]
    pub(super) user_id: Uuid,
    #[serde(deserialize_with = "role", serialize_with = "role_name")]
    pub(super) access_role: Role,
    #[serde(
        default,
        deserialize_with = "hyphenated_if_present",
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) sid: Option<Uuid>,
    #[serde(
        default,
        deserialize_with = "if_present",
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) standard_claim: Option<bool>,
    #[serde(
        default,
        deserialize_with = "if_present",
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) refresh_claim: Option<bool>,
    #[serde(
        borrow,
        default,
        deserialize_with = "if_present",
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) email_claim: Option<Cow<'a, str>>,
    #[serde(
        default,
        deserialize_with = "if_present",
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) password_claim: Option<bool>,
}

/// Reads a role by its name, without copying it.
fn role<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Role, D::Error> {
    let name = <&str>::deserialize(deserializer)?;
    Role::from_name(name).ok_or_else(|| serde::de::Error::custom("no role of ours"))
}

fn role_name<S: Serializer>(role: &Role, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(role.name())
}

/// Reads a claim that may be absent but, when it is there, must not be `null`.
fn if_present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// Reads a UUID in its usual text form; the shorter and the decorated ones that the parser knows are refused.
fn hyphenated<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Uuid, D::Error> {
    const LENGTH: usize = 36;
    let text = <&str>::deserialize(deserializer)?;
    if text.len() != LENGTH {
        return Err(serde::de::Error::custom("not a hyphenated UUID"));
    }
    Uuid::try_parse(text).map_err(serde::de::Error::custom)
}

fn hyphenated_if_present<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Uuid>, D::Error> {
    hyphenated(deserializer).map(Some)
}
