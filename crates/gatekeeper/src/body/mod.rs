//! Request bodies: JSON, forms and text are decoded and validated; everything else is bytes, at once or as they come.
//!
//! Text is UTF-8; a content coding other than `identity` is refused (415), since a small body could unpack to a large
//! one. A body sent to an operation that declares none is left unread. A form of a strict contract whose schema has
//! properties and says nothing of `additionalProperties` ignores other names, as the forms of OAuth do.

mod file;
mod form;
mod json;
mod multipart;
mod stream;

pub use file::{FileStream, UploadedFile};
pub(crate) use form::Form;
pub use json::strict_json;
pub use stream::BodyStream;
use stream::Bounds;
pub(crate) use stream::Payload;

use crate::{
    In, Limits, Rejection, Violation,
    parameters::{Encoding, Findings, Piece},
};
use actix_web::{HttpRequest, http::header, web::Bytes};
use openapi::{BodyContent, BodyForm, MediaType, Operation, RequestBody, Shape};
use serde_json::Value;

/// The reason for which a body was refused.
#[derive(Debug)]
pub(crate) enum BodyFault {
    /// 413: larger than `limit` bytes.
    TooLarge {
        /// Bytes.
        limit: u64,
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
    /// Ours: a file cannot be kept.
    Internal(Rejection),
}

/// A body, as the operation takes it.
#[derive(Debug)]
pub(crate) struct Received {
    /// The media type of the contract that it is of.
    pub(crate) name: String,
    pub(crate) content: Content,
}

/// The content of a body.
#[derive(Debug)]
pub(crate) enum Content {
    /// Decoded and validated.
    Value(Value),
    /// Values and files, validated.
    Form(Form),
    /// All of it.
    Bytes(Bytes),
    /// To be read.
    Stream(BodyStream),
}

/// The body rule of one operation.
#[derive(Debug)]
pub(crate) struct BodyRule(Option<RequestBody>);

impl BodyRule {
    /// Prepares the rule.
    pub(crate) fn prepare(operation: &Operation) -> Self {
        Self(operation.body.clone())
    }

    /// Returns true if the operation takes a body.
    pub(crate) fn is_declared(&self) -> bool {
        self.0.is_some()
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
        payload: &Payload,
        limits: &Limits,
    ) -> Result<Option<Received>, BodyFault> {
        let Some(rule) = &self.0 else {
            return Ok(None);
        };
        let length = match announced(request) {
            Length::None => return absent(rule),
            Length::Exactly(length) => Some(length),
            Length::Unknown => None,
        };
        let limit = self.limit(limits);
        if length.is_some_and(|length| length > limit) {
            return Err(BodyFault::TooLarge { limit });
        }
        let (content, sent) = match media_type(rule, request) {
            // A file or a text may be empty; nothing else is.
            Ok((content, Some(sent)))
                if matches!(content.form, BodyForm::Stream | BodyForm::Text(..)) =>
            {
                (content, Some(sent))
            }
            _ if length == Some(0) => return absent(rule),
            known => known?,
        };
        let payload = payload.clone();
        let upload = Bounds {
            size: limits.upload,
            time: limits.upload_time,
            pause: limits.body_time,
        };
        let received = match &content.form {
            BodyForm::Stream => {
                let stream = BodyStream::new(payload, length, upload)?;
                Content::Stream(stream.of_type(sent))
            }
            BodyForm::Multipart(fields, schema) => {
                let stream = BodyStream::new(payload, length, upload)?;
                let form = multipart::read(request, stream, (fields, schema), limits).await?;
                Content::Form(form)
            }
            form => {
                let limit = limits.body as u64;
                let bounds = Bounds {
                    size: limit,
                    time: limits.body_time,
                    pause: limits.body_time,
                };
                let stream = BodyStream::new(payload, length, bounds)?;
                let bytes = stream.whole(limit).await?;
                if bytes.is_empty() && !matches!(form, BodyForm::Text(..)) {
                    return absent(rule);
                }
                decode(content, bytes).map_err(BodyFault::Invalid)?
            }
        };
        Ok(Some(Received {
            name: content.name.clone(),
            content: received,
        }))
    }

    /// Returns the size of the largest body that is taken.
    fn limit(&self, limits: &Limits) -> u64 {
        let mut contents = self.0.iter().flat_map(|rule| &rule.content);
        let is_stream = |content: &BodyContent| {
            matches!(content.form, BodyForm::Stream | BodyForm::Multipart(..))
        };
        if contents.any(is_stream) {
            limits.upload.max(limits.body as u64)
        } else {
            limits.body as u64
        }
    }

