//! Verification of tokens.
//!
//! The order matters: header, signature, claims, time. Nothing inside a token is read before
//! its signature is verified, and only a token that is otherwise valid is called expired.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::TokenKind;
use super::claims::Claims;
use super::keys::Keys;
use crate::checks::Check;
use crate::clock::CLOCK_SKEW;
use crate::roles::Role;

mod describe;

/// Longest token that is read, in bytes.
pub(super) const MAX_LENGTH: usize = 4096;

/// The claims of a verified token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The account.
    pub user_id: Uuid,
    /// The user's role when the token was issued.
    pub access_role: Role,
    /// The id of the token.
    pub jti: Uuid,
    /// Present in access and refresh tokens.
    pub session: Option<Uuid>,
    /// Present in email tokens: the address to be verified.
    pub email: Option<String>,
    /// `iat`, in seconds since 1970, like the two times below.
    pub issued_at: i64,
    /// `nbf`.
    pub not_before: i64,
    /// `exp`.
    pub expires_at: i64,
}

/// The fault of a token that is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenFault {
    /// Not a token of this kind that we issued: the check that it failed, and the reason, for the log.
    Invalid(Check, &'static str),
    /// Good in every way, but past `exp`; so the account that it names is the one it was made for.
    Expired {
        /// The account.
        user_id: Uuid,
    },
}

impl TokenFault {
    /// Returns the first check that the token did not pass.
    pub fn check(self) -> Check {
        match self {
            Self::Invalid(check, _) => check,
            Self::Expired { .. } => Check::Expiry,
        }
    }
}

impl Verified {
    /// Returns whether the token may be used at `now`, in seconds since 1970.
    pub(super) fn is_current(&self, now: i64) -> bool {
        self.has_begun(now) && now < self.expires_at
    }

    fn has_begun(&self, now: i64) -> bool {
        // `exp` is given none: no token lives longer than it says.
        let latest = now.saturating_add(CLOCK_SKEW);
        self.issued_at <= latest && self.not_before <= latest
    }
}

impl Keys {
    /// Verifies a token of the given kind against `now`, in seconds since 1970: [`Check::OF_TOKENS`] in that order, until
    /// one fails.
    ///
    /// # Errors
    /// [`TokenFault::Expired`] only for a token that is otherwise valid; [`TokenFault::Invalid`]
    /// for everything else.
    pub fn verify(&self, kind: TokenKind, token: &str, now: i64) -> Result<Verified, TokenFault> {
        let verified = self.verify_even_expired(kind, token, now)?;
        if verified.expires_at <= now {
            return Err(TokenFault::Expired {
                user_id: verified.user_id,
            });
        }
        Ok(verified)
    }

    /// Verifies a token as [`Keys::verify`] does, but accepts one past `exp` as well: for the access token that a
    /// refresh retires, which has often expired already.
    ///
    /// # Errors
    /// [`TokenFault::Invalid`].
    pub fn verify_even_expired(
        &self,
        kind: TokenKind,
        token: &str,
        now: i64,
    ) -> Result<Verified, TokenFault> {
        let payload = self.signed_payload(kind, token)?;
        let mut buffer = [0; MAX_LENGTH / 4 * 3];
        let length = URL_SAFE_NO_PAD
            .decode_slice(payload, &mut buffer)
            .map_err(|_| TokenFault::Invalid(Check::Payload, "the payload is not base64url"))?;
        let bytes = &buffer[..length];
        // The derived reader would take an array of the claims' values, too.
        if bytes.first() != Some(&b'{') {
            let reason = "the payload is not a JSON object";
            return Err(TokenFault::Invalid(Check::Payload, reason));
        }
        let claims: Claims<'_> = serde_json::from_slice(bytes).map_err(|_| {
            let reason = "a claim is missing, unknown, repeated or mistyped";
            TokenFault::Invalid(Check::Claims, reason)
        })?;
        self.verify_claims(kind, claims, now)
    }

    /// Returns the payload of a token whose header is one of ours and whose signature is good.
    fn signed_payload<'t>(&self, kind: TokenKind, token: &'t str) -> Result<&'t str, TokenFault> {
        if token.len() > MAX_LENGTH {
            return Err(TokenFault::Invalid(
                Check::Length,
                "longer than a token may be",
            ));
        }
        let (key, rest) = self
            .all(kind)
            .iter()
            .find_map(|key| Some((key, token.strip_prefix(key.header())?)))
            .ok_or(TokenFault::Invalid(
                Check::Header,
                "the header is none that we issue for this kind",
            ))?;
        let (payload, signature) = rest
            .split_once('.')
            .ok_or(TokenFault::Invalid(Check::Signature, "not three parts"))?;
        let message = &token[..key.header().len() + payload.len()];
        match URL_SAFE_NO_PAD.decode(signature) {
            Ok(signature) if key.verifies(message, &signature) => Ok(payload),
            _ => Err(TokenFault::Invalid(
                Check::Signature,
                "the signature is wrong",
            )),
        }
    }

    fn verify_claims(
        &self,
        kind: TokenKind,
        claims: Claims<'_>,
        now: i64,
    ) -> Result<Verified, TokenFault> {
        let invalid = |check, reason| Err(TokenFault::Invalid(check, reason));
        let marks = [
            claims.standard_claim.map(|mark| (TokenKind::Access, mark)),
            claims.refresh_claim.map(|mark| (TokenKind::Refresh, mark)),
            claims
                .email_claim
                .as_ref()
                .map(|_| (TokenKind::Email, true)),
            claims
                .password_claim
                .map(|mark| (TokenKind::Password, mark)),
        ];
        let mut marks = marks.into_iter().flatten();
        if marks.next() != Some((kind, true)) || marks.next().is_some() {
            return invalid(Check::Kind, "the claim that names the kind is wrong");
        }
        if claims.iss != self.issuer() {
            return invalid(Check::Issuer, "another issuer's");
        }
        if claims.sub != claims.user_id {
            return invalid(Check::Subject, "`sub` and `user_id` differ");
        }
        if claims.sid.is_some() != kind.has_session() {
            return invalid(Check::SessionClaim, "`sid` is missing or out of place");
        }
        if claims.iat > claims.exp {
            return invalid(Check::Order, "expires before it was issued");
        }
        let verified = Verified {
            user_id: claims.user_id,
            access_role: claims.access_role,
            jti: claims.jti,
            session: claims.sid,
            email: claims.email_claim.map(Cow::into_owned),
            issued_at: claims.iat,
            not_before: claims.nbf,
            expires_at: claims.exp,
        };
        if !verified.has_begun(now) {
            return invalid(Check::Start, "not valid yet");
        }
        Ok(verified)
    }
}

#[cfg(test)]
mod tests;
