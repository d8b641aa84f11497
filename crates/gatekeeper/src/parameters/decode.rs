//! From the request to checked values.

use super::{Encoding, Findings, Pair, Parameter, Parameters, Piece, Styled, Values, pairs};
use crate::{In, Violation};
use actix_web::{HttpRequest, http::header};
use openapi::{Form, MOST_VIOLATIONS, Shape, Style, pointer, shortened, unknown};
use serde_json::Value;
use std::borrow::Cow;

/// Lists whose members may hold commas (RFC 9110, sections 13.1.1 and 13.1.2), so that a contract has them as text.
const ENTITY_TAGS: [header::HeaderName; 2] = [header::IF_MATCH, header::IF_NONE_MATCH];

/// More pairs than this in one query are refused.
const MOST_PAIRS: usize = 256;

impl Parameters {
    /// Decodes and validates; gives every violation (50 at most).
    pub(crate) fn decode(&self, request: &HttpRequest) -> Result<Values<'_>, Vec<Violation>> {
        let query = request.query_string();
        if self.rules.is_empty() && query.is_empty() {
            return Ok(Values::default());
        }
        let mut violations = Vec::new();
        let mut pairs = self.query(query, &mut violations);
        let mut cookies = if self.has_cookies {
            cookies(request, &mut violations)
        } else {
            Vec::new()
        };
        let mut values = Values(Vec::with_capacity(self.rules.len()));
        for rule in &self.rules {
            let before = violations.len();
            let is_empty = rule.may_be_empty && take_empty(&rule.name, &mut pairs);
            let mut findings = Findings {
                location: rule.location,
                violations: &mut violations,
            };
            let styled = rule.styled(self.ignores_others);
            let value = match rule.location {
                _ if is_empty => None,
                In::Path => rule.path(styled, request, &mut findings),
                // Most requests have no query.
                In::Query if pairs.is_empty() => None,
                In::Query => styled.spread(&rule.form, &mut pairs, Encoding::Form, &mut findings),
                In::Header => rule.header(styled, request, &mut findings),
                In::Cookie | In::Body => rule.cookie(styled, &mut cookies, &mut findings),
            };
            if violations.len() > before {
                continue;
            }
            match value {
                Some(value) => {
                    let found = rule.schema.validate(&value, rule.location, &rule.base);
                    if found.is_empty() {
                        values.push(rule, Cow::Owned(value));
                    } else if let Some(divided) = rule.divided(&value) {
                        values.push(rule, Cow::Owned(divided));
                    } else {
                        violations.extend(found);
                    }
                }
                None if rule.required && !is_empty => violations.push(Violation::new(
                    rule.location,
                    rule.base.as_str(),
                    "is required",
                )),
                None => {
                    if let Some(value) = &rule.default {
                        values.push(rule, Cow::Borrowed(value));
                    }
                }
            }
        }
        if !self.ignores_others {
            self.strangers(&pairs, &mut violations);
        }
        violations.truncate(MOST_VIOLATIONS);
        if violations.is_empty() {
            Ok(values)
        } else {
            Err(violations)
        }
    }

    fn query<'r>(&self, raw: &'r str, violations: &mut Vec<Violation>) -> Vec<Pair<'r>> {
        if raw.is_empty() {
            return Vec::new();
        }
        let (mut pairs, broken) = pairs(raw);
        if let Some(rule) = broken.filter(|_| !self.ignores_others) {
            violations.push(Violation::new(
                In::Query,
                "",
                format!("a parameter's name {rule}"),
            ));
        }
        if pairs.len() > MOST_PAIRS {
            violations.push(Violation::new(
                In::Query,
                "",
                format!("has more than {MOST_PAIRS} parameters"),
            ));
            pairs.truncate(MOST_PAIRS);
        }
        for pair in &mut pairs {
            if self.credentials.iter().any(|name| *name == pair.name) {
                pair.claim();
            }
        }
        pairs
    }

    /// Decodes strictly, so that a misspelt filter is reported instead of ignored.
    fn strangers(&self, pairs: &[Pair<'_>], violations: &mut Vec<Violation>) {
        let strangers = pairs.iter().filter(|pair| !pair.used);
        for pair in strangers.take(MOST_VIOLATIONS) {
            let known = self.query_names.iter().map(String::as_str);
            let meant = known.clone().find(|known| is_flat(&pair.name, known));
            let message = match meant {
                Some(name) => {
                    format!("unknown parameter; an object's member is sent as `{name}=…`")
                }
                None => unknown("parameter", &pair.name, &known.collect::<Vec<_>>()),
            };
            violations.push(Violation::new(
                In::Query,
                pointer("", &shortened(&pair.name)),
                message,
            ));
        }
    }
}

/// Returns true if a client that does not know `deepObject` writes `name[member]` as `sent`: `name.member`, `member`, or the whole
/// object under `name`.
fn is_flat(sent: &str, known: &str) -> bool {
    let known = known
        .strip_suffix(']')
        .and_then(|known| known.split_once('['));
    known.is_some_and(|(name, member)| {
        let inner = sent.strip_prefix(name);
        sent == member
            || inner == Some("")
            || inner.and_then(|inner| inner.strip_prefix('.')) == Some(member)
    })
}

impl<'c> Values<'c> {
    fn push(&mut self, rule: &'c Parameter, value: Cow<'c, Value>) {
        self.0.push((rule.location, &rule.name, value));
    }
}

