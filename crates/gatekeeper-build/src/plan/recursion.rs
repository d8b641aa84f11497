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
            on_circles(mentions)
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

/// Returns the names that lie on circles, or between two: what is left when those are taken out, again and again, that lead
/// nowhere or that nothing leads to.
fn on_circles<'n>(leads: BTreeMap<&'n str, Vec<&'n str>>) -> BTreeSet<&'n str> {
    let mut backwards: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (&from, to) in &leads {
        for &name in to.iter().filter(|name| leads.contains_key(**name)) {
            backwards.entry(name).or_default().push(from);
        }
    }
    let mut left: BTreeSet<&str> = leads.keys().copied().collect();
    for (there, back) in [(&leads, &backwards), (&backwards, &leads)] {
        let ways = |name: &str, left: &BTreeSet<&str>| {
            let to = there.get(name).into_iter().flatten();
            to.filter(|name| left.contains(**name)).count()
        };
        let mut counts: BTreeMap<&str, usize> =
            left.iter().map(|name| (*name, ways(name, &left))).collect();
        let mut ends: Vec<&str> = left
            .iter()
            .copied()
            .filter(|name| counts[name] == 0)
            .collect();
        while let Some(end) = ends.pop() {
            left.remove(end);
            for name in back.get(end).into_iter().flatten() {
                if let Some(count) = counts.get_mut(name) {
                    *count = count.saturating_sub(1);
                    if *count == 0 && left.contains(name) {
                        ends.push(name);
                    }
                }
            }
        }
    }
    left
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

#[cfg(test)]
mod tests {
    use super::{back_edges, on_circles};
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn what_leads_back_to_itself_is_on_a_circle() {
        let leads = BTreeMap::from([
            ("A", vec!["B", "Unknown"]),
            ("B", vec!["C", "D"]),
            ("C", vec!["B"]),
            ("D", vec![]),
            ("E", vec!["E", "E"]),
            ("F", vec!["D"]),
        ]);
        assert_eq!(on_circles(leads), BTreeSet::from(["B", "C", "E"]));
    }

    #[test]
    fn one_box_opens_each_circle() {
        let member = |name: &str, held: &'static str| (name.to_owned(), held);
        let held = BTreeMap::from([
            ("Leaf", vec![]),
            ("List", vec![member("next", "List"), member("leaf", "Leaf")]),
            (
                "Tree",
                vec![member("left", "Branch"), member("leaf", "Leaf")],
            ),
            (
                "Branch",
                vec![member("tree", "Tree"), member("list", "List")],
            ),
        ]);
        let boxed = back_edges(&held);
        let expected = BTreeMap::from([
            ("List".to_owned(), BTreeSet::from(["next".to_owned()])),
            ("Tree".to_owned(), BTreeSet::from(["left".to_owned()])),
        ]);
        assert_eq!(boxed, expected);
    }
}
