//! Types that are made of themselves: boxes where a value would lie in itself, and aliases without an end.

use super::forms::Form;
use super::{Planner, items, members, schema_name};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

impl<'c> Planner<'c> {
    /// Returns the named schemas that are other names for something made of themselves: no Rust type is, so that they are
    /// any value.
    pub(super) fn circular_aliases(&self) -> &BTreeSet<&'c str> {
        self.found.circular.get_or_init(|| {
            let mut mentions = BTreeMap::new();
            for (name, schema) in members(&self.root["components"]["schemas"]) {
                if self.form(schema) == Form::Alias {
                    let mut names = Vec::new();
                    mentioned(schema, &mut names);
                    mentions.insert(name.as_str(), names);
                }
            }
            let circular = mentions.keys().filter(|name| reaches(name, &mentions));
            circular.copied().collect()
        })
    }

    /// Returns whether the member of a struct, or the variant of an enum, needs a box.
    pub(super) fn is_boxed(&self, owner: &str, member: &str) -> bool {
        let boxed = self.found.boxed.get_or_init(|| back_edges(&self.held()));
        boxed
            .get(owner)
            .is_some_and(|members| members.contains(member))
    }

    /// Returns, for each struct and union, its members with what lies in each.
    fn held(&self) -> BTreeMap<&'c str, Vec<(String, &'c str)>> {
        let mut held = BTreeMap::new();
        for (name, schema) in members(&self.root["components"]["schemas"]) {
            let place = format!("components/schemas/{name}");
            let members: Vec<(String, &str)> = match self.form(schema) {
                Form::Struct => {
                    let object = self.object(schema);
                    let fields = object.fields.iter().filter_map(|field| {
                        let holds = self.essence(self.typing(field).schema).holds?;
                        Some((field.name.to_owned(), holds))
                    });
                    fields.collect()
                }
                Form::Union => {
                    let parts = self.parts(schema, &place);
                    let variants = parts.iter().filter_map(|part| {
                        let holds = self.essence(part.schema).holds?;
                        Some((part.variant.clone(), holds))
                    });
                    variants.collect()
                }
                Form::Words | Form::Numbers | Form::Alias => Vec::new(),
            };
            held.insert(name.as_str(), members);
        }
        held
    }
}

/// Gathers the names by which an alias mentions other schemas.
fn mentioned<'v>(schema: &'v Value, names: &mut Vec<&'v str>) {
    if let Some(name) = schema_name(schema) {
        names.push(name);
        return;
    }
    for keyword in ["items", "additionalProperties"] {
        if let Some(part) = schema.get(keyword) {
            mentioned(part, names);
        }
    }
    for keyword in ["allOf", "oneOf", "anyOf"] {
        items(&schema[keyword]).for_each(|part| mentioned(part, names));
    }
}

/// Returns whether a way of names leads back to its start.
fn reaches(start: &str, names: &BTreeMap<&str, Vec<&str>>) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), vec![start]);
    while let Some(name) = open.pop() {
        for &next in names.get(name).into_iter().flatten() {
            if next == start {
                return true;
            }
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    false
}

/// Returns the members that close a circle, by their owners: with a box in each, no value lies in itself.
fn back_edges(held: &BTreeMap<&str, Vec<(String, &str)>>) -> BTreeMap<String, BTreeSet<String>> {
    let mut boxed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut done = BTreeSet::new();
    for &start in held.keys() {
        let mut path: Vec<(&str, usize)> = vec![(start, 0)];
        if done.contains(start) {
            continue;
        }
        while let Some((owner, next)) = path.last_mut() {
            let owner = *owner;
            let Some((member, target)) = held.get(owner).and_then(|members| members.get(*next))
            else {
                done.insert(owner);
                path.pop();
                continue;
            };
            *next += 1;
            if path.iter().any(|(open, _)| open == target) {
                boxed
                    .entry(owner.to_owned())
                    .or_default()
                    .insert(member.clone());
            } else if !done.contains(target) {
                path.push((target, 0));
            }
        }
    }
    boxed
}
