//! The schemas of a document that stand outside `components.schemas`: those of parameters, bodies, replies and headers.

use crate::types::{Kind, Shape, below, member};
use serde_json::Value;

/// Calls `found` for each of them, with its place.
pub(super) fn visit<'d>(document: &'d Value, found: &mut dyn FnMut(String, &'d Value)) {
    for name in ["paths", "components"] {
        let kind = member(Shape::Document, name);
        if let (Some(kind), Some(value)) = (kind, document.get(name)) {
            below_kind(value, kind, name, found);
        }
    }
}

fn below_kind<'d>(
    value: &'d Value,
    kind: Kind,
    place: &str,
    found: &mut dyn FnMut(String, &'d Value),
) {
    match (kind, value) {
        (Kind::Schema | Kind::SchemaOrFlag | Kind::Object(Shape::Schema), _) => {
            found(place.to_owned(), value)
        }
        (Kind::List(kind), Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                below_kind(item, *kind, &format!("{place}[{index}]"), found);
            }
        }
        (Kind::Map(kind) | Kind::Extensible(kind), Value::Object(members)) => {
            for (name, value) in members {
                below_kind(value, *kind, &below(place, name), found);
            }
        }
        (Kind::Object(shape), Value::Object(members)) => {
            let is_components = matches!(shape, Shape::Components);
            for (name, value) in members {
                if let Some(kind) = member(shape, name)
                    && !(is_components && name == "schemas")
                {
                    below_kind(value, kind, &below(place, name), found);
                }
            }
        }
        _ => {}
    }
}
