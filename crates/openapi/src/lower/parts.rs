//! Parts of an `allOf` that say nothing of their own.
//!
//! People wrap a reference to describe it, or to make it nullable, and describe it in a part beside it. What describes is
//! moved to the whole, so that one reference is left where there was one.

use super::{
    place::Place,
    walk::{self, Visitor},
};
use crate::types::Shape;
use serde_json::{Map, Value};

/// The keywords that say nothing about a value (JSON Schema Validation, section 9).
pub(super) const ANNOTATIONS: [&str; 9] = [
    "title",
    "description",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
    "example",
    "externalDocs",
    "xml",
];

/// Moves what only describes out of the parts, and a single part that is written out into the whole.
pub(super) fn simplify(document: &mut Value) {
    walk::document(document, &mut Parts);
}

struct Parts;

impl Visitor for Parts {
    fn enter(&mut self, _: Shape, _: &mut Value, _: &Place<'_>) -> bool {
        true
    }

    fn leave(&mut self, shape: Shape, value: &mut Value, _: &Place<'_>) {
        if let (Shape::Schema, Value::Object(members)) = (shape, value)
            && let Some(Value::Array(parts)) = members.remove("allOf")
        {
            let parts = without_descriptions(parts, members);
            match <[Value; 1]>::try_from(parts) {
                Ok([Value::Object(part)]) if takes(members, &part) => merge(part, members),
                Ok(parts) => {
                    members.insert("allOf".to_owned(), Value::from(parts.to_vec()));
                }
                // Nothing is asked by no part.
                Err(parts) if parts.is_empty() => {}
                Err(parts) => {
                    members.insert("allOf".to_owned(), Value::Array(parts));
                }
            }
        }
    }
}

/// Returns the parts that say something; what the others describe goes to the whole.
fn without_descriptions(parts: Vec<Value>, whole: &mut Map<String, Value>) -> Vec<Value> {
    let mut kept = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Value::Object(members) if members.keys().all(|keyword| describes(keyword)) => {
                merge(members, whole);
            }
            part => kept.push(part),
        }
    }
    kept
}

fn describes(keyword: &str) -> bool {
    ANNOTATIONS.contains(&keyword) || keyword.starts_with("x-")
}

/// Returns true when a part can be written into the whole: that says nothing but descriptions, and the type.
fn takes(whole: &Map<String, Value>, part: &Map<String, Value>) -> bool {
    !part.contains_key("$ref")
        && whole.iter().all(|(keyword, value)| {
            describes(keyword) || (keyword == "type" && part.get("type").unwrap_or(value) == value)
        })
}

/// Adds what the whole does not say itself.
fn merge(part: Map<String, Value>, whole: &mut Map<String, Value>) {
    for (keyword, value) in part {
        whole.entry(keyword).or_insert(value);
    }
}
