//! The service behind the gate of a mock: every well-formed credential is good.
//!
//! What a credential may is written in it: `role.admin`, `scope.read` or several with a `+` between; of none of these, it
//! may everything. `deny` is refused.

use gatekeeper::{Authenticator, Credential, Denial, Identity, Problem, RequestContext};

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
}

impl Mock {
    /// Returns the level of a role in the order of [`roles`](Self::roles), from 1.
    #[must_use]
    pub fn level(&self, role: &str) -> u16 {
        let place = self.roles.iter().position(|known| known == role);
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
        let level = if is_limited {
            named.map(|role| self.level(role)).max().unwrap_or_default()
        } else {
            u16::MAX
        };
        Ok(Caller { level })
    }
}

impl Identity for Caller {
    fn access_level(&self) -> u16 {
        self.level
    }

    fn join(self, other: Self) -> Result<Self, Denial> {
        Ok(Self {
            level: self.level.max(other.level),
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
        match credential {
            Credential::Bearer(text) | Credential::ApiKey(text) => self.caller(text),
            Credential::Basic { username, .. } => self.caller(username),
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
        for (credential, level) in [
            ("x", u16::MAX),
            ("role.admin", 2),
            ("role.basic+scope.read", 1),
            ("role.nobody", 0),
            ("scope.read", 0),
        ] {
            assert_eq!(
                mock.caller(credential).ok().map(|caller| caller.level),
                Some(level)
            );
        }
        assert!(mock.caller("deny").is_err());
        assert!(Mock { deny: true, ..mock }.caller("x").is_err());
    }
}
