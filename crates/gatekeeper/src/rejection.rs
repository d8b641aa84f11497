//! The reasons for which the gatekeeper refuses a request, and the problem that each becomes by default.

use crate::{
    Denial, In, Problem, RefusalKind, Violation, body::BodyFault, codes, paths::joined_words,
    security::DenialKind,
};
use actix_web::http::header::{self, HeaderValue};

/// The reason for which the gatekeeper refused a request.
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
/// | `Denied` | 401, 403, 503 | `token-missing`, `token-invalid`, `token-expired`, `credentials-invalid`, `authorisation-required`, `insufficient-scope`, `insufficient-role`, `service-unavailable`, or the hook's own problem |
/// | `Invalid` | 400 | `validation-failed` |
/// | `BodyTooLarge` | 413 | `payload-too-large` |
/// | `BodyTooSlow` | 408 | `request-timeout` |
/// | `UnsupportedMediaType` | 415 | `unsupported-media-type` |
/// | `BodyBroken` | 400 | `validation-failed` |
/// | `Internal` | 500 | `internal-error` |
/// | `NotImplemented` | 501 | `not-implemented` |
///
/// [`CODES`](crate::CODES) lists the codes.
#[derive(Debug)]
#[non_exhaustive]
pub enum Rejection {
    /// No such path.
    NotFound {
        /// The hint to the caller: the path of the contract that looks like the one
        /// asked for, or where the paths are listed.
        hint: Option<String>,
    },
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
        limit: u64,
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
    /// The contract has the operation, the service has not yet: the outcome of a stub.
    NotImplemented,
}

impl From<BodyFault> for Rejection {
    fn from(fault: BodyFault) -> Self {
        match fault {
            BodyFault::TooLarge { limit } => Self::BodyTooLarge { limit },
            BodyFault::Unsupported { expected } => Self::UnsupportedMediaType { expected },
            BodyFault::TooSlow => Self::BodyTooSlow,
            BodyFault::Broken(cause) => Self::BodyBroken(cause),
            BodyFault::Internal(rejection) => rejection,
            BodyFault::Invalid(violations) => Self::Invalid {
                violations,
                cause: None,
            },
        }
    }
}

impl Rejection {
    fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound { .. } => RefusalKind::NotFound,
            Self::MethodNotAllowed { .. } => RefusalKind::MethodNotAllowed,
            Self::TargetTooLong { .. } => RefusalKind::TargetTooLong,
            Self::HeadTooLarge { .. } => RefusalKind::HeadTooLarge,
            Self::Denied { denial, .. } => denial.kind().into(),
            Self::Invalid { .. } => RefusalKind::Invalid,
            Self::BodyTooLarge { .. } => RefusalKind::BodyTooLarge,
            Self::BodyTooSlow => RefusalKind::BodyTooSlow,
            Self::UnsupportedMediaType { .. } => RefusalKind::UnsupportedMediaType,
            Self::BodyBroken(_) => RefusalKind::BodyBroken,
            Self::Internal(_) => RefusalKind::Internal,
            Self::NotImplemented => RefusalKind::NotImplemented,
        }
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        Self {
            kind: Some(rejection.kind()),
            ..problem(rejection)
        }
    }
}

fn problem(rejection: Rejection) -> Problem {
    match rejection {
        Rejection::NotFound { hint } => Problem::of(
            codes::NOT_FOUND,
            match hint {
                Some(hint) => format!("There is nothing at this path; {hint}"),
                None => "There is nothing at this path.".to_owned(),
            },
        ),
        Rejection::MethodNotAllowed { allow } => Problem::of(
            codes::METHOD_NOT_ALLOWED,
            format!(
                "This path does not take this method; it takes {}.",
                joined_words(allow.to_str().unwrap_or_default().split(", "))
            ),
        )
        .header(header::ALLOW, allow),
        Rejection::TargetTooLong { limit } => Problem::of(
            codes::URI_TOO_LONG,
            format!("Path and query together may be at most {limit} bytes long."),
        ),
        Rejection::HeadTooLarge { limit } => Problem::of(
            codes::HEADER_FIELDS_TOO_LARGE,
            format!("The headers together may be at most {limit} bytes long."),
        ),
        Rejection::Denied { denial, challenges } => denied(denial, challenges),
        Rejection::Invalid { violations, cause } => {
            let mut problem = Problem::of(
                codes::VALIDATION_FAILED,
                match violations.len() {
                    1 => "The request breaks the contract in one place; see errors.".into(),
                    count => {
                        format!("The request breaks the contract in {count} places; see errors.")
                    }
                },
            );
            problem.errors = violations;
            problem.cause = cause;
            problem
        }
        Rejection::BodyTooLarge { limit } => Problem::of(
            codes::PAYLOAD_TOO_LARGE,
            format!("The body may be at most {limit} bytes long."),
        ),
        Rejection::BodyTooSlow => Problem::of(
            codes::REQUEST_TIMEOUT,
            "The body did not arrive in time; send it again.",
        ),
        Rejection::UnsupportedMediaType { expected } => {
            Problem::of(codes::UNSUPPORTED_MEDIA_TYPE, how_to_send(&expected))
        }
        Rejection::BodyBroken(cause) => problem(Rejection::Invalid {
            violations: vec![Violation::new(In::Body, "", "could not be read to its end")],
            cause: Some(cause),
        }),
        Rejection::Internal(cause) => Problem::internal(cause),
        Rejection::NotImplemented => Problem::of(
            codes::NOT_IMPLEMENTED,
            "The contract has this operation, the service has it not yet; ask again after its next release.",
        ),
    }
}

