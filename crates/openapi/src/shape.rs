//! The shape of a value that is not sent as JSON, read from its schema: text says neither its type nor where an array
//! ends.

use serde_json::{Map, Value};
use std::cell::Cell;

const REFERENCE: &str = "#/components/schemas/";
/// Nesting of references and `allOf` beyond this is a circle.
const DEEPEST: usize = 16;
/// Parts of `allOf` can multiply with each level; more than this is looked at for no parameter.
const MOST_STEPS: usize = 100_000;

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
}

/// The value that text on the wire is decoded to.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// One value.
    Scalar(Scalar),
    /// A list of values of one type.
    Array(Scalar),
    /// Values by name.
    Object(Members),
}

/// The members of an object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Members {
    /// Scalars, or arrays of them in a form.
    pub named: Vec<(String, Shape)>,
    /// Type of those that are not named, where the schema says that there may be some.
    pub others: Option<Scalar>,
    /// Set when the schema refuses those that are not named.
    pub closed: bool,
}

impl Members {
    /// Returns the shape of a member.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Shape> {
        self.named
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, shape)| shape)
    }

    /// Returns true for a member without meaning: the schema has names, neither this one nor a type for others, and
    /// does not refuse it.
    #[must_use]
    pub fn ignores(&self, name: &str) -> bool {
        !self.closed && !self.named.is_empty() && self.others.is_none() && self.get(name).is_none()
    }

    /// Returns the type of a member; an unknown one is text, for the schema to refuse.
    #[must_use]
    pub fn scalar(&self, name: &str) -> Scalar {
        match self.get(name) {
            Some(Shape::Scalar(scalar)) => *scalar,
            _ => self.others.unwrap_or(Scalar::Text),
        }
    }
}

/// Returns the shape of `schema`; the error says what cannot be decoded.
pub(crate) fn shape(schema: &Value, components: &Map<String, Value>) -> Result<Shape, String> {
    let reader = Reader {
        components,
        steps: Cell::new(0),
    };
    let shape = reader.shape(schema);
    if reader.steps.get() > MOST_STEPS {
        return Err("its `allOf` has too many parts".to_owned());
    }
    shape
}

struct Reader<'a> {
    components: &'a Map<String, Value>,
    /// The number of schemas visited.
    steps: Cell<usize>,
}

impl<'a> Reader<'a> {
    fn shape(&self, schema: &'a Value) -> Result<Shape, String> {
        match self.kind(schema, 0)? {
            "array" => {
                let items = self
                    .find(schema, "items", 0)
                    .ok_or("an array states its `items`")?;
                Ok(Shape::Array(self.scalar(items)?))
            }
            "object" => {
                let mut members = Members::default();
                self.members(schema, &mut members, 0)?;
                Ok(Shape::Object(members))
            }
            _ => self.scalar(schema).map(Shape::Scalar),
        }
    }

    /// `schema`, or the component that it refers to.
    fn target(&self, schema: &'a Value) -> &'a Value {
        let mut schema = schema;
        for _ in 0..DEEPEST {
            let reference = schema
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|text| text.strip_prefix(REFERENCE));
            match reference.and_then(|name| self.components.get(name)) {
                Some(target) => schema = target,
                None => break,
            }
        }
        schema
    }

    /// A keyword of the schema or of what it is made of by `allOf`.
    fn find(&self, schema: &'a Value, keyword: &str, depth: usize) -> Option<&'a Value> {
        let schema = self.target(schema);
        self.steps.set(self.steps.get().saturating_add(1));
        if depth > DEEPEST || self.steps.get() > MOST_STEPS {
            return None;
        }
        let parts = || {
            schema
                .get("allOf")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
        };
        schema
            .get(keyword)
            .or_else(|| parts().find_map(|part| self.find(part, keyword, depth + 1)))
    }

    fn kind(&self, schema: &'a Value, depth: usize) -> Result<&'a str, String> {
        for keyword in ["oneOf", "anyOf", "not"] {
            if self.find(schema, keyword, depth).is_some() {
                return Err(format!(
                    "text cannot be decoded by `{keyword}`; state one type, or send JSON"
                ));
            }
        }
        if self.find(schema, "nullable", depth) == Some(&Value::Bool(true)) {
            return Err("text has no way to write null; leave `nullable` out".to_owned());
        }
        let kind = self.find(schema, "type", depth).and_then(Value::as_str);
        kind.ok_or_else(|| "text cannot be decoded without a `type`".to_owned())
    }

    fn scalar(&self, schema: &'a Value) -> Result<Scalar, String> {
        match self.kind(schema, 0)? {
            "boolean" => Ok(Scalar::Boolean),
            "integer" => Ok(Scalar::Integer),
            "number" => Ok(Scalar::Number),
            "string" => Ok(Scalar::Text),
            other => Err(format!(
                "an {other} inside an array or object has no form as text; send JSON"
            )),
        }
    }

    fn members(
        &self,
        schema: &'a Value,
        members: &mut Members,
        depth: usize,
    ) -> Result<(), String> {
        let schema = self.target(schema);
        self.steps.set(self.steps.get().saturating_add(1));
        if depth > DEEPEST || self.steps.get() > MOST_STEPS {
            return Ok(());
        }
        for (name, member) in schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let shape = match self.kind(member, 0)? {
                "array" => {
                    let items = self
                        .find(member, "items", 0)
                        .ok_or("an array states its `items`")?;
                    Shape::Array(self.scalar(items)?)
                }
                _ => Shape::Scalar(self.scalar(member)?),
            };
            members.named.push((name.clone(), shape));
        }
        match schema.get("additionalProperties") {
            None => {}
            Some(Value::Bool(false)) => members.closed = true,
            Some(Value::Bool(true)) => members.others = Some(Scalar::Text),
            Some(others) => members.others = Some(self.scalar(others)?),
        }
        for part in schema
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            self.members(part, members, depth + 1)?;
        }
        Ok(())
    }
}
