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

    /// Returns the numbers of the components that are in themselves: those of which each leads to the others, and those
    /// that refer to themselves (Kosaraju's algorithm).
    pub(super) fn circular(&self) -> BTreeSet<usize> {
        let mut referrers = vec![Vec::new(); self.0.len()];
        for (number, targets) in self.0.iter().enumerate() {
            for target in targets {
                referrers[*target].push(number);
            }
        }
        let mut circular = BTreeSet::new();
        let mut seen = vec![false; self.0.len()];
        for number in self.ends_first().into_iter().rev() {
            let mut circle = Vec::new();
            let mut open = vec![number];
            while let Some(next) = open.pop() {
                if !std::mem::replace(&mut seen[next], true) {
                    circle.push(next);
                    open.extend(&referrers[next]);
                }
            }
            if circle.len() > 1 || self.0[number].contains(&number) {
                circular.extend(circle);
            }
        }
        circular
    }

    /// Returns the numbers in an order in which each comes after all that it leads to, but for circles.
    fn ends_first(&self) -> Vec<usize> {
        let mut order = Vec::with_capacity(self.0.len());
        let mut seen = vec![false; self.0.len()];
        for start in 0..self.0.len() {
            let mut open = vec![(start, 0)];
            while let Some((number, next)) = open.last_mut() {
                let number = *number;
                let is_first = *next == 0;
                if is_first && std::mem::replace(&mut seen[number], true) {
                    open.pop();
                    continue;
                }
                match self.0[number].get(*next) {
                    Some(target) => {
                        *next += 1;
                        if !seen[*target] {
                            open.push((*target, 0));
                        }
                    }
                    None => {
                        order.push(number);
                        open.pop();
                    }
                }
            }
        }
        order
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
