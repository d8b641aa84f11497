//! The checks that a credential must pass, by name, so that a refusal can be explained.
//!
//! A fault names its check: what passed before it and was skipped after it follows from the order of the checks. So an
//! explanation cannot differ from what the service does.

use strum::IntoStaticStr;

use super::tokens::TokenKind;

/// A check of a token.
#[derive(Clone, Copy, Debug, IntoStaticStr, PartialEq, Eq)]
#[strum(serialize_all = "lowercase")]
pub enum Check {
    /// The size of the text.
    Length,
    /// The first part is one that this service issues.
    Header,
    /// The signature is that of the secret that the header names.
    Signature,
    /// The second part is a JSON object.
    Payload,
    /// Every claim is known, and there once.
    Claims,
    /// The private claim is that of the kind.
    Kind,
    /// The issuer is this service.
    Issuer,
    /// The two claims that name the user agree.
    Subject,
    /// A session is named by the kinds that have one.
    #[strum(serialize = "sid")]
    SessionClaim,
    /// The token ends after it was issued.
    #[strum(serialize = "order of times")]
    Order,
    /// The token has begun.
    Start,
    /// The token has not ended.
    Expiry,
    /// Neither the token nor its session is revoked.
    Revocation,
    /// The session lives, and this is its present token.
    Session,
    /// The account may be used.
    Account,
    /// The account has the role that the token names.
    Role,
    /// No later token took its place, and it was not used.
    #[strum(serialize = "newest of its kind")]
    Newest,
    /// An API token with this digest exists.
    Known,
}

impl Check {
    /// The checks that need the token alone, in the order in which they are made.
    pub const OF_TOKENS: [Self; 12] = [
        Self::Length,
        Self::Header,
        Self::Signature,
        Self::Payload,
        Self::Claims,
        Self::Kind,
        Self::Issuer,
        Self::Subject,
        Self::SessionClaim,
        Self::Order,
        Self::Start,
        Self::Expiry,
    ];

    /// Returns the checks that need SQL, of a token that passed those of [`Self::OF_TOKENS`], in this order.
    pub const fn of_state(kind: TokenKind) -> &'static [Self] {
        match kind {
            TokenKind::Access => &[Self::Revocation, Self::Account, Self::Role],
            TokenKind::Refresh => &[Self::Revocation, Self::Session, Self::Account, Self::Role],
            TokenKind::Email | TokenKind::Password => {
                &[Self::Revocation, Self::Account, Self::Role, Self::Newest]
            }
        }
    }

    /// The checks of an API token, in this order.
    pub const OF_API_TOKENS: [Self; 3] = [Self::Known, Self::Expiry, Self::Account];

    /// Returns the name that an operator reads.
    pub fn name(self) -> &'static str {
        self.into()
    }
}
