//! Discriminators: the property whose value says which part of `oneOf` or `anyOf` a value is.
//!
//! Each part is tied to its values, so that what a value is told about is the part that it is meant to be. OpenAPI
//! gives a part the value that is its name where `mapping` has none for it.

use super::convert::{Conversion, REFERENCE, target};
use crate::Mode;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// References and parts of `allOf` are followed so deep for the schema of the property.
const DEEPEST: usize = 16;
/// The most schemas that are looked at for it.
const MOST_STEPS: usize = 1_000;

/// Ties the parts of a schema to their values; the error says why they are not.
pub(super) fn tie(
    members: &Map<String, Value>,
    place: &str,
    conversion: &mut Conversion<'_>,
    out: &mut Map<String, Value>,
) -> Result<(), String> {
    let is_open = conversion.mode == Mode::Open;
    let discriminator = &members["discriminator"];
    let keyword = if members.contains_key("oneOf") {
        "oneOf"
    } else {
        "anyOf"
    };
    let Some(parts) = members.get(keyword).and_then(Value::as_array) else {
        // The base of others says by it which of them a value is: nothing about the value itself.
        return if is_open {
            Ok(())
        } else {
            let problem =
                "is enforced beside oneOf or anyOf only; list the alternatives there".to_owned();
            Err(problem)
        };
    };
    let Some(property) = discriminator.get("propertyName").and_then(Value::as_str) else {
        conversion.found.defects.add(
            format!("{place}.discriminator"),
            "must state its `propertyName`",
        );
        return Ok(());
    };
    let names: Option<Vec<&str>> = parts.iter().map(target).collect();
    let Some(names) = names else {
        let problem = "needs every alternative to be a $ref, so that it has a name";
        return Err(problem.to_owned());
    };
    let mut values: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    for (value, name) in mapping.into_iter().flatten() {
        let name = name.as_str().unwrap_or_default();
        let name = name.strip_prefix(REFERENCE).unwrap_or(name);
        if !names.contains(&name) {
            return Err(format!(
                "maps `{value}` to `{name}`, which is none of the alternatives"
            ));
        }
        values.entry(name).or_default().push(value);
    }
    let converted = out.get(keyword).and_then(Value::as_array).cloned();
    let tied = names.iter().zip(converted.into_iter().flatten());
    let tied = tied.map(|(name, part)| {
        let values = values.get(name).cloned().unwrap_or_else(|| vec![name]);
        let part_of = Search {
            schemas: conversion.components.schemas,
            steps: MOST_STEPS,
        };
        let values = tags(&values, part_of.property(name, property));
        json!({ "allOf": [
            { "type": "object", "required": [property], "properties": { property: { "enum": values } } },
            part,
        ] })
    });
    let tied: Vec<Value> = tied.collect();
    out.insert(keyword.to_owned(), Value::Array(tied));
    Ok(())
}

/// Returns the values of a part, in the type that its own schema gives the property. Where that lists none of those
/// that are mapped, its own are meant: by the letter, no value would fit.
fn tags(mapped: &[&str], property: Option<&Value>) -> Vec<Value> {
    let types = property.and_then(|schema| schema.get("type"));
    let is_text = match types {
        Some(Value::String(one)) => one == "string",
        Some(Value::Array(types)) => types.contains(&json!("string")),
        _ => true,
    };
    let value = |text: &&str| match serde_json::from_str(text) {
        Ok(value @ (Value::Number(_) | Value::Bool(_))) if !is_text => value,
        _ => json!(text),
    };
    let mapped: Vec<Value> = mapped.iter().map(value).collect();
    let own = property.and_then(|schema| match (schema.get("const"), schema.get("enum")) {
        (Some(only), _) => Some(vec![only.clone()]),
        (None, Some(Value::Array(values))) => Some(values.clone()),
        _ => None,
    });
    match own {
        Some(own) if !mapped.iter().any(|value| own.contains(value)) => own,
        _ => mapped,
    }
}

/// The search for the schema of a property.
struct Search<'s> {
    schemas: &'s Map<String, Value>,
    steps: usize,
}

impl<'s> Search<'s> {
    fn property(mut self, component: &str, property: &str) -> Option<&'s Value> {
        let schema = self.schemas.get(component)?;
        let found = self.within(schema, property, DEEPEST)?;
        self.resolve(found)
    }

    fn resolve(&self, schema: &'s Value) -> Option<&'s Value> {
        let mut schema = schema;
        for _ in 0..DEEPEST {
            match (
                target(schema),
                schema.get("allOf").and_then(Value::as_array),
            ) {
                (Some(name), _) => schema = self.schemas.get(name)?,
                // A reference with something beside it.
                (None, Some(parts)) => match parts.as_slice() {
                    [only] => schema = only,
                    _ => break,
                },
                (None, None) => break,
            }
        }
        Some(schema)
    }

    fn within(&mut self, schema: &'s Value, property: &str, deep: usize) -> Option<&'s Value> {
        let deep = deep.checked_sub(1)?;
        self.steps = self.steps.checked_sub(1)?;
        if let Some(name) = target(schema) {
            return self.within(self.schemas.get(name)?, property, deep);
        }
        let own = schema.get("properties").and_then(|all| all.get(property));
        if own.is_some() {
            return own;
        }
        let parts = schema.get("allOf").and_then(Value::as_array);
        parts?
            .iter()
            .find_map(|part| self.within(part, property, deep))
    }
}
