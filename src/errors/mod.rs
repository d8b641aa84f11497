//! The error type of the service, and the form of each refusal on the wire.
//!
//! An expected refusal is constructed by name; anything else arrives by `?` and becomes a bare 500 whose cause is logged
//! once, by the observer of the gatekeeper. A module converts its own errors. Each code has a page (`catalogue`), to which
//! `type` leads.

pub(crate) mod catalogue;
mod pages;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use actix_web::http::header::{HeaderName, HeaderValue, RETRY_AFTER};
use database::{DatabaseErrorClass, classify_error, describe_error};
use gatekeeper::{Failure, In, Problem, Rejection, Violation};
use generated::models::ProblemCode;
use sea_orm::DbErr;
use serde::Deserialize as _;
use serde::de::IntoDeserializer as _;
use serde::de::value::Error as UnknownCode;

pub(crate) use pages::{Pages, base as problem_types};

/// The reason why an operation was not carried out.
#[derive(Debug)]
pub(crate) struct ApiError(Box<Parts>);

#[derive(Debug)]
struct Parts {
    code: ProblemCode,
    problem: Problem,
}

/// The seconds after which a caller may try again if something that the service depends on is away.
pub(crate) const RETRY_AFTER_SECONDS: u32 = 1;

impl ApiError {
    /// Creates an error with the status of its code; `detail` is for the caller.
    pub(crate) fn new(code: ProblemCode, detail: impl Into<Cow<'static, str>>) -> Self {
        let status = catalogue::entry(code).status;
        Self::of(code, Problem::new(status, code.as_str(), detail))
    }

    fn of(code: ProblemCode, problem: Problem) -> Self {
        Self(Box::new(Parts { code, problem }))
    }

    /// Returns the code, by which the error is known in the contract.
    pub(crate) fn code(&self) -> ProblemCode {
        self.0.code
    }

    /// Adds the cause, which is logged and never sent.
    #[must_use]
    pub(crate) fn because(mut self, reason: impl Into<String>) -> Self {
        self.0.problem.cause = Some(reason.into());
        self
    }

