//! The one error type of the service, and how each refusal looks on the wire.
//!
//! An expected refusal is constructed by name; anything else arrives by `?` and becomes a bare 500 whose
//! cause is logged once, with the request's id, by the observer of the gate. Each code has its page (`catalogue`),
//! which `type` leads to.

pub(crate) mod catalogue;
mod pages;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use actix_web::http::header::{HeaderName, HeaderValue, RETRY_AFTER};
use gatekeeper::{Failure, In, Problem, Rejection, Violation};
use generated::models::ProblemCode;
use sea_orm::DbErr;

pub(crate) use pages::{Forms, Pages, base as problem_types};

use crate::auth::roles::Role;
use crate::database::{self, DatabaseErrorClass};
use crate::limits::RateLimitExceeded;

/// Why an operation was not carried out.
#[derive(Debug)]
pub(crate) struct ApiError(Box<Problem>);

/// Seconds after which a caller may try again when something that we depend on is away.
pub(crate) const RETRY_AFTER_SECONDS: u32 = 1;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

impl ApiError {
    fn new(code: ProblemCode, detail: impl Into<Cow<'static, str>>) -> Self {
        let status = catalogue::entry(code).status;
        Self(Box::new(Problem::new(status, code.as_str(), detail)))
    }

    fn because(mut self, reason: impl Into<String>) -> Self {
        self.0.cause = Some(reason.into());
        self
    }

    /// A token that the gate has let through, or has not seen, is refused; `reason` is for the log.
    pub(crate) fn token_invalid(reason: &'static str) -> Self {
        Self::new(ProblemCode::TokenInvalid, "The token is not valid here.").because(reason)
    }

    /// A good token, past its time.
    pub(crate) fn token_expired() -> Self {
        Self::new(
            ProblemCode::TokenExpired,
            "The token has expired; ask for a new one.",
        )
    }

    /// Unknown user, wrong password, malformed pair: never says which (OWASP ASVS 6.3.8).
    pub(crate) fn credentials_invalid() -> Self {
        Self::new(
            ProblemCode::CredentialsInvalid,
            "Unknown user or wrong password.",
        )
    }

    /// Right password, unproven address.
    pub(crate) fn email_unverified() -> Self {
        Self::new(
            ProblemCode::EmailUnverified,
            "The address is not verified yet; follow the link in the mail, or ask for it again.",
        )
    }

    /// Right password, suspended account.
    pub(crate) fn account_disabled() -> Self {
        Self::new(
            ProblemCode::AccountDisabled,
            "The account is suspended; an admin can restore it.",
        )
    }

    /// One session at a time.
    pub(crate) fn user_already_logged_in() -> Self {
        Self::new(
            ProblemCode::UserAlreadyLoggedIn,
            "A session is live; log out first, or send `\"replace_session\": true` with the login, which ends it.",
        )
    }

    /// Nobody may do this, or not this caller; `detail` says why.
    pub(crate) fn forbidden(detail: &'static str) -> Self {
        Self::new(ProblemCode::Forbidden, detail)
    }

    /// A valid token whose role is too low for what this request asks of the operation.
    pub(crate) fn authorisation_required(role: Role) -> Self {
        let mut error = Self::new(
            ProblemCode::AuthorisationRequired,
            "The authorization token's role does not reach this change.",
        );
        *error.0 = error.0.extension("required_role", role.name());
        error
    }

    /// Told to admins only.
    pub(crate) fn user_already_exists() -> Self {
        Self::new(
            ProblemCode::UserAlreadyExists,
            "An account with this address exists already; change that one, or choose another address.",
        )
    }

    /// The mailing list has this address.
    pub(crate) fn subscriber_already_exists() -> Self {
        Self::new(
            ProblemCode::SubscriberAlreadyExists,
            "A subscriber with this address exists already; nothing is left to do, or choose another address.",
        )
    }

    /// A day holds as many streams as it may.
    pub(crate) fn holodule_limit() -> Self {
        Self::new(
            ProblemCode::HoloduleLimit,
            "The day holds 200 streams; delete one first (DELETE /holodules/v1/items/{key}).",
        )
    }

    /// Whether it is [`holodule_limit`](Self::holodule_limit).
    pub(crate) fn is_holodule_limit(&self) -> bool {
        self.code() == ProblemCode::HoloduleLimit.as_str()
    }