/// Takes a name that was sent once, without a value.
fn take_empty(name: &str, pairs: &mut [Pair<'_>]) -> bool {
    let mut own = pairs.iter_mut().filter(|pair| pair.name == name);
    match (own.next(), own.next()) {
        (Some(only), None) if only.raw.is_empty() => {
            only.claim();
            true
        }
        _ => false,
    }
}

/// Name and raw value of each cookie (RFC 6265 section 4.2.1).
fn cookies<'r>(request: &'r HttpRequest, violations: &mut Vec<Violation>) -> Vec<Pair<'r>> {
    let mut cookies = Vec::new();
    for line in request.headers().get_all(header::COOKIE) {
        let Ok(line) = std::str::from_utf8(line.as_bytes()) else {
            violations.push(Violation::new(In::Cookie, "", "is not valid UTF-8"));
            continue;
        };
        for pair in line.split(';') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = value.trim();
            let bare = value
                .strip_prefix('"')
                .and_then(|value| value.strip_suffix('"'));
            let name = Cow::Borrowed(name.trim());
            cookies.push(Pair::new(name, bare.unwrap_or(value)));
        }
    }
    cookies
}

impl Parameter {
    fn styled(&self, among_others: bool) -> Styled<'_> {
        Styled {
            name: &self.name,
            base: &self.base,
            style: self.style,
            explode: self.explode,
            among_others,
        }
    }

    /// Divides the one text of a list by its commas, which many clients escape: for where the schema takes the list that
    /// comes out, and not the text.
    fn divided(&self, value: &Value) -> Option<Value> {
        let is_list = self.location == In::Query && self.style == Style::Form && !self.explode;
        let text = match value.as_array()?.as_slice() {
            [Value::String(text)] if is_list => text,
            _ => return None,
        };
        let divided = Value::Array(text.split(',').map(Value::from).collect());
        self.schema.is_valid(&divided).then_some(divided)
    }

    fn path(
        &self,
        styled: Styled<'_>,
        request: &HttpRequest,
        findings: &mut Findings<'_>,
    ) -> Option<Value> {
        let path = request.uri().path();
        let mut found = self.segments.iter().filter_map(|place| place.find(path));
        let raw = found.next()?;
        if found.any(|other| other != raw) {
            return findings.refuse(
                &self.base,
                "must be the same wherever it stands in the path",
            );
        }
        let prefixed = match self.style {
            Style::Label => raw
                .strip_prefix('.')
                .ok_or("must begin with a dot (style label)"),
            Style::Matrix => raw
                .strip_prefix(';')
                .ok_or("must begin with a semicolon (style matrix)"),
            _ => Ok(raw),
        };
        match prefixed {
            Ok(raw) => styled.whole(&self.form, Piece::new(raw, Encoding::Percent), findings),
            Err(rule) => findings.refuse(&self.base, rule),
        }
    }

    fn header(
        &self,
        styled: Styled<'_>,
        request: &HttpRequest,
        findings: &mut Findings<'_>,
    ) -> Option<Value> {
        let name = self.header.as_ref()?;
        let mut lines = request.headers().get_all(name);
        let first = lines.next()?;
        let Ok(first) = std::str::from_utf8(first.as_bytes()) else {
            return findings.refuse(&self.base, "is not valid UTF-8");
        };
        let mut joined = None;
        for line in lines {
            // RFC 9110 section 5.3: only a list may be spread over lines.
            let is_list = ENTITY_TAGS.contains(name) || may_be_list(&self.form);
            let Some(line) = std::str::from_utf8(line.as_bytes())
                .ok()
                .filter(|_| is_list)
            else {
                return findings.refuse(&self.base, "is sent more than once");
            };
            let text: &mut String = joined.get_or_insert_with(|| first.to_owned());
            text.push(',');
            text.push_str(line);
        }
        let text = joined.as_deref().unwrap_or(first).trim();
        styled.whole(&self.form, Piece::new(text, Encoding::None), findings)
    }

    fn cookie(
        &self,
        styled: Styled<'_>,
        cookies: &mut [Pair<'_>],
        findings: &mut Findings<'_>,
    ) -> Option<Value> {
        let Form::Styled(shape) = &self.form else {
            return styled.spread(&self.form, cookies, Encoding::Percent, findings);
        };
        if !self.explode || matches!(shape, Shape::Scalar(_)) {
            return styled.spread(&self.form, cookies, Encoding::Percent, findings);
        }
        // RFC 6570 expands an exploded list to `name=a&name=b`, here in one cookie.
        let mut pieces: Vec<Pair<'_>> = Vec::new();
        for cookie in cookies {
            let mut rest = cookie.raw.split('&');
            let first = rest.next().unwrap_or_default();
            pieces.push(Pair::new(cookie.name.clone(), first));
            pieces.extend(rest.map(|pair| {
                let (name, raw) = pair.split_once('=').unwrap_or((pair, ""));
                Pair::new(Cow::Borrowed(name), raw)
            }));
        }
        styled.spread(&self.form, &mut pieces, Encoding::Percent, findings)
    }
}

/// Returns true for the form of an array, or of what may be one.
fn may_be_list(form: &Form) -> bool {
    match form {
        Form::Styled(Shape::Array(_)) => true,
        Form::Styled(Shape::Several(several)) => several
            .shapes
            .iter()
            .any(|shape| matches!(shape, Shape::Array(_))),
        _ => false,
    }
}
