//! Issuing of tokens.

use std::borrow::Cow;

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::TokenKind;
use super::claims::Claims;
use super::keys::Keys;
use super::verify::MAX_LENGTH;
use crate::roles::Role;

/// The claims of a token that is to be issued. Times are seconds since 1970.
#[derive(Debug, Clone, Copy)]
pub struct NewToken<'a> {
    /// Its purpose.
    pub kind: TokenKind,
    /// The account.
    pub user_id: Uuid,
    /// The user's role, which the token names.
    pub access_role: Role,
    /// The id of the token.
    pub jti: Uuid,
    /// The session: given for access and refresh tokens, absent for the others.
    pub session: Option<Uuid>,
    /// The address to be verified: given for email tokens, absent for the others.
    pub email: Option<&'a str>,
    /// `iat` and `nbf`.
    pub issued_at: i64,
    /// `exp`.
    pub expires_at: i64,
}

impl Keys {
    /// Signs a token with the first secret of its kind.
    ///
    /// The same [`NewToken`] gives the same text every time, as long as the first secret stays:
    /// that is how the answer to a repeated refresh is made again without storing tokens.
    ///
    /// # Errors
    /// The session or the address is missing for a kind that needs it or given for one that
    /// has none, or the token would be longer than [`Keys::verify`] takes.
    pub fn issue(&self, token: NewToken<'_>) -> anyhow::Result<String> {
        let kind = token.kind;
        ensure!(
            token.session.is_some() == kind.has_session(),
            "a token of kind `{}` {} a session",
            kind.name(),
            if kind.has_session() {
                "needs"
            } else {
                "has no"
            },
        );
        ensure!(
            token.email.is_some() == (kind == TokenKind::Email),
            "a token of kind `{}` {} an address",
            kind.name(),
            if kind == TokenKind::Email {
                "needs"
            } else {
                "has no"
            },
        );
        ensure!(
            token.expires_at > token.issued_at,
            "a token must expire after it was issued"
        );

        let claims = Claims {
            iss: Cow::Borrowed(self.issuer()),
            exp: token.expires_at,
            iat: token.issued_at,
            nbf: token.issued_at,
            sub: token.user_id,
            jti: token.jti,
            user_id: token.user_id,
            access_role: token.access_role,
            sid: token.session,
            standard_claim: (kind == TokenKind::Access).then_some(true),
            refresh_claim: (kind == TokenKind::Refresh).then_some(true),
            email_claim: token.email.map(Cow::Borrowed),
            password_claim: (kind == TokenKind::Password).then_some(true),
        };
        let payload = serde_json::to_vec(&claims).context("a token's claims cannot be written")?;

        let key = self.signing(kind);
        let mut text = String::with_capacity(MAX_LENGTH / 8);
        text.push_str(key.header());
        URL_SAFE_NO_PAD.encode_string(payload, &mut text);
        let signature = key.sign(&text)?;
        text.push('.');
        text.push_str(&signature);
        ensure!(
            text.len() <= MAX_LENGTH,
            "the token would be longer than {MAX_LENGTH} bytes"
        );
        Ok(text)
    }
}
