//! From the request to checked values.

use super::{Encoding, Pair, Parameter, Parameters, Piece, Values, array, object, pairs};
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
        let cookies = if self.has_cookies {
            cookies(request, &mut violations)
        } else {
            Vec::new()
        };
        let mut values = Values(Vec::with_capacity(self.rules.len()));
        for rule in &self.rules {
            let before = violations.len();
            let value = match rule.location {
                In::Path => rule.path(request, &mut violations),
                In::Query => rule.query(&mut pairs, &mut violations),
                In::Header => rule.header(request, &mut violations),
                In::Cookie | In::Body => rule.cookie(&cookies, &mut violations),
            };
            if violations.len() > before {
                continue;
            }
            match value {
                Some(value) => {
                    let found = rule.schema.validate(&value, rule.location, &rule.base);
                    if found.is_empty() {
                        values.push(rule, Cow::Owned(value));
                    }
                    violations.extend(found);
                }
                None if rule.required => violations.push(Violation::new(
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
            pair.used = self.credentials.iter().any(|name| *name == pair.name);
        }
        pairs
    }

    /// Decodes strictly, so that a misspelt filter is reported instead of ignored.
    fn strangers(&self, pairs: &[Pair<'_>], violations: &mut Vec<Violation>) {
        let strangers = pairs.iter().filter(|pair| !pair.used);
        for pair in strangers.take(MOST_VIOLATIONS) {
            let known: Vec<&str> = self.query_names.iter().map(String::as_str).collect();
            violations.push(Violation::new(
                In::Query,
                pointer("", &shortened(&pair.name)),
                unknown("parameter", &pair.name, &known),
            ));
        }
    }
}

impl<'c> Values<'c> {
    fn push(&mut self, rule: &'c Parameter, value: Cow<'c, Value>) {
        self.0.push((rule.location, &rule.name, value));
    }
}

/// Name and raw value of each cookie (RFC 6265 section 4.2.1).
fn cookies<'r>(
    request: &'r HttpRequest,
    violations: &mut Vec<Violation>,
) -> Vec<(&'r str, &'r str)> {
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
            cookies.push((name.trim(), bare.unwrap_or(value)));
        }
    }
    cookies
}

impl Parameter {
    fn path(&self, request: &HttpRequest, violations: &mut Vec<Violation>) -> Option<Value> {
        let raw = self.segment.find(request.uri().path())?;
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
            Ok(raw) => self.styled(raw, Encoding::Percent, violations),
            Err(rule) => self.refuse(rule, violations),
        }
    }

    fn query(&self, pairs: &mut [Pair<'_>], violations: &mut Vec<Violation>) -> Option<Value> {
        match &self.form {
            Form::Styled(Shape::Object(members)) if self.style == Style::DeepObject => {
                let taken = pairs.iter_mut().filter_map(|pair| {
                    let member = pair
                        .name
                        .strip_prefix(&*self.name)?
                        .strip_prefix('[')?
                        .strip_suffix(']')?
                        .to_owned();
                    // What is neither named nor allowed stays behind and is reported as an unknown parameter.
                    let known = members.get(&member).is_some()
                        || (members.others.is_some() && !member.contains(['[', ']']));
                    pair.used |= known;
                    known.then_some((member, pair.raw))
                });
                let taken: Vec<(String, &str)> = taken.collect();
                self.members(&taken, violations)
            }
            Form::Styled(Shape::Object(members)) if self.explode => {
                let taken = pairs.iter_mut().filter(|pair| {
                    !pair.used && (members.get(&pair.name).is_some() || members.others.is_some())
                });
                let taken: Vec<(String, &str)> = taken
                    .map(|pair| {
                        pair.used = true;
                        (pair.name.to_string(), pair.raw)
                    })
                    .collect();
                self.members(&taken, violations)
            }
            Form::Styled(Shape::Array(items)) if self.explode => {
                let mut taken = pairs
                    .iter_mut()
                    .filter(|pair| pair.name == *self.name)
                    .peekable();
                taken.peek()?;
                let pieces = taken.map(|pair| {
                    pair.used = true;
                    Piece::new(pair.raw, Encoding::Form)
                });
                Some(array(pieces, *items, In::Query, &self.base, violations))
            }
            _ => {
                let mut taken = pairs.iter_mut().filter(|pair| pair.name == *self.name);
                let first = taken.next()?;
                first.used = true;
                let raw = first.raw;
                if taken.map(|pair| pair.used = true).count() > 0 {
                    return self.refuse("is sent more than once", violations);
                }
                self.styled(raw, Encoding::Form, violations)
            }
        }
    }

    /// An object from members that were sent by name; absent when there is none.
    fn members(&self, taken: &[(String, &str)], violations: &mut Vec<Violation>) -> Option<Value> {
        let Form::Styled(Shape::Object(members)) = &self.form else {
            return None;
        };
        if taken.is_empty() {
            return None;
        }
        let pieces = taken.iter().map(|(name, raw)| {
            (
                Piece::new(name, Encoding::None),
                Some(Piece::new(raw, Encoding::Form)),
            )
        });
        Some(object(
            pieces,
            members,
            self.location,
            &self.base,
            violations,
        ))
    }

    fn header(&self, request: &HttpRequest, violations: &mut Vec<Violation>) -> Option<Value> {
        let name = self.header.as_ref()?;
        let mut lines = request.headers().get_all(name);
        let first = lines.next()?;
        let Ok(first) = std::str::from_utf8(first.as_bytes()) else {
            return self.refuse("is not valid UTF-8", violations);
        };
        let mut joined = None;
        for line in lines {
            // RFC 9110 section 5.3: only a list may be spread over lines.
            let is_list =
                matches!(self.form, Form::Styled(Shape::Array(_))) || ENTITY_TAGS.contains(name);
            let Some(line) = std::str::from_utf8(line.as_bytes())
                .ok()
                .filter(|_| is_list)
            else {
                return self.refuse("is sent more than once", violations);
            };
            let text: &mut String = joined.get_or_insert_with(|| first.to_owned());
            text.push(',');
            text.push_str(line);
        }
        self.styled(
            joined.as_deref().unwrap_or(first).trim(),
            Encoding::None,
            violations,
        )
    }

    fn cookie(&self, cookies: &[(&str, &str)], violations: &mut Vec<Violation>) -> Option<Value> {
        let mut taken = cookies.iter().filter(|(name, _)| *name == &*self.name);
        let (_, raw) = taken.next()?;
        if taken.next().is_some() {
            return self.refuse("is sent more than once", violations);
        }
        self.styled(raw, Encoding::Percent, violations)
    }
}
