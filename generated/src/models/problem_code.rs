// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// What happened, for programs. Stable. `get_error` explains each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub enum ProblemCode {
    /// The value `token-missing`.
    #[serde(rename = "token-missing")]
    TokenMissing,
    /// The value `token-invalid`.
    #[serde(rename = "token-invalid")]
    TokenInvalid,
    /// The value `token-expired`.
    #[serde(rename = "token-expired")]
    TokenExpired,
    /// The value `authorisation-required`.
    #[serde(rename = "authorisation-required")]
    AuthorisationRequired,
    /// The value `credentials-invalid`.
    #[serde(rename = "credentials-invalid")]
    CredentialsInvalid,
    /// The value `email-unverified`.
    #[serde(rename = "email-unverified")]
    EmailUnverified,
    /// The value `account-disabled`.
    #[serde(rename = "account-disabled")]
    AccountDisabled,
    /// The value `forbidden`.
    #[serde(rename = "forbidden")]
    Forbidden,
    /// The value `not-found`.
    #[serde(rename = "not-found")]
    NotFound,
    /// The value `user-already-logged-in`.
    #[serde(rename = "user-already-logged-in")]
    UserAlreadyLoggedIn,
    /// The value `user-already-exists`.
    #[serde(rename = "user-already-exists")]
    UserAlreadyExists,
    /// The value `subscriber-already-exists`.
    #[serde(rename = "subscriber-already-exists")]
    SubscriberAlreadyExists,
    /// The value `holodule-limit`.
    #[serde(rename = "holodule-limit")]
    HoloduleLimit,
    /// The value `api-token-limit`.
    #[serde(rename = "api-token-limit")]
    ApiTokenLimit,
    /// The value `validation-failed`.
    #[serde(rename = "validation-failed")]
    ValidationFailed,
    /// The value `method-not-allowed`.
    #[serde(rename = "method-not-allowed")]
    MethodNotAllowed,
    /// The value `payload-too-large`.
    #[serde(rename = "payload-too-large")]
    PayloadTooLarge,
    /// The value `request-timeout`.
    #[serde(rename = "request-timeout")]
    RequestTimeout,
    /// The value `uri-too-long`.
    #[serde(rename = "uri-too-long")]
    UriTooLong,
    /// The value `header-fields-too-large`.
    #[serde(rename = "header-fields-too-large")]
    HeaderFieldsTooLarge,
    /// The value `unsupported-media-type`.
    #[serde(rename = "unsupported-media-type")]
    UnsupportedMediaType,
    /// The value `too-many-requests`.
    #[serde(rename = "too-many-requests")]
    TooManyRequests,
    /// The value `service-unavailable`.
    #[serde(rename = "service-unavailable")]
    ServiceUnavailable,
    /// The value `internal-error`.
    #[serde(rename = "internal-error")]
    InternalError,
    /// The value `not-implemented`.
    #[serde(rename = "not-implemented")]
    NotImplemented,
    /// The value `idempotency-key-in-use`.
    #[serde(rename = "idempotency-key-in-use")]
    IdempotencyKeyInUse,
    /// The value `idempotency-key-reused`.
    #[serde(rename = "idempotency-key-reused")]
    IdempotencyKeyReused,
    /// The value `precondition-failed`.
    #[serde(rename = "precondition-failed")]
    PreconditionFailed,
}

impl ProblemCode {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[
        Self::TokenMissing,
        Self::TokenInvalid,
        Self::TokenExpired,
        Self::AuthorisationRequired,
        Self::CredentialsInvalid,
        Self::EmailUnverified,
        Self::AccountDisabled,
        Self::Forbidden,
        Self::NotFound,
        Self::UserAlreadyLoggedIn,
        Self::UserAlreadyExists,
        Self::SubscriberAlreadyExists,
        Self::HoloduleLimit,
        Self::ApiTokenLimit,
        Self::ValidationFailed,
        Self::MethodNotAllowed,
        Self::PayloadTooLarge,
        Self::RequestTimeout,
        Self::UriTooLong,
        Self::HeaderFieldsTooLarge,
        Self::UnsupportedMediaType,
        Self::TooManyRequests,
        Self::ServiceUnavailable,
        Self::InternalError,
        Self::NotImplemented,
        Self::IdempotencyKeyInUse,
        Self::IdempotencyKeyReused,
        Self::PreconditionFailed,
    ];

