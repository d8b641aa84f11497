//! From the request to checked values.

use super::{
    Encoding, Form, Pair, Parameter, Parameters, Piece, Scalar, Shape, Style, Values, array,
    object, pairs,
};
use crate::{
    In, Violation,
    body::strict_json,
    schema::{MOST_VIOLATIONS, shortened},
    violation::{nearest, pointer},
};
use actix_web::{HttpRequest, http::header};
use serde_json::Value;

/// More pairs than this in one query are refused.
const MOST_PAIRS: usize = 256;

impl Parameters {
    /// Decodes and validates; gives every violation (50 at most).
    pub(crate) fn decode(&self, request: &HttpRequest) -> Result<Values, Vec<Violation>> {
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
        let mut values = Values::default();
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
                    let found = rule.schema.validate(&value, rule.location, &rule.base());
                    if found.is_empty() {
                        values.0.push((rule.location, rule.name.clone(), value));
                    }
                    violations.extend(found);
                }
                None if rule.required => {
                    violations.push(Violation::new(rule.location, rule.base(), "is required"))
                }
                None => values.0.extend(
                    rule.default
                        .clone()
                        .map(|value| (rule.location, rule.name.clone(), value)),
                ),
            }
        }
        self.unknown(&pairs, &mut violations);
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
        if let Some(rule) = broken {
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

    /// Strict, so that a misspelt filter is told instead of ignored.
    fn unknown(&self, pairs: &[Pair<'_>], violations: &mut Vec<Violation>) {
        for pair in pairs.iter().filter(|pair| !pair.used).take(MOST_VIOLATIONS) {
            let message = match nearest(&pair.name, self.query_names.iter().map(String::as_str)) {
                Some(near) => format!("unknown parameter; did you mean {near}?"),
                None => "unknown parameter".to_owned(),
            };
            violations.push(Violation::new(
                In::Query,
                pointer("", &shortened(&pair.name)),
                message,
            ));
        }
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
    /// The pointer of the parameter itself.
    fn base(&self) -> String {
        pointer("", &self.name)
    }

    fn path(&self, request: &HttpRequest, violations: &mut Vec<Violation>) -> Option<Value> {
        let raw = request
            .uri()
            .path()
            .split('/')
            .nth(self.segment)
            .filter(|raw| !raw.is_empty())?;
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
                    // What is neither named nor allowed stays behind and is told as an unknown parameter.
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
                Some(array(pieces, *items, In::Query, &self.base(), violations))
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
            &self.base(),
            violations,
        ))
    }

    fn header(&self, request: &HttpRequest, violations: &mut Vec<Violation>) -> Option<Value> {
        let mut lines = request.headers().get_all(self.header.as_ref()?);
        let first = lines.next()?;
        let Ok(first) = std::str::from_utf8(first.as_bytes()) else {
            return self.refuse("is not valid UTF-8", violations);
        };
        let mut joined = None;
        for line in lines {
            // RFC 9110 section 5.3: only a list may be spread over lines.
            let (Form::Styled(Shape::Array(_)), Ok(line)) =
                (&self.form, std::str::from_utf8(line.as_bytes()))
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

    fn refuse(&self, rule: &str, violations: &mut Vec<Violation>) -> Option<Value> {
        violations.push(Violation::new(self.location, self.base(), rule));
        None
    }

    /// Reads the one piece of text that holds the whole value.
    fn styled(
        &self,
        raw: &str,
        encoding: Encoding,
        violations: &mut Vec<Violation>,
    ) -> Option<Value> {
        let shape = match &self.form {
            Form::Styled(shape) => shape,
            Form::Json => return self.json(raw, encoding, violations),
        };
        let decoded;
        let (raw, encoding, separator) = match self.style {
            // Their delimiters cannot stand in a query unescaped, so the text is split after decoding.
            Style::SpaceDelimited | Style::PipeDelimited => {
                decoded = match Piece::new(raw, encoding).text() {
                    Ok(text) => text,
                    Err(rule) => return self.refuse(rule, violations),
                };
                (
                    &*decoded,
                    Encoding::None,
                    if self.style == Style::PipeDelimited {
                        '|'
                    } else {
                        ' '
                    },
                )
            }
            Style::Label if self.explode => (raw, encoding, '.'),
            Style::Matrix if self.explode => (raw, encoding, ';'),
            _ => (raw, encoding, ','),
        };
        let own = format_args!("{}=", self.name).to_string();
        let repeated =
            self.style == Style::Matrix && self.explode && matches!(shape, Shape::Array(_));
        let raw = match (self.style, shape) {
            (Style::Matrix, Shape::Object(_)) if self.explode => raw,
            (Style::Matrix, _) if !repeated => match raw
                .strip_prefix(&own)
                .or_else(|| (raw == &*self.name).then_some(""))
            {
                Some(raw) => raw,
                None => {
                    return self.refuse("must be written as ;name=value (style matrix)", violations);
                }
            },
            _ => raw,
        };
        let trim = |piece| {
            if self.location == In::Header {
                str::trim(piece)
            } else {
                piece
            }
        };
        let pieces = raw
            .split(separator)
            .map(|raw| Piece::new(trim(raw), encoding));
        match shape {
            Shape::Scalar(scalar) => self.scalar(Piece::new(raw, encoding), *scalar, violations),
            Shape::Array(items) if repeated => {
                let pieces: Option<Vec<Piece<'_>>> = pieces
                    .map(|piece| {
                        Some(Piece {
                            raw: piece.raw.strip_prefix(&own)?,
                            ..piece
                        })
                    })
                    .collect();
                match pieces {
                    Some(pieces) => Some(array(
                        pieces.into_iter(),
                        *items,
                        self.location,
                        &self.base(),
                        violations,
                    )),
                    None => self.refuse(
                        "must be written as ;name=value for each item (style matrix)",
                        violations,
                    ),
                }
            }
            Shape::Array(items) => Some(array(
                pieces,
                *items,
                self.location,
                &self.base(),
                violations,
            )),
            Shape::Object(members) if self.explode => {
                let pieces = pieces.map(|piece| match piece.raw.split_once('=') {
                    Some((name, value)) => (
                        Piece { raw: name, ..piece },
                        Some(Piece {
                            raw: value,
                            ..piece
                        }),
                    ),
                    None => (piece, None),
                });
                Some(object(
                    pieces,
                    members,
                    self.location,
                    &self.base(),
                    violations,
                ))
            }
            Shape::Object(members) => {
                let mut pieces = pieces;
                let pieces = std::iter::from_fn(|| Some((pieces.next()?, pieces.next())));
                Some(object(
                    pieces,
                    members,
                    self.location,
                    &self.base(),
                    violations,
                ))
            }
        }
    }

    fn scalar(
        &self,
        piece: Piece<'_>,
        scalar: Scalar,
        violations: &mut Vec<Violation>,
    ) -> Option<Value> {
        match piece.read(scalar) {
            Ok(value) => Some(value),
            Err(rule) => self.refuse(rule, violations),
        }
    }

    fn json(
        &self,
        raw: &str,
        encoding: Encoding,
        violations: &mut Vec<Violation>,
    ) -> Option<Value> {
        let text = match Piece::new(raw, encoding).text() {
            Ok(text) => text,
            Err(rule) => return self.refuse(rule, violations),
        };
        match strict_json(text.as_bytes(), self.location, &self.base()) {
            Ok(value) => Some(value),
            Err(found) => {
                violations.extend(found);
                None
            }
        }
    }
}