/// Returns the sentence that names the media types of an operation, and the header to send.
fn how_to_send(expected: &[String]) -> String {
    match expected {
        [] => "This operation takes no body; send none.".to_owned(),
        all => {
            let takes = all.join(" or ");
            match all.iter().find(|each| !each.contains('*')) {
                Some(first) => format!(
                    "This operation takes {takes}, in UTF-8 and without content coding; send it with the header `Content-Type: {first}`."
                ),
                None => format!(
                    "This operation takes {takes}, without content coding; say what it is in the header `Content-Type`."
                ),
            }
        }
    }
}

fn denied(denial: Denial, challenges: Vec<HeaderValue>) -> Problem {
    let (code, detail) = match denial.kind() {
        DenialKind::Missing => (codes::TOKEN_MISSING, "No authorization token provided"),
        DenialKind::Invalid => (
            codes::TOKEN_INVALID,
            "The authorization token is not valid.",
        ),
        DenialKind::Credentials => (
            codes::CREDENTIALS_INVALID,
            "Unknown user or wrong password.",
        ),
        DenialKind::Expired => (codes::TOKEN_EXPIRED, "The authorization token has expired."),
        DenialKind::Scopes { .. } => (
            codes::INSUFFICIENT_SCOPE,
            "The authorization token lacks a scope that this operation asks for.",
        ),
        DenialKind::Role { is_401, .. } => (
            if *is_401 {
                codes::AUTHORISATION_REQUIRED
            } else {
                codes::INSUFFICIENT_ROLE
            },
            "The authorization token's role does not reach this operation.",
        ),
        DenialKind::Unavailable { .. } => (
            codes::SERVICE_UNAVAILABLE,
            "The request cannot be checked at the moment; try again later.",
        ),
        // Says all of it by itself.
        DenialKind::Problem(_) => (codes::INTERNAL_ERROR, ""),
    };
    let (kind, reason) = denial.into_parts();
    let mut problem = match kind {
        DenialKind::Problem(problem) => return *problem,
        DenialKind::Unavailable { retry_after } => {
            Problem::of(code, detail).header(header::RETRY_AFTER, retry_after.into())
        }
        DenialKind::Scopes { required } => {
            Problem::of(code, detail).extension("required_scopes", required)
        }
        DenialKind::Role { required, .. } => {
            Problem::of(code, detail).extension("required_role", required)
        }
        _ => Problem::of(code, detail),
    };
    // RFC 6750 section 3: a 403 of a lacking scope has one, too.
    if matches!(code.status, 401 | 403) {
        let named = challenges
            .into_iter()
            .map(|value| (header::WWW_AUTHENTICATE, value));
        problem.headers.extend(named);
    }
    problem.cause = (!reason.is_empty()).then(|| reason.into_owned());
    problem
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn told(rejection: Rejection) -> String {
        Problem::from(rejection).detail.into_owned()
    }

    #[test]
    fn the_codes_are_those_that_rejections_tell() {
        let denial = |denial| Rejection::Denied {
            denial,
            challenges: Vec::new(),
        };
        let all = [
            Rejection::NotFound { hint: None },
            Rejection::MethodNotAllowed {
                allow: HeaderValue::from_static("GET"),
            },
            Rejection::TargetTooLong { limit: 1 },
            Rejection::HeadTooLarge { limit: 1 },
            denial(Denial::missing()),
            denial(Denial::invalid("")),
            denial(Denial::credentials("")),
            denial(Denial::expired("")),
            denial(Denial::scopes(&[])),
            denial(Denial::role("admin", true)),
            denial(Denial::role("admin", false)),
            denial(Denial::unavailable("", 1)),
            Rejection::Invalid {
                violations: Vec::new(),
                cause: None,
            },
            Rejection::BodyTooLarge { limit: 1 },
            Rejection::BodyTooSlow,
            Rejection::UnsupportedMediaType {
                expected: Vec::new(),
            },
            Rejection::BodyBroken(String::new()),
            Rejection::Internal(String::new()),
            Rejection::NotImplemented,
        ];
        let told: BTreeSet<_> = all
            .into_iter()
            .map(Problem::from)
            .map(|problem| (problem.status, problem.code.into_owned()))
            .collect();
        let listed: BTreeSet<_> = codes::CODES
            .iter()
            .map(|(status, name)| (*status, (*name).to_owned()))
            .collect();
        assert_eq!(told, listed);
    }

    #[test]
    fn a_refusal_says_what_to_do_next() {
        assert_eq!(
            told(Rejection::MethodNotAllowed {
                allow: HeaderValue::from_static("GET, HEAD, OPTIONS"),
            }),
            "This path does not take this method; it takes GET, HEAD and OPTIONS."
        );
        assert_eq!(
            told(Rejection::UnsupportedMediaType {
                expected: vec!["application/json".to_owned(), "text/csv".to_owned()],
            }),
            "This operation takes application/json or text/csv, in UTF-8 and without content coding; \
             send it with the header `Content-Type: application/json`."
        );
        assert_eq!(
            told(Rejection::NotFound {
                hint: Some("did you mean `/films/v1/`?".to_owned())
            }),
            "There is nothing at this path; did you mean `/films/v1/`?"
        );
    }
}
