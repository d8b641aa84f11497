//! From split text to values.

use super::text;
use crate::{In, Violation, body::strict_json};
use openapi::{Members, Scalar, Several, Shape, pointer, shortened};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// A piece of raw text and how its percent-encoding is to be undone.
#[derive(Clone, Copy)]
pub(crate) struct Piece<'r> {
    pub(crate) raw: &'r str,
    pub(crate) encoding: Encoding,
}

/// The encoding of text in its part of the request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Not at all: headers, parts, and what was decoded before it was split.
    None,
    /// Percent escapes: paths and cookies.
    Percent,
    /// Percent escapes, and `+` for a space: query and forms.
    Form,
}

/// The place of a value, and what was found wrong there.
pub(crate) struct Findings<'f> {
    pub(crate) location: In,
    pub(crate) violations: &'f mut Vec<Violation>,
}

impl Findings<'_> {
    /// Adds a violation; there is no value then.
    pub(crate) fn refuse(&mut self, base: &str, rule: impl Into<String>) -> Option<Value> {
        self.violations
            .push(Violation::new(self.location, base, rule));
        None
    }
}

impl<'r> Piece<'r> {
    pub(crate) fn new(raw: &'r str, encoding: Encoding) -> Self {
        Self { raw, encoding }
    }

    /// The text.
    pub(crate) fn text(self) -> Result<Cow<'r, str>, &'static str> {
        match self.encoding {
            Encoding::None => Ok(Cow::Borrowed(self.raw)),
            Encoding::Percent => text::decode(self.raw, false),
            Encoding::Form => text::decode(self.raw, true),
        }
    }

    /// The value of one type.
    fn read(self, scalar: Scalar) -> Result<Value, &'static str> {
        self.text().and_then(|text| text::read(scalar, text))
    }

    /// Reads a whole value: an array or object in one piece is JSON.
    pub(crate) fn value(
        self,
        shape: &Shape,
        base: &str,
        findings: &mut Findings<'_>,
    ) -> Option<Value> {
        match shape {
            Shape::Scalar(scalar) => match self.read(*scalar) {
                Ok(value) => Some(value),
                Err(rule) => findings.refuse(base, rule),
            },
            Shape::Several(several) => one_of(several, base, findings, |shape, _, findings| {
                self.value(shape, base, findings)
            }),
            Shape::Array(_) | Shape::Object(_) => self.json(base, findings),
        }
    }

    /// Returns true for text that begins with a letter, as arrays and objects do in JSON.
    pub(super) fn starts_with(self, first: char) -> bool {
        let text = self.text().unwrap_or_default();
        text.trim_start().starts_with(first)
    }

    /// Reads JSON.
    pub(crate) fn json(self, base: &str, findings: &mut Findings<'_>) -> Option<Value> {
        let text = match self.text() {
            Ok(text) => text,
            Err(rule) => return findings.refuse(base, rule),
        };
        match strict_json(text.as_bytes(), findings.location, base) {
            Ok(value) => Some(value),
            Err(found) => {
                findings.violations.extend(found);
                None
            }
        }
    }
}

/// Reads a value of one of several shapes: the first one that the schema accepts. `read` is asked for each shape; once more,
/// leniently, where the text of none had the marks of its shape (a comma, say). None that is accepted: the first that could
/// be read, for the schema to say what is wrong with it.
pub(super) fn one_of(
    several: &Several,
    base: &str,
    findings: &mut Findings<'_>,
    mut read: impl FnMut(&Shape, bool, &mut Findings<'_>) -> Option<Value>,
) -> Option<Value> {
    let mut first = None;
    let mut is_there = false;
    for lenient in [false, true] {
        for shape in &several.shapes {
            let mut violations = Vec::new();
            let mut own = Findings {
                location: findings.location,
                violations: &mut violations,
            };
            let value = read(shape, lenient, &mut own);
            is_there |= !violations.is_empty();
            match value.filter(|_| violations.is_empty()) {
                Some(value) if several.schema.is_valid(&value) => return Some(value),
                value => first = first.or(value),
            }
        }
    }
    if first.is_none() && is_there {
        return findings.refuse(base, "is of none of the types that it may have");
    }
    first
}

/// Reads an array; every item that breaks a rule is reported.
pub(crate) fn array<'r>(
    pieces: impl Iterator<Item = Piece<'r>>,
    items: &Shape,
    base: &str,
    findings: &mut Findings<'_>,
) -> Value {
    let mut values = Vec::new();
    for (index, piece) in pieces.enumerate() {
        values.extend(piece.value(items, &format!("{base}/{index}"), findings));
    }
    Value::Array(values)
}

/// Reads an array of which each item is a piece; one of arrays or objects may be JSON as a whole.
pub(crate) fn list(
    pieces: &[Piece<'_>],
    items: &Shape,
    base: &str,
    findings: &mut Findings<'_>,
) -> Option<Value> {
    match pieces {
        [whole] if !is_scalar(items) && whole.starts_with('[') => whole.json(base, findings),
        pieces => Some(array(pieces.iter().copied(), items, base, findings)),
    }
}

/// Returns true for what is one piece of text.
pub(super) fn is_scalar(shape: &Shape) -> bool {
    match shape {
        Shape::Scalar(_) => true,
        Shape::Several(several) => several
            .shapes
            .iter()
            .all(|shape| matches!(shape, Shape::Scalar(_))),
        Shape::Array(_) | Shape::Object(_) => false,
    }
}

/// Reads a value that was sent by name, in as many pieces as the name was sent.
pub(crate) fn repeated(
    pieces: &[Piece<'_>],
    shape: &Shape,
    base: &str,
    findings: &mut Findings<'_>,
) -> Option<Value> {
    match (shape, pieces) {
        (Shape::Array(items), _) => list(pieces, items, base, findings),
        (Shape::Several(several), _) => {
            one_of(several, base, findings, |shape, lenient, findings| {
                // One piece is an array only where it is nothing else.
                let is_list = matches!(shape, Shape::Array(_));
                if is_list && pieces.len() < 2 && !lenient {
                    return None;
                }
                repeated(pieces, shape, base, findings)
            })
        }
        (_, [piece]) => piece.value(shape, base, findings),
        _ => findings.refuse(base, "is sent more than once"),
    }
}

/// Reads an object from pairs of name and value; a missing value is a piece too few.
pub(super) fn object<'r>(
    pairs: impl Iterator<Item = (Piece<'r>, Option<Piece<'r>>)>,
    members: &Members,
    base: &str,
    findings: &mut Findings<'_>,
) -> Value {
    let mut found: Vec<(Cow<'r, str>, Vec<Piece<'r>>)> = Vec::new();
    for (name, value) in pairs {
        let name = match name.text() {
            Ok(name) => name,
            Err(rule) => {
                findings.refuse(base, format!("a property's name {rule}"));
                continue;
            }
        };
        let Some(value) = value else {
            findings.refuse(&pointer(base, &shortened(&name)), "has no value");
            continue;
        };
        match found.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.push(value),
            None => found.push((name, vec![value])),
        }
    }
    let mut values = Map::new();
    for (name, pieces) in found {
        let here = pointer(base, &shortened(&name));
        if let Some(value) = repeated(&pieces, members.shape(&name), &here, findings) {
            values.insert(name.into_owned(), value);
        }
    }
    Value::Object(values)
}
