// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! Authentication of callers: one decode hook for each security scheme of the contract, one for rate limits, and one
//! around operations.

use crate::Service;
use gatekeeper::{Admitted, Authenticator, Credential, Denial, Reply, RequestContext};

/// The security schemes as types, so that two hooks cannot be swapped.
pub mod schemes {
    /// An access token, as answered by `login`. Lives ten hours by default. Checked as RFC8725 asks. Its claim
    /// `access_role` is the name of the user's role, `basic` or `admin`; a name that is no role is `token-invalid`.
    #[derive(Debug, Clone, Copy)]
    pub struct Jwt;

    impl gatekeeper::Scheme for Jwt {
        const NAME: &'static str = "jwt";
    }

    /// A refresh token, as answered by `login`. Good for a new pair and for logging out only. Checked as RFC8725
    /// asks.
    #[derive(Debug, Clone, Copy)]
    pub struct JwtRefresh;

    impl gatekeeper::Scheme for JwtRefresh {
        const NAME: &'static str = "jwt_refresh";
    }

    /// A password token, as mailed to a user who forgot the password. Good for one change. Checked as RFC8725
    /// asks.
    #[derive(Debug, Clone, Copy)]
    pub struct JwtPassword;

    impl gatekeeper::Scheme for JwtPassword {
        const NAME: &'static str = "jwt_password";
    }

    /// An account's address and password (RFC 7617), checked at every request.
    #[derive(Debug, Clone, Copy)]
    pub struct Basic;

    impl gatekeeper::Scheme for Basic {
        const NAME: &'static str = "basic";
    }

    /// An API token, as answered by `create_api_token`.
    #[derive(Debug, Clone, Copy)]
    pub struct ApiToken;

    impl gatekeeper::Scheme for ApiToken {
        const NAME: &'static str = "api_token";
    }
}

/// The decode hooks, one for each security scheme of the contract, and the hooks for rate limits and around operations.
pub trait Security: 'static {
    /// The caller, as a valid credential identifies it.
    type Identity: gatekeeper::Identity;

    /// The error of an operation that failed, in the form that the caller receives.
    type Error: gatekeeper::Failure;

    /// Decodes a credential of scheme `jwt`; the contract calls it `auth.endpoints.decode_token`.
    ///
    /// # Errors
    /// The reason for which the credential is refused.
    async fn decode_token(
        &self,
        context: RequestContext<'_>,
        credential: gatekeeper::Bearer<'_, schemes::Jwt>,
    ) -> Result<Self::Identity, Denial>;

    /// Decodes a credential of scheme `jwt_refresh`; the contract calls it `auth.endpoints.decode_refresh_token`.
    ///
    /// # Errors
    /// The reason for which the credential is refused.
    async fn decode_refresh_token(
        &self,
        context: RequestContext<'_>,
        credential: gatekeeper::Bearer<'_, schemes::JwtRefresh>,
    ) -> Result<Self::Identity, Denial>;

    /// Decodes a credential of scheme `jwt_password`; the contract calls it `auth.endpoints.decode_password_token`.
    ///
    /// # Errors
    /// The reason for which the credential is refused.
    async fn decode_password_token(
        &self,
        context: RequestContext<'_>,
        credential: gatekeeper::Bearer<'_, schemes::JwtPassword>,
    ) -> Result<Self::Identity, Denial>;

    /// Decodes a credential of scheme `basic`; the contract calls it `auth.endpoints.decode_basic`.
    ///
    /// # Errors
    /// The reason for which the credential is refused.
    async fn decode_basic(
        &self,
        context: RequestContext<'_>,
        credential: gatekeeper::Basic<'_, schemes::Basic>,
    ) -> Result<Self::Identity, Denial>;

    /// Decodes a credential of scheme `api_token`; the contract calls it `auth.endpoints.decode_api_token`.
    ///
    /// # Errors
    /// The reason for which the credential is refused.
    async fn decode_api_token(
        &self,
        context: RequestContext<'_>,
        credential: gatekeeper::ApiKey<'_, schemes::ApiToken>,
    ) -> Result<Self::Identity, Denial>;

    /// Rate limits: called for operations whose contract declares a 429, before anything of the
    /// request but the size of its head is looked at. Lets everything pass by default.
    ///
    /// # Errors
    /// `Denial::problem(Problem::new(429, "too-many-requests", ...))`, with `Retry-After`, when the
    /// client has to wait; [`Denial::unavailable`] when that cannot be told.
    async fn throttle(
        &self,
        operation: &'static str,
        context: RequestContext<'_>,
    ) -> Result<(), Denial> {
        let _ = (operation, context);
        Ok(())
    }

    /// Runs around each operation, once its request is admitted: for what is to be done before and after, such as metering,
    /// tenants and transactions. Nothing but the operation runs by default.
    ///
    /// # Errors
    /// That of the operation, or one of its own.
    async fn around<'r>(
        &self,
        request: Admitted<'r, Self::Identity>,
        operation: impl AsyncFnOnce(Admitted<'r, Self::Identity>) -> Result<Reply, Self::Error>,
    ) -> Result<Reply, Self::Error> {
        operation(request).await
    }

    /// Renders a failure in a form of the contract: what the gatekeeper refuses, 404 and 405 included, and the errors of
    /// operations. `None` leaves it `application/problem+json`, as all are by default.
    fn render_error(
        &self,
        refusal: &gatekeeper::Refusal<'_>,
    ) -> Option<gatekeeper::Rendered<crate::models::ErrorBody>> {
        let _ = refusal;
        None
    }
}

impl<A: Security> Authenticator for Service<A> {
    type Identity = A::Identity;
    type Failure = A::Error;

    async fn authenticate(
        &self,
        context: RequestContext<'_>,
        scheme: &str,
        credential: Credential<'_>,
    ) -> Result<Self::Identity, Denial> {
        match scheme {
            "jwt" => A::decode_token(&self.0, context, credential.bearer()?).await,
            "jwt_refresh" => A::decode_refresh_token(&self.0, context, credential.bearer()?).await,
            "jwt_password" => {
                A::decode_password_token(&self.0, context, credential.bearer()?).await
            }
            "basic" => A::decode_basic(&self.0, context, credential.basic()?).await,
            "api_token" => A::decode_api_token(&self.0, context, credential.api_key()?).await,
            _ => Err(Denial::invalid("the scheme is not one of the contract's")),
        }
    }

    async fn throttle(
        &self,
        operation: &'static str,
        context: RequestContext<'_>,
    ) -> Result<(), Denial> {
        self.0.throttle(operation, context).await
    }

    async fn around<'r>(
        &self,
        request: Admitted<'r, Self::Identity>,
        operation: impl AsyncFnOnce(Admitted<'r, Self::Identity>) -> Result<Reply, Self::Failure>,
    ) -> Result<Reply, Self::Failure> {
        self.0.around(request, operation).await
    }

    fn render(&self, refusal: &gatekeeper::Refusal<'_>) -> Option<gatekeeper::Rendering> {
        self.0
            .render_error(refusal)
            .map(gatekeeper::Rendered::into_rendering)
    }
}
