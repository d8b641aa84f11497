//! The shape of a value that is not sent as JSON, read from its schema: text says neither its type nor where an array
//! ends.

mod finder;

use crate::{Defects, Kinds, KindsOf, Mode, Schema, operation::Components};
pub(crate) use finder::{Finder, target};
use finder::{name, parts};
use serde_json::{Value, json};
use std::cell::Cell;

/// Components in each other, at most; what lies deeper is JSON.
const DEEPEST: usize = 8;
/// Members and items of one value, at most; all others are JSON.
const MOST_MEMBERS: usize = 5_000;

/// The type that a piece of text stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// The text itself.
    Text,
    /// Bytes: a file in a form, else text.
    Bytes,
    /// `null`, or nothing.
    Null,
}

/// The value that text on the wire is decoded to. An array or object for which there is no more than one piece of text is
/// JSON in it.
#[derive(Clone, Debug)]
pub enum Shape {
    /// One value.
    Scalar(Scalar),
    /// A list of values of one shape.
    Array(Box<Shape>),
    /// Values by name.
    Object(Members),
    /// One of several, told apart by their schema.
    Several(Several),
}

/// Shapes of which a value has one.
#[derive(Clone, Debug)]
pub struct Several {
    /// In the order in which they are tried.
    pub shapes: Vec<Shape>,
    /// The schema of all of them.
    pub schema: Schema,
}

/// The members of an object.
#[derive(Clone, Debug, Default)]
pub struct Members {
    /// Those that the schema names.
    pub named: Vec<(String, Shape)>,
    /// The shape of those that are not named, where there may be some.
    pub others: Option<Box<Shape>>,
    /// Set when the schema refuses those that are not named.
    pub closed: bool,
    /// Set when the schema says nothing of those that are not named.
    pub unstated: bool,
}

impl Members {
    /// Returns the shape of a named member.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Shape> {
        self.named
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, shape)| shape)
    }

    /// Returns true when they may have any name. An object that has names and says nothing of others shares the names
    /// around it with those who read them: a query, above all.
    #[must_use]
    pub fn is_map(&self) -> bool {
        (self.named.is_empty() || !self.unstated) && self.others.is_some()
    }

    /// Returns true for a member without meaning: the schema has names, neither this one nor a type for others, and
    /// does not refuse it.
    #[must_use]
    pub fn ignores(&self, name: &str) -> bool {
        !self.closed && !self.named.is_empty() && self.others.is_none() && self.get(name).is_none()
    }

    /// Returns the shape of a member; an unknown one is text, for the schema to refuse.
    #[must_use]
    pub fn shape(&self, name: &str) -> &Shape {
        static TEXT: Shape = Shape::Scalar(Scalar::Text);
        self.get(name).or(self.others.as_deref()).unwrap_or(&TEXT)
    }
}

/// Returns the shape of the schema at `place`.
pub(crate) fn shape(
    schema: &Value,
    place: &str,
    components: &Components<'_>,
    defects: &mut Defects,
) -> Shape {
    let reader = Reader {
        components,
        finder: Finder::new(components.schemas.raw()),
        kinds: KindsOf::new(components.document),
        entered: Cell::new(0),
    };
    reader.shape(schema, place, &mut Vec::new(), defects)
}

struct Reader<'a> {
    components: &'a Components<'a>,
    finder: Finder<'a>,
    kinds: KindsOf<'a>,
    /// The number of members and items that were read.
    entered: Cell<usize>,
}

impl<'a> Reader<'a> {
    /// Reads a schema; `open` are the components that it stands in.
    fn shape(
        &self,
        schema: &'a Value,
        place: &str,
        open: &mut Vec<&'a str>,
        defects: &mut Defects,
    ) -> Shape {
        let entered = name(schema);
        if let Some(name) = entered {
            open.push(name);
        }
        let kinds = self.kinds.of(schema);
        let mut shapes = Vec::new();
        let mut scalar = |kind: Kinds, scalar: Scalar| {
            if kinds.has(kind) {
                shapes.push(Shape::Scalar(scalar));
            }
        };
        if kinds.has(Kinds::NUMBER) {
            scalar(Kinds::NUMBER, Scalar::Number);
        } else {
            scalar(Kinds::INTEGER, Scalar::Integer);
        }
        scalar(Kinds::BOOLEAN, Scalar::Boolean);
        // Without any type stated, a comma or bracket is text.
        let is_untyped = kinds == Kinds::ALL;
        if !is_untyped && kinds.has(Kinds::ARRAY) {
            shapes.push(self.array(schema, place, open, defects));
        }
        if !is_untyped && kinds.has(Kinds::OBJECT) {
            shapes.push(Shape::Object(self.object(schema, place, open, defects)));
        }
        if kinds.has(Kinds::STRING) {
            let is_binary = !is_untyped && self.is_binary(schema);
            shapes.push(Shape::Scalar(if is_binary {
                Scalar::Bytes
            } else {
                Scalar::Text
            }));
        }
        if kinds.has(Kinds::NULL) {
            shapes.push(Shape::Scalar(Scalar::Null));
        }
        if entered.is_some() {
            open.pop();
        }
        match shapes.len() {
            // Nothing is of no type; the schema refuses it.
            0 => Shape::Scalar(Scalar::Text),
            1 => shapes.remove(0),
            _ => match self.components.schemas.compile(schema, place, defects) {
                Some(schema) => Shape::Several(Several { shapes, schema }),
                None => shapes.remove(0),
            },
        }
    }

