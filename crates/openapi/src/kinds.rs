//! The types of JSON that a schema leaves to its values.

use serde_json::{Map, Value};
use std::{cell::RefCell, collections::HashMap};

const REFERENCE: &str = "#/components/schemas/";

/// More schemas in each other than this are a circle, or as good as one: they say nothing.
const DEEPEST: usize = 128;

/// A set of types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    /// `null`.
    pub const NULL: Self = Self(1);
    /// `boolean`.
    pub const BOOLEAN: Self = Self(1 << 1);
    /// `integer`.
    pub const INTEGER: Self = Self(1 << 2);
    /// Numbers that are not whole: `number` is these and the whole ones.
    const FRACTION: Self = Self(1 << 3);
    /// `number`.
    pub const NUMBER: Self = Self::INTEGER.or(Self::FRACTION);
    /// `string`.
    pub const STRING: Self = Self(1 << 4);
    /// `array`.
    pub const ARRAY: Self = Self(1 << 5);
    /// `object`.
    pub const OBJECT: Self = Self(1 << 6);
    /// No type: no value is valid.
    pub const NONE: Self = Self(0);
    /// Every type.
    pub const ALL: Self = Self((1 << 7) - 1);

    /// Returns the types of both sets.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns the types that are in both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Returns the types that are not in the other set.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Returns true if all of `other` are in the set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Returns the type of a value. A number without a fraction is whole, however it is written.
    #[must_use]
    pub fn of_value(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Number(number) => match number.as_f64() {
                Some(number) if number.fract() != 0.0 => Self::FRACTION,
                _ => Self::INTEGER,
            },
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        }
    }

    /// Returns the type that a schema means which lists members or items, and names none.
    pub(crate) fn listed(schema: &Map<String, Value>) -> Option<Self> {
        let lists = |keyword: &str| schema.get(keyword).is_some_and(Value::is_object);
        let of_objects = ["properties", "additionalProperties", "patternProperties"];
        if of_objects.into_iter().any(lists) {
            Some(Self::OBJECT)
        } else if lists("items") || schema.contains_key("prefixItems") {
            Some(Self::ARRAY)
        } else {
            None
        }
    }

    fn named(name: &str) -> Self {
        match name {
            "null" => Self::NULL,
            "boolean" => Self::BOOLEAN,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            "string" => Self::STRING,
            "array" => Self::ARRAY,
            "object" => Self::OBJECT,
            _ => Self::NONE,
        }
    }
}

/// Tells the types of the schemas of a contract, those of each component once.
#[derive(Debug)]
pub struct KindsOf<'c> {
    components: Option<&'c Map<String, Value>>,
    /// Nothing for those that are being looked at.
    known: RefCell<HashMap<&'c str, Option<Kinds>>>,
}

impl<'c> KindsOf<'c> {
    /// Prepares for the schemas of a lowered document.
    #[must_use]
    pub fn new(document: &'c Value) -> Self {
        Self {
            components: document
                .pointer("/components/schemas")
                .and_then(Value::as_object),
            known: RefCell::default(),
        }
    }

    /// Returns the types that a value may have. A schema that says what members or items are like, and no type, is
    /// taken for one of objects or arrays.
    pub fn of(&self, schema: &Value) -> Kinds {
        self.at(schema, 0)
    }

    fn at(&self, schema: &Value, depth: usize) -> Kinds {
        if depth > DEEPEST {
            return Kinds::ALL;
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            return self.named(reference, depth);
        }
        let mut kinds = own(schema);
        let values = schema.get("enum").and_then(Value::as_array);
        if let Some(values) = values {
            let of_values = values.iter().map(Kinds::of_value);
            kinds = kinds.and(of_values.fold(Kinds::NONE, Kinds::or));
        }
        for part in parts(schema, "allOf") {
            kinds = kinds.and(self.at(part, depth + 1));
        }
        for keyword in ["oneOf", "anyOf"] {
            if schema.get(keyword).is_some() {
                let parts = parts(schema, keyword).map(|part| self.at(part, depth + 1));
                kinds = kinds.and(parts.fold(Kinds::NONE, Kinds::or));
            }
        }
        if schema.get("nullable") == Some(&Value::Bool(true)) {
            kinds = kinds.or(Kinds::NULL);
        }
        kinds
    }

