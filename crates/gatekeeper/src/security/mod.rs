//! Security requirements: an OR of ANDs of schemes with their scopes (`security`), then the role (`x-access-role`).
//!
//! Covered: `http` with `bearer` and `basic`, `oauth2` and `openIdConnect` as bearer tokens, `apiKey` in header, query and
//! cookie, alternatives in the contract's order, the empty alternative `{}` that makes credentials optional. Not covered,
//! and refused at start where an operation requires it: `mutualTLS`, other `http` schemes.

mod api_key;
mod basic;
mod bearer;
mod challenge;
mod credential;
mod denial;
mod prepare;
mod presented;
mod secret;

pub(crate) use challenge::{Challenges, Fault, Kinds};
pub use credential::{ApiKey, Basic, Bearer, Credential, Scheme, Sent};
pub use denial::Denial;
pub(crate) use denial::DenialKind;
pub(crate) use prepare::compare_hooks;
pub use secret::is_same_secret;

use crate::{Authenticator, Identity, RequestContext};
use actix_web::http::header::HeaderMap;
use api_key::KeySource;
use bearer::Authorization;
use presented::{Presented, PresentedCredentials};

/// The settings that all requirements of a contract share.
#[derive(Clone, Debug)]
pub(crate) struct SecuritySettings {
    /// Words that stand for `Bearer`, besides itself.
    pub(crate) bearer_aliases: Vec<String>,
    /// Bytes of a credential.
    pub(crate) token_limit: usize,
    /// The answer to a role too low is 401 instead of 403.
    pub(crate) low_role_is_401: bool,
}

impl SecuritySettings {
    /// Returns the error of a bearer challenge when credentials are refused for `fault`.
    ///
    /// RFC 6750 section 3.1: nothing, unless a bearer token was sent; credentials of another scheme are none. A role
    /// that is too low is named in any case, since the credentials themselves were good.
    pub(crate) fn challenge_fault<'f>(&self, fault: Fault<'f>, headers: &HeaderMap) -> Fault<'f> {
        let tried = || bearer::schemes(headers).any(|scheme| self.is_bearer(scheme));
        if matches!(fault, Fault::Role) || tried() {
            fault
        } else {
            Fault::Unsaid
        }
    }

    /// Scheme names are compared without regard to case (RFC 9110 section 11.1).
    fn is_bearer(&self, scheme: &[u8]) -> bool {
        scheme.eq_ignore_ascii_case(b"bearer")
            || self
                .bearer_aliases
                .iter()
                .any(|alias| scheme.eq_ignore_ascii_case(alias.as_bytes()))
    }
}

/// The security requirement of one operation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requirement {
    /// Each scheme with its scopes once, in order of appearance.
    schemes: Vec<SchemeRule>,
    /// Indices into `schemes`; the empty alternative is not among them.
    alternatives: Vec<Vec<usize>>,
    optional: bool,
    role: Option<(String, u16)>,
    kinds: Kinds,
}

#[derive(Clone, Debug)]
struct SchemeRule {
    name: String,
    hook: String,
    scopes: Vec<String>,
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    Bearer,
    Basic,
    Key(KeySource),
}

/// The outcome of a scheme's hook while alternatives are tried; the hook is called at most once.
enum Known<I> {
    Unasked,
    Missing,
    Granted(I),
    Denied,
}

impl Requirement {
    /// Returns true if the operation asks for no credentials at all.
    pub(crate) fn is_open(&self) -> bool {
        self.alternatives.is_empty()
    }

    pub(crate) fn kinds(&self) -> Kinds {
        self.kinds
    }