    /// Returns the value as the contract writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TokenMissing => "token-missing",
            Self::TokenInvalid => "token-invalid",
            Self::TokenExpired => "token-expired",
            Self::AuthorisationRequired => "authorisation-required",
            Self::CredentialsInvalid => "credentials-invalid",
            Self::EmailUnverified => "email-unverified",
            Self::AccountDisabled => "account-disabled",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::UserAlreadyLoggedIn => "user-already-logged-in",
            Self::UserAlreadyExists => "user-already-exists",
            Self::SubscriberAlreadyExists => "subscriber-already-exists",
            Self::HoloduleLimit => "holodule-limit",
            Self::ApiTokenLimit => "api-token-limit",
            Self::ValidationFailed => "validation-failed",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::PayloadTooLarge => "payload-too-large",
            Self::RequestTimeout => "request-timeout",
            Self::UriTooLong => "uri-too-long",
            Self::HeaderFieldsTooLarge => "header-fields-too-large",
            Self::UnsupportedMediaType => "unsupported-media-type",
            Self::TooManyRequests => "too-many-requests",
            Self::ServiceUnavailable => "service-unavailable",
            Self::InternalError => "internal-error",
            Self::NotImplemented => "not-implemented",
            Self::IdempotencyKeyInUse => "idempotency-key-in-use",
            Self::IdempotencyKeyReused => "idempotency-key-reused",
            Self::PreconditionFailed => "precondition-failed",
        }
    }
}

impl std::fmt::Display for ProblemCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for ProblemCode {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "token-missing" => Ok(Self::TokenMissing),
            "token-invalid" => Ok(Self::TokenInvalid),
            "token-expired" => Ok(Self::TokenExpired),
            "authorisation-required" => Ok(Self::AuthorisationRequired),
            "credentials-invalid" => Ok(Self::CredentialsInvalid),
            "email-unverified" => Ok(Self::EmailUnverified),
            "account-disabled" => Ok(Self::AccountDisabled),
            "forbidden" => Ok(Self::Forbidden),
            "not-found" => Ok(Self::NotFound),
            "user-already-logged-in" => Ok(Self::UserAlreadyLoggedIn),
            "user-already-exists" => Ok(Self::UserAlreadyExists),
            "subscriber-already-exists" => Ok(Self::SubscriberAlreadyExists),
            "holodule-limit" => Ok(Self::HoloduleLimit),
            "api-token-limit" => Ok(Self::ApiTokenLimit),
            "validation-failed" => Ok(Self::ValidationFailed),
            "method-not-allowed" => Ok(Self::MethodNotAllowed),
            "payload-too-large" => Ok(Self::PayloadTooLarge),
            "request-timeout" => Ok(Self::RequestTimeout),
            "uri-too-long" => Ok(Self::UriTooLong),
            "header-fields-too-large" => Ok(Self::HeaderFieldsTooLarge),
            "unsupported-media-type" => Ok(Self::UnsupportedMediaType),
            "too-many-requests" => Ok(Self::TooManyRequests),
            "service-unavailable" => Ok(Self::ServiceUnavailable),
            "internal-error" => Ok(Self::InternalError),
            "not-implemented" => Ok(Self::NotImplemented),
            "idempotency-key-in-use" => Ok(Self::IdempotencyKeyInUse),
            "idempotency-key-reused" => Ok(Self::IdempotencyKeyReused),
            "precondition-failed" => Ok(Self::PreconditionFailed),
            _ => Err("not a value of ProblemCode"),
        }
    }
}
