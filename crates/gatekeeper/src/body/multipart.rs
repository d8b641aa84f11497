//! Forms with files: `multipart/form-data` (RFC 7578).
//!
//! Values are held to the limit of a body, all of them together; files go to [`UploadedFile`]s.

use super::{
    BodyFault, BodyStream, UploadedFile,
    form::{self, Form},
};
use crate::{
    In, Limits, Violation,
    parameters::{Encoding, Pair},
};
use actix_multipart::{Field as Part, Multipart, MultipartError};
use actix_web::{
    HttpRequest,
    error::PayloadError,
    http::header::{self, ContentDisposition},
    web::Bytes,
};
use futures_core::Stream;
use openapi::{
    FieldContent, Fields, FileRule, MOST_VIOLATIONS, MediaRange, MediaType, Scalar, Schema, Shape,
    pointer, shortened,
};
use serde_json::{Map, Value};
use std::{
    borrow::Cow,
    cell::RefCell,
    future::poll_fn,
    pin::{Pin, pin},
    rc::Rc,
    task::{Context, Poll, ready},
};

/// The bytes of the body for the reader of its parts, which knows other errors.
#[derive(Clone)]
struct Source(Rc<RefCell<State>>);

struct State {
    stream: BodyStream,
    fault: Option<BodyFault>,
}

impl Stream for Source {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut state = self.0.borrow_mut();
        let next = ready!(state.stream.poll(context));
        Poll::Ready(next.map(|next| {
            next.map_err(|fault| {
                state.fault = Some(fault);
                PayloadError::Incomplete(None)
            })
        }))
    }
}

impl Source {
    /// Returns the reason for which the parts could not be read.
    fn fault(&self, error: &MultipartError) -> BodyFault {
        if let Some(fault) = self.0.borrow_mut().fault.take() {
            return fault;
        }
        let rule = match error {
            MultipartError::ContentDispositionMissing
            | MultipartError::ContentDispositionNameMissing => {
                "has a part without `Content-Disposition: form-data` and a name"
            }
            MultipartError::Payload(PayloadError::Overflow) | MultipartError::Parse(_) => {
                "has a part whose headers cannot be read"
            }
            MultipartError::Nested => "has a part that has parts",
            _ => "does not end with the boundary of its media type",
        };
        BodyFault::Invalid(vec![Violation::new(In::Body, "", rule)])
    }

    /// Reads what follows the last part, for the next request of the connection.
    async fn drain(self) -> Result<(), BodyFault> {
        loop {
            let next = poll_fn(|context| self.0.borrow_mut().stream.poll(context));
            match next.await {
                Some(Ok(_)) => {}
                Some(Err(fault)) => return Err(fault),
                None => return Ok(()),
            }
        }
    }
}

/// Reads the parts and checks them.
pub(super) async fn read(
    request: &HttpRequest,
    stream: BodyStream,
    (fields, schema): (&Fields, &Schema),
    limits: &Limits,
) -> Result<Form, BodyFault> {
    let source = Source(Rc::new(RefCell::new(State {
        stream,
        fault: None,
    })));
    let mut reader = Reader {
        fields,
        limits,
        texts: Vec::new(),
        files: Vec::new(),
        held: 0,
        violations: Vec::new(),
    };
    let mut parts = pin!(Multipart::new(request.headers(), source.clone()));
    let mut count = 0;
    while let Some(part) = poll_fn(|context| parts.as_mut().poll_next(context)).await {
        let part = part.map_err(|error| source.fault(&error))?;
        count += 1;
        if count > limits.parts {
            let rule = format!("has more than {} parts", limits.parts);
            return Err(BodyFault::Invalid(vec![Violation::new(In::Body, "", rule)]));
        }
        reader.part(part, &source).await?;
    }
    source.drain().await?;
    reader.finish(schema).map_err(BodyFault::Invalid)
}

struct Reader<'c> {
    fields: &'c Fields,
    limits: &'c Limits,
    texts: Vec<(String, String)>,
    files: Vec<UploadedFile>,
    /// Bytes of all texts.
    held: usize,
    violations: Vec<Violation>,
}

