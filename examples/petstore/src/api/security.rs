// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! Authentication of callers: one decode hook for each security scheme of the contract, one for rate limits, and one
//! around operations.

use crate::api::Service;
use gatekeeper::{Admitted, Authenticator, Credential, Denial, Reply, RequestContext};

/// The security schemes as types, so that two hooks cannot be swapped.
pub mod schemes {
    /// The security scheme `store_oauth`.
    #[derive(Debug, Clone, Copy)]
    pub struct StoreOauth;

    impl gatekeeper::Scheme for StoreOauth {
        const NAME: &'static str = "store_oauth";
    }

    /// The security scheme `api_key`.
    #[derive(Debug, Clone, Copy)]
    pub struct ApiKey;

    impl gatekeeper::Scheme for ApiKey {
        const NAME: &'static str = "api_key";
    }
}

/// The decode hooks, one for each security scheme of the contract, and the hooks for rate limits and around operations.
pub trait Security: 'static {
    /// The caller, as a valid credential identifies it.
    type Identity: gatekeeper::Identity;

    /// The error of an operation that failed, in the form that the caller receives.
    type Error: gatekeeper::Failure;

    /// Decodes a credential of scheme `store_oauth`.
    ///
    /// # Errors
    /// The reason for which the credential is refused.
    async fn decode_store_oauth(
        &self,
        context: RequestContext<'_>,
        credential: gatekeeper::Bearer<'_, schemes::StoreOauth>,
    ) -> Result<Self::Identity, Denial>;

    /// Decodes a credential of scheme `api_key`.
    ///
    /// # Errors
    /// The reason for which the credential is refused.
    async fn decode_api_key(
        &self,
        context: RequestContext<'_>,
        credential: gatekeeper::ApiKey<'_, schemes::ApiKey>,
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
    ) -> Option<gatekeeper::Rendered<crate::api::models::ErrorBody>> {
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
            "store_oauth" => A::decode_store_oauth(&self.0, context, credential.bearer()?).await,
            "api_key" => A::decode_api_key(&self.0, context, credential.api_key()?).await,
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
