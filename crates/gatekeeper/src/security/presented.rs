//! The credentials that a request presents for the schemes of a requirement.

use super::{
    Credential, Denial, Kinds, SchemeRule, SecuritySettings, Sent, Source,
    api_key::Key,
    basic::Pair,
    bearer::{self, Authorization},
};
use crate::{Authenticator, Identity, RequestContext};
use std::borrow::Cow;

/// The credential that a request presents for one scheme.
pub(super) enum Presented<'r> {
    Nothing,
    Bad(Denial),
    Bearer(&'r str),
    Basic(Pair),
    Key(Cow<'r, str>),
}

/// The parts of a request that may hold credentials.
pub(super) struct PresentedCredentials<'r> {
    pub(super) context: RequestContext<'r>,
    pub(super) authorization: Authorization<'r>,
    pub(super) settings: &'r SecuritySettings,
}

impl<'r> PresentedCredentials<'r> {
    pub(super) fn found(&self, scheme: &SchemeRule) -> Presented<'r> {
        let limit = self.settings.token_limit;
        match (&scheme.source, self.authorization) {
            (Source::Bearer, Authorization::Sent { scheme, rest }) if self.is_bearer(scheme) => {
                if rest.len() > limit {
                    Presented::Bad(Denial::invalid("the token is too long"))
                } else if bearer::is_b64token(rest) {
                    Presented::Bearer(rest)
                } else {
                    Presented::Bad(Denial::invalid(
                        "the token has characters that no token has",
                    ))
                }
            }
            (Source::Basic, Authorization::Sent { scheme, rest }) if is_basic(scheme) => {
                // A malformed pair is answered like a wrong one.
                match Some(rest)
                    .filter(|rest| rest.len() <= limit)
                    .and_then(Pair::decode)
                {
                    Some(pair) => Presented::Basic(pair),
                    None => {
                        Presented::Bad(Denial::credentials("the Basic credentials are malformed"))
                    }
                }
            }
            (Source::Key(location), _) => match location.find(self.context.request) {
                Key::Absent => Presented::Nothing,
                Key::Sent(key) if key.len() <= limit => Presented::Key(key),
                Key::Sent(_) => Presented::Bad(Denial::invalid("the API key is too long")),
                Key::Malformed => Presented::Bad(Denial::invalid("the API key is malformed")),
            },
            (Source::Bearer | Source::Basic, _) => Presented::Nothing,
        }
    }

    /// Returns the denial of an `Authorization` header that no scheme of the operation reads.
    pub(super) fn unrecognized_authorization(&self, kinds: Kinds) -> Denial {
        let known = match self.authorization {
            Authorization::Absent => return Denial::missing(),
            _ if kinds.authorization_key => true,
            Authorization::Sent { scheme, .. } => {
                kinds.bearer && self.is_bearer(scheme) || kinds.basic && is_basic(scheme)
            }
            Authorization::Malformed | Authorization::Twice => false,
        };
        if known {
            Denial::missing()
        } else {
            Denial::invalid(
                "Authorization is malformed or of a scheme that the operation does not take",
            )
        }
    }

    pub(super) fn was_sent(&self, schemes: &[SchemeRule]) -> bool {
        self.authorization != Authorization::Absent
            || schemes
                .iter()
                .any(|scheme| !matches!(self.found(scheme), Presented::Nothing))
    }

    fn is_bearer(&self, scheme: &str) -> bool {
        self.settings.is_bearer(scheme.as_bytes())
    }
}

fn is_basic(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("basic")
}

impl Presented<'_> {
    /// Calls the hook of the scheme with the credential, and verifies its scopes.
    pub(super) async fn ask<A: Authenticator>(
        self,
        api: &A,
        context: RequestContext<'_>,
        scheme: &SchemeRule,
    ) -> Result<A::Identity, Denial> {
        let authenticate = |sent| {
            let credential = Credential::new(sent, &scheme.scopes);
            api.authenticate(context, &scheme.name, credential)
        };
        let identity = match self {
            Self::Nothing => return Err(Denial::missing()),
            Self::Bad(denial) => return Err(denial),
            Self::Bearer(token) => authenticate(Sent::Bearer(token)).await?,
            Self::Key(key) => authenticate(Sent::ApiKey(&key)).await?,
            Self::Basic(pair) => {
                let (username, password) = (pair.username(), pair.password());
                authenticate(Sent::Basic { username, password }).await?
            }
        };
        if scheme.scopes.iter().all(|scope| identity.has_scope(scope)) {
            Ok(identity)
        } else {
            Err(Denial::scopes(&scheme.scopes))
        }
    }
}
