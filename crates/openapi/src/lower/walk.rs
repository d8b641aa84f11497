//! A walk over the objects of a document.

use crate::types::{Kind, Shape, below, member};
use serde_json::{Map, Value};

/// Shows each object of a document to `change`, the outer before the inner, with its place.
pub(super) fn objects(
    document: &mut Value,
    change: &mut dyn FnMut(Shape, &mut Map<String, Value>, &str),
) {
    value(document, Kind::Object(Shape::Document), "", change);
}

fn value(
    value_of: &mut Value,
    kind: Kind,
    place: &str,
    change: &mut dyn FnMut(Shape, &mut Map<String, Value>, &str),
) {
    match (kind, value_of) {
        (Kind::List(kind), Value::Array(items)) => {
            for (index, item) in items.iter_mut().enumerate() {
                value(item, *kind, &format!("{place}[{index}]"), change);
            }
        }
        (Kind::Map(kind), Value::Object(members)) => {
            for (name, item) in members {
                value(item, *kind, &below(place, name), change);
            }
        }
        (Kind::Extensible(kind), Value::Object(members)) => {
            for (name, item) in members {
                if !name.starts_with("x-") {
                    value(item, *kind, &below(place, name), change);
                }
            }
        }
        (Kind::Object(shape), Value::Object(members)) => {
            change(shape, members, place);
            for (name, item) in members {
                if let Some(kind) = member(shape, name) {
                    value(item, kind, &below(place, name), change);
                }
            }
        }
        (Kind::Schema | Kind::SchemaOrFlag | Kind::Dependencies, item @ Value::Object(_)) => {
            value(item, Kind::Object(Shape::Schema), place, change);
        }
        _ => {}
    }
}
