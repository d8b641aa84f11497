//! Failures as a service may render them: in the form of its contract instead of `application/problem+json`.

use crate::{Problem, RequestContext, Violation, security::DenialKind};
use actix_web::{
    http::header::{HeaderName, HeaderValue},
    web::Bytes,
};
use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;

/// The kind of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefusalKind {
    /// There is no such path.
    NotFound,
    /// The path has no such method.
    MethodNotAllowed,
    /// Path and query are too long.
    TargetTooLong,
    /// The headers are too large.
    HeadTooLarge,
    /// No credentials were sent.
    CredentialsMissing,
    /// A token or key is not good.
    TokenInvalid,
    /// A token was good once.
    TokenExpired,
    /// A user is unknown, or a password wrong.
    LoginFailed,
    /// The credentials lack a scope.
    ScopeMissing,
    /// The caller's role does not reach the operation.
    RoleTooLow,
    /// A hook turned the request away with a problem of its own, such as a rate limit.
    TurnedAway,
    /// The request cannot be checked at the moment.
    Unavailable,
    /// Parameters or body break the contract.
    Invalid,
    /// The body is too large.
    BodyTooLarge,
    /// The body did not arrive in time.
    BodyTooSlow,
    /// The body broke off.
    BodyBroken,
    /// The operation takes no such body.
    UnsupportedMediaType,
    /// The service failed.
    Internal,
    /// The service does not have the operation yet.
    NotImplemented,
    /// The operation failed with an error of its own.
    Failed,
}

impl From<&DenialKind> for RefusalKind {
    fn from(denial: &DenialKind) -> Self {
        match denial {
            DenialKind::Missing => Self::CredentialsMissing,
            DenialKind::Invalid => Self::TokenInvalid,
            DenialKind::Credentials => Self::LoginFailed,
            DenialKind::Expired => Self::TokenExpired,
            DenialKind::Scopes { .. } => Self::ScopeMissing,
            DenialKind::Role { .. } => Self::RoleTooLow,
            DenialKind::Problem(_) => Self::TurnedAway,
            DenialKind::Unavailable { .. } => Self::Unavailable,
        }
    }
}

/// A failure that is about to be answered: what a problem would say, and what it is about. Nothing of it is secret.
#[derive(Clone, Copy)]
pub struct Refusal<'r> {
    pub(crate) problem: &'r Problem,
    pub(crate) context: RequestContext<'r>,
    pub(crate) operation: Option<&'r str>,
    /// The name of the schema that the contract declares.
    pub(crate) schema: Option<&'r str>,
}

impl<'r> Refusal<'r> {
    /// Returns the kind of the failure.
    #[must_use]
    pub fn kind(&self) -> RefusalKind {
        self.problem.kind.unwrap_or(RefusalKind::Failed)
    }

    /// Returns the status that is answered, unless the rendering has another.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.problem.status
    }

    /// Returns the stable name of the failure, for programs: `token-invalid`.
    #[must_use]
    pub fn code(&self) -> &'r str {
        &self.problem.code
    }

    /// Returns the status's phrase.
    #[must_use]
    pub fn title(&self) -> &'r str {
        &self.problem.title
    }

    /// Returns the failure in a sentence, for people.
    #[must_use]
    pub fn detail(&self) -> &'r str {
        &self.problem.detail
    }

    /// Returns the failure as one text, for contracts whose errors have no list: the detail, or every violation with its
    /// place (`body /name is required; query /limit must be at least 1`).
    #[must_use]
    pub fn summary(&self) -> Cow<'r, str> {
        if self.violations().is_empty() {
            return Cow::Borrowed(self.detail());
        }
        let violations = self.violations().iter();
        let told = violations.map(|found| match found.pointer.as_str() {
            "" => format!("{} {}", found.location, found.message),
            place => format!("{} {place} {}", found.location, found.message),
        });
        Cow::Owned(told.collect::<Vec<_>>().join("; "))
    }

    /// Returns every violation of the contract by parameters and body.
    #[must_use]
    pub fn violations(&self) -> &'r [Violation] {
        &self.problem.errors
    }

    /// Returns another member of the problem, such as `required_role` or `required_scopes`.
    #[must_use]
    pub fn extension(&self, name: &str) -> Option<&'r Value> {
        self.problem.extensions.get(name)
    }

    /// Returns the operation; `None` where no path or method led to one.
    #[must_use]
    pub fn operation(&self) -> Option<&'r str> {
        self.operation
    }

    /// Returns the name of the schema that the contract declares for this status of the operation, as JSON, where it has
    /// one.
    #[must_use]
    pub fn schema(&self) -> Option<&'r str> {
        self.schema
    }

    /// Returns the context of the request: its id, and the media types and the client that it came with.
    #[must_use]
    pub fn context(&self) -> RequestContext<'r> {
        self.context
    }
}

/// A failure in the form of the contract, as the gatekeeper sends it. Headers (`WWW-Authenticate`, `Retry-After`, `Allow`)
/// are those of the problem that it stands for, and those that the form has of its own.
#[derive(Clone, Debug)]
pub struct Rendering {
    pub(crate) status: Option<u16>,
    pub(crate) media_type: Cow<'static, str>,
    /// The component of the contract that it is of.
    pub(crate) schema: Option<&'static str>,
    /// Those of its own.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// The reason when there is no body.
    pub(crate) bytes: Result<Bytes, String>,
}

impl Rendering {
    /// Renders JSON. Where the contract declares the named schema for the status, with a media type of its own, that
    /// media type is sent instead.
    pub fn json<T: Serialize>(
        media_type: &'static str,
        schema: Option<&'static str>,
        body: &T,
    ) -> Self {
        let bytes = serde_json::to_vec(body).map(Bytes::from);
        Self {
            status: None,
            media_type: media_type.into(),
            schema,
            headers: Vec::new(),
            bytes: bytes.map_err(|error| format!("the rendered failure is no JSON: {error}")),
        }
    }

    /// Renders text or bytes.
    pub fn text(media_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self {
            status: None,
            media_type: media_type.into(),
            schema: None,
            headers: Vec::new(),
            bytes: Ok(body.into()),
        }
    }
}

/// A typed failure with the status to answer it with, as the hook of generated code returns it.
#[derive(Clone, Debug)]
pub struct Rendered<B> {
    body: B,
    status: Option<u16>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl<B> From<B> for Rendered<B> {
    fn from(body: B) -> Self {
        Self {
            body,
            status: None,
            headers: Vec::new(),
        }
    }
}

impl<B> Rendered<B> {
    /// Sets another status than the failure has, such as 422 for a body that breaks the contract.
    #[must_use]
    pub fn status(self, status: u16) -> Self {
        Self {
            status: Some(status),
            ..self
        }
    }

    /// Adds a header that the contract declares for the status, such as the policy of a page.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Converts it to what is sent.
    pub fn into_rendering(self) -> Rendering
    where
        B: Into<Rendering>,
    {
        Rendering {
            status: self.status,
            headers: self.headers,
            ..self.body.into()
        }
    }
}
