//! The schemas whose values come from callers.

use super::forms::{Form, union_parts};
use super::{Planner, items, members, schema_name};
use openapi::{Kinds, Mode};
use serde_json::Value;
use std::collections::BTreeSet;

/// Members that say what callers send.
const SENT: &[&str] = &["requestBody", "parameters"];

impl<'c> Planner<'c> {
    /// Returns whether values of a named schema come from callers, in open mode: nothing that the gatekeeper lets through is lost
    /// of them. In strict mode a contract says what counts.
    pub(super) fn is_sent(&self, name: &str) -> bool {
        let sent = || self.found.sent.get_or_init(|| self.find_sent());
        self.mode == Mode::Open && sent().contains(name)
    }

    /// Returns whether a struct keeps members that its schema says nothing of.
    pub(super) fn keeps_unsaid(&self, name: &str) -> bool {
        let shared = || self.found.shared.get_or_init(|| self.find_shared());
        self.is_sent(name) || shared().contains(name)
    }

    /// The schemas that bodies and parameters of requests lead to.
    fn find_sent(&self) -> BTreeSet<&'c str> {
        let mut open: Vec<&Value> = Vec::new();
        for (_, item) in members(&self.root["paths"]) {
            let of_path = item.get("parameters");
            let of_operations = members(item)
                .flat_map(|(_, operation)| SENT.iter().filter_map(|member| operation.get(*member)));
            open.extend(of_path.into_iter().chain(of_operations));
        }
        let (mut names, mut seen) = (BTreeSet::new(), BTreeSet::new());
        while let Some(next) = open.pop() {
            if let Some(reference) = next.get("$ref").and_then(Value::as_str) {
                names.extend(schema_name(next));
                if seen.insert(reference) {
                    open.push(self.resolve(next, "").0);
                }
                continue;
            }
            open.extend(members(next).map(|(_, member)| member));
            open.extend(items(next));
        }
        names
    }

    /// The objects that are parts of an `anyOf`: a value may be of several at once.
    fn find_shared(&self) -> BTreeSet<&'c str> {
        let mut names = BTreeSet::new();
        for (_, schema) in members(&self.root["components"]["schemas"]) {
            let Some(("anyOf", parts)) = union_parts(schema) else {
                continue;
            };
            if self.form(schema) != Form::Union {
                continue;
            }
            let parts = items(parts).filter(|part| self.kinds.of(part).has(Kinds::OBJECT));
            let objects: Vec<&Value> = parts.collect();
            if objects.len() > 1 {
                let held = objects
                    .into_iter()
                    .filter_map(|part| self.essence(part).holds);
                names.extend(held);
            }
        }
        names
    }
}
