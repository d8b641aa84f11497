//! A schema as one direction has it.

use super::{Direction, uses::Components};
use crate::{
    lower::{
        place::Place,
        walk::{self, Visitor},
    },
    types::{Kind, Shape},
};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

const REFERENCE: &str = "#/components/schemas/";

/// Makes of schemas what one direction has of them.
pub(super) struct Projection<'c> {
    direction: Direction,
    components: &'c Components,
    /// The names of components that requests have another of.
    requests: &'c BTreeMap<String, String>,
}

impl<'c> Projection<'c> {
    pub(super) fn new(
        direction: Direction,
        components: &'c Components,
        requests: &'c BTreeMap<String, String>,
    ) -> Self {
        Self {
            direction,
            components,
            requests,
        }
    }

    pub(super) fn schema(&mut self, schema: &mut Value) {
        walk::value(schema, Kind::Schema, &Place::ROOT, self);
    }

    /// Returns the reference that requests have instead.
    fn renamed(&self, reference: &Value) -> Option<Value> {
        let name = reference.as_str()?.strip_prefix(REFERENCE)?;
        let request = self.requests.get(name)?;
        Some(Value::String(format!("{REFERENCE}{request}")))
    }
}

impl Visitor for Projection<'_> {
    fn enter(&mut self, shape: Shape, value: &mut Value, _: &Place<'_>) -> bool {
        let is_request = self.direction == Direction::Request;
        if shape == Shape::Discriminator && is_request {
            let mapping = value.get_mut("mapping").and_then(Value::as_object_mut);
            for (_, target) in mapping.into_iter().flatten() {
                if let Some(renamed) = self.renamed(target) {
                    *target = renamed;
                }
            }
        }
        if shape != Shape::Schema {
            return true;
        }
        let is_object = ["properties", "required", "allOf"]
            .iter()
            .any(|keyword| value.get(keyword).is_some());
        if is_object {
            let hidden = self.components.hidden(value, self.direction);
            if !hidden.is_empty() {
                leave_out(value, &hidden);
            }
        }
        if let Value::Object(members) = value {
            members.remove("readOnly");
            members.remove("writeOnly");
            if is_request && let Some(renamed) = members.get("$ref").and_then(|at| self.renamed(at))
            {
                members.insert("$ref".to_owned(), renamed);
            }
        }
        true
    }
}

/// Takes members out of an object, and of the parts of it that are written out.
fn leave_out(schema: &mut Value, hidden: &BTreeSet<String>) {
    let Value::Object(members) = schema else {
        return;
    };
    let without =
        |members: &mut Map<String, Value>| members.retain(|name, _| !hidden.contains(name));
    for keyword in ["properties", "default", "example"] {
        if let Some(Value::Object(of)) = members.get_mut(keyword) {
            without(of);
        }
    }
    if let Some(Value::Array(names)) = members.get_mut("required") {
        names.retain(|name| !name.as_str().is_some_and(|name| hidden.contains(name)));
        if names.is_empty() {
            members.remove("required");
        }
    }
    if let Some(Value::Array(parts)) = members.get_mut("allOf") {
        for part in parts {
            leave_out(part, hidden);
        }
    }
}

/// Makes of the schemas of operations what each has of them.
pub(super) struct Operations<'c> {
    pub(super) request: Projection<'c>,
    pub(super) reply: Projection<'c>,
}

impl Visitor for Operations<'_> {
    fn enter(&mut self, shape: Shape, value: &mut Value, place: &Place<'_>) -> bool {
        let projection = match shape {
            Shape::Parameter | Shape::Body => &mut self.request,
            Shape::Response | Shape::Header => &mut self.reply,
            _ => return true,
        };
        walk::value(value, Kind::Object(shape), place, projection);
        false
    }
}
