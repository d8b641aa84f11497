//! From split text to arrays and objects.

use super::text;
use crate::{In, Violation};
use openapi::{Members, Scalar, pointer, shortened};
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
    /// Not at all: headers, and what was decoded before it was split.
    None,
    /// Percent escapes: paths and cookies.
    Percent,
    /// Percent escapes, and `+` for a space: query and forms.
    Form,
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

    /// The value.
    pub(crate) fn read(self, scalar: Scalar) -> Result<Value, &'static str> {
        self.text().and_then(|text| text::read(scalar, text))
    }
}

/// Reads an array; every item that breaks a rule is reported.
pub(crate) fn array<'r>(
    pieces: impl Iterator<Item = Piece<'r>>,
    items: Scalar,
    location: In,
    base: &str,
    violations: &mut Vec<Violation>,
) -> Value {
    let mut values = Vec::new();
    for (index, piece) in pieces.enumerate() {
        match piece.read(items) {
            Ok(value) => values.push(value),
            Err(rule) => violations.push(Violation::new(location, format!("{base}/{index}"), rule)),
        }
    }
    Value::Array(values)
}

/// Reads an object from pairs of name and value; a missing value is a piece too few.
pub(crate) fn object<'r>(
    pieces: impl Iterator<Item = (Piece<'r>, Option<Piece<'r>>)>,
    members: &Members,
    location: In,
    base: &str,
    violations: &mut Vec<Violation>,
) -> Value {
    let mut values = Map::new();
    for (name, value) in pieces {
        let name = match name.text() {
            Ok(name) => name,
            Err(rule) => {
                violations.push(Violation::new(
                    location,
                    base,
                    format!("a property's name {rule}"),
                ));
                continue;
            }
        };
        let here = pointer(base, &shortened(&name));
        let value = value
            .ok_or("has no value")
            .and_then(|value| value.read(members.scalar(&name)));
        match value {
            Ok(_) if values.contains_key(&*name) => {
                violations.push(Violation::new(location, here, "is sent more than once"))
            }
            Ok(value) => {
                values.insert(name.into_owned(), value);
            }
            Err(rule) => violations.push(Violation::new(location, here, rule)),
        }
    }
    Value::Object(values)
}
