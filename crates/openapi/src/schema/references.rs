//! The references between components.

use super::convert::DEFINITION;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Returns the names of the components that a converted schema refers to, anywhere in it.
pub(super) fn references(schema: &Value) -> Vec<String> {
    let mut names = Vec::new();
    collect(schema, &|_| true, &mut names);
    names
}

/// Returns the names of the components that are in themselves at the same place of the value, by `allOf` and its like.
pub(super) fn circular(components: &BTreeMap<String, Value>) -> BTreeSet<String> {
    let in_place = |keyword: &str| matches!(keyword, "allOf" | "oneOf" | "anyOf" | "not");
    let direct: BTreeMap<&str, Vec<String>> = components
        .iter()
        .map(|(name, schema)| {
            let mut names = Vec::new();
            collect(schema, &in_place, &mut names);
            (name.as_str(), names)
        })
        .collect();
    let mut circular = BTreeSet::new();
    for name in components.keys() {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&str> = vec![name];
        while let Some(next) = open.pop() {
            for target in direct.get(next).into_iter().flatten() {
                if target == name {
                    circular.insert(name.clone());
                }
                if seen.insert(target) {
                    open.push(target);
                }
            }
        }
    }
    circular
}

fn collect(schema: &Value, follow: &dyn Fn(&str) -> bool, names: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            for (keyword, value) in members {
                match value {
                    Value::String(target) if keyword == "$ref" => {
                        names.extend(target.strip_prefix(DEFINITION).map(str::to_owned));
                    }
                    // Values, not schemas.
                    _ if keyword == "enum" && value.is_array() => {}
                    _ if follow(keyword) => collect(value, follow, names),
                    _ => {}
                }
            }
        }
        Value::Array(values) => values
            .iter()
            .for_each(|value| collect(value, follow, names)),
        _ => {}
    }
}
