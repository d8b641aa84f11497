//! Counting, with a note in the audit of whoever is refused.

use gatekeeper::RequestContext;
use generated::models::ProblemCode;

use super::Reservation;
use crate::errors::ApiError;
use crate::mail::MailKind;
use crate::state::App;

impl App {
    /// As [`Limits::password`](super::Limits::password).
    ///
    /// # Errors
    /// As there.
    pub(crate) async fn count_password(
        &self,
        context: RequestContext<'_>,
        account: &str,
    ) -> Result<Reservation, ApiError> {
        let counted = self.limits.password(account, context.address()).await;
        counted.inspect_err(|refusal| self.record_exceeded(context, refusal))
    }

    /// As [`Limits::mail`](super::Limits::mail).
    ///
    /// # Errors
    /// As there.
    pub(crate) async fn count_mail(
        &self,
        context: RequestContext<'_>,
        kind: MailKind,
        recipient: &str,
    ) -> Result<(), ApiError> {
        let counted = self.limits.mail(kind, recipient, context.address()).await;
        counted.inspect_err(|refusal| self.record_exceeded(context, refusal))
    }

    /// As [`Limits::operation`](super::Limits::operation).
    ///
    /// # Errors
    /// As there.
    pub(crate) async fn count_request(
        &self,
        context: RequestContext<'_>,
        operation: &str,
    ) -> Result<(), ApiError> {
        let counted = self.limits.operation(operation, context.address()).await;
        counted.inspect_err(|refusal| self.record_exceeded(context, refusal))
    }

    fn record_exceeded(&self, context: RequestContext<'_>, refusal: &ApiError) {
        if refusal.code() == ProblemCode::TooManyRequests {
            self.audit
                .refuse(&self.origin(context), None, "too many tries");
        }
    }
}
