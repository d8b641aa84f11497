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

/// The references of each component to those that are checked against the same value, by `allOf` and its like.
pub(super) struct InPlace<'c>(BTreeMap<&'c str, Vec<String>>);

impl<'c> InPlace<'c> {
    pub(super) fn of(components: &'c BTreeMap<String, Value>) -> Self {
        let in_place = |keyword: &str| matches!(keyword, "allOf" | "oneOf" | "anyOf" | "not");
        let direct = components.iter().map(|(name, schema)| {
            let mut names = Vec::new();
            collect(schema, &in_place, &mut names);
            (name.as_str(), names)
        });
        Self(direct.collect())
    }

    /// Returns the names of the components that are in themselves.
    pub(super) fn circular(&self) -> BTreeSet<&'c str> {
        let mut circular = BTreeSet::new();
        for name in self.0.keys() {
            let mut seen = BTreeSet::new();
            let mut open: Vec<&str> = vec![name];
            while let Some(next) = open.pop() {
                for target in self.0.get(next).into_iter().flatten() {
                    if target == name {
                        circular.insert(*name);
                    }
                    if seen.insert(target) {
                        open.push(target);
                    }
                }
            }
        }
        circular
    }

    /// Returns the names of the components that are made of more than `most` others, each counted as often as it is
    /// checked. None may be circular.
    pub(super) fn larger_than(&self, most: usize) -> Vec<&'c str> {
        let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
        for name in self.0.keys() {
            let mut open: Vec<&str> = vec![name];
            while let Some(&next) = open.last() {
                let targets = self.0.get(next).map(Vec::as_slice).unwrap_or_default();
                let unknown = targets
                    .iter()
                    .find(|each| !sizes.contains_key(each.as_str()));
                if let Some(unknown) = unknown {
                    open.push(unknown);
                    continue;
                }
                let parts = targets.iter().map(|each| sizes[each.as_str()]);
                sizes.insert(next, parts.fold(1, usize::saturating_add));
                open.pop();
            }
        }
        let large = self.0.keys().filter(|name| sizes.get(*name) > Some(&most));
        large.copied().collect()
    }
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
