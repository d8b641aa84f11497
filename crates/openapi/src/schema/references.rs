//! The references between components.

use super::convert::DEFINITION;
use serde_json::Value;
use std::collections::BTreeSet;

/// Keywords whose schemas are checked against the same value.
const IN_PLACE: [&str; 8] = [
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "if",
    "then",
    "else",
    "dependentSchemas",
];

/// The references of each component to those that are checked against the same value, by `allOf` and its like.
pub(super) struct InPlace(Vec<Vec<usize>>);

impl InPlace {
    pub(super) fn of(components: &[Value]) -> Self {
        let direct = components.iter().map(|schema| {
            let mut numbers = Vec::new();
            collect(schema, &mut numbers);
            numbers.retain(|number| *number < components.len());
            numbers
        });
        Self(direct.collect())
    }

    /// Returns the numbers of the components that are in themselves.
    pub(super) fn circular(&self) -> BTreeSet<usize> {
        let suspects = left(&left(&self.0));
        let is_in_itself = |start: &usize| {
            let mut seen = BTreeSet::new();
            let mut open = vec![*start];
            while let Some(next) = open.pop() {
                for target in &suspects[next] {
                    if target == start {
                        return true;
                    }
                    if seen.insert(*target) {
                        open.push(*target);
                    }
                }
            }
            false
        };
        (0..suspects.len()).filter(is_in_itself).collect()
    }

    /// Returns the numbers of the components that are made of more than `most` others, each counted as often as it is
    /// checked. None may be circular.
    pub(super) fn larger_than(&self, most: usize) -> Vec<usize> {
        let mut sizes: Vec<Option<usize>> = vec![None; self.0.len()];
        for number in 0..self.0.len() {
            let mut open = vec![number];
            while let Some(&next) = open.last() {
                let unknown = self.0[next].iter().find(|target| sizes[**target].is_none());
                if let Some(unknown) = unknown {
                    open.push(*unknown);
                    continue;
                }
                let parts = self.0[next].iter().filter_map(|target| sizes[*target]);
                sizes[next] = Some(parts.fold(1, usize::saturating_add));
                open.pop();
            }
        }
        let numbers = 0..self.0.len();
        numbers
            .filter(|number| sizes[*number] > Some(most))
            .collect()
    }
}

/// Takes away what leads nowhere, again and again; returns the other edges, the other way round. Twice, only circles are
/// left and what is between them.
fn left(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut referrers = vec![Vec::new(); edges.len()];
    for (number, targets) in edges.iter().enumerate() {
        for target in targets {
            referrers[*target].push(number);
        }
    }
    let mut counts: Vec<usize> = edges.iter().map(Vec::len).collect();
    let ends = (0..edges.len()).filter(|number| counts[*number] == 0);
    let mut open: Vec<usize> = ends.collect();
    while let Some(end) = open.pop() {
        for referrer in std::mem::take(&mut referrers[end]) {
            counts[referrer] -= 1;
            if counts[referrer] == 0 {
                open.push(referrer);
            }
        }
    }
    referrers
}

fn collect(schema: &Value, numbers: &mut Vec<usize>) {
    let Value::Object(members) = schema else {
        return;
    };
    for (keyword, value) in members {
        match value {
            Value::String(target) if keyword == "$ref" => {
                let number = target.strip_prefix(DEFINITION);
                numbers.extend(number.and_then(|number| number.parse::<usize>().ok()));
            }
            _ if !IN_PLACE.contains(&keyword.as_str()) => {}
            Value::Array(parts) => parts.iter().for_each(|part| collect(part, numbers)),
            Value::Object(parts) if keyword == "dependentSchemas" => {
                parts.values().for_each(|part| collect(part, numbers));
            }
            _ => collect(value, numbers),
        }
    }
}
