// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! Who may call: one decode hook for each security scheme of the contract.

use crate::Service;
use gatekeeper::{Authenticator, Credential, Denial};

/// The security schemes as types, so that two hooks cannot be swapped.
pub mod schemes {
    /// An access token, as answered by `login`. Lives ten hours by default.
    #[derive(Debug, Clone, Copy)]
    pub struct Jwt;

    impl gatekeeper::Scheme for Jwt {
        const NAME: &'static str = "jwt";
    }

    /// A refresh token, as answered by `login`. Good for a new pair and for logging out only.
    #[derive(Debug, Clone, Copy)]
    pub struct JwtRefresh;

    impl gatekeeper::Scheme for JwtRefresh {
        const NAME: &'static str = "jwt_refresh";
    }

    /// A password token, as mailed to a user who forgot the password. Good for one change.
    #[derive(Debug, Clone, Copy)]
    pub struct JwtPassword;

    impl gatekeeper::Scheme for JwtPassword {
        const NAME: &'static str = "jwt_password";
    }
}

/// The decode hooks, named by the contract.
pub trait Security: 'static {
    /// What a good credential makes of the caller.
    type Identity: gatekeeper::Identity;

    /// Why an operation failed, and how that looks to the caller.
    type Error: gatekeeper::Failure;

    /// Decodes a credential of scheme `jwt`; the contract calls it `auth.endpoints.decode_token`.
    ///
    /// # Errors
    /// Why the credential is refused.
    async fn decode_token(
        &self,
        credential: gatekeeper::Bearer<'_, schemes::Jwt>,
    ) -> Result<Self::Identity, Denial>;

    /// Decodes a credential of scheme `jwt_refresh`; the contract calls it `auth.endpoints.decode_refresh_token`.
    ///
    /// # Errors
    /// Why the credential is refused.
    async fn decode_refresh_token(
        &self,
        credential: gatekeeper::Bearer<'_, schemes::JwtRefresh>,
    ) -> Result<Self::Identity, Denial>;

    /// Decodes a credential of scheme `jwt_password`; the contract calls it `auth.endpoints.decode_password_token`.
    ///
    /// # Errors
    /// Why the credential is refused.
    async fn decode_password_token(
        &self,
        credential: gatekeeper::Bearer<'_, schemes::JwtPassword>,
    ) -> Result<Self::Identity, Denial>;
}

impl<A: Security> Authenticator for Service<A> {
    type Identity = A::Identity;
    type Failure = A::Error;

    async fn authenticate(
        &self,
        scheme: &str,
        credential: Credential<'_>,
    ) -> Result<Self::Identity, Denial> {
        match scheme {
            "jwt" => self.0.decode_token(credential.bearer()?).await,
            "jwt_refresh" => self.0.decode_refresh_token(credential.bearer()?).await,
            "jwt_password" => self.0.decode_password_token(credential.bearer()?).await,
            _ => Err(Denial::invalid("the scheme is not one of the contract's")),
        }
    }
}
