//! Values by their style: in one piece of text, or spread over the names of a query or form.

use super::{
    Encoding, Findings, Pair, Piece, array, deep, object,
    pieces::{is_scalar, list, one_of},
};
use crate::In;
use openapi::{Form, Members, Scalar, Shape, Style};
use serde_json::Value;
use std::borrow::Cow;

/// The way in which a value is written.
#[derive(Clone, Copy)]
pub(crate) struct Styled<'p> {
    pub(crate) name: &'p str,
    /// The pointer of the value itself.
    pub(crate) base: &'p str,
    pub(crate) style: Style,
    pub(crate) explode: bool,
    /// Set when names that nobody declared are ignored. A member that its schema refuses is taken then, so that it is
    /// refused.
    pub(crate) among_others: bool,
}

impl<'p> Styled<'p> {
    /// Reads the one piece of text that holds the whole value.
    pub(crate) fn whole(
        &self,
        form: &Form,
        piece: Piece<'_>,
        findings: &mut Findings<'_>,
    ) -> Option<Value> {
        match form {
            Form::Styled(shape) => self.shaped(shape, piece, true, findings),
            Form::Whole(shape) => piece.value(shape, self.base, findings),
            Form::Json | Form::JsonItems => piece.json(self.base, findings),
        }
    }

