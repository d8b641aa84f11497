//! Parameters: the fields of an operation's parameter struct.

use super::types::{Scope, Type, Wire};
use super::{Planner, docs, items, members, names, text};
use openapi::{Form, Scalar, Shape};
use serde_json::{Value, json};
use std::sync::LazyLock;

impl<'c> Planner<'c> {
    /// Returns the fields of the parameter struct, parameters of the path first.
    pub(super) fn parameters(
        &self,
        item: &'c Value,
        operation: &'c Value,
        place: &str,
        scope: &mut Scope,
    ) -> Vec<Value> {
        let mut fields = Vec::new();
        let id = text(operation, "operationId").unwrap_or_default();
        let read = self.read(id).map_or(&[][..], |read| &read.parameters);
        let mut known: Vec<(&str, &str)> = Vec::new();
        let own = items(&operation["parameters"]).map(|each| (each, format!("{place}/parameters")));
        let shared_place = place.rsplit_once('/').map_or(place, |(path, _)| path);
        let shared =
            items(&item["parameters"]).map(|each| (each, format!("{shared_place}/parameters")));
        let mut found = Vec::new();
        // The operation's own come first here because they override those of the path.
        for (parameter, place) in own.chain(shared) {
            let (parameter, place) = self.resolve(parameter, &place);
            let (Some(name), Some(location)) = (text(parameter, "name"), text(parameter, "in"))
            else {
                continue;
            };
            if known.contains(&(name, location)) {
                continue;
            }
            known.push((name, location));
            let order = ["path", "query", "header", "cookie"]
                .iter()
                .position(|each| *each == location);
            found.push((
                order,
                name,
                location,
                parameter,
                format!("{place} ({name})"),
            ));
        }
        found.sort_by_key(|(order, ..)| *order);
        let made = found.iter().map(|(_, name, location, ..)| match *location {
            "header" => (*name, names::header(name)),
            _ => (*name, names::snake(name)),
        });
        for (field, (_, name, location, parameter, place)) in
            names::distinct(made).into_iter().zip(found)
        {
            let known = read
                .iter()
                .find(|known| known.name == name && known.location.to_string() == location);
            let content = members(&parameter["content"]).next();
            let (schema, place) = match (parameter.get("schema"), content) {
                (Some(schema), _) => (Some(schema), place),
                (None, Some((media_type, content))) => (
                    content.get("schema"),
                    format!("{place}/content/{media_type}"),
                ),
                (None, None) => continue,
            };
            // Text of which nothing is known.
            let is_text = content.is_some()
                && known.is_some_and(|known| {
                    matches!(known.form, Form::Whole(Shape::Scalar(Scalar::Text)))
                });
            let kind = match schema {
                Some(schema) if !is_text => self.type_of(schema, &place, scope),
                _ if is_text => self.type_of(text_schema(), &place, scope),
                _ => self.type_of(&Value::Null, &place, scope),
            };
            let always = known.is_some_and(openapi::Parameter::is_always_there);
            let wire = names::literal(name);
            let (rust, decoded) = taken_from_request(
                &format!("{location}({wire})"),
                &format!("{location}::<WIRE>({wire})"),
                &kind,
                always,
            );
            fields.push(json!({
                "limits": schema.map_or(Vec::new(), |schema| self.limits(&field, &kind.rust, schema, &place)),
                "field": field,
                "type": rust,
                "decoded": decoded,
                "field_doc": docs::lines(
                    text(parameter, "description"),
                    &format!("The parameter {} ({location}).", docs::code(name)),
                ),
            }));
        }
        fields
    }
}

/// An argument of the trait's method, with the expression by which the route makes it.
pub(super) fn argument(name: &str, rust: &str, decoded: &str) -> Value {
    json!({ "argument": name, "argument_type": rust, "decoded": decoded })
}

/// Returns the type of a parameter, body or field of a form, and the expression that takes it out of the request. Dates go by a
/// type that reads the contract's form.
pub(super) fn taken_from_request(
    plain: &str,
    typed: &str,
    kind: &Type,
    always: bool,
) -> (String, String) {
    let optional = !always || kind.nullable;
    let rust = if optional {
        format!("Option<{}>", kind.rust)
    } else {
        kind.rust.clone()
    };
    let decoded = match kind.wire {
        Wire::Plain => format!("validated.{plain}?"),
        Wire::Date | Wire::DateTime => {
            let wire = if kind.wire == Wire::Date {
                "gatekeeper::formats::Date"
            } else {
                "gatekeeper::formats::DateTime"
            };
            let (wire, unwrapped) = if optional {
                (format!("Option<{wire}>"), ".map(|value| value.0)")
            } else {
                (wire.to_owned(), ".0")
            };
            format!("validated.{}?{unwrapped}", typed.replace("WIRE", &wire))
        }
    };
    (rust, decoded)
}

/// The schema of text.
fn text_schema() -> &'static Value {
    static TEXT: LazyLock<Value> = LazyLock::new(|| json!({ "type": "string" }));
    &TEXT
}
