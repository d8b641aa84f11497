//! Request bodies: JSON, and forms (`application/x-www-form-urlencoded`).
//!
//! Other media types, `encoding` and ranges such as `*/*` are refused at start. Text is UTF-8; a
//! content coding other than `identity` is refused (415), since a small body could unpack to a large
//! one. A body sent to an operation that declares none is left unread. A form whose schema has properties and says nothing
//! of `additionalProperties` ignores other names, as the forms of OAuth do.

mod json;
mod sized;

pub use json::strict_json;

use crate::{
    In, Limits, Violation,
    parameters::{Encoding, Pair, Piece, array, pairs},
};
use actix_web::{
    HttpRequest,
    body::{BodyStream, MessageBody, to_bytes_limited},
    dev::Payload,
    error::PayloadError,
    http::header,
    rt::time::timeout,
    web::Bytes,
};
use openapi::{
    BodyContent, MOST_VIOLATIONS, MediaType, Members, Operation, Shape, pointer, shortened,
};
use serde_json::{Map, Value};
use sized::OfLength;
use std::time::Duration;

/// More fields than this in one form are refused.
const MOST_FIELDS: usize = 256;

/// The reason for which a body was refused.
#[derive(Debug)]
pub(crate) enum BodyFault {
    /// 413: larger than `limit` bytes.
    TooLarge {
        /// Bytes.
        limit: usize,
    },
    /// 415.
    Unsupported {
        /// Media types that the operation takes.
        expected: Vec<String>,
    },
    /// 408.
    TooSlow,
    /// 400: the connection or its framing broke; the text is for the log.
    Broken(String),
    /// 400.
    Invalid(Vec<Violation>),
}

/// The body rule of one operation.
#[derive(Debug)]
pub(crate) struct BodyRule {
    required: bool,
    content: Vec<BodyContent>,
}

impl BodyRule {
    /// Prepares the rule.
    pub(crate) fn prepare(operation: &Operation) -> Self {
        let body = operation.body.as_ref();
        Self {
            required: body.is_some_and(|body| body.required),
            content: body.map(|body| body.content.clone()).unwrap_or_default(),
        }
    }

    /// Returns true if the operation takes a body.
    pub(crate) fn is_declared(&self) -> bool {
        !self.content.is_empty()
    }

    /// Reads, decodes and validates; `None` when none was sent and none is required.
    ///
    /// # Errors
    ///
    /// Checks the headers of the body, the cheapest check first: nothing is read that is too large by
    /// its own account or of no known type.
    pub(crate) async fn read(
        &self,
        request: &HttpRequest,
        payload: &mut Payload,
        limits: &Limits,
    ) -> Result<Option<Value>, BodyFault> {
        if !self.is_declared() {
            return Ok(None);
        }
        let Some(length) = announced(request) else {
            return self.absent();
        };
        if matches!(length, Length::Exactly(length) if length > limits.body as u64) {
            return Err(BodyFault::TooLarge { limit: limits.body });
        }
        let media_type = self.media_type(request)?;
        let bytes = match length {
            Length::Exactly(length) => {
                within(
                    limits.body_time,
                    collect(OfLength::new(length, payload), limits.body),
                )
                .await?
            }
            Length::Unknown => {
                within(
                    limits.body_time,
                    collect(BodyStream::new(payload), limits.body),
                )
                .await?
            }
        };
        if bytes.is_empty() {
            return self.absent();
        }
        let value = match &media_type.form {
            None => strict_json(&bytes, In::Body, ""),
            Some(members) => form(&bytes, members),
        };
        let value = value.map_err(BodyFault::Invalid)?;
        let violations = media_type.schema.validate(&value, In::Body, "");
        if violations.is_empty() {
            Ok(Some(value))
        } else {
            Err(BodyFault::Invalid(violations))
        }
    }

    /// Returns every violation in a JSON value that is to be a body of this operation.
    pub(crate) fn check(&self, value: &Value) -> Vec<Violation> {
        let json = self.content.iter().find(|known| known.form.is_none());
        match json {
            Some(media_type) => media_type.schema.validate(value, In::Body, ""),
            None => vec![Violation::new(In::Body, "", "no JSON is taken")],
        }
    }

