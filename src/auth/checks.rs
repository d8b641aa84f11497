//! What is checked of a credential, by name, so that a refusal can be explained.
//!
//! The checks themselves run in one place each, for the service and for `token inspect` alike: whoever wants to
//! know which of them passed hands in a [`Witness`]. So an explanation cannot differ from what the service does.

use super::tokens::Kind;

/// One thing that must be right about a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    Length,
    Header,
    Signature,
    Payload,
    Claims,
    Kind,
    Issuer,
    Subject,
    SessionClaim,
    Order,
    Start,
    Expiry,
    Revocation,
    Session,
    Account,
    Role,
    Newest,
    Known,
}

impl Check {
    /// What a token tells of itself, in the order in which it is looked at.
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

    /// What SQL tells of a token that says nothing wrong of itself, in this order.
    pub(crate) const fn of_state(kind: Kind) -> &'static [Self] {
        match kind {
            Kind::Access => &[Self::Revocation, Self::Account, Self::Role],
            Kind::Refresh => &[Self::Revocation, Self::Session, Self::Account, Self::Role],
            Kind::Email | Kind::Password => {
                &[Self::Revocation, Self::Account, Self::Role, Self::Newest]
            }
        }
    }

    /// What is looked at of an API token, in this order.
    pub(crate) const OF_API_TOKENS: [Self; 3] = [Self::Known, Self::Expiry, Self::Account];

    /// The name that an operator reads.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Header => "header",
            Self::Signature => "signature",
            Self::Payload => "payload",
            Self::Claims => "claims",
            Self::Kind => "kind",
            Self::Issuer => "issuer",
            Self::Subject => "subject",
            Self::SessionClaim => "sid",
            Self::Order => "order of times",
            Self::Start => "start",
            Self::Expiry => "expiry",
            Self::Revocation => "revocation",
            Self::Session => "session",
            Self::Account => "account",
            Self::Role => "role",
            Self::Newest => "newest of its kind",
            Self::Known => "known",
        }
    }
}

/// Is told of each check that passed. The first of a list that it is not told of is the one that failed.
pub(crate) trait Witness {
    /// `found` says what was found, in words without a secret; it is asked only by those who want to know.
    fn passed(&mut self, check: Check, found: impl FnOnce() -> String);
}

/// Nobody wants to know: this is the way of the requests, and costs them nothing.
impl Witness for () {
    fn passed(&mut self, _check: Check, _found: impl FnOnce() -> String) {}
}