impl Reader<'_> {
    async fn part(&mut self, mut part: Part, source: &Source) -> Result<(), BodyFault> {
        let disposition = part.content_disposition();
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = disposition.and_then(file_name);
        let content_type = part.headers().get(header::CONTENT_TYPE);
        let content_type = content_type.and_then(|value| Some(value.to_str().ok()?.to_owned()));
        let known = self.fields.get(&name).map(|field| &field.content);
        if let Some(rule) = self.file_rule(known, &name, file_name.is_some()) {
            let file = UploadedFile::new(name, file_name, content_type);
            return self.file(file, part, rule, source).await;
        }
        let is_utf8 = content_type
            .as_deref()
            .and_then(MediaType::parse)
            .is_none_or(|parsed| parsed.is_utf8());
        let mut bytes = Vec::new();
        while let Some(piece) = next(&mut part).await {
            let piece = piece.map_err(|error| source.fault(&error))?;
            self.held += piece.len();
            if self.held > self.limits.body {
                let limit = self.limits.body as u64;
                return Err(BodyFault::TooLarge { limit });
            }
            bytes.extend_from_slice(&piece);
        }
        match String::from_utf8(bytes) {
            Ok(text) if is_utf8 => self.texts.push((name, text)),
            _ => self.refuse(&name, "is not valid UTF-8".to_owned()),
        }
        Ok(())
    }

    /// Returns what is asked of a part, if it is a file: where the contract says so, and unknown ones with a file name.
    fn file_rule<'f>(
        &self,
        known: Option<&'f FieldContent>,
        name: &str,
        has_file_name: bool,
    ) -> Option<&'f FileRule> {
        static ANY: FileRule = FileRule {
            many: true,
            types: Vec::new(),
            longest: None,
        };
        match known {
            Some(FieldContent::File(rule)) => Some(rule),
            Some(FieldContent::Value(_)) => None,
            None => {
                let shape = self.fields.members.shape(name);
                let is_file = matches!(shape, Shape::Scalar(Scalar::Bytes));
                (has_file_name || is_file).then_some(&ANY)
            }
        }
    }

    async fn file(
        &mut self,
        mut file: UploadedFile,
        mut part: Part,
        rule: &FileRule,
        source: &Source,
    ) -> Result<(), BodyFault> {
        let limit = self.limits.part;
        while let Some(piece) = next(&mut part).await {
            let piece = piece.map_err(|error| source.fault(&error))?;
            let size = file.size() + piece.len() as u64;
            if size > limit {
                return Err(BodyFault::TooLarge { limit });
            }
            if let Some(longest) = rule.longest.filter(|longest| size > *longest) {
                let rule = format!("must be at most {longest} bytes long");
                self.refuse(file.field(), rule);
                return Err(BodyFault::Invalid(std::mem::take(&mut self.violations)));
            }
            file.write(piece).await.map_err(BodyFault::Internal)?;
        }
        // A browser sends a nameless, empty file for an input in which none was chosen.
        if file.size() == 0 && file.file_name() == Some("") {
            return Ok(());
        }
        let types = &rule.types;
        if !types.is_empty() && !is_one_of(file.content_type(), types) {
            let rule = format!("must be of type {}", types.join(" or "));
            self.refuse(file.field(), rule);
        }
        self.files.push(file);
        Ok(())
    }

    fn refuse(&mut self, name: &str, rule: String) {
        if self.violations.len() < MOST_VIOLATIONS {
            let pointer = pointer("", &shortened(name));
            self.violations
                .push(Violation::new(In::Body, pointer, rule));
        }
    }

    /// Decodes the values and holds all to the schema, in which any text stands for a file.
    fn finish(mut self, schema: &Schema) -> Result<Form, Vec<Violation>> {
        let mut pairs: Vec<Pair<'_>> = self
            .texts
            .iter()
            .map(|(name, text)| Pair::new(Cow::Borrowed(name.as_str()), text))
            .collect();
        let violations = &mut self.violations;
        let mut values = form::values(self.fields, &mut pairs, Encoding::None, violations);
        let mut checked = values.clone();
        checked.extend(self.stand_ins());
        form::check(schema, &Value::Object(checked), &mut self.violations);
        for field in &self.fields.named {
            if let Some(default) = field
                .default
                .as_ref()
                .filter(|_| !values.contains_key(&field.name))
            {
                values.insert(field.name.clone(), default.clone());
            }
        }
        if self.violations.is_empty() {
            Ok(Form {
                values,
                files: self.files,
            })
        } else {
            Err(self.violations)
        }
    }

    fn stand_ins(&mut self) -> Map<String, Value> {
        let mut stand_ins: Map<String, Value> = Map::new();
        let mut twice = Vec::new();
        for file in &self.files {
            let known = self.fields.get(file.field()).map(|field| &field.content);
            let text = Value::String(String::new());
            match known {
                Some(FieldContent::File(FileRule { many: true, .. })) => {
                    let list = stand_ins
                        .entry(file.field().to_owned())
                        .or_insert_with(|| Value::Array(Vec::new()));
                    if let Value::Array(list) = list {
                        list.push(text);
                    }
                }
                Some(_) if stand_ins.contains_key(file.field()) => {
                    twice.push(file.field().to_owned());
                }
                _ => {
                    stand_ins.insert(file.field().to_owned(), text);
                }
            }
        }
        for name in twice {
            self.refuse(&name, "is sent more than once".to_owned());
        }
        stand_ins
    }
}

async fn next(part: &mut Part) -> Option<Result<Bytes, MultipartError>> {
    poll_fn(|context| Pin::new(&mut *part).poll_next(context)).await
}

/// Returns the name of a file, in the form that can hold any letter where both were sent.
fn file_name(disposition: &ContentDisposition) -> Option<String> {
    let extended = disposition.get_filename_ext();
    let extended = extended.and_then(|name| String::from_utf8(name.value.clone()).ok());
    extended.or_else(|| disposition.get_filename().map(str::to_owned))
}

/// Returns true if a media type is in one of the ranges. None is plain text (RFC 7578 section 4.4).
fn is_one_of(sent: Option<&str>, ranges: &[String]) -> bool {
    let Some(sent) = MediaType::parse(sent.unwrap_or("text/plain")) else {
        return false;
    };
    ranges
        .iter()
        .filter_map(|range| MediaRange::parse(range))
        .any(|range| range.fit(&sent).is_some())
}
