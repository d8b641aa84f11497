//! The hook around an operation.

use crate::{Authenticator, Exchange, IntoReply, Reply, RequestContext, ValidatedRequest};
use std::fmt;

/// An admitted request, on its way to its operation.
///
/// The hook around operations ([`Authenticator::around`]) looks at it and hands it on.
pub struct Admitted<'r, I> {
    operation: &'static str,
    context: RequestContext<'r>,
    request: ValidatedRequest<'r, I>,
}

impl<'r, I> Admitted<'r, I> {
    /// Returns the id of the operation.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// Returns the caller; `None` where nobody is asked who calls, or the credentials are optional and none were sent.
    #[must_use]
    pub fn identity(&self) -> Option<&I> {
        self.request.identity.as_ref()
    }

    /// Returns the origin of the request, which the operation is given, too. What the hook puts into its
    /// [extensions](RequestContext::extensions_mut), the operation finds there.
    #[must_use]
    pub fn context(&self) -> RequestContext<'r> {
        self.context
    }
}

impl<I> fmt::Debug for Admitted<'_, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Admitted({})", self.operation)
    }
}

impl<'r, A: Authenticator> Exchange<'r, A> {
    /// Runs an operation with its admitted request, in the hook around operations.
    ///
    /// # Errors
    /// That of the operation, or of the hook.
    pub async fn run<'e, R: IntoReply>(
        &'e self,
        request: ValidatedRequest<'e, A::Identity>,
        operation: impl AsyncFnOnce(
            RequestContext<'e>,
            ValidatedRequest<'e, A::Identity>,
        ) -> Result<R, A::Failure>,
    ) -> Result<Reply, A::Failure> {
        let admitted = Admitted {
            operation: self.entry.map_or("", |entry| entry.id),
            context: self.context(),
            request,
        };
        let operation = async move |admitted: Admitted<'e, A::Identity>| {
            let reply = operation(admitted.context, admitted.request).await?;
            Ok(reply.into_reply()?)
        };
        self.gate.api().around(admitted, operation).await
    }
}
