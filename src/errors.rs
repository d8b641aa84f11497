//! The one error type of the service, and how each refusal looks on the wire.
//!
//! An expected refusal is constructed by name; anything else arrives by `?` and becomes a bare 500 whose
//! cause is logged once, with the request's id, by the observer of the gate.

use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use gatekeeper::{Failure, Problem, Rejection};
use sea_orm::DbErr;

use crate::database::fault::{self, Fault};

/// Why an operation was not carried out.
#[derive(Debug)]
pub(crate) struct ApiError(Box<Problem>);

/// Seconds after which a caller may try again when something that we depend on is away.
pub(crate) const RETRY_AFTER_SECONDS: u32 = 1;

impl ApiError {
    fn new(status: u16, code: &'static str, detail: &'static str) -> Self {
        Self(Box::new(Problem::new(status, code, detail)))
    }

    fn because(mut self, reason: impl Into<String>) -> Self {
        self.0.cause = Some(reason.into());
        self
    }

    /// A token that came outside the `Authorization` header was refused; `reason` is for the log.
    pub(crate) fn token_invalid(reason: &'static str) -> Self {
        Self::new(401, "token-invalid", "The token is not valid here.").because(reason)
    }

    /// A good token, past its time.
    pub(crate) fn token_expired() -> Self {
        Self::new(
            401,
            "token-expired",
            "The token has expired; ask for a new one.",
        )
    }

    /// Unknown user, wrong password, malformed pair: never says which (OWASP ASVS 6.3.8).
    pub(crate) fn credentials_invalid() -> Self {
        Self::new(
            401,
            "credentials-invalid",
            "The address or the password is wrong.",
        )
    }

    /// Right password, unproven address.
    pub(crate) fn email_unverified() -> Self {
        Self::new(
            403,
            "email-unverified",
            "The address is not verified yet; follow the link in the mail, or ask for it again.",
        )
    }

    /// Right password, suspended account.
    pub(crate) fn account_disabled() -> Self {
        Self::new(403, "account-disabled", "The account is suspended.")
    }

    /// One session at a time.
    pub(crate) fn user_already_logged_in() -> Self {
        Self::new(
            409,
            "user-already-logged-in",
            "A session is live; log out first, or log in with replace_session.",
        )
    }

    /// There is no such entity.
    pub(crate) fn not_found() -> Self {
        Self::new(404, "not-found", "There is nothing at this path.")
    }

    /// Something that the answer depends on does not answer itself; `detail` says which.
    pub(crate) fn unavailable(detail: &'static str, reason: impl Into<String>) -> Self {
        let mut error = Self::new(503, "service-unavailable", detail).because(reason);
        error
            .0
            .headers
            .push((RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS)));
        error
    }
}

impl Failure for ApiError {
    fn into_problem(self) -> Problem {
        *self.0
    }
}

impl From<Rejection> for ApiError {
    fn from(rejection: Rejection) -> Self {
        Self(Box::new(rejection.into()))
    }
}

impl From<anyhow::Error> for ApiError {
    fn from(error: anyhow::Error) -> Self {
        Self(Box::new(Problem::internal(format!("{error:#}"))))
    }
}

impl From<DbErr> for ApiError {
    fn from(error: DbErr) -> Self {
        match fault::classify(&error) {
            Fault::Unavailable => Self::unavailable(
                "The database does not answer; try again shortly.",
                fault::describe(&error),
            ),
            Fault::Unique | Fault::Other => {
                Self(Box::new(Problem::internal(fault::describe(&error))))
            }
        }
    }
}
