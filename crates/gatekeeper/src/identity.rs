//! The parts that a service plugs in: its identity, its decode hooks and its error type.

use crate::{
    Admitted, Credential, Denial, Problem, Refusal, Rejection, Rendering, Reply, RequestContext,
};
use std::fmt;

/// The caller, as a decode hook returns it for a credential.
pub trait Identity: Sized + 'static {
    /// Level of the caller's role. It is compared (`>=`) with the level of the role that
    /// `x-access-role` names.
    fn access_level(&self) -> u16;

    /// Returns true if the credential has a scope that the operation asks for (`security` in the contract); of schemes that
    /// have no scopes, if its owner has that role (OpenAPI 3.1). None by default, so that such operations let nobody in.
    fn has_scope(&self, scope: &str) -> bool {
        let _ = scope;
        false
    }

    /// Returns the user, for the span of the request: an id that may stand in a log.
    fn user(&self) -> Option<&dyn fmt::Display> {
        None
    }

    /// Makes one identity of two, when a requirement asks for two credentials at once and both
    /// were good.
    ///
    /// # Errors
    /// The denial to answer with, e.g. because the credentials are of two users.
    fn join(self, other: Self) -> Result<Self, Denial>;
}

/// The identity of a service whose contract has no security scheme.
impl Identity for () {
    fn access_level(&self) -> u16 {
        0
    }

    fn join(self, _other: Self) -> Result<Self, Denial> {
        Ok(())
    }
}

/// The hooks of the service, as the gatekeeper calls them. The generated `Service<A>` implements it.
#[expect(
    async_fn_in_trait,
    reason = "workers are single-threaded, the futures need not be Send"
)]
pub trait Authenticator: 'static {
    /// The identity that the hooks return.
    type Identity: Identity;
    /// The service's error type.
    type Failure: Failure;

    /// Calls the hook of `scheme`.
    ///
    /// # Errors
    /// The hook's denial.
    async fn authenticate(
        &self,
        context: RequestContext<'_>,
        scheme: &str,
        credential: Credential<'_>,
    ) -> Result<Self::Identity, Denial>;

    /// Rate limits: called for operations whose contract declares a 429, before anything of the
    /// request but the size of its head is looked at. Lets everything pass by default.
    ///
    /// # Errors
    /// `Denial::problem(Problem::new(429, "too-many-requests", ...))`, with `Retry-After`, when
    /// the client has to wait; [`Denial::unavailable`] when that is not known.
    async fn throttle(
        &self,
        operation: &'static str,
        context: RequestContext<'_>,
    ) -> Result<(), Denial> {
        let _ = (operation, context);
        Ok(())
    }

    /// Runs around each operation, once its request is admitted: for what is to be done before and after, such as metering,
    /// tenants and transactions. Whoever does not call `operation` answers in its place. A client that hangs up ends the
    /// hook wherever it waits, as it ends the operation. Nothing but the operation runs by default.
    ///
    /// # Errors
    /// That of the operation, or one of its own.
    async fn around<'r>(
        &self,
        request: Admitted<'r, Self::Identity>,
        operation: impl AsyncFnOnce(Admitted<'r, Self::Identity>) -> Result<Reply, Self::Failure>,
    ) -> Result<Reply, Self::Failure> {
        operation(request).await
    }

    /// Renders a failure in the form of the contract: those of the gatekeeper, 404 and 405 included, and those of operations.
    /// `None` leaves it `application/problem+json`, as all are by default.
    fn render(&self, refusal: &Refusal<'_>) -> Option<Rendering> {
        let _ = refusal;
        None
    }
}

/// The service's error type: takes up what the gatekeeper refuses, and says how it looks on the wire.
pub trait Failure: From<Rejection> {
    /// Converts the failure into the problem that the caller receives.
    fn into_problem(self) -> Problem;
}

impl Failure for Rejection {
    fn into_problem(self) -> Problem {
        self.into()
    }
}

impl Failure for Problem {
    fn into_problem(self) -> Problem {
        self
    }
}
