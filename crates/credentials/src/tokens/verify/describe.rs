//! Descriptions of what a token passed, for the operator who inspects it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Check, Keys, TokenKind};
use crate::humanize;
use crate::tokens::claims::Claims;

impl Keys {
    /// Describes what was found at a check that the token passed, without the token and without a secret.
    ///
    /// [`Keys::verify`] tells which checks those are; for any other the text may be empty.
    pub(crate) fn describe(&self, kind: TokenKind, token: &str, check: Check, now: i64) -> String {
        let payload = token
            .split('.')
            .nth(1)
            .and_then(|payload| URL_SAFE_NO_PAD.decode(payload).ok())
            .unwrap_or_default();
        let claims = serde_json::from_slice::<Claims<'_>>(&payload).ok();
        let of_claims = |describe: fn(&Claims<'_>, i64) -> String| {
            claims
                .as_ref()
                .map_or_else(String::new, |claims| describe(claims, now))
        };
        match check {
            Check::Length => format!("{} bytes", token.len()),
            Check::Header => {
                let mut keys = self.all(kind).iter();
                let key = keys.find(|key| token.starts_with(key.header()));
                let (kid, kind) = (key.map_or("?", |key| key.kid()), kind.name());
                format!("kid {kid}, a secret of tokens.{kind}.secrets")
            }
            Check::Signature => "HS256".to_owned(),
            Check::Payload => format!("{} bytes of JSON", payload.len()),
            Check::Claims => of_claims(in_words),
            Check::Kind => kind.name().to_owned(),
            Check::Issuer => self.issuer().to_owned(),
            Check::Subject => of_claims(|claims, _| claims.sub.to_string()),
            Check::SessionClaim => of_claims(|claims, _| {
                let none = || "none, as it should be".to_owned();
                claims.sid.map_or_else(none, |sid| sid.to_string())
            }),
            Check::Order => "issued before it expires".to_owned(),
            Check::Start => {
                of_claims(|claims, now| humanize::moment(claims.iat.max(claims.nbf), now))
            }
            Check::Expiry => of_claims(|claims, now| humanize::moment(claims.exp, now)),
            // Not of what a token says of itself.
            Check::Revocation
            | Check::Session
            | Check::Account
            | Check::Role
            | Check::Newest
            | Check::Known => String::new(),
        }
    }
}

/// Describes the claims, without the address.
fn in_words(claims: &Claims<'_>, now: i64) -> String {
    let sid = claims
        .sid
        .map_or_else(String::new, |sid| format!(", sid {sid}"));
    format!(
        "user {}, role {}, jti {}{sid}, issued {}, expires {}",
        claims.user_id,
        claims.access_role.name(),
        claims.jti,
        humanize::moment(claims.iat, now),
        humanize::moment(claims.exp, now),
    )
}
