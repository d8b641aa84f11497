//! The one shape of errors: `application/problem+json` (RFC 9457).

use crate::{
    RefusalKind, Rendering, Violation,
    codes::{self, Code},
};
use actix_web::{
    HttpResponse,
    http::{
        ConnectionType, StatusCode,
        header::{self, HeaderName, HeaderValue},
    },
    web::Bytes,
};
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value};
use std::borrow::Cow;
use uuid::Uuid;

const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/problem+json");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// A failure in the form that the caller receives.
#[derive(Clone, Debug)]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// Stable name of the kind of failure, for programs: `token-invalid`.
    pub code: Cow<'static, str>,
    /// The status's standard phrase, which is right with and without a `type` (RFC 9457 section 4.2.1).
    pub title: Cow<'static, str>,
    /// This occurrence, for people; what to do about it where that helps.
    pub detail: Cow<'static, str>,
    /// Every violation of the contract; the member is left out when there is none.
    pub errors: Vec<Violation>,
    /// Further members, e.g. `required_role`. Members of the standard set are never overridden.
    pub extensions: Map<String, Value>,
    /// Headers of the response, e.g. `WWW-Authenticate`; a name may come more than once.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The cause, for the log; never sent.
    pub cause: Option<String>,
    /// The kind of refusal when the gatekeeper made it, whatever the operation declares.
    pub(crate) kind: Option<RefusalKind>,
}

impl Problem {
    /// Creates a problem without further members, headers or cause.
    pub fn new(
        status: u16,
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        let title = StatusCode::from_u16(status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or("Error");
        Self {
            status,
            code: code.into(),
            title: title.into(),
            detail: detail.into(),
            errors: Vec::new(),
            extensions: Map::new(),
            headers: Vec::new(),
            cause: None,
            kind: None,
        }
    }

    /// Creates one of the gatekeeper's own problems.
    pub(crate) fn of(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(code.status, code.name, detail)
    }

    /// The bare 500: `cause` is for the log, the caller learns nothing of it.
    pub fn internal(cause: impl Into<String>) -> Self {
        Self::of(
            codes::INTERNAL_ERROR,
            "The server failed to answer this request. Quote the instance when you report it.",
        )
        .cause(cause)
    }

    /// Adds a header to the response.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Adds a member to the document.
    #[must_use]
    pub fn extension(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extensions.insert(name.into(), value.into());
        self
    }

    /// Notes the cause, for the log.
    #[must_use]
    pub fn cause(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Returns the response without the common headers, which `Exchange::finish` adds. `types` is what `type` begins with.
    pub(crate) fn render(&self, request_id: Uuid, types: Option<&str>) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let document = Document {
            problem: self,
            status: status.as_u16(),
            request_id,
            types,
        };
        // Maps of strings and numbers always serialise.
        let bytes = serde_json::to_vec(&document).unwrap_or_default();
        self.respond(status, MEDIA_TYPE, bytes.into())
    }

    /// Returns the response in the form of the contract.
    ///
    /// # Errors
    /// The reason for which it cannot be sent.
    pub(crate) fn render_as(&self, rendering: Rendering) -> Result<HttpResponse, String> {
        let status = rendering.status.unwrap_or(self.status);
        let status = StatusCode::from_u16(status)
            .ok()
            .filter(|status| status.is_client_error() || status.is_server_error())
            .ok_or_else(|| format!("a failure was rendered with status {status}"))?;
        let media_type = HeaderValue::from_str(&rendering.media_type)
            .map_err(|_| "a failure was rendered with a bad media type".to_owned())?;
        let mut response = self.respond(status, media_type, rendering.bytes?);
        for (name, value) in rendering.headers {
            response.headers_mut().insert(name, value);
        }
        Ok(response)
    }

    fn respond(&self, status: StatusCode, media_type: HeaderValue, bytes: Bytes) -> HttpResponse {
        let mut response = HttpResponse::with_body(status, bytes).map_into_boxed_body();
        if status == StatusCode::REQUEST_TIMEOUT {
            // RFC 9110 section 15.5.9: the rest of a late request is not waited for.
            response
                .head_mut()
                .set_connection_type(ConnectionType::Close);
        }
        let headers = response.headers_mut();
        for (name, value) in &self.headers {
            headers.append(name.clone(), value.clone());
        }
        headers.insert(header::CONTENT_TYPE, media_type);
        headers.insert(header::CACHE_CONTROL, NO_STORE);
        response
    }
}

/// The members of RFC 9457 in its order, then ours.
struct Document<'a> {
    problem: &'a Problem,
    status: u16,
    request_id: Uuid,
    types: Option<&'a str>,
}

/// `type`: where the kind of problem is explained, if anywhere.
struct Type<'a> {
    base: Option<&'a str>,
    code: &'a str,
}

impl Serialize for Type<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.base {
            Some(base) => serializer.collect_str(&format_args!("{base}{}", self.code)),
            None => serializer.serialize_str("about:blank"),
        }
    }
}

const STANDARD: [&str; 7] = [
    "type", "title", "status", "detail", "instance", "code", "errors",
];

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let problem = self.problem;
        let mut buffer = Uuid::encode_buffer();
        let instance: &str = self.request_id.urn().encode_lower(&mut buffer);
        let mut map = serializer.serialize_map(None)?;
        let kind = Type {
            base: self.types,
            code: &problem.code,
        };
        map.serialize_entry("type", &kind)?;
        map.serialize_entry("title", &problem.title)?;
        map.serialize_entry("status", &self.status)?;
        map.serialize_entry("detail", &problem.detail)?;
        map.serialize_entry("instance", instance)?;
        map.serialize_entry("code", &problem.code)?;
        if !problem.errors.is_empty() {
            map.serialize_entry("errors", &problem.errors)?;
        }
        for (name, value) in &problem.extensions {
            if !STANDARD.contains(&name.as_str()) {
                map.serialize_entry(name, value)?;
            }
        }
        map.end()
    }
}
