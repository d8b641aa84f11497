//! Values that stand in one piece of text, by style.

use super::{Encoding, Parameter, Piece, array, object};
use crate::{In, Violation, body::strict_json};
use openapi::{Form, Scalar, Shape, Style};
use serde_json::Value;

impl Parameter {
    pub(super) fn refuse(&self, rule: &str, violations: &mut Vec<Violation>) -> Option<Value> {
        violations.push(Violation::new(self.location, self.base.as_str(), rule));
        None
    }

    /// Reads the one piece of text that holds the whole value.
    pub(super) fn styled(
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
                    return self
                        .refuse("must be written as ;name=value (style matrix)", violations);
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
                        &self.base,
                        violations,
                    )),
                    None => self.refuse(
                        "must be written as ;name=value for each item (style matrix)",
                        violations,
                    ),
                }
            }
            Shape::Array(items) => {
                Some(array(pieces, *items, self.location, &self.base, violations))
            }
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
                    &self.base,
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
                    &self.base,
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
        match strict_json(text.as_bytes(), self.location, &self.base) {
            Ok(value) => Some(value),
            Err(found) => {
                violations.extend(found);
                None
            }
        }
    }
}
