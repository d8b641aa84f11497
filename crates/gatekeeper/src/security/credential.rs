//! Credentials as decode hooks see them.

use super::Denial;
use std::{fmt, marker::PhantomData};

/// One security scheme of the contract, as a type. The generator makes a unit struct of each, so
/// that two hooks cannot be swapped by mistake: their arguments differ.
pub trait Scheme: 'static {
    /// Its name in `components.securitySchemes`.
    const NAME: &'static str;
}

/// A bearer token (RFC 6750) sent for scheme `S`; its characters are checked, nothing else is.
pub struct Bearer<'r, S: Scheme> {
    token: &'r str,
    scopes: &'r [String],
    scheme: PhantomData<S>,
}

impl<'r, S: Scheme> Bearer<'r, S> {
    /// The token. A secret.
    #[must_use]
    pub fn token(&self) -> &'r str {
        self.token
    }

    /// The scopes that the operation asks for; the gatekeeper compares them with
    /// [`Identity::has_scope`](crate::Identity::has_scope) once the identity is known.
    #[must_use]
    pub fn scopes(&self) -> &'r [String] {
        self.scopes
    }
}

/// A pair of username and password (RFC 7617) sent for scheme `S`.
pub struct Basic<'r, S: Scheme> {
    username: &'r str,
    password: &'r str,
    scopes: &'r [String],
    scheme: PhantomData<S>,
}

impl<'r, S: Scheme> Basic<'r, S> {
    /// The username; may be empty.
    #[must_use]
    pub fn username(&self) -> &'r str {
        self.username
    }

    /// The password; may be empty. A secret.
    #[must_use]
    pub fn password(&self) -> &'r str {
        self.password
    }

    /// The scopes that the operation asks for; the gatekeeper compares them with
    /// [`Identity::has_scope`](crate::Identity::has_scope) once the identity is known.
    #[must_use]
    pub fn scopes(&self) -> &'r [String] {
        self.scopes
    }
}

/// An API key sent for scheme `S`; never empty.
pub struct ApiKey<'r, S: Scheme> {
    value: &'r str,
    scopes: &'r [String],
    scheme: PhantomData<S>,
}

impl<'r, S: Scheme> ApiKey<'r, S> {
    /// The key. A secret.
    #[must_use]
    pub fn value(&self) -> &'r str {
        self.value
    }

    /// The scopes that the operation asks for; the gatekeeper compares them with
    /// [`Identity::has_scope`](crate::Identity::has_scope) once the identity is known.
    #[must_use]
    pub fn scopes(&self) -> &'r [String] {
        self.scopes
    }
}

impl<S: Scheme> fmt::Debug for Bearer<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bearer({})", S::NAME)
    }
}

impl<S: Scheme> fmt::Debug for Basic<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Basic({})", S::NAME)
    }
}

impl<S: Scheme> fmt::Debug for ApiKey<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({})", S::NAME)
    }
}

/// A credential as the gatekeeper found it, before the generated glue gives it the type of its scheme.
#[derive(Clone, Copy)]
pub struct Credential<'r> {
    sent: Sent<'r>,
    scopes: &'r [String],
}

/// The text of a credential.
#[derive(Clone, Copy)]
pub enum Sent<'r> {
    /// A bearer token: of a scheme `http` with `bearer`, `oauth2` or `openIdConnect`.
    Bearer(&'r str),
    /// Of a scheme `http` with `basic`.
    Basic {
        /// Before the first colon.
        username: &'r str,
        /// After it.
        password: &'r str,
    },
    /// Of a scheme `apiKey`.
    ApiKey(&'r str),
}

impl fmt::Debug for Sent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bearer(_) => "Sent::Bearer",
            Self::Basic { .. } => "Sent::Basic",
            Self::ApiKey(_) => "Sent::ApiKey",
        })
    }
}

impl fmt::Debug for Credential<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("sent", &self.sent)
            .field("scopes", &self.scopes)
            .finish()
    }
}

impl<'r> Credential<'r> {
    pub(crate) fn new(sent: Sent<'r>, scopes: &'r [String]) -> Self {
        Self { sent, scopes }
    }

    /// The text of the credential. A secret.
    #[must_use]
    pub fn sent(self) -> Sent<'r> {
        self.sent
    }

    /// The scopes that the operation asks for.
    #[must_use]
    pub fn scopes(self) -> &'r [String] {
        self.scopes
    }

    /// The credential of a bearer scheme.
    ///
    /// # Errors
    /// [`Denial::invalid`] when it is of another type, which generated code never asks for.
    pub fn bearer<S: Scheme>(self) -> Result<Bearer<'r, S>, Denial> {
        match self.sent {
            Sent::Bearer(token) => Ok(Bearer {
                token,
                scopes: self.scopes,
                scheme: PhantomData,
            }),
            _ => Err(Denial::invalid("the credential is no bearer token")),
        }
    }

    /// The credential of a basic scheme.
    ///
    /// # Errors
    /// [`Denial::invalid`] when it is of another type, which generated code never asks for.
    pub fn basic<S: Scheme>(self) -> Result<Basic<'r, S>, Denial> {
        match self.sent {
            Sent::Basic { username, password } => Ok(Basic {
                username,
                password,
                scopes: self.scopes,
                scheme: PhantomData,
            }),
            _ => Err(Denial::invalid("the credential is no basic pair")),
        }
    }

    /// The credential of an API key scheme.
    ///
    /// # Errors
    /// [`Denial::invalid`] when it is of another type, which generated code never asks for.
    pub fn api_key<S: Scheme>(self) -> Result<ApiKey<'r, S>, Denial> {
        match self.sent {
            Sent::ApiKey(value) => Ok(ApiKey {
                value,
                scopes: self.scopes,
                scheme: PhantomData,
            }),
            _ => Err(Denial::invalid("the credential is no API key")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Jwt;

    impl Scheme for Jwt {
        const NAME: &'static str = "jwt";
    }

    fn credential(sent: Sent<'_>) -> Credential<'_> {
        Credential::new(sent, &[])
    }

    #[test]
    fn debug_output_holds_no_secret() {
        let bearer = credential(Sent::Bearer("hunter2"));
        let basic = credential(Sent::Basic {
            username: "leia",
            password: "hunter2",
        });
        let key = credential(Sent::ApiKey("hunter2"));
        let all = format!(
            "{bearer:?} {basic:?} {key:?} {:?} {:?} {:?}",
            bearer.bearer::<Jwt>(),
            basic.basic::<Jwt>(),
            key.api_key::<Jwt>()
        );
        assert!(!all.contains("hunter2") && !all.contains("leia"), "{all}");
        assert!(all.contains("Bearer(jwt)"), "{all}");
    }

    #[test]
    fn a_credential_is_narrowed_to_its_own_kind_only() {
        assert!(
            credential(Sent::Bearer("a"))
                .bearer::<Jwt>()
                .is_ok_and(|bearer| bearer.token() == "a")
        );
        assert!(credential(Sent::Bearer("a")).api_key::<Jwt>().is_err());
        assert!(credential(Sent::ApiKey("a")).bearer::<Jwt>().is_err());
        assert!(credential(Sent::ApiKey("a")).basic::<Jwt>().is_err());
    }
}
