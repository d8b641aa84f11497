//! Refusals of credentials: recorded in the audit, and in the form that they have on the wire.

use gatekeeper::{Denial, RequestContext};
use sea_orm::DbErr;
use uuid::Uuid;

use super::password::PasswordFault;
use super::revocation::StoreUnavailable;
use crate::audit::Audit;
use crate::database;
use crate::errors::{ApiError, RETRY_AFTER_SECONDS};

/// Records that a credential was refused while a request was authenticated, and returns the denial. Whose it is must be
/// beyond doubt where it is told; see [`Audit::refuse`].
pub(crate) fn deny(
    audit: &Audit,
    context: RequestContext<'_>,
    user_id: Option<Uuid>,
    reason: &'static str,
) -> Denial {
    audit.refuse(&audit.context_of(context), user_id, reason);
    Denial::invalid(reason)
}

/// Records that an operation refused a token, as [`deny`] does, and returns `token-invalid`.
pub(crate) fn refuse_token(
    audit: &Audit,
    context: RequestContext<'_>,
    user_id: Option<Uuid>,
    reason: &'static str,
) -> ApiError {
    audit.refuse(&audit.context_of(context), user_id, reason);
    ApiError::token_invalid(reason)
}

/// Returns the denial of a credential that could not be checked. Whatever keeps the database from answering, nobody is
/// let in on it, and the caller may try again.
pub(crate) fn unchecked(error: DbErr) -> Denial {
    Denial::unavailable(database::describe_error(&error), RETRY_AFTER_SECONDS)
}

/// Returns the denial of a token that could not be looked up among the revoked ones, as [`unchecked`] does.
pub(crate) fn unanswered(unavailable: StoreUnavailable) -> Denial {
    Denial::unavailable(unavailable.reason().to_owned(), RETRY_AFTER_SECONDS)
}

impl From<StoreUnavailable> for ApiError {
    fn from(unavailable: StoreUnavailable) -> Self {
        Self::unavailable(
            "The revocation store does not answer; try again shortly.",
            unavailable.to_string(),
        )
    }
}

impl From<PasswordFault> for ApiError {
    fn from(fault: PasswordFault) -> Self {
        match fault {
            PasswordFault::Busy => Self::unavailable(
                "Too many log in at the moment; try again shortly",
                fault.to_string(),
            ),
            PasswordFault::Refused(reason) => Self::invalid("/password", reason),
            PasswordFault::Failed(_) => anyhow::Error::from(fault).into(),
        }
    }
}