    /// An account holds as many API tokens as it may.
    pub(crate) fn api_token_limit() -> Self {
        Self::new(
            ProblemCode::ApiTokenLimit,
            "The account holds 100 API tokens; delete one first (DELETE /auth/v1/api_tokens/{api_token_id}).",
        )
    }

    /// What the contract's schema cannot say is refused in the shape of what it can.
    pub(crate) fn invalid(pointer: &str, message: impl Into<String>) -> Self {
        Self::invalid_in(In::Body, pointer, message)
    }

    /// As [`invalid`](Self::invalid), of any part of the request.
    pub(crate) fn invalid_in(location: In, pointer: &str, message: impl Into<String>) -> Self {
        Rejection::Invalid {
            violations: vec![Violation::new(location, pointer, message)],
            cause: None,
        }
        .into()
    }

    /// One try too many. The headers are those of draft-ietf-httpapi-ratelimit-headers.
    pub(crate) fn too_many_requests(exceeded: &RateLimitExceeded) -> Self {
        let RateLimitExceeded { policy, rate, wait } = exceeded;
        let mut error = Self::new(
            ProblemCode::TooManyRequests,
            format!("Too many tries; try again in {wait} s."),
        );
        let headers = &mut error.0.headers;
        headers.push((RETRY_AFTER, (*wait).into()));
        let (quota, window) = (rate.requests, rate.seconds);
        for (name, value) in [
            (RATE_LIMIT, format!(r#""{policy}";r=0;t={wait}"#)),
            (
                RATE_LIMIT_POLICY,
                format!(r#""{policy}";q={quota};w={window}"#),
            ),
        ] {
            headers.extend(HeaderValue::try_from(value).ok().map(|value| (name, value)));
        }
        error.because(*policy)
    }

    /// Whether a limit was reached.
    pub(crate) fn is_too_many_requests(&self) -> bool {
        self.code() == ProblemCode::TooManyRequests.as_str()
    }

    /// As [`invalid`](Self::invalid), of parameters in the query, each with its pointer and message.
    pub(crate) fn invalid_query(violations: Vec<(String, String)>) -> Self {
        let violation = |(pointer, message)| Violation::new(In::Query, pointer, message);
        Rejection::Invalid {
            violations: violations.into_iter().map(violation).collect(),
            cause: None,
        }
        .into()
    }

    /// There is no such entity.
    pub(crate) fn not_found() -> Self {
        Self::new(ProblemCode::NotFound, "There is nothing at this path.")
    }

    /// Whether it is [`not_found`](Self::not_found), for callers that know better words.
    pub(crate) fn is_not_found(&self) -> bool {
        self.code() == ProblemCode::NotFound.as_str()
    }

    /// The stable name of the refusal.
    pub(crate) fn code(&self) -> &str {
        &self.0.code
    }

    /// Something that the answer depends on does not answer itself; `detail` says which.
    pub(crate) fn unavailable(detail: &'static str, reason: impl Into<String>) -> Self {
        let mut error = Self::new(ProblemCode::ServiceUnavailable, detail).because(reason);
        error
            .0
            .headers
            .push((RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS)));
        error
    }
}

/// What is said of an address that is none; the contract says the same where its pattern sees it.
pub(crate) const NOT_AN_ADDRESS: &str = "must be a mail address like luke@rebels.example, with ASCII before the @ and a domain that has an ASCII form";

/// An address whose form the contract's pattern lets through, and no mail can be sent to.
pub(crate) fn not_an_address() -> ApiError {
    ApiError::invalid("/email", NOT_AN_ADDRESS)
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

/// For the command line: the words that a caller over HTTP would read, and the cause.
impl From<ApiError> for anyhow::Error {
    fn from(error: ApiError) -> Self {
        let problem = *error.0;
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
        Self(Box::new(Problem::internal(format!("{error:#}"))))
    }
}

impl From<DbErr> for ApiError {
    fn from(error: DbErr) -> Self {
        match database::classify_error(&error) {
            DatabaseErrorClass::Unavailable => Self::unavailable(
                "The database does not answer; try again shortly.",
                database::describe_error(&error),
            ),
            DatabaseErrorClass::Unique | DatabaseErrorClass::Other => Self(Box::new(
                Problem::internal(database::describe_error(&error)),
            )),
        }
    }
}