    fn array(
        &self,
        schema: &'a Value,
        place: &str,
        open: &mut Vec<&'a str>,
        defects: &mut Defects,
    ) -> Shape {
        let items = self.find(schema, "items");
        let items = match items {
            Some(items) if self.may_enter(items, open) => {
                self.shape(items, &format!("{place}.items"), open, defects)
            }
            Some(_) => Shape::Object(Members::default()),
            None => self.anything(place, defects),
        };
        Shape::Array(Box::new(items))
    }

    /// Returns true for bytes: `format: binary` in OpenAPI 3.0, a media type without an encoding in JSON Schema.
    fn is_binary(&self, schema: &'a Value) -> bool {
        let find = |keyword| self.find(schema, keyword).and_then(Value::as_str);
        find("format") == Some("binary")
            || find("contentMediaType").is_some() && find("contentEncoding").is_none()
    }

    /// Returns a keyword of the schema, of what it is made of, or of one of its alternatives.
    fn find(&self, schema: &'a Value, keyword: &str) -> Option<&'a Value> {
        self.finder.find(schema, keyword, 0).or_else(|| {
            let schema = self.finder.target(schema);
            let mut choices = ["oneOf", "anyOf"]
                .into_iter()
                .flat_map(|choice| parts(schema, choice));
            choices.find_map(|part| self.finder.find(part, keyword, 0))
        })
    }

    /// Returns false for a schema that stands in itself, or too deep.
    fn may_enter(&self, schema: &Value, open: &[&str]) -> bool {
        self.entered.set(self.entered.get() + 1);
        open.len() < DEEPEST
            && self.entered.get() <= MOST_MEMBERS
            && name(schema).is_none_or(|name| !open.contains(&name))
    }

    /// Returns the shape of what no schema describes.
    fn anything(&self, place: &str, defects: &mut Defects) -> Shape {
        let shapes = [Scalar::Number, Scalar::Boolean, Scalar::Text].map(Shape::Scalar);
        match self.components.schemas.compile(&json!({}), place, defects) {
            Some(schema) => Shape::Several(Several {
                shapes: shapes.into(),
                schema,
            }),
            None => Shape::Scalar(Scalar::Text),
        }
    }

    fn object(
        &self,
        schema: &'a Value,
        place: &str,
        open: &mut Vec<&'a str>,
        defects: &mut Defects,
    ) -> Members {
        let mut members = Members::default();
        self.members(schema, place, 0, open, &mut members, defects);
        members.unstated = members.others.is_none() && !members.closed;
        if members.unstated && self.components.options.mode == Mode::Open {
            members.others = Some(Box::new(Shape::Scalar(Scalar::Text)));
        }
        members
    }

    fn members(
        &self,
        schema: &'a Value,
        place: &str,
        depth: usize,
        open: &mut Vec<&'a str>,
        members: &mut Members,
        defects: &mut Defects,
    ) {
        let schema = self.finder.target(schema);
        if !self.finder.may_visit(depth) {
            return;
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, member) in properties.into_iter().flatten() {
            if members.get(name).is_some() {
                continue;
            }
            let shape = if self.may_enter(member, open) {
                let place = format!("{place}.properties.{name}");
                self.shape(member, &place, open, defects)
            } else {
                Shape::Object(Members::default())
            };
            members.named.push((name.clone(), shape));
        }
        match schema.get("additionalProperties") {
            None => {}
            Some(Value::Bool(false)) => members.closed = true,
            Some(Value::Bool(true)) => {
                members.others = Some(Box::new(Shape::Scalar(Scalar::Text)));
            }
            Some(others) if self.may_enter(others, open) => {
                let place = format!("{place}.additionalProperties");
                let others = self.shape(others, &place, open, defects);
                members.others = Some(Box::new(others));
            }
            Some(_) => members.others = Some(Box::new(Shape::Object(Members::default()))),
        }
        for keyword in ["allOf", "oneOf", "anyOf"] {
            for part in parts(schema, keyword) {
                self.members(part, place, depth + 1, open, members, defects);
            }
        }
    }
}
