//! Denials of credentials, and the choice among them when several alternatives fail.

use crate::Problem;
use std::borrow::Cow;

/// The reason for which credentials were refused.
///
/// If all alternatives of a requirement fail, the most telling denial answers. From least to
/// most telling: nothing was sent, [`invalid`](Self::invalid), [`credentials`](Self::credentials),
/// [`expired`](Self::expired), a scope that is lacking, a role too low, [`problem`](Self::problem),
/// [`unavailable`](Self::unavailable). So an expired refresh token is answered as expired, though
/// it also failed as an access token, and a store that cannot be asked is never taken for a "no".
///
/// Reasons are for the log only; they must hold no secret.
#[derive(Debug)]
pub struct Denial {
    kind: DenialKind,
    reason: Cow<'static, str>,
}

#[derive(Debug)]
pub(crate) enum DenialKind {
    Missing,
    Invalid,
    Credentials,
    Expired,
    Scopes { required: Vec<String> },
    Role { required: String, is_401: bool },
    Problem(Box<Problem>),
    Unavailable { retry_after: u32 },
}

impl Denial {
    /// The token or key is not good: 401 `token-invalid`.
    pub fn invalid(reason: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind: DenialKind::Invalid,
            reason: reason.into(),
        }
    }

    /// The token was good once: 401 `token-expired`.
    pub fn expired(reason: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind: DenialKind::Expired,
            reason: reason.into(),
        }
    }

    /// Denies an unknown user or a wrong password: 401 `credentials-invalid`.
    pub fn credentials(reason: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind: DenialKind::Credentials,
            reason: reason.into(),
        }
    }

    /// Denies because a store that decides cannot be reached: 503 `service-unavailable` with `Retry-After`.
    pub fn unavailable(reason: impl Into<Cow<'static, str>>, retry_after_seconds: u32) -> Self {
        Self {
            kind: DenialKind::Unavailable {
                retry_after: retry_after_seconds,
            },
            reason: reason.into(),
        }
    }

    /// Denies with any other answer, e.g. 403 `account-disabled` after a right password.
    #[must_use]
    pub fn problem(problem: Problem) -> Self {
        Self {
            kind: DenialKind::Problem(Box::new(problem)),
            reason: Cow::Borrowed(""),
        }
    }

    pub(crate) fn missing() -> Self {
        Self {
            kind: DenialKind::Missing,
            reason: Cow::Borrowed("no credentials were sent"),
        }
    }

    /// Denies because the credential, though good, lacks one of these scopes: 403 `insufficient-scope`. The gatekeeper does
    /// so by itself with the scopes of the contract ([`Identity::has_scope`](crate::Identity::has_scope)).
    #[must_use]
    pub fn scopes(required: &[String]) -> Self {
        Self {
            kind: DenialKind::Scopes {
                required: required.to_owned(),
            },
            reason: Cow::Borrowed("the credential lacks a scope"),
        }
    }

    pub(crate) fn role(required: &str, is_401: bool) -> Self {
        Self {
            kind: DenialKind::Role {
                required: required.to_owned(),
                is_401,
            },
            reason: Cow::Borrowed("the caller's role is too low"),
        }
    }

    pub(crate) fn kind(&self) -> &DenialKind {
        &self.kind
    }

    pub(crate) fn into_parts(self) -> (DenialKind, Cow<'static, str>) {
        (self.kind, self.reason)
    }

    /// The more telling of two; the first when they are equal.
    pub(crate) fn or(self, other: Self) -> Self {
        if other.rank() > self.rank() {
            other
        } else {
            self
        }
    }

    fn rank(&self) -> u8 {
        match self.kind {
            DenialKind::Missing => 0,
            DenialKind::Invalid => 1,
            DenialKind::Credentials => 2,
            DenialKind::Expired => 3,
            DenialKind::Scopes { .. } => 4,
            DenialKind::Role { .. } => 5,
            DenialKind::Problem(_) => 6,
            DenialKind::Unavailable { .. } => 7,
        }
    }
}
