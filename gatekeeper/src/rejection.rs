//! Every way in which the gate says no, and how it looks on the wire by default.

use crate::{Denial, In, Problem, Violation, body::BodyFault, security::DenialKind};
use actix_web::http::header::{self, HeaderValue};

/// Why the gate refused a request.
///
/// `Problem::from` renders it with the codes and statuses of this table; a service that wants
/// other ones matches on it in its `From<Rejection>`.
///
/// | variant | status | code |
/// | --- | --- | --- |
/// | `NotFound` | 404 | `not-found` |
/// | `MethodNotAllowed` | 405 | `method-not-allowed` |
/// | `TargetTooLong` | 414 | `uri-too-long` |
/// | `HeadTooLarge` | 431 | `header-fields-too-large` |
/// | `Denied` | 401, 503 | `token-missing`, `token-invalid`, `token-expired`, `credentials-invalid`, `authorisation-required`, `service-unavailable`, or the hook's own problem |
/// | `Invalid` | 400 | `validation-failed` |
/// | `BodyTooLarge` | 413 | `payload-too-large` |
/// | `BodyTooSlow` | 408 | `request-timeout` |
/// | `UnsupportedMediaType` | 415 | `unsupported-media-type` |
/// | `BodyBroken` | 400 | `validation-failed` |
/// | `Internal` | 500 | `internal-error` |
#[derive(Debug)]
#[non_exhaustive]
pub enum Rejection {
    /// No such path.
    NotFound,
    /// The path has no such method; `allow` lists those it has.
    MethodNotAllowed {
        /// Value of `Allow`.
        allow: HeaderValue,
    },
    /// Path and query are longer than `limit` bytes.
    TargetTooLong {
        /// Bytes.
        limit: usize,
    },
    /// The headers are larger than `limit` bytes.
    HeadTooLarge {
        /// Bytes.
        limit: usize,
    },
    /// No alternative of the security requirement was met, or the rate limit turned the request away.
    Denied {
        /// The most telling of all denials.
        denial: Denial,
        /// Values of `WWW-Authenticate`, one challenge each.
        challenges: Vec<HeaderValue>,
    },
    /// Parameters or body break the contract.
    Invalid {
        /// All of them.
        violations: Vec<Violation>,
        /// More, for the log.
        cause: Option<String>,
    },
    /// The body is larger than `limit` bytes.
    BodyTooLarge {
        /// Bytes.
        limit: usize,
    },
    /// The body did not arrive in time.
    BodyTooSlow,
    /// The operation takes no such body.
    UnsupportedMediaType {
        /// Media types that it takes.
        expected: Vec<String>,
    },
    /// The body's framing or the connection broke.
    BodyBroken(String),
    /// Ours, not the caller's; the cause is for the log.
    Internal(String),
}

impl From<BodyFault> for Rejection {
    fn from(fault: BodyFault) -> Self {
        match fault {
            BodyFault::TooLarge { limit } => Self::BodyTooLarge { limit },
            BodyFault::Unsupported { expected } => Self::UnsupportedMediaType { expected },
            BodyFault::TooSlow => Self::BodyTooSlow,
            BodyFault::Broken(cause) => Self::BodyBroken(cause),
            BodyFault::Invalid(violations) => Self::Invalid {
                violations,
                cause: None,
            },
        }
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::NotFound => Self::new(404, "not-found", "There is nothing at this path."),
            Rejection::MethodNotAllowed { allow } => Self::new(
                405,
                "method-not-allowed",
                "This path does not take this method; the Allow header lists those it takes.",
            )
            .header(header::ALLOW, allow),
            Rejection::TargetTooLong { limit } => Self::new(
                414,
                "uri-too-long",
                format!("Path and query together may be at most {limit} bytes long."),
            ),
            Rejection::HeadTooLarge { limit } => Self::new(
                431,
                "header-fields-too-large",
                format!("The headers together may be at most {limit} bytes long."),
            ),
            Rejection::Denied { denial, challenges } => denied(denial, challenges),
            Rejection::Invalid { violations, cause } => {
                let mut problem = Self::new(
                    400,
                    "validation-failed",
                    match violations.len() {
                        1 => "The request breaks the contract in one place; see errors.".into(),
                        count => format!(
                            "The request breaks the contract in {count} places; see errors."
                        ),
                    },
                );
                problem.errors = violations;
                problem.cause = cause;
                problem
            }
            Rejection::BodyTooLarge { limit } => Self::new(
                413,
                "payload-too-large",
                format!("The body may be at most {limit} bytes long."),
            ),
            Rejection::BodyTooSlow => Self::new(
                408,
                "request-timeout",
                "The body did not arrive in time; send it again.",
            ),
            Rejection::UnsupportedMediaType { expected } => Self::new(
                415,
                "unsupported-media-type",
                if expected.is_empty() {
                    "This operation takes no body.".to_owned()
                } else {
                    format!(
                        "This operation takes {}, in UTF-8 and without content coding.",
                        expected.join(" or ")
                    )
                },
            ),
            Rejection::BodyBroken(cause) => Self::from(Rejection::Invalid {
                violations: vec![Violation::new(In::Body, "", "could not be read to its end")],
                cause: Some(cause),
            }),
            Rejection::Internal(cause) => Self::internal(cause),
        }
    }
}

fn denied(denial: Denial, challenges: Vec<HeaderValue>) -> Problem {
    let (status, code, detail) = match denial.kind() {
        DenialKind::Missing => (401, "token-missing", "No authorization token provided"),
        DenialKind::Invalid => (
            401,
            "token-invalid",
            "The authorization token is not valid.",
        ),
        DenialKind::Credentials => (
            401,
            "credentials-invalid",
            "Unknown user or wrong password.",
        ),
        DenialKind::Expired => (401, "token-expired", "The authorization token has expired."),
        DenialKind::Role { .. } => (
            401,
            "authorisation-required",
            "The authorization token's role does not reach this operation.",
        ),
        DenialKind::Unavailable { .. } => (
            503,
            "service-unavailable",
            "The request cannot be checked at the moment; try again later.",
        ),
        DenialKind::Problem(_) => (0, "", ""),
    };
    let (kind, reason) = denial.into_parts();
    let mut problem = match kind {
        DenialKind::Problem(problem) => return *problem,
        DenialKind::Unavailable { retry_after } => {
            Problem::new(status, code, detail).header(header::RETRY_AFTER, retry_after.into())
        }
        DenialKind::Role { required } => {
            Problem::new(status, code, detail).extension("required_role", required)
        }
        _ => Problem::new(status, code, detail),
    };
    if status == 401 {
        let named = challenges
            .into_iter()
            .map(|value| (header::WWW_AUTHENTICATE, value));
        problem.headers.extend(named);
    }
    problem.cause = (!reason.is_empty()).then(|| reason.into_owned());
    problem
}
