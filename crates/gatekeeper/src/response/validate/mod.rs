//! Checks of responses against the contract before they are sent.
//!
//! Checked: the status is declared, required headers are there and keep to their schemas, no header
//! is sent that was not declared, the media type is declared, and JSON bodies (problems included)
//! keep to their schemas. Content that is not JSON is text or bytes and is not looked into; nor is a stream.

use crate::{
    Defects, In, Violation,
    body::strict_json,
    contract::{header_name, none_of},
    parameters::{Encoding, Findings, Piece, Styled},
};
use actix_web::{
    http::header::{self, HeaderMap, HeaderName, HeaderValue},
    web::Bytes,
};
use openapi::{Content, HeaderText, MediaType, Operation, Response, Status, Style, is_json};
use serde_json::Value;

const EVENTS: HeaderValue = HeaderValue::from_static("text/event-stream");

/// Headers that the gatekeeper or the server adds to any reply.
const COMMON: [HeaderName; 7] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::DATE,
    header::TRANSFER_ENCODING,
    header::VARY,
    header::X_CONTENT_TYPE_OPTIONS,
];

/// The body of a reply.
pub(crate) enum Sent {
    Nothing,
    Bytes(Bytes),
    Stream,
}

/// The reply rules of one operation.
#[derive(Debug)]
pub(crate) struct ReplyRules {
    /// Set when a header that is not declared breaks the contract.
    strict: bool,
    /// The most specific first.
    rules: Vec<ReplyRule>,
}

#[derive(Debug)]
struct ReplyRule {
    status: Status,
    headers: Vec<HeaderRule>,
    content: Vec<Content>,
    problem_codes: Option<Vec<String>>,
}

#[derive(Debug)]
struct HeaderRule {
    name: HeaderName,
    required: bool,
    explode: bool,
    text: Option<HeaderText>,
}

impl ReplyRules {
    /// Prepares the rules.
    pub(crate) fn prepare(operation: &Operation, strict: bool, defects: &mut Defects) -> Self {
        let responses = &operation.responses;
        Self {
            strict,
            rules: responses
                .iter()
                .map(|response| ReplyRule::prepare(response, &operation.location, defects))
                .collect(),
        }
    }

    /// Statuses that the operation declares one by one, ascending.
    pub(crate) fn statuses(&self) -> Vec<u16> {
        let exact = |rule: &ReplyRule| match rule.status {
            Status::Exact(status) => Some(status),
            Status::Class(_) | Status::Default => None,
        };
        self.rules.iter().filter_map(exact).collect()
    }

    /// Returns true if the operation declares the status, be it by its class or by default.
    pub(crate) fn declares(&self, status: u16) -> bool {
        self.rule(status).is_some()
    }

    /// Returns the name of the schema of the JSON that is declared for the status.
    pub(crate) fn schema_of(&self, status: u16) -> Option<&str> {
        let mut content = self.rule(status)?.content.iter();
        content.find_map(|content| content.schema_name.as_deref())
    }

    /// Returns the media type that is declared for the status with this schema.
    pub(crate) fn media_type_of(&self, status: u16, schema: &str) -> Option<&str> {
        let mut content = self.rule(status)?.content.iter();
        let found = content
            .find(|content| !content.is_range() && content.schema_name.as_deref() == Some(schema));
        found.map(|content| content.name.as_str())
    }

    fn rule(&self, status: u16) -> Option<&ReplyRule> {
        self.rules.iter().find(|rule| rule.status.covers(status))
    }

    /// Returns true if nothing is said about successes.
    fn leaves_success_open(&self) -> bool {
        !self.rules.iter().any(|rule| rule.status.is_success())
    }

    /// Checks one reply; `body` is the one of `GET` also when `HEAD` is answered.
    ///
    /// # Errors
    ///
    /// Everything that breaks the contract, for the log.
    pub(crate) fn check(
        &self,
        status: u16,
        headers: &HeaderMap,
        body: &Sent,
    ) -> Result<(), String> {
        let Some(rule) = self.rule(status) else {
            if status < 400 && self.leaves_success_open() {
                return Ok(());
            }
            return Err(format!("status {status} is not declared"));
        };
        let mut faults = Vec::new();
        rule.check_headers(headers, &mut faults);
        if self.strict {
            rule.check_names(status, headers, &mut faults);
        }
        rule.check_body(headers, body, &mut faults);
        if faults.is_empty() {
            Ok(())
        } else {
            Err(format!("status {status}: {}", faults.join("; ")))
        }
    }

    /// Checks that the status lists the code of a problem, where it lists codes at all.
    ///
    /// # Errors
    ///
    /// The status and the code, for the log.
    pub(crate) fn check_code(&self, status: u16, code: &str) -> Result<(), String> {
        let listed = self
            .rule(status)
            .and_then(|rule| rule.problem_codes.as_ref());
        if listed.is_none_or(|listed| listed.iter().any(|each| each == code)) {
            Ok(())
        } else {
            Err(format!(
                "status {status}: the code {code} is not in x-problem-codes"
            ))
        }
    }

    /// Checks a value against the schema of the JSON declared for `status`.
    pub(crate) fn check_json(&self, status: u16, value: &Value) -> Vec<Violation> {
        self.rule(status)
            .and_then(|rule| rule.check_json(value))
            .unwrap_or_else(|| vec![Violation::new(In::Body, "", "no JSON is declared")])
    }
}