    /// Adds a header to the response.
    #[must_use]
    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.problem.headers.push((name, value));
        self
    }

    /// Creates the bare 500; `cause` is logged and never sent.
    pub(crate) fn internal(cause: impl Into<String>) -> Self {
        Self::of(ProblemCode::InternalError, Problem::internal(cause))
    }

    /// Refuses a token that the gatekeeper has accepted or has not seen; `reason` is for the log.
    pub(crate) fn token_invalid(reason: &'static str) -> Self {
        Self::new(ProblemCode::TokenInvalid, "The token is not valid here.").because(reason)
    }

    /// Refuses a valid token that has expired.
    pub(crate) fn token_expired() -> Self {
        Self::new(
            ProblemCode::TokenExpired,
            "The token has expired; ask for a new one.",
        )
    }

    /// Refuses an unknown user, a wrong password or a malformed pair, and never says which (OWASP ASVS 6.3.8).
    pub(crate) fn credentials_invalid() -> Self {
        Self::new(
            ProblemCode::CredentialsInvalid,
            "Unknown user or wrong password.",
        )
    }

    /// Refuses the right password of an account whose address is not verified.
    pub(crate) fn email_unverified() -> Self {
        Self::new(
            ProblemCode::EmailUnverified,
            "The address is not verified yet; follow the link in the mail, or ask for it again.",
        )
    }

    /// Refuses the right password of a suspended account.
    pub(crate) fn account_disabled() -> Self {
        Self::new(
            ProblemCode::AccountDisabled,
            "The account is suspended; an admin can restore it.",
        )
    }

    /// Refuses a second session.
    pub(crate) fn user_already_logged_in() -> Self {
        Self::new(
            ProblemCode::UserAlreadyLoggedIn,
            "A session is live; log out first, or send `\"replace_session\": true` with the login, which ends it.",
        )
    }

    /// Refuses what nobody may do, or not this caller; `detail` says why.
    pub(crate) fn forbidden(detail: &'static str) -> Self {
        Self::new(ProblemCode::Forbidden, detail)
    }

    /// Refuses a valid token whose role is too low for what this request asks of the operation.
    pub(crate) fn authorisation_required(role: &'static str) -> Self {
        let mut error = Self::new(
            ProblemCode::AuthorisationRequired,
            "The authorization token's role does not reach this change.",
        );
        let extensions = &mut error.0.problem.extensions;
        extensions.insert("required_role".to_owned(), role.into());
        error
    }

    /// Refuses a second account of an address; for admins only.
    pub(crate) fn user_already_exists() -> Self {
        Self::new(
            ProblemCode::UserAlreadyExists,
            "An account with this address exists already; change that one, or choose another address.",
        )
    }

    /// Refuses an address that is on the mailing list.
    pub(crate) fn subscriber_already_exists() -> Self {
        Self::new(
            ProblemCode::SubscriberAlreadyExists,
            "A subscriber with this address exists already; nothing is left to do, or choose another address.",
        )
    }

    /// Refuses a stream on a day that is full.
    pub(crate) fn holodule_limit() -> Self {
        Self::new(
            ProblemCode::HoloduleLimit,
            "The day holds 200 streams; delete one first (DELETE /holodules/v1/items/{key}).",
        )
    }

    /// Refuses a change of what is not as the caller's preconditions want it; `detail` says how.
    pub(crate) fn precondition_failed(detail: &'static str) -> Self {
        Self::new(ProblemCode::PreconditionFailed, detail)
    }

    /// Refuses an API token to an account that has as many as it may.
    pub(crate) fn api_token_limit() -> Self {
        Self::new(
            ProblemCode::ApiTokenLimit,
            "The account holds 100 API tokens; delete one first (DELETE /auth/v1/api_tokens/{api_token_id}).",
        )
    }

    /// Refuses a second request with a key while the first is under way.
    pub(crate) fn idempotency_key_in_use() -> Self {
        Self::new(
            ProblemCode::IdempotencyKeyInUse,
            "The first request with this Idempotency-Key is under way; repeat this one in a second, to get its reply.",
        )
    }

    /// Refuses a key that came with another body.
    pub(crate) fn idempotency_key_reused() -> Self {
        Self::new(
            ProblemCode::IdempotencyKeyReused,
            "This Idempotency-Key came with another body before; choose a new key for a new request.",
        )
    }

    /// Refuses a key whose reply was encrypted with a secret that the service no longer has: what came with it nobody knows.
    pub(crate) fn idempotency_key_unreadable() -> Self {
        Self::new(
            ProblemCode::IdempotencyKeyReused,
            "The reply to the first request with this Idempotency-Key cannot be read any more, since the service has new \
             secrets. Look whether that was done before you ask again, with a new key.",
        )
    }

    /// Refuses a part of the body by a rule that the contract's schema cannot say, in the form of those that it can.
    pub(crate) fn invalid(pointer: &str, message: impl Into<String>) -> Self {
        Self::invalid_in(In::Body, pointer, message)
    }

    /// Refuses any part of the request as [`invalid`](Self::invalid) does.
    pub(crate) fn invalid_in(location: In, pointer: &str, message: impl Into<String>) -> Self {
        Rejection::Invalid {
            violations: vec![Violation::new(location, pointer, message)],
            cause: None,
        }
        .into()
    }

    /// Refuses parameters of the query as [`invalid`](Self::invalid) does, each with its pointer and message.
    pub(crate) fn invalid_query(violations: Vec<(String, String)>) -> Self {
        let violation = |(pointer, message)| Violation::new(In::Query, pointer, message);
        Rejection::Invalid {
            violations: violations.into_iter().map(violation).collect(),
            cause: None,
        }
        .into()
    }

    /// Says that there is no such entity.
    pub(crate) fn not_found() -> Self {
        Self::new(ProblemCode::NotFound, "There is nothing at this path.")
    }

    /// Says that something that the response depends on does not answer; `detail` says which.
    pub(crate) fn unavailable(detail: &'static str, reason: impl Into<String>) -> Self {
        Self::new(ProblemCode::ServiceUnavailable, detail)
            .because(reason)
            .header(RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS))
    }
}

/// The message for an invalid address; the contract says the same where its pattern finds it.
pub(crate) const NOT_AN_ADDRESS: &str = "must be a mail address like luke@rebels.example, with ASCII before the @ and a domain that has an ASCII form";

/// Refuses an address that the contract's pattern allows, and that no mail can be sent to.
pub(crate) fn not_an_address() -> ApiError {
    ApiError::invalid("/email", NOT_AN_ADDRESS)
}

impl Failure for ApiError {
    fn into_problem(self) -> Problem {
        self.0.problem
    }
}

impl From<Rejection> for ApiError {
    fn from(rejection: Rejection) -> Self {
        let problem = Problem::from(rejection);
        let code: Result<_, UnknownCode> =
            ProblemCode::deserialize((&*problem.code).into_deserializer());
        // The contract lists every code of the gatekeeper; the tests hold that.
        Self::of(code.unwrap_or(ProblemCode::InternalError), problem)
    }
}

/// Converts for the command line: the words that a caller over HTTP would read, and the cause.
impl From<ApiError> for anyhow::Error {
    fn from(error: ApiError) -> Self {
        let problem = error.0.problem;
        let words = problem.errors.first().map_or_else(
            || problem.detail.to_string(),
            |violation| violation.message.clone(),
        );
        match problem.cause {
            Some(cause) => anyhow::anyhow!(cause).context(words),
            None => anyhow::anyhow!(words),
        }
    }
}

impl From<anyhow::Error> for ApiError {
    fn from(error: anyhow::Error) -> Self {
        Self::internal(format!("{error:#}"))
    }
}

impl From<DbErr> for ApiError {
    fn from(error: DbErr) -> Self {
        let cause = describe_error(&error);
        match classify_error(&error) {
            DatabaseErrorClass::Unavailable => {
                Self::unavailable("The database does not answer; try again shortly.", cause)
            }
            DatabaseErrorClass::Unique | DatabaseErrorClass::Other => Self::internal(cause),
        }
    }
}
