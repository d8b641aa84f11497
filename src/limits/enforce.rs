//! Counts attempts, and records refusals in the audit.

use gatekeeper::RequestContext;
use generated::models::ProblemCode;

use super::{Limits, Reservation};
use crate::audit::Audit;
use crate::errors::ApiError;
use crate::mail::MailKind;

impl Limits {
    /// Counts a password as [`Limits::password`] does, and records a refusal.
    pub(crate) async fn enforce_password(
        &self,
        audit: &Audit,
        context: RequestContext<'_>,
        account: &str,
    ) -> Result<Reservation, ApiError> {
        let counted = self.password(account, context.address()).await;
        counted.inspect_err(|refusal| record_exceeded(audit, context, refusal))
    }

    /// Counts a mail as [`Limits::mail`] does, and records a refusal.
    pub(crate) async fn enforce_mail(
        &self,
        audit: &Audit,
        context: RequestContext<'_>,
        kind: MailKind,
        recipient: &str,
    ) -> Result<(), ApiError> {
        let counted = self.mail(kind, recipient, context.address()).await;
        counted.inspect_err(|refusal| record_exceeded(audit, context, refusal))
    }

    /// Counts a request as [`Limits::operation`] does, and records a refusal.
    pub(crate) async fn enforce_operation(
        &self,
        audit: &Audit,
        context: RequestContext<'_>,
        operation: &str,
    ) -> Result<(), ApiError> {
        let counted = self.operation(operation, context.address()).await;
        counted.inspect_err(|refusal| record_exceeded(audit, context, refusal))
    }
}

fn record_exceeded(audit: &Audit, context: RequestContext<'_>, refusal: &ApiError) {
    if refusal.code() == ProblemCode::TooManyRequests {
        audit.refuse(&audit.context_of(context), None, "too many tries");
    }
}
