//! The parts of `oneOf` and `anyOf` that values belong to.

use crate::{Document, Kinds, KindsOf, Schema};
use serde_json::Value;
use std::collections::BTreeMap;

const REFERENCE: &str = "#/components/schemas/";

/// The named schemas of a contract that are a choice of several, each with its parts.
#[derive(Debug)]
pub struct Unions {
    by_name: BTreeMap<String, Union>,
}

#[derive(Debug)]
struct Union {
    tag: Option<Tag>,
    parts: Vec<Part>,
}

/// The discriminator.
#[derive(Debug)]
struct Tag {
    property: String,
    /// The indices of parts by the values of the property.
    parts: BTreeMap<String, usize>,
}

#[derive(Debug)]
struct Part {
    kinds: Kinds,
    /// Nothing when the part cannot be compiled.
    schema: Option<Schema>,
}

impl Unions {
    /// Gathers the unions of a contract.
    #[must_use]
    pub fn new(document: &Document) -> Self {
        let json = &document.json;
        let schemas = json.pointer("/components/schemas");
        let schemas = schemas.and_then(Value::as_object).into_iter().flatten();
        let kinds = KindsOf::new(json);
        let by_name = schemas.filter_map(|(name, schema)| {
            let parts = union_parts(schema)?;
            let compiled = document.parts(name);
            Some((name.clone(), Union::new(schema, parts, compiled, &kinds)))
        });
        Self {
            by_name: by_name.collect(),
        }
    }

    /// Returns the index of the part of a union that a value belongs to: the part that its discriminator names, else the
    /// first one by which the value is valid. A value that passed the gatekeeper belongs to one.
    #[must_use]
    pub fn part(&self, union: &str, value: &Value) -> Option<usize> {
        let union = self.by_name.get(union)?;
        let kind = Kinds::of_value(value);
        if let Some(named) = union.tag.as_ref().and_then(|tag| tag.part(value)) {
            return Some(named);
        }
        let possible = union.parts.iter().enumerate();
        let mut possible = possible.filter(|(_, part)| part.kinds.has(kind)).peekable();
        let (first, _) = *possible.peek()?;
        if union
            .parts
            .iter()
            .filter(|part| part.kinds.has(kind))
            .count()
            == 1
        {
            return Some(first);
        }
        possible
            .find(|(_, part)| part.is_valid(value))
            .map(|(index, _)| index)
    }
}

impl Union {
    fn new(schema: &Value, parts: &[Value], compiled: Vec<Schema>, kinds: &KindsOf<'_>) -> Self {
        let mut compiled = compiled.into_iter();
        Self {
            tag: schema
                .get("discriminator")
                .and_then(|discriminator| Tag::new(discriminator, parts)),
            parts: parts
                .iter()
                .map(|part| Part {
                    kinds: kinds.of(part),
                    schema: compiled.next(),
                })
                .collect(),
        }
    }
}

impl Tag {
    fn new(discriminator: &Value, parts: &[Value]) -> Option<Self> {
        let property = discriminator.get("propertyName")?.as_str()?;
        let index = |target: &str| {
            let name = target.strip_prefix(REFERENCE).unwrap_or(target);
            parts.iter().position(|part| {
                let reference = part.get("$ref").and_then(Value::as_str);
                reference.and_then(|reference| reference.strip_prefix(REFERENCE)) == Some(name)
            })
        };
        let mapping = discriminator.get("mapping").and_then(Value::as_object);
        let by_value: BTreeMap<String, usize> = match mapping {
            Some(mapping) => mapping
                .iter()
                .filter_map(|(value, target)| Some((value.clone(), index(target.as_str()?)?)))
                .collect(),
            // Each is named by its schema.
            None => parts
                .iter()
                .enumerate()
                .filter_map(|(index, part)| {
                    let reference = part.get("$ref")?.as_str()?;
                    Some((reference.strip_prefix(REFERENCE)?.to_owned(), index))
                })
                .collect(),
        };
        Some(Self {
            property: property.to_owned(),
            parts: by_value,
        })
    }

    fn part(&self, value: &Value) -> Option<usize> {
        match value.get(&self.property)? {
            Value::String(named) => self.parts.get(named).copied(),
            named @ (Value::Number(_) | Value::Bool(_)) => {
                self.parts.get(&named.to_string()).copied()
            }
            _ => None,
        }
    }
}

impl Part {
    fn is_valid(&self, value: &Value) -> bool {
        self.schema
            .as_ref()
            .is_some_and(|schema| schema.is_valid(value))
    }
}

/// Returns the parts of a schema that is a choice of several and nothing else.
fn union_parts(schema: &Value) -> Option<&[Value]> {
    let mut lists = ["oneOf", "anyOf"]
        .into_iter()
        .filter_map(|keyword| schema.get(keyword)?.as_array());
    let (Some(parts), None) = (lists.next(), lists.next()) else {
        return None;
    };
    Some(parts)
}
