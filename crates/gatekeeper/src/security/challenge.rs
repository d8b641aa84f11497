//! `WWW-Authenticate` (RFC 9110 section 11.6.1, RFC 6750 section 3, RFC 7617 section 2).

use super::DenialKind;
use actix_web::http::header::{HeaderValue, InvalidHeaderValue};

/// The challenges of a realm, one header line each, made once.
#[derive(Clone, Debug)]
pub(crate) struct Challenges {
    bearer: HeaderValue,
    bearer_invalid: HeaderValue,
    bearer_expired: HeaderValue,
    bearer_role: HeaderValue,
    /// The beginning of the one that names scopes.
    bearer_scope: String,
    basic: HeaderValue,
    api_key: HeaderValue,
}

/// The kinds of scheme that an operation takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kinds {
    pub(crate) bearer: bool,
    pub(crate) basic: bool,
    pub(crate) api_key: bool,
    /// An API key may stand in `Authorization`.
    pub(crate) authorization_key: bool,
}

/// The `error` and `error_description` of a challenge (RFC 6750 section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault<'d> {
    /// RFC 6750 section 3.1: nothing, where no token was sent.
    Unsaid,
    Invalid,
    Expired,
    /// The scopes that are asked for.
    Scopes(&'d [String]),
    Role,
}

impl<'d> From<&'d DenialKind> for Fault<'d> {
    fn from(denial: &'d DenialKind) -> Self {
        match denial {
            DenialKind::Invalid => Self::Invalid,
            DenialKind::Expired => Self::Expired,
            DenialKind::Scopes { required } => Self::Scopes(required),
            DenialKind::Role { .. } => Self::Role,
            _ => Self::Unsaid,
        }
    }
}

impl Fault<'_> {
    /// The fault that the `code` of a problem stands for, on an operation that takes these kinds.
    pub(crate) fn of_code(code: &str, kinds: Kinds) -> Self {
        // An open operation takes its tokens from the body or the query.
        if kinds == Kinds::default() {
            return Self::Unsaid;
        }
        match code {
            "token-invalid" => Self::Invalid,
            "token-expired" => Self::Expired,
            "authorisation-required" => Self::Role,
            _ => Self::Unsaid,
        }
    }
}

impl Challenges {
    /// Makes the challenges of `realm`, which must be text without quotes or backslashes.
    pub(crate) fn new(realm: &str) -> Result<Self, InvalidHeaderValue> {
        let value = |text: String| HeaderValue::try_from(text);
        let bearer = |rest: &str| value(format!("Bearer realm=\"{realm}\"{rest}"));
        Ok(Self {
            bearer: bearer("")?,
            bearer_invalid: bearer(
                ", error=\"invalid_token\", error_description=\"The token is not valid\"",
            )?,
            bearer_expired: bearer(
                ", error=\"invalid_token\", error_description=\"The token has expired\"",
            )?,
            bearer_role: bearer(
                ", error=\"insufficient_scope\", error_description=\"The token's role is too low\"",
            )?,
            bearer_scope: format!(
                "Bearer realm=\"{realm}\", error=\"insufficient_scope\", \
                 error_description=\"The token lacks a scope\""
            ),
            basic: value(format!("Basic realm=\"{realm}\", charset=\"UTF-8\""))?,
            api_key: value(format!("ApiKey realm=\"{realm}\""))?,
        })
    }

    /// The challenges of an operation that takes these kinds.
    pub(crate) fn of(&self, kinds: Kinds, fault: Fault<'_>) -> Vec<HeaderValue> {
        let named;
        let bearer = match fault {
            Fault::Unsaid => &self.bearer,
            Fault::Invalid => &self.bearer_invalid,
            Fault::Expired => &self.bearer_expired,
            Fault::Scopes(scopes) => {
                named = self.naming(scopes);
                &named
            }
            Fault::Role => &self.bearer_role,
        };
        let mut challenges = Vec::with_capacity(2);
        if kinds.bearer {
            challenges.push(bearer.clone());
        }
        if kinds.basic {
            challenges.push(self.basic.clone());
        }
        // RFC 9110 section 15.5.2: a 401 has at least one challenge. No scheme is registered for
        // API keys, so theirs appears only where nothing else does; an open operation (a log-in
        // form) invites to what its success gives.
        if challenges.is_empty() {
            challenges.push(if kinds.api_key { &self.api_key } else { bearer }.clone());
        }
        challenges
    }

    /// RFC 6750 section 3: `scope` lists them between blanks. Where one of them is no scope of RFC 6749 section 3.3, as a
    /// role of OpenAPI 3.1 need not be, none is listed.
    fn naming(&self, scopes: &[String]) -> HeaderValue {
        let is_scope = |scope: &String| {
            let is_letter = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
            !scope.is_empty() && scope.bytes().all(is_letter)
        };
        let challenge = if scopes.iter().all(is_scope) {
            format!("{}, scope=\"{}\"", self.bearer_scope, scopes.join(" "))
        } else {
            self.bearer_scope.clone()
        };
        HeaderValue::try_from(challenge).unwrap_or_else(|_| self.bearer.clone())
    }
}
