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
    scheme: PhantomData<S>,
}

impl<'r, S: Scheme> Bearer<'r, S> {
    /// The token. A secret.
    #[must_use]
    pub fn token(&self) -> &'r str {
        self.token
    }
}

/// A pair of username and password (RFC 7617) sent for scheme `S`.
pub struct Basic<'r, S: Scheme> {
    username: &'r str,
    password: &'r str,
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
}

/// An API key sent for scheme `S`; never empty.
pub struct ApiKey<'r, S: Scheme> {
    value: &'r str,
    scheme: PhantomData<S>,
}

impl<'r, S: Scheme> ApiKey<'r, S> {
    /// The key. A secret.
    #[must_use]
    pub fn value(&self) -> &'r str {
        self.value
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

/// A credential as the gate found it, before the generated glue gives it the type of its scheme.
#[derive(Clone, Copy)]
pub enum Credential<'r> {
    /// Of a scheme `http`, `bearer`.
    Bearer(&'r str),
    /// Of a scheme `http`, `basic`.
    Basic {
        /// Before the first colon.
        username: &'r str,
        /// After it.
        password: &'r str,
    },
    /// Of a scheme `apiKey`.
    ApiKey(&'r str),
}

impl fmt::Debug for Credential<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bearer(_) => "Credential::Bearer",
            Self::Basic { .. } => "Credential::Basic",
            Self::ApiKey(_) => "Credential::ApiKey",
        })
    }
}

impl<'r> Credential<'r> {
    /// The credential of a bearer scheme.
    ///
    /// # Errors
    /// [`Denial::invalid`] when it is of another type, which generated code never asks for.
    pub fn bearer<S: Scheme>(self) -> Result<Bearer<'r, S>, Denial> {
        match self {
            Self::Bearer(token) => Ok(Bearer {
                token,
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
        match self {
            Self::Basic { username, password } => Ok(Basic {
                username,
                password,
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
        match self {
            Self::ApiKey(value) => Ok(ApiKey {
                value,
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

    #[test]
    fn debug_output_holds_no_secret() {
        let bearer = Credential::Bearer("hunter2");
        let basic = Credential::Basic {
            username: "leia",
            password: "hunter2",
        };
        let key = Credential::ApiKey("hunter2");
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
            Credential::Bearer("a")
                .bearer::<Jwt>()
                .is_ok_and(|bearer| bearer.token() == "a")
        );
        assert!(Credential::Bearer("a").api_key::<Jwt>().is_err());
        assert!(Credential::ApiKey("a").bearer::<Jwt>().is_err());
        assert!(Credential::ApiKey("a").basic::<Jwt>().is_err());
    }
}
