//! Parameters and bodies: the fields of an operation's parameter struct, and the body as an argument.

use super::types::{Scope, Type, Wire};
use super::{Planner, docs, flag, items, members, names, text};
use serde_json::{Value, json};

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
            let Some(schema) = parameter.get("schema") else {
                if parameter.get("content").is_some() {
                    self.refuse(
                        &place,
                        "a parameter has a `schema`; `content` is not supported",
                    );
                }
                continue;
            };
            let kind = self.type_of(schema, &place, scope);
            let (target, _) = self.resolve(schema, &place);
            let always = flag(parameter, "required")
                || target.get("default").is_some()
                || schema.get("default").is_some();
            let wire = names::literal(name);
            let (rust, decoded) = taken_from_request(
                &format!("{location}({wire})"),
                &format!("{location}::<WIRE>({wire})"),
                &kind,
                always,
            );
            fields.push(json!({
                "limits": self.limits(&field, &kind.rust, schema, &place),
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

    /// Returns the argument for the body, if there is one.
    pub(super) fn body(
        &self,
        operation: &'c Value,
        place: &str,
        scope: &mut Scope,
    ) -> Option<Value> {
        let body = operation.get("requestBody")?;
        let (body, place) = self.resolve(body, &format!("{place}/requestBody"));
        let mut schemas = Vec::new();
        for (media_type, content) in members(&body["content"]) {
            let place = format!("{place}/content/{media_type}");
            schemas.extend(content.get("schema").map(|schema| (schema, place)));
        }
        let ((schema, place), rest) = schemas.split_first()?;
        for (_, place) in rest.iter().filter(|(other, _)| other != schema) {
            self.refuse(
                place,
                "every media type of a request body has the same schema",
            );
        }
        let kind = self.type_of(schema, place, scope);
        let (rust, decoded) =
            taken_from_request("body()", "body::<WIRE>()", &kind, flag(body, "required"));
        Some(argument("body", &rust, &decoded))
    }
}

/// An argument of the trait's method, with the expression by which the route makes it.
pub(super) fn argument(name: &str, rust: &str, decoded: &str) -> Value {
    json!({ "argument": name, "argument_type": rust, "decoded": decoded })
}

/// Returns the type of a parameter or body, and the expression that takes it out of the request. Dates go by a
/// type that reads the contract's form.
fn taken_from_request(plain: &str, typed: &str, kind: &Type, always: bool) -> (String, String) {
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
