//! Path items that are references to others.

use super::{
    Copies, REPEATS,
    target::{Target, Targets},
};
use crate::{Defects, types::Shape};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The most path items that are merged into one.
const DEEPEST: usize = 32;

/// Returns a copy of the document in which each path item is written out.
pub(super) fn inline(
    document: &Value,
    anchors: BTreeMap<String, Vec<String>>,
    copies: &mut Copies,
    defects: &mut Defects,
) -> Value {
    let paths = document.get("paths").and_then(Value::as_object);
    let is_reference = |item: &Value| item.get("$ref").is_some_and(Value::is_string);
    if !paths.is_some_and(|paths| paths.values().any(is_reference)) {
        return document.clone();
    }
    let mut inlining = Inlining {
        targets: Targets::new(document, anchors),
        copies,
        open: Vec::new(),
    };
    let mut inlined = document.clone();
    let items = inlined.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in items.into_iter().flatten() {
        if let Value::Object(members) = item {
            match inlining.item(members) {
                Ok(whole) => *members = whole,
                Err(problem) => {
                    members.remove("$ref");
                    defects.add(format!("paths.{path}"), problem);
                }
            }
        }
    }
    inlined
}

struct Inlining<'d, 'c> {
    targets: Targets<'d>,
    copies: &'c mut Copies,
    /// The references that are being followed.
    open: Vec<String>,
}

impl Inlining<'_, '_> {
    /// Returns a path item with the members of the one that it refers to; its own go before those.
    fn item(&mut self, members: &Map<String, Value>) -> Result<Map<String, Value>, String> {
        let Some(Value::String(reference)) = members.get("$ref") else {
            return Ok(members.clone());
        };
        if self.open.contains(reference) {
            return Err("its $ref leads in a circle".to_owned());
        }
        let steps = match self.targets.find(reference, Shape::Path)? {
            Target::Inside(steps) | Target::Outside(steps) => steps,
            Target::Component(_) => Vec::new(),
        };
        let Some(Value::Object(target)) = self.targets.value(&steps) else {
            return Err("its $ref leads to what is no path item".to_owned());
        };
        if self.open.len() >= DEEPEST || !self.copies.count(&Value::Object(target.clone())) {
            return Err(REPEATS.to_owned());
        }
        self.open.push(reference.clone());
        let whole = self.item(target);
        self.open.pop();
        let mut whole = whole?;
        let own = members.iter().filter(|(name, _)| *name != "$ref");
        whole.extend(own.map(|(name, value)| (name.clone(), value.clone())));
        Ok(whole)
    }
}
