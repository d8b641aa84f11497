//! `readOnly` and `writeOnly`: a schema of which a request and a reply hold different members becomes two.
//!
//! Members that are read only are out of what requests hold, and those that are written only out of what replies hold
//! (OpenAPI 3.0.3, Schema Object, `readOnly` and `writeOnly`). Where both are used, the one for replies keeps the name.

mod project;
mod uses;

use super::{
    places::{Places, Step},
    walk,
};
use project::Projection;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use uses::{Components, Uses};

/// The direction in which a value is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Request,
    Reply,
}

impl Direction {
    /// Returns the keyword of the members that are left out.
    fn keyword(self) -> &'static str {
        match self {
            Self::Request => "readOnly",
            Self::Reply => "writeOnly",
        }
    }
}

/// Takes `readOnly` and `writeOnly` out of a document.
pub(super) fn split(document: &mut Value, places: &mut Places) {
    let components = Components::of(document);
    let differing = components.differing();
    let mut requests = BTreeMap::new();
    let mut of_requests = BTreeSet::new();
    if !differing.is_empty() {
        let uses = Uses::of(document, &components);
        let mut taken: BTreeSet<String> = components.names().map(str::to_owned).collect();
        for name in differing {
            match (uses.in_requests(&name), uses.in_replies(&name)) {
                (true, true) => {
                    let made = free(&format!("{name}Request"), &mut taken);
                    requests.insert(name, made);
                }
                (true, false) => {
                    of_requests.insert(name);
                }
                (false, _) => {}
            }
        }
    }
    let projection = |direction| Projection::new(direction, &components, &requests);
    let mut schemas = take_schemas(document);
    let mut made = Map::new();
    for (name, schema) in &mut schemas {
        if let Some(request) = requests.get(name) {
            let mut copy = schema.clone();
            projection(Direction::Request).schema(&mut copy);
            let from = ["components", "schemas", name];
            places.moved(request.clone(), &from.map(Step::from));
            made.insert(request.clone(), copy);
        }
        let direction = if of_requests.contains(name) {
            Direction::Request
        } else {
            Direction::Reply
        };
        projection(direction).schema(schema);
    }
    schemas.extend(made);
    walk::document(
        document,
        &mut project::Operations {
            request: projection(Direction::Request),
            reply: projection(Direction::Reply),
        },
    );
    put_schemas(document, schemas);
}

fn take_schemas(document: &mut Value) -> Map<String, Value> {
    match document.pointer_mut("/components/schemas") {
        Some(Value::Object(schemas)) => std::mem::take(schemas),
        _ => Map::new(),
    }
}

fn put_schemas(document: &mut Value, schemas: Map<String, Value>) {
    if let Some(Value::Object(empty)) = document.pointer_mut("/components/schemas") {
        *empty = schemas;
    }
}

/// Returns a name that is not taken, and takes it.
fn free(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let mut name = wanted.to_owned();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{wanted}{number}");
        number += 1;
    }
    name
}
