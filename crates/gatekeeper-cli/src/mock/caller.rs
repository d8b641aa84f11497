//! The service behind the gatekeeper of a mock: every well-formed credential is good.
//!
//! The rights of a credential are written in it: `role.admin`, `scope.read` or several with a `+` between; of none of these, it
//! may everything. `deny` is refused. Letters that no token may have (RFC 6750, section 2.1) are written `_`, so that
//! `scope.pets_read` is the scope `pets:read`.

use gatekeeper::{Authenticator, Credential, Denial, Identity, Problem, RequestContext, Sent};

/// The credential that is refused.
const DENIED: &str = "deny";

/// The service of a mock.
#[derive(Clone, Debug, Default)]
pub struct Mock {
    /// Refuses every credential.
    pub deny: bool,
    /// The roles, least first.
    pub roles: Vec<String>,
}

/// The caller of a mock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    level: u16,
    /// `None` for all of them.
    scopes: Option<Vec<String>>,
}

impl Mock {
    /// Returns the level of a role in the order of [`roles`](Self::roles), from 1.
    #[must_use]
    pub fn level(&self, role: &str) -> u16 {
        let role = as_token(role);
        let place = self.roles.iter().position(|known| as_token(known) == role);
        place.map_or(0, |place| u16::try_from(place + 1).unwrap_or(u16::MAX))
    }

    fn caller(&self, credential: &str) -> Result<Caller, Denial> {
        if self.deny || credential == DENIED {
            return Err(Denial::invalid("the mock refuses it, as it was told"));
        }
        let words = || credential.split('+');
        let is_limited =
            words().any(|word| word.starts_with("role.") || word.starts_with("scope."));
        let named = words().filter_map(|word| word.strip_prefix("role."));
        if !is_limited {
            return Ok(Caller {
                level: u16::MAX,
                scopes: None,
            });
        }
        let scopes = words().filter_map(|word| word.strip_prefix("scope."));
        Ok(Caller {
            level: named.map(|role| self.level(role)).max().unwrap_or_default(),
            scopes: Some(scopes.map(str::to_owned).collect()),
        })
    }
}

/// Returns a name as it stands in a credential.
fn as_token(name: &str) -> String {
    let is_taken = |letter: char| letter.is_ascii_alphanumeric() || "-._~/".contains(letter);
    name.chars()
        .map(|letter| if is_taken(letter) { letter } else { '_' })
        .collect()
}

impl Identity for Caller {
    fn access_level(&self) -> u16 {
        self.level
    }

    fn has_scope(&self, scope: &str) -> bool {
        let written = as_token(scope);
        let is_scope = |known: &String| as_token(known) == written;
        (self.scopes.as_ref()).is_none_or(|scopes| scopes.iter().any(is_scope))
    }

    fn join(self, other: Self) -> Result<Self, Denial> {
        let scopes = match (self.scopes, other.scopes) {
            (Some(own), Some(others)) => Some([own, others].concat()),
            // A key that is not limited does not widen what the token beside it may.
            (own, others) => own.or(others),
        };
        Ok(Self {
            level: self.level.max(other.level),
            scopes,
        })
    }
}

impl Authenticator for Mock {
    type Identity = Caller;
    type Failure = Problem;

    async fn authenticate(
        &self,
        _: RequestContext<'_>,
        _: &str,
        credential: Credential<'_>,
    ) -> Result<Caller, Denial> {
        match credential.sent() {
            Sent::Bearer(text) | Sent::ApiKey(text) => self.caller(text),
            Sent::Basic { username, .. } => self.caller(username),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_may_what_is_written_in_it() {
        let mock = Mock {
            deny: false,
            roles: vec!["basic".to_owned(), "admin".to_owned()],
        };
        for (credential, level, reads) in [
            ("x", u16::MAX, true),
            ("role.admin", 2, false),
            ("role.basic+scope.read", 1, true),
            ("role.nobody", 0, false),
            ("scope.read", 0, true),
            ("scope.write", 0, false),
            ("scope.pets_read", 0, false),
        ] {
            let caller = mock.caller(credential).unwrap();
            assert_eq!(
                (caller.level, caller.has_scope("read")),
                (level, reads),
                "{credential}"
            );
        }
        let spelt = mock.caller("scope.pets_read").unwrap();
        assert!(spelt.has_scope("pets:read") && !spelt.has_scope("pets:write"));
        let key = mock.caller("scope.pets:read").unwrap();
        assert!(key.has_scope("pets:read"));
        let both = [mock.caller("key"), mock.caller("scope.read")].map(Result::unwrap);
        for [one, other] in [both.clone(), both].map(|[key, token]| [token, key]) {
            let joined = one.join(other).unwrap();
            assert!(joined.has_scope("read") && !joined.has_scope("write"));
        }
        assert!(mock.caller("deny").is_err());
        assert!(Mock { deny: true, ..mock }.caller("x").is_err());
    }
}