    /// Returns every violation in a JSON value that is to be a body of this operation.
    pub(crate) fn check(&self, value: &Value) -> Vec<Violation> {
        let mut contents = self.0.iter().flat_map(|rule| &rule.content);
        let json = contents.find_map(|content| match &content.form {
            BodyForm::Json(schema) => Some(schema),
            _ => None,
        });
        match json {
            Some(schema) => schema.validate(value, In::Body, ""),
            None => vec![Violation::new(In::Body, "", "no JSON is taken")],
        }
    }
}

fn absent<T>(rule: &RequestBody) -> Result<Option<T>, BodyFault> {
    if rule.required {
        return Err(BodyFault::Invalid(vec![Violation::new(
            In::Body,
            "",
            "a body is required",
        )]));
    }
    Ok(None)
}

/// Returns the content that a body is of, and its media type as it was sent.
fn media_type<'r>(
    rule: &'r RequestBody,
    request: &'r HttpRequest,
) -> Result<(&'r BodyContent, Option<&'r str>), BodyFault> {
    let unsupported = || {
        let mut expected: Vec<String> = Vec::new();
        for content in &rule.content {
            if !expected.contains(&content.key) {
                expected.push(content.key.clone());
            }
        }
        BodyFault::Unsupported { expected }
    };
    let headers = request.headers();
    let identity = |value: &header::HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"identity");
    if !headers.get_all(header::CONTENT_ENCODING).all(identity) {
        return Err(unsupported());
    }
    let mut lines = headers.get_all(header::CONTENT_TYPE);
    let sent = match (lines.next(), lines.next()) {
        (Some(line), None) => Some(line.to_str().map_err(|_| unsupported())?),
        (None, _) => None,
        (Some(_), Some(_)) => return Err(unsupported()),
    };
    // RFC 9110 section 8.3: what has no type may be taken as bytes.
    let parsed = MediaType::parse(sent.unwrap_or("application/octet-stream"));
    let parsed = parsed.ok_or_else(unsupported)?;
    let content = rule.content_of(&parsed).ok_or_else(unsupported)?;
    let is_bytes = matches!(content.form, BodyForm::Bytes | BodyForm::Stream);
    if is_bytes || (parsed.is_utf8() && sent.is_some()) {
        Ok((content, sent))
    } else {
        Err(unsupported())
    }
}

/// Decodes and validates a body.
fn decode(content: &BodyContent, bytes: Bytes) -> Result<Content, Vec<Violation>> {
    let (value, schema) = match &content.form {
        BodyForm::Json(schema) => (strict_json(&bytes, In::Body, "")?, schema),
        BodyForm::Form(fields, schema) => {
            return form::read(&bytes, fields, schema).map(Content::Value);
        }
        BodyForm::Text(shape, schema) => (text(&bytes, shape)?, schema),
        BodyForm::Multipart(..) | BodyForm::Bytes | BodyForm::Stream => {
            return Ok(Content::Bytes(bytes));
        }
    };
    let violations = schema.validate(&value, In::Body, "");
    if violations.is_empty() {
        Ok(Content::Value(value))
    } else {
        Err(violations)
    }
}

fn text(bytes: &[u8], shape: &Shape) -> Result<Value, Vec<Violation>> {
    let refused = |rule| vec![Violation::new(In::Body, "", rule)];
    let text = std::str::from_utf8(bytes).map_err(|_| refused("is not valid UTF-8"))?;
    let mut violations = Vec::new();
    let mut findings = Findings {
        location: In::Body,
        violations: &mut violations,
    };
    let value = Piece::new(text, Encoding::None).value(shape, "", &mut findings);
    value.filter(|_| violations.is_empty()).ok_or(violations)
}

enum Length {
    /// There is no body.
    None,
    Exactly(u64),
    Unknown,
}

/// Reads the body's length from the headers (RFC 9112 section 6.3).
fn announced(request: &HttpRequest) -> Length {
    let headers = request.headers();
    if headers.contains_key(header::TRANSFER_ENCODING) {
        return Length::Unknown;
    }
    let Some(length) = headers.get(header::CONTENT_LENGTH) else {
        return Length::None;
    };
    let length = length.to_str().ok();
    match length.and_then(|text| text.trim().parse().ok()) {
        Some(length) => Length::Exactly(length),
        None => Length::Unknown,
    }
}

#[cfg(test)]
mod tests;
