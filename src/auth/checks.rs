//! The checks that a credential must pass, by name, so that a refusal can be explained.
//!
//! A fault names its check: what passed before it and was skipped after it follows from the order of the checks. So an
//! explanation cannot differ from what the service does.

use strum::IntoStaticStr;

use super::tokens::TokenKind;

/// A check of a token.
#[derive(Clone, Copy, Debug, IntoStaticStr, PartialEq, Eq)]
#[strum(serialize_all = "lowercase")]
pub(crate) enum Check {
    Length,
    Header,
    Signature,
    Payload,
    Claims,
    Kind,
    Issuer,
    Subject,
    #[strum(serialize = "sid")]
    SessionClaim,
    #[strum(serialize = "order of times")]
    Order,
    Start,
    Expiry,
    Revocation,
    Session,
    Account,
    Role,
    #[strum(serialize = "newest of its kind")]
    Newest,
    Known,
}

impl Check {
    /// The checks that need the token alone, in the order in which they are made.
    pub(crate) const OF_TOKENS: [Self; 12] = [
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
    pub(crate) const fn of_state(kind: TokenKind) -> &'static [Self] {
        match kind {
            TokenKind::Access => &[Self::Revocation, Self::Account, Self::Role],
            TokenKind::Refresh => &[Self::Revocation, Self::Session, Self::Account, Self::Role],
            TokenKind::Email | TokenKind::Password => {
                &[Self::Revocation, Self::Account, Self::Role, Self::Newest]
            }
        }
    }

    /// The checks of an API token, in this order.
    pub(crate) const OF_API_TOKENS: [Self; 3] = [Self::Known, Self::Expiry, Self::Account];

    /// Returns the name that an operator reads.
    pub(crate) fn name(self) -> &'static str {
        self.into()
    }
}
