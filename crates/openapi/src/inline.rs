//! References that lead into a component, such as `#/components/schemas/Item/properties/id`, are
//! replaced by what they lead to: the generated code and the gatekeeper then know named components only.

use crate::{
    Defects, MAX_DEPTH,
    types::{Kind, Shape, below, member},
};
use serde_json::{Map, Value};

/// The most values that are copied: references can multiply each other.
const MAX_COPIES: usize = 200_000;

const REPEATS: &str = "repeats too much by `$ref`s into components; put the schema under components/schemas and refer to it by its name";

/// Returns a copy of the document without references into components.
pub(crate) fn inline(document: &Value, defects: &mut Defects) -> Value {
    Inliner {
        document,
        defects,
        open: Vec::new(),
        copies: 0,
    }
    .value(document, Kind::Object(Shape::Document), "", 0)
}

struct Inliner<'d> {
    document: &'d Value,
    defects: &'d mut Defects,
    /// The references that are being followed.
    open: Vec<&'d str>,
    copies: usize,
}

impl<'d> Inliner<'d> {
    fn value(&mut self, value: &'d Value, kind: Kind, place: &str, depth: usize) -> Value {
        if !self.may_copy(1, place) {
            return Value::Object(Map::new());
        }
        match (kind, value) {
            (Kind::List(kind), Value::Array(items)) => {
                let items = items.iter().enumerate();
                items
                    .map(|(index, item)| {
                        self.value(item, *kind, &format!("{place}[{index}]"), depth + 1)
                    })
                    .collect()
            }
            (Kind::Map(kind) | Kind::Extensible(kind), Value::Object(members)) => {
                self.members(members, place, depth, |_| Some(*kind))
            }
            (Kind::Object(shape), Value::Object(members)) => {
                self.object(shape, value, members, place, depth)
            }
            (Kind::Schema | Kind::SchemaOrFlag, Value::Object(members)) => {
                self.object(Shape::Schema, value, members, place, depth)
            }
            _ => self.copy(value, place),
        }
    }

    /// Counts a copy that a reference makes; false, with a defect, when there are too many.
    fn may_copy(&mut self, size: usize, place: &str) -> bool {
        if self.open.is_empty() {
            return true;
        }
        let before = self.copies;
        self.copies = before.saturating_add(size);
        if before < MAX_COPIES && self.copies >= MAX_COPIES {
            self.defects.add(place, REPEATS);
        }
        self.copies < MAX_COPIES
    }

    /// Returns a copy of what is no object of OpenAPI, such as an example.
    fn copy(&mut self, value: &Value, place: &str) -> Value {
        if self.open.is_empty() || self.may_copy(size(value), place) {
            value.clone()
        } else {
            Value::Null
        }
    }

    fn object(
        &mut self,
        shape: Shape,
        value: &'d Value,
        members: &'d Map<String, Value>,
        place: &str,
        depth: usize,
    ) -> Value {
        let reference = members.get("$ref").and_then(Value::as_str);
        match reference.filter(|reference| leads_into(reference)) {
            None if reference.is_some() => value.clone(),
            None => self.members(members, place, depth, |name| member(shape, name)),
            Some(reference) => self.follow(reference, Kind::Object(shape), place, depth),
        }
    }

    fn members(
        &mut self,
        members: &'d Map<String, Value>,
        place: &str,
        depth: usize,
        kind: impl Fn(&str) -> Option<Kind>,
    ) -> Value {
        let copy = members.iter().map(|(name, value)| {
            let value = match kind(name) {
                Some(kind) => self.value(value, kind, &below(place, name), depth + 1),
                None => self.copy(value, place),
            };
            (name.clone(), value)
        });
        Value::Object(copy.collect())
    }

    fn follow(&mut self, reference: &'d str, kind: Kind, place: &str, depth: usize) -> Value {
        let problem = if self.open.contains(&reference) {
            "its $ref leads into itself; put the schema under components/schemas and refer to it by its name"
        } else if depth > MAX_DEPTH {
            REPEATS
        } else if let Some(target) = self.document.pointer(&reference[1..]) {
            self.open.push(reference);
            let copy = self.value(target, kind, place, depth);
            self.open.pop();
            return copy;
        } else {
            "its $ref leads nowhere in this document"
        };
        self.defects.add(place, problem);
        Value::Object(Map::new())
    }
}

/// Counts the values in a value, and its texts by their length.
fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| 1 + name.len() / 32 + size(value))
            .sum(),
        Value::String(text) => 1 + text.len() / 32,
        _ => 1,
    }
}

/// Returns whether a reference goes on into a component, or into a path.
fn leads_into(reference: &str) -> bool {
    let mut steps = reference.split('/');
    if steps.next() != Some("#") {
        return false;
    }
    match steps.next() {
        Some("components") => steps.count() > 2,
        Some(_) => steps.count() > 1,
        None => false,
    }
}
