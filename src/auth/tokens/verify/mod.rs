//! Reading tokens, strictly.
//!
//! The order matters: header, signature, claims, time. Nothing inside a token is looked at before
//! its signature proved good, and only a token that is otherwise valid is called expired.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, crypto};
use uuid::Uuid;

use super::Kind;
use super::claims::Claims;
use super::keys::Keys;
use crate::auth::checks::{Check, Witness};
use crate::auth::roles::Role;
use crate::auth::words;

/// Longest token that is read, in bytes.
pub(super) const MAX_LENGTH: usize = 4096;

/// Difference of clocks that `iat` and `nbf` may show, in seconds. `exp` is given none.
const CLOCK_SKEW: i64 = 5;

/// What a good token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verified {
    pub(crate) user_id: Uuid,
    /// The user's role when the token was issued.
    pub(crate) access_role: Role,
    pub(crate) jti: Uuid,
    /// Present in access and refresh tokens.
    pub(crate) session: Option<Uuid>,
    /// Present in email tokens: the address to be proved.
    pub(crate) email: Option<String>,
    /// In seconds since 1970, like the two times below.
    pub(crate) issued_at: i64,
    pub(crate) not_before: i64,
    pub(crate) expires_at: i64,
}

/// Why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenFault {
    /// Not a token of this kind that we issued; the reason is for the log.
    Invalid(&'static str),
    /// Good in every way, but past `exp`; so the account that it names is the one it was made for.
    Expired { user_id: Uuid },
}

impl Keys {
    /// Checks a token of the given kind against `now`, in seconds since 1970.
    ///
    /// # Errors
    /// [`TokenFault::Expired`] only for a token that is otherwise valid; [`TokenFault::Invalid`]
    /// for everything else.
    pub(crate) fn verify(&self, kind: Kind, token: &str, now: i64) -> Result<Verified, TokenFault> {
        self.examine(kind, token, now, &mut ())
    }

    /// As [`Keys::verify`], under the eyes of a witness, who is told of [`Check::OF_TOKENS`] in that order until
    /// one fails.
    ///
    /// # Errors
    /// As [`Keys::verify`].
    pub(crate) fn examine(
        &self,
        kind: Kind,
        token: &str,
        now: i64,
        witness: &mut impl Witness,
    ) -> Result<Verified, TokenFault> {
        let verified = self.read(kind, token, now, witness)?;
        if verified.expires_at <= now {
            return Err(TokenFault::Expired {
                user_id: verified.user_id,
            });
        }
        witness.passed(Check::Expiry, || words::moment(verified.expires_at, now));
        Ok(verified)
    }

    /// As [`Keys::verify`], but a token past `exp` is good as well: for the access token that a
    /// refresh retires, which has often expired already.
    ///
    /// # Errors
    /// [`TokenFault::Invalid`].
    pub(crate) fn verify_even_expired(
        &self,
        kind: Kind,
        token: &str,
        now: i64,
    ) -> Result<Verified, TokenFault> {
        self.read(kind, token, now, &mut ())
    }

    fn read(
        &self,
        kind: Kind,
        token: &str,
        now: i64,
        witness: &mut impl Witness,
    ) -> Result<Verified, TokenFault> {
        let payload = self.signed_payload(kind, token, witness)?;
        let bytes = URL_SAFE_NO_PAD
            .decode(payload)
            .map_err(|_| TokenFault::Invalid("the payload is not base64url"))?;
        // The derived reader would take an array of the claims' values, too.
        if bytes.first() != Some(&b'{') {
            return Err(TokenFault::Invalid("the payload is not a JSON object"));
        }
        witness.passed(Check::Payload, || format!("{} bytes of JSON", bytes.len()));
        let claims: Claims<'_> = serde_json::from_slice(&bytes).map_err(|_| {
            TokenFault::Invalid("a claim is missing, unknown, repeated or mistyped")
        })?;
        witness.passed(Check::Claims, || claims.in_words(now));
        self.check(kind, claims, now, witness)
    }

    /// The payload of a token whose header is one of ours and whose signature is good.
    fn signed_payload<'t>(
        &self,
        kind: Kind,
        token: &'t str,
        witness: &mut impl Witness,
    ) -> Result<&'t str, TokenFault> {
        if token.len() > MAX_LENGTH {
            return Err(TokenFault::Invalid("longer than a token may be"));
        }
        witness.passed(Check::Length, || format!("{} bytes", token.len()));
        let (key, rest) = self
            .all(kind)
            .iter()
            .find_map(|key| Some((key, token.strip_prefix(key.header())?)))
            .ok_or(TokenFault::Invalid(
                "the header is none that we issue for this kind",
            ))?;
        witness.passed(Check::Header, || {
            let (kid, kind) = (key.kid(), kind.name());
            format!("kid {kid}, a secret of tokens.{kind}.secrets")
        });
        let (payload, signature) = rest
            .split_once('.')
            .ok_or(TokenFault::Invalid("not three parts"))?;
        let message = &token[..key.header().len() + payload.len()];
        match crypto::verify(
            signature,
            message.as_bytes(),
            key.decoding(),
            Algorithm::HS256,
        ) {
            Ok(true) => {
                witness.passed(Check::Signature, || "HS256".to_owned());
                Ok(payload)
            }
            Ok(false) | Err(_) => Err(TokenFault::Invalid("the signature is wrong")),
        }
    }

    fn check(
        &self,
        kind: Kind,
        claims: Claims<'_>,
        now: i64,
        witness: &mut impl Witness,
    ) -> Result<Verified, TokenFault> {
        let marks = [
            claims.standard_claim.map(|mark| (Kind::Access, mark)),
            claims.refresh_claim.map(|mark| (Kind::Refresh, mark)),
            claims.email_claim.as_ref().map(|_| (Kind::Email, true)),
            claims.password_claim.map(|mark| (Kind::Password, mark)),
        ];
        let mut marks = marks.into_iter().flatten();
        if marks.next() != Some((kind, true)) || marks.next().is_some() {
            return Err(TokenFault::Invalid(
                "the claim that names the kind is wrong",
            ));
        }
        witness.passed(Check::Kind, || kind.name().to_owned());
        if claims.iss != self.issuer() {
            return Err(TokenFault::Invalid("another issuer's"));
        }
        witness.passed(Check::Issuer, || self.issuer().to_owned());
        if claims.sub != claims.user_id {
            return Err(TokenFault::Invalid("`sub` and `user_id` differ"));
        }
        witness.passed(Check::Subject, || claims.sub.to_string());
        if claims.sid.is_some() != kind.has_session() {
            return Err(TokenFault::Invalid("`sid` is missing or out of place"));
        }
        witness.passed(Check::SessionClaim, || {
            claims
                .sid
                .map_or_else(|| "none, as it should be".to_owned(), |sid| sid.to_string())
        });
        if claims.iat > claims.exp {
            return Err(TokenFault::Invalid("expires before it was issued"));
        }
        witness.passed(Check::Order, || "issued before it expires".to_owned());
        let latest = now.saturating_add(CLOCK_SKEW);
        if claims.iat > latest || claims.nbf > latest {
            return Err(TokenFault::Invalid("not valid yet"));
        }
        witness.passed(Check::Start, || {
            words::moment(claims.iat.max(claims.nbf), now)
        });
        Ok(Verified {
            user_id: claims.user_id,
            access_role: claims.access_role,
            jti: claims.jti,
            session: claims.sid,
            email: claims.email_claim.map(Cow::into_owned),
            issued_at: claims.iat,
            not_before: claims.nbf,
            expires_at: claims.exp,
        })
    }
}

#[cfg(test)]
mod tests;
