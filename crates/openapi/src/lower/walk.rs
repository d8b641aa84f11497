//! A walk over the objects of a document.

use super::place::Place;
use crate::types::{Kind, Shape, member};
use serde_json::{Map, Value};

/// The work of a walk.
pub(super) trait Visitor {
    /// Shows an object, or a schema that is a boolean, before what lies in it; false leaves that out.
    fn enter(&mut self, shape: Shape, value: &mut Value, place: &Place<'_>) -> bool;

    /// Shows it after what lies in it.
    fn leave(&mut self, _shape: Shape, _value: &mut Value, _place: &Place<'_>) {}
}

/// Walks through a document.
pub(super) fn document(document: &mut Value, visitor: &mut dyn Visitor) {
    value(
        document,
        Kind::Object(Shape::Document),
        &Place::ROOT,
        visitor,
    );
}

/// Shows each object of a document to `change`, the outer before the inner.
pub(super) fn objects(
    of: &mut Value,
    change: impl FnMut(Shape, &mut Map<String, Value>, &Place<'_>),
) {
    document(of, &mut Objects(change));
}

struct Objects<F>(F);

impl<F> Visitor for Objects<F>
where
    F: FnMut(Shape, &mut Map<String, Value>, &Place<'_>),
{
    fn enter(&mut self, shape: Shape, value: &mut Value, place: &Place<'_>) -> bool {
        if let Value::Object(members) = value {
            (self.0)(shape, members, place);
        }
        true
    }
}

/// Walks through a value of a document.
pub(super) fn value(of: &mut Value, kind: Kind, place: &Place<'_>, visitor: &mut dyn Visitor) {
    match (kind, of) {
        (Kind::List(kind), Value::Array(items)) => {
            for (index, item) in items.iter_mut().enumerate() {
                value(item, *kind, &place.item(index), visitor);
            }
        }
        (Kind::Map(kind), Value::Object(members)) => {
            for (name, item) in members {
                value(item, *kind, &place.member(name), visitor);
            }
        }
        (Kind::Extensible(kind), Value::Object(members)) => {
            let members = members
                .iter_mut()
                .filter(|(name, _)| !name.starts_with("x-"));
            for (name, item) in members {
                value(item, *kind, &place.member(name), visitor);
            }
        }
        (Kind::Object(shape), of @ Value::Object(_)) => object(of, shape, place, visitor),
        (Kind::Schema, of @ (Value::Object(_) | Value::Bool(_)))
        | (Kind::SchemaOrFlag, of @ Value::Object(_)) => {
            object(of, Shape::Schema, place, visitor);
        }
        _ => {}
    }
}

fn object(of: &mut Value, shape: Shape, place: &Place<'_>, visitor: &mut dyn Visitor) {
    if visitor.enter(shape, of, place)
        && let Value::Object(members) = of
    {
        for (name, item) in members {
            if let Some(kind) = member(shape, name) {
                value(item, kind, &place.member(name), visitor);
            }
        }
    }
    visitor.leave(shape, of, place);
}

/// Returns the type of what a place may hold, by the steps to it; none where OpenAPI defines nothing.
pub(super) fn kind_at(steps: &[String]) -> Option<Kind> {
    let mut kind = Kind::Object(Shape::Document);
    for step in steps {
        kind = match kind {
            Kind::List(inner) | Kind::Map(inner) => *inner,
            Kind::Extensible(inner) if !step.starts_with("x-") => *inner,
            Kind::Object(shape) => member(shape, step)?,
            Kind::Schema | Kind::SchemaOrFlag => member(Shape::Schema, step)?,
            _ => return None,
        };
    }
    Some(kind)
}
