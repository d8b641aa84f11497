//! Replies of operations.

use crate::Rejection;
use actix_web::{
    HttpResponse,
    body::BoxBody,
    http::{
        StatusCode,
        header::{self, HeaderName, HeaderValue},
    },
    web::Bytes,
};
use serde::Serialize;
use std::{fmt, marker::PhantomData};
use uuid::Uuid;

const OCTETS: HeaderValue = HeaderValue::from_static("application/octet-stream");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A JSON body: a value, or the bytes of one that was serialised earlier.
#[derive(Clone, Debug)]
pub enum Body<T> {
    /// Serialised for this reply.
    Value(T),
    /// Serialised before.
    PreserializedJson(PreserializedJson<T>),
}

impl<T> From<T> for Body<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<PreserializedJson<T>> for Body<T> {
    fn from(prepared: PreserializedJson<T>) -> Self {
        Self::PreserializedJson(prepared)
    }
}

/// The bytes of a `T` that was serialised once, for answers that are the same for everybody.
/// Clones share the bytes.
pub struct PreserializedJson<T> {
    bytes: Bytes,
    of: PhantomData<fn() -> T>,
}

impl<T: Serialize> PreserializedJson<T> {
    /// Serialises `value`.
    ///
    /// # Errors
    /// A value that has no form in JSON, e.g. a map whose keys are no strings.
    pub fn new(value: &T) -> Result<Self, serde_json::Error> {
        Ok(Self {
            bytes: serde_json::to_vec(value)?.into(),
            of: PhantomData,
        })
    }
}

impl<T> PreserializedJson<T> {
    /// Takes JSON that was put together by hand, e.g. from parts that were serialised earlier. That it is
    /// the JSON of a `T` is the caller's promise; it is held to the contract where replies are.
    #[must_use]
    pub fn from_json(json: impl Into<Bytes>) -> Self {
        Self {
            bytes: json.into(),
            of: PhantomData,
        }
    }

    /// The JSON text.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

impl<T> Clone for PreserializedJson<T> {
    fn clone(&self) -> Self {
        Self {
            bytes: self.bytes.clone(),
            of: PhantomData,
        }
    }
}

impl<T> fmt::Debug for PreserializedJson<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PreserializedJson({} bytes)", self.bytes.len())
    }
}

/// A body that is not, or not only, JSON.
#[derive(Clone, Debug)]
pub struct Content {
    /// One of those that the contract lists for the status.
    pub media_type: &'static str,
    /// The body.
    pub bytes: Bytes,
}

/// The text of a header. What many replies have in common is made once; clones share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderText(
    /// None of text that cannot stand in a header, which is found out when it is sent.
    Option<HeaderValue>,
);

impl HeaderText {
    /// The text; empty when it holds anything but visible ASCII, spaces and tabs.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let text = self.0.as_ref().and_then(|value| value.to_str().ok());
        text.unwrap_or_default()
    }
}

impl From<&'static str> for HeaderText {
    fn from(text: &'static str) -> Self {
        let text = Bytes::from_static(text.as_bytes());
        Self(HeaderValue::from_maybe_shared(text).ok())
    }
}

impl From<String> for HeaderText {
    fn from(text: String) -> Self {
        Self(HeaderValue::try_from(text).ok())
    }
}

/// A value that can be sent as a header. `None` sends nothing.
pub trait IntoHeader {
    /// The header's text, if it is to be sent at all.
    fn into_header(self) -> Option<HeaderText>;
}

impl IntoHeader for HeaderText {
    fn into_header(self) -> Option<HeaderText> {
        Some(self)
    }
}

impl<T: IntoHeader> IntoHeader for Option<T> {
    fn into_header(self) -> Option<HeaderText> {
        self.and_then(IntoHeader::into_header)
    }
}

macro_rules! plain_text {
    ($($of:ty),*) => {$(
        impl IntoHeader for $of {
            fn into_header(self) -> Option<HeaderText> {
                Some(self.to_string().into())
            }
        }
    )*};
}

plain_text!(
    &str, String, Uuid, bool, u8, u16, u32, u64, usize, i32, i64, f64
);

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
}

impl Reply {
    /// An answer without headers and body. A status that HTTP does not know becomes 500.
    #[must_use]
    pub fn new(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self {
            response: HttpResponse::new(status),
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
        let bytes = match body {
            Body::PreserializedJson(prepared) => prepared.bytes,
            Body::Value(value) => serde_json::to_vec(&value)
                .map_err(|error| Rejection::Internal(format!("reply is no JSON: {error}")))?
                .into(),
        };
        Ok(self.body(JSON, bytes))
    }

    /// Sets any other body.
    #[must_use]
    pub fn content(self, body: Content) -> Self {
        // Not `from_static`, which panics; generated code names none but the contract's.
        let media_type = HeaderValue::from_str(body.media_type).unwrap_or(OCTETS);
        self.body(media_type, body.bytes)
    }

    fn body(mut self, media_type: HeaderValue, bytes: Bytes) -> Self {
        self.response
            .headers_mut()
            .insert(header::CONTENT_TYPE, media_type);
        Self {
            response: self.response.set_body(BoxBody::new(bytes)),
        }
    }

    pub(crate) fn into_response(self) -> HttpResponse {
        self.response
    }
}