    fn named(&self, reference: &str, depth: usize) -> Kinds {
        let target = reference
            .strip_prefix(REFERENCE)
            .and_then(|name| self.components?.get_key_value(name));
        let Some((name, target)) = target else {
            return Kinds::ALL;
        };
        if let Some(known) = self.known.borrow().get(name.as_str()) {
            return known.unwrap_or(Kinds::ALL);
        }
        self.known.borrow_mut().insert(name, None);
        let kinds = self.at(target, depth + 1);
        self.known.borrow_mut().insert(name, Some(kinds));
        kinds
    }
}

/// Returns the types that `type` names; where it is missing, those of a schema that lists members or items.
fn own(schema: &Value) -> Kinds {
    match schema.get("type") {
        Some(Value::String(name)) => Kinds::named(name),
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(Value::as_str)
            .map(Kinds::named)
            .fold(Kinds::NONE, Kinds::or),
        _ => schema
            .as_object()
            .and_then(Kinds::listed)
            .unwrap_or(Kinds::ALL),
    }
}

fn parts<'v>(schema: &'v Value, keyword: &str) -> impl Iterator<Item = &'v Value> {
    let parts = schema.get(keyword).and_then(Value::as_array);
    parts.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_keyword_leaves_its_types() {
        let document = json!({ "components": { "schemas": {
            "Name": { "type": "string", "nullable": true },
            "Node": { "type": "object", "properties": { "next": { "$ref": "#/components/schemas/Node" } } },
            "Circle": { "allOf": [{ "$ref": "#/components/schemas/Circle" }, { "type": "array" }] },
        } } });
        let kinds = KindsOf::new(&document);
        let cases = [
            (json!({}), Kinds::ALL),
            (json!({ "type": "number" }), Kinds::NUMBER),
            (
                json!({ "type": ["string", "integer"], "nullable": true }),
                Kinds::STRING.or(Kinds::INTEGER).or(Kinds::NULL),
            ),
            (
                json!({ "$ref": "#/components/schemas/Name" }),
                Kinds::STRING.or(Kinds::NULL),
            ),
            (
                json!({ "$ref": "#/components/schemas/Node" }),
                Kinds::OBJECT,
            ),
            (
                json!({ "$ref": "#/components/schemas/Circle" }),
                Kinds::ARRAY,
            ),
            (
                json!({ "enum": ["a", 1, null] }),
                Kinds::STRING.or(Kinds::INTEGER).or(Kinds::NULL),
            ),
            (json!({ "type": "string", "enum": ["a", 1] }), Kinds::STRING),
            (
                json!({ "allOf": [{ "type": "number" }, { "type": "integer" }] }),
                Kinds::INTEGER,
            ),
            (
                json!({ "anyOf": [{ "type": "boolean" }, { "properties": {} }] }),
                Kinds::BOOLEAN.or(Kinds::OBJECT),
            ),
            (
                json!({ "oneOf": [{ "required": ["a"] }], "type": "object" }),
                Kinds::OBJECT,
            ),
            (json!({ "additionalProperties": false }), Kinds::ALL),
        ];
        for (schema, expected) in cases {
            assert_eq!(kinds.of(&schema), expected, "{schema}");
        }
    }

    #[test]
    fn a_number_without_a_fraction_is_whole() {
        assert_eq!(Kinds::of_value(&json!(1.0)), Kinds::INTEGER);
        assert!(!Kinds::INTEGER.has(Kinds::of_value(&json!(1.5))));
        assert!(Kinds::NUMBER.has(Kinds::of_value(&json!(1.5))));
    }
}
