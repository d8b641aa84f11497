//! Counting, with a note in the audit of whoever is refused.

use gatekeeper::Visit;

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
        visit: Visit<'_>,
        account: &str,
    ) -> Result<Reservation, ApiError> {
        let counted = self.limits.password(account, visit.address()).await;
        counted.inspect_err(|refusal| self.record_exceeded(visit, refusal))
    }

    /// As [`Limits::mail`](super::Limits::mail).
    ///
    /// # Errors
    /// As there.
    pub(crate) async fn count_mail(
        &self,
        visit: Visit<'_>,
        kind: MailKind,
        recipient: &str,
    ) -> Result<(), ApiError> {
        let counted = self.limits.mail(kind, recipient, visit.address()).await;
        counted.inspect_err(|refusal| self.record_exceeded(visit, refusal))
    }

    /// As [`Limits::operation`](super::Limits::operation).
    ///
    /// # Errors
    /// As there.
    pub(crate) async fn count_request(
        &self,
        visit: Visit<'_>,
        operation: &str,
    ) -> Result<(), ApiError> {
        let counted = self.limits.operation(operation, visit.address()).await;
        counted.inspect_err(|refusal| self.record_exceeded(visit, refusal))
    }

    fn record_exceeded(&self, visit: Visit<'_>, refusal: &ApiError) {
        if refusal.is_too_many_requests() {
            self.audit
                .refuse(&self.origin(visit), None, "too many tries");
        }
    }
}
