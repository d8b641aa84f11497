//! The types of JSON that a schema leaves to its value.

use serde_json::{Map, Value};
use std::cell::Cell;

const REFERENCE: &str = "#/components/schemas/";
/// Nesting of references and parts beyond this is a circle.
const DEEPEST: usize = 16;
/// Parts can multiply with each level; more than this is looked at for no schema.
const MOST_STEPS: usize = 100_000;

/// A set of types.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub(super) const NULL: Self = Self(1);
    pub(super) const BOOLEAN: Self = Self(1 << 1);
    pub(super) const INTEGER: Self = Self(1 << 2);
    /// Numbers that are not whole; `number` is these and the whole ones.
    const FRACTION: Self = Self(1 << 3);
    pub(super) const NUMBER: Self = Self::INTEGER.or(Self::FRACTION);
    pub(super) const TEXT: Self = Self(1 << 4);
    pub(super) const ARRAY: Self = Self(1 << 5);
    pub(super) const OBJECT: Self = Self(1 << 6);
    pub(super) const NONE: Self = Self(0);
    pub(super) const ALL: Self = Self((1 << 7) - 1);

    const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Returns true if all of `other` are in the set.
    pub(super) fn has(self, other: Self) -> bool {
        self.and(other) == other
    }

    fn named(name: &str) -> Self {
        match name {
            "null" => Self::NULL,
            "boolean" => Self::BOOLEAN,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            "string" => Self::TEXT,
            "array" => Self::ARRAY,
            "object" => Self::OBJECT,
            _ => Self::NONE,
        }
    }

    fn of_value(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Number(number) if number.is_f64() => Self::NUMBER,
            Value::Number(_) => Self::INTEGER,
            Value::String(_) => Self::TEXT,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        }
    }
}

/// Finds keywords of a schema, and of the parts that it is made of.
pub(crate) struct Finder<'c> {
    pub(crate) components: &'c Map<String, Value>,
    /// The number of schemas visited.
    steps: Cell<usize>,
}

impl<'c> Finder<'c> {
    pub(crate) fn new(components: &'c Map<String, Value>) -> Self {
        Self {
            components,
            steps: Cell::new(0),
        }
    }

    /// Counts a visit; false when there were too many.
    pub(crate) fn may_visit(&self, depth: usize) -> bool {
        self.steps.set(self.steps.get().saturating_add(1));
        depth <= DEEPEST && self.steps.get() <= MOST_STEPS
    }

    /// Returns `schema`, or the component that it refers to.
    pub(super) fn target(&self, schema: &'c Value) -> &'c Value {
        target(schema, self.components)
    }

    /// Returns a keyword of the schema or of what it is made of by `allOf`.
    pub(super) fn find(&self, schema: &'c Value, keyword: &str, depth: usize) -> Option<&'c Value> {
        let schema = self.target(schema);
        if !self.may_visit(depth) {
            return None;
        }
        schema
            .get(keyword)
            .or_else(|| parts(schema, "allOf").find_map(|part| self.find(part, keyword, depth + 1)))
    }

    /// Returns the types that a value may have.
    pub(super) fn kinds(&self, schema: &'c Value, depth: usize) -> Kinds {
        let schema = self.target(schema);
        if !self.may_visit(depth) {
            return Kinds::ALL;
        }
        let mut kinds = self.own_kinds(schema);
        let values = schema.get("enum").and_then(Value::as_array);
        let values = values.map(Vec::as_slice);
        let values = values.or_else(|| schema.get("const").map(std::slice::from_ref));
        if let Some(values) = values {
            let of_values = values.iter().map(Kinds::of_value);
            kinds = kinds.and(of_values.fold(Kinds::NONE, Kinds::or));
        }
        for part in parts(schema, "allOf") {
            kinds = kinds.and(self.kinds(part, depth + 1));
        }
        for keyword in ["oneOf", "anyOf"] {
            if schema.get(keyword).is_some() {
                let choices = parts(schema, keyword).map(|part| self.kinds(part, depth + 1));
                kinds = kinds.and(choices.fold(Kinds::NONE, Kinds::or));
            }
        }
        kinds
    }

    /// Returns the types of `type`; where it is missing, those of a schema that lists properties or items.
    fn own_kinds(&self, schema: &Value) -> Kinds {
        let kinds = match schema.get("type") {
            Some(Value::String(name)) => Kinds::named(name),
            Some(Value::Array(names)) => names
                .iter()
                .filter_map(Value::as_str)
                .map(Kinds::named)
                .fold(Kinds::NONE, Kinds::or),
            _ if schema.get("properties").is_some() => return Kinds::OBJECT,
            _ if schema.get("items").is_some() => return Kinds::ARRAY,
            _ => return Kinds::ALL,
        };
        match schema.get("nullable") {
            Some(Value::Bool(true)) => kinds.or(Kinds::NULL),
            _ => kinds,
        }
    }
}

/// Returns `schema`, or the component that it refers to.
pub(crate) fn target<'c>(schema: &'c Value, components: &'c Map<String, Value>) -> &'c Value {
    let mut schema = schema;
    for _ in 0..DEEPEST {
        match name(schema).and_then(|name| components.get(name)) {
            Some(target) => schema = target,
            None => break,
        }
    }
    schema
}

/// Returns the name of the component that a schema refers to.
pub(super) fn name(schema: &Value) -> Option<&str> {
    let reference = schema.get("$ref").and_then(Value::as_str)?;
    reference.strip_prefix(REFERENCE)
}

/// Returns the schemas that a keyword lists.
pub(super) fn parts<'v>(schema: &'v Value, keyword: &str) -> impl Iterator<Item = &'v Value> {
    let parts = schema.get(keyword).and_then(Value::as_array);
    parts.into_iter().flatten()
}