impl ReplyRule {
    fn prepare(response: &Response, location: &str, defects: &mut Defects) -> Self {
        let response_location = format!("{location}.responses.{}", response.status);
        let headers = response.headers.iter().filter_map(|header| {
            Some(HeaderRule {
                name: header_name(&header.name, &response_location, defects)?,
                required: header.required,
                explode: header.explode,
                text: header.text.clone(),
            })
        });
        Self {
            status: response.status,
            headers: headers.collect(),
            content: response.content.clone(),
            problem_codes: response.problem_codes.clone(),
        }
    }

    fn check_json(&self, value: &Value) -> Option<Vec<Violation>> {
        let mut schemas = self.content.iter().flat_map(|content| &content.schema);
        Some(schemas.next()?.validate(value, In::Body, ""))
    }

    fn check_headers(&self, headers: &HeaderMap, faults: &mut Vec<String>) {
        for rule in &self.headers {
            match headers.get(&rule.name) {
                None if rule.required => faults.push(format!("header {} is missing", rule.name)),
                None => {}
                Some(value) => {
                    let text = value
                        .to_str()
                        .map_err(|_| vec![Violation::new(In::Header, "", "is not ASCII")]);
                    for violation in text
                        .and_then(|text| rule.check(text))
                        .err()
                        .into_iter()
                        .flatten()
                    {
                        let Violation {
                            pointer, message, ..
                        } = &violation;
                        let place = format!("{} {pointer}", rule.name);
                        faults.push(format!("header {} {message}", place.trim_end()));
                    }
                }
            }
        }
    }

    /// Checks that no header is sent that is not declared.
    fn check_names(&self, status: u16, headers: &HeaderMap, faults: &mut Vec<String>) {
        let is_events = headers.get(header::CONTENT_TYPE) == Some(&EVENTS);
        for name in headers.keys() {
            // No cache may keep events.
            if is_events && name == header::CACHE_CONTROL {
                continue;
            }
            if !is_common(name, status) && !self.headers.iter().any(|rule| rule.name == *name) {
                faults.push(format!("header {name} is not declared"));
            }
        }
    }

    fn check_body(&self, headers: &HeaderMap, body: &Sent, faults: &mut Vec<String>) {
        if self.content.is_empty() {
            let is_empty = match body {
                Sent::Nothing => true,
                Sent::Bytes(bytes) => bytes.is_empty(),
                Sent::Stream => false,
            };
            if !is_empty {
                faults.push("a body is sent, but no content is declared".to_owned());
            }
            return;
        }
        let sent = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(MediaType::parse);
        let holding = |range: bool| {
            let mut declared = self.content.iter();
            let sent = sent.as_ref()?;
            declared.find(|content| content.is_range() == range && content.holds(sent))
        };
        let Some(content) = holding(false).or_else(|| holding(true)) else {
            let declared: Vec<&str> = self
                .content
                .iter()
                .map(|content| content.essence.as_str())
                .collect();
            faults.push(format!(
                "the content is none of the declared {}",
                declared.join(", ")
            ));
            return;
        };
        let is_json = sent.is_some_and(|sent| is_json(&sent.essence()));
        let Some(schema) = content.schema.as_ref().filter(|_| is_json) else {
            return;
        };
        let Sent::Bytes(body) = body else {
            return;
        };
        let violations = match strict_json(body, In::Body, "") {
            Ok(value) => schema.validate(&value, In::Body, ""),
            Err(violations) => violations,
        };
        faults.extend(
            violations
                .iter()
                .map(|violation| format!("body {} {}", violation.pointer, violation.message)),
        );
    }
}

impl HeaderRule {
    /// Style `simple`, the only one for headers.
    fn check(&self, text: &str) -> Result<(), Vec<Violation>> {
        let Some(form) = &self.text else {
            return Ok(());
        };
        let mut violations = Vec::new();
        let Some(shape) = &form.shape else {
            let value = strict_json(text.as_bytes(), In::Header, "")?;
            return none_of(form.schema.validate(&value, In::Header, ""));
        };
        let mut findings = Findings {
            location: In::Header,
            violations: &mut violations,
        };
        let styled = Styled {
            name: "",
            base: "",
            style: Style::Simple,
            explode: self.explode,
            among_others: false,
        };
        let piece = Piece::new(text, Encoding::None);
        let Some(value) = styled.shaped(shape, piece, true, &mut findings) else {
            return Err(violations);
        };
        violations.extend(form.schema.validate(&value, In::Header, ""));
        none_of(violations)
    }
}

/// Returns true if the gatekeeper or the server may add the header to a reply of this status without its being declared.
fn is_common(name: &HeaderName, status: u16) -> bool {
    let of_status = match status {
        401 => *name == header::WWW_AUTHENTICATE,
        405 => *name == header::ALLOW,
        429 | 503 => *name == header::RETRY_AFTER,
        _ => false,
    };
    let of_problem = status >= 400 && *name == header::CACHE_CONTROL;
    let anywhere = name == "x-request-id" || name.as_str().starts_with("access-control-");
    of_status || of_problem || anywhere || COMMON.contains(name)
}

#[cfg(test)]
mod tests;