    /// Reads what stands under the names of a query, form or cookie; `None` when nothing does.
    pub(crate) fn spread(
        &self,
        form: &Form,
        pairs: &mut [Pair<'_>],
        encoding: Encoding,
        findings: &mut Findings<'_>,
    ) -> Option<Value> {
        match form {
            Form::Styled(shape) => self.spread_shape(shape, pairs, encoding, true, findings),
            Form::Whole(_) | Form::Json => {
                let piece = self.only(pairs, encoding, findings)?;
                self.whole(form, piece, findings)
            }
            Form::JsonItems => self.json_items(pairs, encoding, findings),
        }
    }

    /// Reads a list that was sent as a whole, or item by item.
    fn json_items(
        &self,
        pairs: &mut [Pair<'_>],
        encoding: Encoding,
        findings: &mut Findings<'_>,
    ) -> Option<Value> {
        let pieces: Vec<Piece<'_>> = self.take(pairs, encoding).collect();
        match pieces.as_slice() {
            [] => None,
            [piece] => piece.json(self.base, findings).map(|value| match value {
                Value::Array(_) => value,
                item => Value::Array(vec![item]),
            }),
            pieces => {
                let items = pieces.iter().enumerate().filter_map(|(index, piece)| {
                    piece.json(&format!("{}/{index}", self.base), findings)
                });
                Some(Value::Array(items.collect()))
            }
        }
    }

    /// Reads what is of a shape; not `lenient`, a list has to look like one.
    fn spread_shape(
        &self,
        shape: &Shape,
        pairs: &mut [Pair<'_>],
        encoding: Encoding,
        lenient: bool,
        findings: &mut Findings<'_>,
    ) -> Option<Value> {
        match shape {
            _ if self.style == Style::DeepObject => {
                deep::read(self, shape, pairs, encoding, findings)
            }
            Shape::Several(several) => {
                one_of(several, self.base, findings, |shape, lenient, findings| {
                    self.spread_shape(shape, pairs, encoding, lenient, findings)
                })
            }
            Shape::Object(members) if self.explode => {
                self.members(members, pairs, encoding, findings)
            }
            Shape::Array(items) if self.explode => {
                let own: Vec<Piece<'_>> = self.take(pairs, encoding).collect();
                if own.is_empty() || (own.len() == 1 && !lenient) {
                    return None;
                }
                list(&own, items, self.base, findings)
            }
            _ => {
                let piece = self.only(pairs, encoding, findings)?;
                self.shaped(shape, piece, lenient, findings)
            }
        }
    }

    /// Takes the pairs of the value's own name.
    fn take<'a, 'r>(
        &self,
        pairs: &'a mut [Pair<'r>],
        encoding: Encoding,
    ) -> impl Iterator<Item = Piece<'r>> + use<'a, 'r, 'p> {
        let name = self.name;
        pairs
            .iter_mut()
            .filter(move |pair| pair.name == name)
            .map(move |pair| {
                pair.claim();
                Piece::new(pair.raw, encoding)
            })
    }

    /// Takes the only pair of the value's own name.
    fn only<'r>(
        &self,
        pairs: &mut [Pair<'r>],
        encoding: Encoding,
        findings: &mut Findings<'_>,
    ) -> Option<Piece<'r>> {
        let mut own = self.take(pairs, encoding);
        let first = own.next()?;
        if own.count() > 0 {
            findings.refuse(self.base, "is sent more than once");
            return None;
        }
        Some(first)
    }

    /// Reads an object whose members stand by their own names; absent when there is none.
    fn members(
        &self,
        members: &Members,
        pairs: &mut [Pair<'_>],
        encoding: Encoding,
        findings: &mut Findings<'_>,
    ) -> Option<Value> {
        let mut taken = Vec::new();
        for pair in pairs.iter_mut() {
            if members.get(&pair.name).is_some() {
                pair.claim();
            } else if members.is_map() && !pair.claimed {
                pair.used = true;
            } else {
                continue;
            }
            taken.push((pair.name.clone(), pair.raw));
        }
        if taken.is_empty() {
            return None;
        }
        let pieces = taken.iter().map(|(name, raw)| {
            let value = Piece::new(raw, encoding);
            (Piece::new(name, Encoding::None), Some(value))
        });
        Some(object(pieces, members, self.base, findings))
    }

    /// Reads a value of one piece by its style; not `lenient`, a list has to look like one.
    pub(crate) fn shaped(
        &self,
        shape: &Shape,
        piece: Piece<'_>,
        lenient: bool,
        findings: &mut Findings<'_>,
    ) -> Option<Value> {
        match shape {
            Shape::Several(several) => {
                return one_of(several, self.base, findings, |shape, lenient, findings| {
                    self.shaped(shape, piece, lenient, findings)
                });
            }
            Shape::Array(_) | Shape::Object(_) if !lenient && !self.has_separator(piece) => {
                return None;
            }
            Shape::Scalar(_) if self.style != Style::Matrix => {
                return piece.value(shape, self.base, findings);
            }
            _ if is_json(shape, piece) => return piece.json(self.base, findings),
            _ => {}
        }
        let decoded;
        let Piece { raw, encoding } = piece;
        let (raw, encoding) = match self.style {
            // Their delimiters cannot stand in a query unescaped, so the text is split after decoding. Many clients escape
            // the comma, too, which is part of no number.
            Style::SpaceDelimited | Style::PipeDelimited | Style::Form
                if self.style != Style::Form || holds_no_text(shape) =>
            {
                decoded = match piece.text() {
                    Ok(text) => text,
                    Err(rule) => return findings.refuse(self.base, rule),
                };
                (&*decoded, Encoding::None)
            }
            _ => (raw, encoding),
        };
        let own = format_args!("{}=", self.name).to_string();
        let is_array = matches!(shape, Shape::Array(_));
        let repeated = self.style == Style::Matrix && self.explode && is_array;
        let raw = match (self.style, shape) {
            (Style::Matrix, Shape::Object(_)) if self.explode => raw,
            (Style::Matrix, _) if !repeated => match raw
                .strip_prefix(&own)
                .or_else(|| (raw == self.name).then_some(""))
            {
                Some(raw) => raw,
                None => {
                    return findings
                        .refuse(self.base, "must be written as ;name=value (style matrix)");
                }
            },
            _ => raw,
        };
        let in_header = findings.location == In::Header;
        let trim = |raw| if in_header { str::trim(raw) } else { raw };
        let pieces = raw
            .split(self.separator())
            .map(|raw| Piece::new(trim(raw), encoding));
        match shape {
            Shape::Scalar(_) | Shape::Several(_) => {
                Piece::new(raw, encoding).value(shape, self.base, findings)
            }
            Shape::Array(items) if repeated => {
                let pieces: Option<Vec<Piece<'_>>> = pieces
                    .map(|piece| {
                        let raw = piece.raw.strip_prefix(&own)?;
                        Some(Piece { raw, ..piece })
                    })
                    .collect();
                match pieces {
                    Some(pieces) => Some(array(pieces.into_iter(), items, self.base, findings)),
                    None => findings.refuse(
                        self.base,
                        "must be written as ;name=value for each item (style matrix)",
                    ),
                }
            }
            Shape::Array(items) => Some(array(pieces, items, self.base, findings)),
            Shape::Object(members) if self.explode => {
                let pairs = pieces.map(|piece| match piece.raw.split_once('=') {
                    Some((name, value)) => {
                        let name = Piece { raw: name, ..piece };
                        let value = Piece {
                            raw: value,
                            ..piece
                        };
                        (name, Some(value))
                    }
                    None => (piece, None),
                });
                Some(object(pairs, members, self.base, findings))
            }
            Shape::Object(members) => {
                let mut pieces = pieces;
                let pairs = std::iter::from_fn(|| Some((pieces.next()?, pieces.next())));
                Some(object(pairs, members, self.base, findings))
            }
        }
    }

    fn separator(&self) -> char {
        match self.style {
            Style::PipeDelimited => '|',
            Style::SpaceDelimited => ' ',
            Style::Label if self.explode => '.',
            Style::Matrix if self.explode => ';',
            _ => ',',
        }
    }

    fn has_separator(&self, piece: Piece<'_>) -> bool {
        let text = match self.style {
            Style::SpaceDelimited | Style::PipeDelimited => piece.text().unwrap_or_default(),
            _ => Cow::Borrowed(piece.raw),
        };
        text.contains(self.separator())
    }
}

/// Returns true for a list whose items are numbers or truth values.
fn holds_no_text(shape: &Shape) -> bool {
    let Shape::Array(items) = shape else {
        return false;
    };
    matches!(
        **items,
        Shape::Scalar(Scalar::Integer | Scalar::Number | Scalar::Boolean)
    )
}

/// Returns true for text that is an array or object in JSON: one that holds others has no other form.
fn is_json(shape: &Shape, piece: Piece<'_>) -> bool {
    match shape {
        Shape::Array(items) => !is_scalar(items) && piece.starts_with('['),
        Shape::Object(members) => {
            let named = members.named.iter().map(|(_, shape)| shape);
            let mut shapes = named.chain(members.others.as_deref());
            !shapes.all(is_scalar) && piece.starts_with('{')
        }
        Shape::Scalar(_) | Shape::Several(_) => false,
    }
}
