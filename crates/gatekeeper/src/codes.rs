//! The codes of problems that the gatekeeper itself tells, each with its one status.

/// A kind of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Code {
    pub(crate) status: u16,
    pub(crate) name: &'static str,
}

macro_rules! codes {
    ($($constant:ident: $status:literal $name:literal,)*) => {
        $(pub(crate) const $constant: Code = Code { status: $status, name: $name };)*

        /// Every code that the gatekeeper itself may answer with, and its status.
        /// [`Contract::codes`](crate::Contract::codes) has those of one contract.
        pub const CODES: &[(u16, &str)] = &[$(($status, $name),)*];
    };
}

codes! {
    VALIDATION_FAILED: 400 "validation-failed",
    TOKEN_MISSING: 401 "token-missing",
    TOKEN_INVALID: 401 "token-invalid",
    TOKEN_EXPIRED: 401 "token-expired",
    CREDENTIALS_INVALID: 401 "credentials-invalid",
    AUTHORISATION_REQUIRED: 401 "authorisation-required",
    INSUFFICIENT_SCOPE: 403 "insufficient-scope",
    INSUFFICIENT_ROLE: 403 "insufficient-role",
    NOT_FOUND: 404 "not-found",
    METHOD_NOT_ALLOWED: 405 "method-not-allowed",
    REQUEST_TIMEOUT: 408 "request-timeout",
    PAYLOAD_TOO_LARGE: 413 "payload-too-large",
    URI_TOO_LONG: 414 "uri-too-long",
    UNSUPPORTED_MEDIA_TYPE: 415 "unsupported-media-type",
    HEADER_FIELDS_TOO_LARGE: 431 "header-fields-too-large",
    INTERNAL_ERROR: 500 "internal-error",
    NOT_IMPLEMENTED: 501 "not-implemented",
    SERVICE_UNAVAILABLE: 503 "service-unavailable",
}
