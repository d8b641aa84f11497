//! Mappings of discriminators, written out: what a value means no longer depends on how schemas are called.

use super::{
    renames::{SCHEMAS, schema_name},
    walk,
};
use crate::types::Shape;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A chain of references longer than this is a circle.
const LONGEST_CHAIN: usize = 16;

/// Writes out the mapping of each discriminator: by references, and a value for each part. That is the name of its schema
/// where the contract gives none (OpenAPI 3.0.4, section 4.7.25), unless the part itself allows other values only. Comes before
/// schemas get other names.
pub(super) fn write_out(document: &mut Value) {
    let schemas = document.pointer("/components/schemas").cloned();
    let Some(Value::Object(schemas)) = schemas else {
        return;
    };
    let mut heirs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, schema) in &schemas {
        for base in bases(schema) {
            heirs.entry(base).or_default().push(name.clone());
        }
    }
    walk::objects(document, |shape, object, place| {
        if !matches!(shape, Shape::Schema) || !object.contains_key("discriminator") {
            return;
        }
        let mut told = listed_parts(object);
        let place = place.text();
        let name = place.strip_prefix("components.schemas.");
        if told.is_empty() {
            told = name.map(|name| all_heirs(name, &heirs)).unwrap_or_default();
        }
        if let Some(Value::Object(discriminator)) = object.get_mut("discriminator") {
            complete(discriminator, &told, &schemas);
        }
    });
}

/// Returns the schemas that are made of a schema, of those that are, and so on.
fn all_heirs(name: &str, heirs: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut open = vec![name];
    while let Some(name) = open.pop() {
        for heir in heirs.get(name).into_iter().flatten() {
            if !all.contains(heir) {
                all.push(heir.clone());
                open.push(heir);
            }
        }
    }
    all
}

fn complete(
    discriminator: &mut Map<String, Value>,
    parts: &[String],
    schemas: &Map<String, Value>,
) {
    let property = discriminator.get("propertyName").and_then(Value::as_str);
    let property = property.unwrap_or_default().to_owned();
    let mapping = discriminator
        .entry("mapping")
        .or_insert_with(|| Map::new().into());
    let Some(mapping) = mapping.as_object_mut() else {
        return;
    };
    for (_, target) in mapping.iter_mut() {
        let name = target.as_str().filter(|name| schemas.contains_key(*name));
        if let Some(name) = name {
            *target = format!("{SCHEMAS}{name}").into();
        }
    }
    for part in parts {
        let mut targets = mapping.values().filter_map(Value::as_str);
        if targets.any(|target| schema_name(target).as_ref() == Some(part)) {
            continue;
        }
        let target = Value::from(format!("{SCHEMAS}{part}"));
        let allowed = schemas
            .get(part)
            .and_then(|schema| allowed(schema, &property, schemas, &mut BTreeSet::new()))
            .unwrap_or_default();
        if allowed.is_empty() || allowed.contains(part) {
            mapping.entry(part.clone()).or_insert(target);
            continue;
        }
        for value in allowed {
            mapping.entry(value).or_insert_with(|| target.clone());
        }
    }
}

/// Returns the values that a schema allows for a property, where it lists them. What was seen is not looked at again.
fn allowed(
    schema: &Value,
    property: &str,
    schemas: &Map<String, Value>,
    seen: &mut BTreeSet<String>,
) -> Option<Vec<String>> {
    if let Some(name) = reference(schema) {
        let target = schemas.get(&name)?;
        return seen
            .insert(name)
            .then(|| allowed(target, property, schemas, seen))
            .flatten();
    }
    let mut at = schema.get("properties").and_then(|all| all.get(property));
    for _ in 0..LONGEST_CHAIN {
        let Some(name) = at.and_then(reference) else {
            break;
        };
        at = schemas.get(&name);
    }
    let listed = at.and_then(|at| at.get("enum")).and_then(Value::as_array);
    if let Some(listed) = listed {
        let texts = listed.iter().filter_map(Value::as_str);
        return Some(texts.map(str::to_owned).collect());
    }
    let parts = schema.get("allOf").and_then(Value::as_array);
    let mut parts = parts.into_iter().flatten();
    parts.find_map(|part| allowed(part, property, schemas, seen))
}

/// Returns the names of the schemas among which values are told apart.
fn listed_parts(schema: &Map<String, Value>) -> Vec<String> {
    let lists = ["oneOf", "anyOf"].into_iter();
    let lists = lists.filter_map(|keyword| schema.get(keyword)?.as_array());
    lists.flatten().filter_map(reference).collect()
}

/// Returns the names of the schemas that a schema is made of.
fn bases(schema: &Value) -> impl Iterator<Item = String> {
    let parts = schema.get("allOf").and_then(Value::as_array);
    parts.into_iter().flatten().filter_map(reference)
}

fn reference(schema: &Value) -> Option<String> {
    schema_name(schema.get("$ref")?.as_str()?)
}
