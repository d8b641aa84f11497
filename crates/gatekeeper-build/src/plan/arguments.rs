//! What the operations take: parameters and body, as arguments of the trait's method.

use super::operations::is_json;
use super::types::{Scope, Type, Wire};
use super::{Planner, flag, items, members, names, text};
use serde_json::{Value, json};

impl<'c> Planner<'c> {
    /// The parameters, those of the path first.
    pub(super) fn parameters(
        &self,
        item: &'c Value,
        operation: &'c Value,
        place: &str,
        scope: &mut Scope,
        arguments: &mut Vec<Value>,
    ) {
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
                self.refuse(&place, "a parameter says its `name` and its `in`");
                continue;
            };
            if !["path", "query", "header", "cookie"].contains(&location) {
                self.refuse(
                    &format!("{place} ({name})"),
                    "`in` is path, query, header or cookie",
                );
                continue;
            }
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
        for (_, name, location, parameter, place) in found {
            let Some(schema) = parameter.get("schema") else {
                self.refuse(
                    &place,
                    "a parameter has a `schema`; `content` is not supported",
                );
                continue;
            };
            let kind = self.type_of(schema, &place, scope);
            let (target, _) = self.resolve(schema, &place);
            let always = flag(parameter, "required")
                || target.get("default").is_some()
                || schema.get("default").is_some();
            let argument = if location == "header" {
                names::header(name)
            } else {
                names::snake(name)
            };
            if argument.is_empty() {
                self.refuse(&place, "no Rust name can be made of this; use letters");
            }
            if location == "header" && !names::is_header_name(name) {
                self.refuse(&place, "is no header name; use letters, digits and hyphens");
            }
            let wire = names::literal(name);
            arguments.push(argument_of(
                &argument,
                &format!("{location}({wire})"),
                &format!("{location}::<WIRE>({wire})"),
                &kind,
                always,
            ));
        }
    }

    /// The body, when there is one.
    pub(super) fn body(
        &self,
        operation: &'c Value,
        place: &str,
        scope: &mut Scope,
        arguments: &mut Vec<Value>,
    ) {
        let Some(body) = operation.get("requestBody") else {
            return;
        };
        let (body, place) = self.resolve(body, &format!("{place}/requestBody"));
        let mut schemas = Vec::new();
        for (media_type, content) in members(&body["content"]) {
            let place = format!("{place}/content/{media_type}");
            if !is_json(media_type) && media_type != "application/x-www-form-urlencoded" {
                self.refuse(
                    &place,
                    "a request body is JSON or application/x-www-form-urlencoded",
                );
            } else if let Some(schema) = content.get("schema") {
                schemas.push((schema, place));
            } else {
                self.refuse(&place, "a request body has a schema");
            }
        }
        let Some(((schema, place), rest)) = schemas.split_first() else {
            return;
        };
        for (_, place) in rest.iter().filter(|(other, _)| other != schema) {
            self.refuse(
                place,
                "every media type of a request body has the same schema",
            );
        }
        let kind = self.type_of(schema, place, scope);
        arguments.push(argument_of(
            "body",
            "body()",
            "body::<WIRE>()",
            &kind,
            flag(body, "required"),
        ));
    }
}

/// An argument and how the route takes it out of the call. Dates go by a type that reads the
/// contract's form.
fn argument_of(name: &str, plain: &str, typed: &str, kind: &Type, always: bool) -> Value {
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
                "crate::formats::Date"
            } else {
                "crate::formats::DateTime"
            };
            let (wire, unwrapped) = if optional {
                (format!("Option<{wire}>"), ".map(|value| value.0)")
            } else {
                (wire.to_owned(), ".0")
            };
            format!("validated.{}?{unwrapped}", typed.replace("WIRE", &wire))
        }
    };
    json!({ "argument": name, "argument_type": rust, "decoded": decoded })
}