    fn absent(&self) -> Result<Option<Value>, BodyFault> {
        if self.required {
            return Err(BodyFault::Invalid(vec![Violation::new(
                In::Body,
                "",
                "a body is required",
            )]));
        }
        Ok(None)
    }

    fn media_type(&self, request: &HttpRequest) -> Result<&BodyContent, BodyFault> {
        let unsupported = || BodyFault::Unsupported {
            expected: self
                .content
                .iter()
                .map(|known| known.essence.clone())
                .collect(),
        };
        let headers = request.headers();
        let identity =
            |value: &header::HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"identity");
        if !headers.get_all(header::CONTENT_ENCODING).all(identity) {
            return Err(unsupported());
        }
        let mut lines = headers.get_all(header::CONTENT_TYPE);
        let (Some(line), None) = (lines.next(), lines.next()) else {
            return Err(unsupported());
        };
        let sent = line
            .to_str()
            .ok()
            .and_then(MediaType::parse)
            .filter(MediaType::is_utf8)
            .ok_or_else(unsupported)?;
        self.content
            .iter()
            .find(|known| sent.is(&known.essence))
            .ok_or_else(unsupported)
    }
}

enum Length {
    Exactly(u64),
    Unknown,
}

/// Reads the body's length from the headers; `None` when there is no body (RFC 9112 section 6.3).
fn announced(request: &HttpRequest) -> Option<Length> {
    let headers = request.headers();
    if headers.contains_key(header::TRANSFER_ENCODING) {
        return Some(Length::Unknown);
    }
    let length = headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()
        .and_then(|text| text.trim().parse().ok());
    match length {
        Some(0) => None,
        Some(length) => Some(Length::Exactly(length)),
        None => Some(Length::Unknown),
    }
}

async fn within<T>(
    time: Duration,
    read: impl Future<Output = Result<T, BodyFault>>,
) -> Result<T, BodyFault> {
    timeout(time, read).await.unwrap_or(Err(BodyFault::TooSlow))
}

async fn collect(
    body: impl MessageBody<Error = PayloadError>,
    limit: usize,
) -> Result<Bytes, BodyFault> {
    match to_bytes_limited(body, limit).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) => Err(BodyFault::Broken(error.to_string())),
        Err(_) => Err(BodyFault::TooLarge { limit }),
    }
}

/// Reads a form (WHATWG URL section 5.1): a repeated name is an array or a violation.
fn form(bytes: &[u8], members: &Members) -> Result<Value, Vec<Violation>> {
    let refused =
        |pointer: &str, message: String| Err(vec![Violation::new(In::Body, pointer, message)]);
    let Ok(text) = std::str::from_utf8(bytes) else {
        return refused("", "is not valid UTF-8".to_owned());
    };
    let (mut fields, broken) = pairs(text);
    if let Some(rule) = broken {
        return refused("", format!("a field's name {rule}"));
    }
    if fields.len() > MOST_FIELDS {
        return refused("", format!("has more than {MOST_FIELDS} fields"));
    }
    let mut violations = Vec::new();
    let mut values = Map::new();
    for index in 0..fields.len() {
        // RFC 6749 section 3.2: what is not recognised is ignored, however often it is sent.
        if fields[index].used || members.ignores(&fields[index].name) {
            continue;
        }
        let name = fields[index].name.to_string();
        let here = pointer("", &shortened(&name));
        let same = |field: &&mut Pair<'_>| field.name == name;
        let pieces: Vec<Piece<'_>> = fields
            .iter_mut()
            .filter(same)
            .map(|field| {
                field.used = true;
                Piece::new(field.raw, Encoding::Form)
            })
            .collect();
        let value = match (members.get(&name), pieces.as_slice()) {
            (Some(Shape::Array(items)), _) => Ok(array(
                pieces.into_iter(),
                *items,
                In::Body,
                &here,
                &mut violations,
            )),
            (_, [piece]) => piece.read(members.scalar(&name)),
            _ => Err("is sent more than once"),
        };
        match value {
            Ok(value) => {
                values.insert(name, value);
            }
            Err(rule) => violations.push(Violation::new(In::Body, here, rule)),
        }
    }
    violations.truncate(MOST_VIOLATIONS);
    if violations.is_empty() {
        Ok(Value::Object(values))
    } else {
        Err(violations)
    }
}

#[cfg(test)]
mod tests;
