//! Replies of operations.

use super::{Body, Content, EventStream, HeaderText, IntoHeader, ReplyBody, coding::KeptForms};
use crate::Rejection;
use actix_web::{
    HttpResponse,
    body::BoxBody,
    http::{
        StatusCode,
        header::{self, HeaderName, HeaderValue},
    },
};
use serde::Serialize;

const OCTETS: HeaderValue = HeaderValue::from_static("application/octet-stream");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const EVENTS: HeaderValue = HeaderValue::from_static("text/event-stream");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// A reply that an operation declares. Generated code implements it for each response enum.
pub trait IntoReply {
    /// Makes the reply, with its status, headers and body.
    ///
    /// # Errors
    /// [`Rejection::Internal`] when a header or the body cannot be sent as it is.
    fn into_reply(self) -> Result<Reply, Rejection>;
}

impl IntoReply for Reply {
    fn into_reply(self) -> Result<Reply, Rejection> {
        Ok(self)
    }
}

/// The reply of an operation: status, headers and body.
#[derive(Debug)]
pub struct Reply {
    response: HttpResponse,
    /// Where the compressed forms of the body are kept; `None` for a body that is sent once.
    kept: Option<KeptForms>,
}

impl Reply {
    /// Creates a response without headers and body. A status that HTTP does not know becomes 500.
    #[must_use]
    pub fn new(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self {
            response: HttpResponse::new(status),
            kept: None,
        }
    }

    /// Returns the status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// Starts a response with a status that the operation chose, of one of these classes (first digits).
    ///
    /// # Errors
    /// [`Rejection::Internal`] for a status of another class.
    pub fn of_class(classes: &[u16], status: u16) -> Result<Self, Rejection> {
        if classes.contains(&(status / 100)) {
            Ok(Self::new(status))
        } else {
            Err(Rejection::Internal(format!(
                "status {status} is none that the response is declared for"
            )))
        }
    }

    /// Adds a header.
    ///
    /// # Errors
    /// [`Rejection::Internal`] when the value cannot stand in a header, e.g. because of a line break.
    pub fn header(mut self, name: HeaderName, value: impl IntoHeader) -> Result<Self, Rejection> {
        if let Some(HeaderText(text)) = value.into_header() {
            let text = text.ok_or_else(|| {
                Rejection::Internal(format!("header {name} cannot be sent as it is"))
            })?;
            self.response.headers_mut().append(name, text);
        }
        Ok(self)
    }

    /// Adds a header in style `simple`, exploded or not; null sends nothing.
    ///
    /// # Errors
    /// [`Rejection::Internal`] when the value cannot stand in a header.
    pub fn simple_header<T: Serialize>(
        self,
        name: HeaderName,
        value: &T,
        explode: bool,
    ) -> Result<Self, Rejection> {
        self.header(name, HeaderText::simple(value, explode))
    }

    /// Adds a header whose text is JSON; `None` sends nothing.
    ///
    /// # Errors
    /// [`Rejection::Internal`] when the value has no form in JSON, or none that can stand in a header.
    pub fn json_header<T: Serialize>(
        self,
        name: HeaderName,
        value: Option<&T>,
    ) -> Result<Self, Rejection> {
        let Some(value) = value else {
            return Ok(self);
        };
        let text = serde_json::to_string(value)
            .map_err(|error| Rejection::Internal(format!("header {name} is no JSON: {error}")))?;
        self.header(name, text)
    }

    /// Adds a header that may come several times, such as `Set-Cookie`.
    ///
    /// # Errors
    /// See [`header`](Self::header).
    pub fn headers(
        self,
        name: &HeaderName,
        values: impl IntoIterator<Item = HeaderText>,
    ) -> Result<Self, Rejection> {
        let mut values = values.into_iter();
        values.try_fold(self, |reply, value| reply.header(name.clone(), value))
    }

    /// Adds a header that is the same for every reply of its kind.
    #[must_use]
    pub fn fixed_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.response.headers_mut().append(name, value);
        self
    }

    /// Sets a JSON body.
    ///
    /// # Errors
    /// [`Rejection::Internal`] when the value has no form in JSON.
    pub fn json<T: Serialize>(self, body: Body<T>) -> Result<Self, Rejection> {
        self.json_of(JSON, body)
    }

    /// Sets a JSON body of a media type of its own, such as `application/hal+json`.
    ///
    /// # Errors
    /// [`Rejection::Internal`] when the value has no form in JSON.
    pub fn json_as<T: Serialize>(
        self,
        media_type: &'static str,
        body: Body<T>,
    ) -> Result<Self, Rejection> {
        self.json_of(named(media_type), body)
    }

    fn json_of<T: Serialize>(
        self,
        media_type: HeaderValue,
        body: Body<T>,
    ) -> Result<Self, Rejection> {
        let (bytes, kept) = body
            .into_bytes()
            .map_err(|error| Rejection::Internal(format!("reply is no JSON: {error}")))?;
        Ok(self.set_body(media_type, BoxBody::new(bytes), kept))
    }

    /// Sets a body of text or bytes, of this media type unless the body has its own.
    #[must_use]
    pub fn body(self, media_type: &str, body: impl Into<ReplyBody>) -> Self {
        let ReplyBody {
            body,
            kept,
            media_type: own,
            disposition,
        } = body.into();
        let mut reply = self.set_body(named(own.as_deref().unwrap_or(media_type)), body, kept);
        let headers = reply.response.headers_mut();
        if let Some(HeaderText(Some(disposition))) = disposition
            && !headers.contains_key(header::CONTENT_DISPOSITION)
        {
            headers.insert(header::CONTENT_DISPOSITION, disposition);
        }
        reply
    }

    /// Sets a body of a media type that the operation chose.
    #[must_use]
    pub fn content(self, Content { media_type, body }: Content) -> Self {
        self.body(&media_type, body)
    }

    /// Sets a body of server-sent events. They are not kept by caches, unless the reply says so.
    #[must_use]
    pub fn events(self, events: EventStream) -> Self {
        let mut reply = self.set_body(EVENTS, BoxBody::new(events.into_body()), None);
        let headers = reply.response.headers_mut();
        if !headers.contains_key(header::CACHE_CONTROL) {
            headers.insert(header::CACHE_CONTROL, NO_STORE);
        }
        reply
    }

    fn set_body(mut self, media_type: HeaderValue, body: BoxBody, kept: Option<KeptForms>) -> Self {
        self.response
            .headers_mut()
            .insert(header::CONTENT_TYPE, media_type);
        Self {
            response: self.response.set_body(body),
            kept,
        }
    }

    pub(super) fn into_parts(self) -> (HttpResponse, Option<KeptForms>) {
        (self.response, self.kept)
    }
}

/// Not `from_static`, which panics; generated code names none but the contract's.
fn named(media_type: &str) -> HeaderValue {
    HeaderValue::from_str(media_type).unwrap_or(OCTETS)
}