    /// The caller's identity; none when the operation is open, or when credentials are optional
    /// and none were sent.
    pub(crate) async fn check<A: Authenticator>(
        &self,
        api: &A,
        context: RequestContext<'_>,
        settings: &SecuritySettings,
    ) -> Result<Option<A::Identity>, Denial> {
        if self.is_open() {
            return Ok(None);
        }
        let authorization = Authorization::of(context.request.headers());
        if authorization == Authorization::Twice {
            return Err(Denial::invalid("more than one Authorization header"));
        }
        let presented = PresentedCredentials {
            context,
            authorization,
            settings,
        };
        let denial = if let [scheme] = self.schemes.as_slice() {
            // The usual case needs no bookkeeping.
            match presented.found(scheme) {
                Presented::Nothing => Denial::missing(),
                found => match found
                    .ask(api, context, scheme)
                    .await
                    .and_then(|who| self.check_role(who, settings))
                {
                    Ok(identity) => return Ok(Some(identity)),
                    Err(denial) => denial,
                },
            }
        } else {
            // In a box, so that the usual case takes no space for it.
            match Box::pin(self.any(api, &presented)).await {
                Ok(identity) => return Ok(Some(identity)),
                Err(denial) => denial,
            }
        };
        let denial = denial.or(presented.unrecognized_authorization(self.kinds));
        if self.optional && !presented.was_sent(&self.schemes) {
            return Ok(None);
        }
        Err(denial)
    }

    /// Tries the alternatives in the contract's order.
    async fn any<A: Authenticator>(
        &self,
        api: &A,
        presented: &PresentedCredentials<'_>,
    ) -> Result<A::Identity, Denial> {
        let mut known: Vec<Known<A::Identity>> = Vec::with_capacity(self.schemes.len());
        known.resize_with(self.schemes.len(), || Known::Unasked);
        let mut strongest = Denial::missing();
        for alternative in &self.alternatives {
            match self.all(api, presented, alternative, &mut known).await {
                Ok(identity) => return Ok(identity),
                Err(denial) => strongest = strongest.or(denial),
            }
        }
        Err(strongest)
    }

    /// Meets one alternative with all of its schemes.
    ///
    /// Identities that refuse to be joined, or whose role is too low, are spent: a pair of
    /// credentials in conflict is refused, even if one of them would do for a later alternative.
    async fn all<A: Authenticator>(
        &self,
        api: &A,
        presented: &PresentedCredentials<'_>,
        alternative: &[usize],
        known: &mut [Known<A::Identity>],
    ) -> Result<A::Identity, Denial> {
        for &index in alternative {
            let (scheme, known) = (&self.schemes[index], &mut known[index]);
            if !matches!(known, Known::Unasked) {
                continue;
            }
            // Nothing is asked of hooks before all credentials of the alternative are there.
            if let Presented::Nothing = presented.found(scheme) {
                *known = Known::Missing;
            }
        }
        let lost = |index: usize| matches!(known[index], Known::Missing | Known::Denied);
        if alternative.iter().any(|&index| lost(index)) {
            // A denial was counted when the hook gave it.
            return Err(Denial::missing());
        }
        for &index in alternative {
            let (scheme, known) = (&self.schemes[index], &mut known[index]);
            if matches!(known, Known::Unasked) {
                match presented
                    .found(scheme)
                    .ask(api, presented.context, scheme)
                    .await
                {
                    Ok(identity) => *known = Known::Granted(identity),
                    Err(denial) => {
                        *known = Known::Denied;
                        return Err(denial);
                    }
                }
            }
        }
        let mut joined: Option<A::Identity> = None;
        for &index in alternative {
            let Known::Granted(identity) = std::mem::replace(&mut known[index], Known::Denied)
            else {
                return Err(Denial::missing());
            };
            joined = Some(match joined {
                None => identity,
                Some(first) => first.join(identity)?,
            });
        }
        self.check_role(joined.ok_or_else(Denial::missing)?, presented.settings)
    }

    fn check_role<I: Identity>(
        &self,
        identity: I,
        settings: &SecuritySettings,
    ) -> Result<I, Denial> {
        match &self.role {
            Some((name, level)) if identity.access_level() < *level => {
                Err(Denial::role(name, settings.low_role_is_401))
            }
            _ => Ok(identity),
        }
    }
}
