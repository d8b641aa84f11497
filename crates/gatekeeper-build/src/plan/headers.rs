//! The headers of replies: fields of their variants, or constants.

use super::types::Scope;
use super::{Planner, docs, flag, members, names, text};
use openapi::Mode;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Headers that the gatekeeper or the server writes on every reply that needs them.
const OF_THE_GATE: &[&str] = &[
    "allow",
    "connection",
    "content-length",
    "content-type",
    "date",
    "transfer-encoding",
    "vary",
    "x-content-type-options",
    "x-request-id",
];

/// The headers of a response.
#[derive(Default)]
pub(super) struct Headers {
    /// The fields of those that the operation chooses.
    pub(super) fields: Vec<Value>,
    /// The calls that add all of them to the reply.
    pub(super) set: String,
}

impl<'c> Planner<'c> {
    /// Plans the headers of a response; those of `HEAD` may say how long the content of a `GET` would be.
    pub(super) fn headers(
        &self,
        response: &'c Value,
        place: &str,
        is_head: bool,
        scope: &mut Scope,
    ) -> Headers {
        let mut headers = Headers::default();
        let mut taken = BTreeSet::from(["body".to_owned(), "status".to_owned()]);
        for (name, header) in members(&response["headers"]) {
            let wire = name.to_ascii_lowercase();
            let is_chosen = is_head && wire == "content-length";
            if (OF_THE_GATE.contains(&wire.as_str()) && !is_chosen)
                || wire.starts_with("access-control-")
                || !names::is_header_name(name)
            {
                continue;
            }
            let (header, place) = self.resolve(header, &format!("{place}/headers/{name}"));
            let constant = header.get("schema").and_then(|schema| {
                only_value(self.resolve(schema, &place).0).filter(|_| flag(header, "required"))
            });
            let wire = names::literal(&wire);
            let key = format!("const {{ gatekeeper::HeaderName::from_static({wire}) }}");
            if constant
                .as_deref()
                .is_some_and(|value| !is_header_value(value))
                && self.mode == Mode::Strict
            {
                self.refuse(
                    &place,
                    "its one value cannot be sent; use printable ASCII without a space at either end",
                );
            }
            if let Some(value) = constant.filter(|value| is_header_value(value)) {
                let value = names::literal(&value);
                headers.set.push_str(&format!(
                    ".fixed_header({key}, const {{ gatekeeper::HeaderValue::from_static({value}) }})"
                ));
                continue;
            }
            let field = free(names::header(name), &mut taken);
            let (rust, set) = self.header(name, header, &place, &field, &key, scope);
            headers.set.push_str(&set);
            headers.fields.push(json!({
                "field": field,
                "type": rust,
                "field_doc": docs::lines(text(header, "description"), &format!("The header `{name}`.")),
            }));
        }
        headers
    }

    /// Returns the type of a header, and the call that adds it to the reply.
    fn header(
        &self,
        name: &str,
        header: &'c Value,
        place: &str,
        field: &str,
        key: &str,
        scope: &mut Scope,
    ) -> (String, String) {
        let required = flag(header, "required");
        let optional = |rust: &str| {
            if required {
                rust.to_owned()
            } else {
                format!("Option<{rust}>")
            }
        };
        // RFC 6265 section 3: each cookie has a line of its own.
        if name.eq_ignore_ascii_case("set-cookie") {
            return (
                "Vec<gatekeeper::HeaderText>".to_owned(),
                format!(".headers(&{key}, {field})?"),
            );
        }
        let text = || {
            let rust = optional("gatekeeper::HeaderText");
            (rust, format!(".header({key}, {field})?"))
        };
        let Some(schema) = header.get("schema") else {
            let mut content = members(&header["content"]);
            return match content.next() {
                Some((media_type, content)) if openapi::is_json(media_type) => {
                    let schema = content.get("schema");
                    let kind = schema.map(|schema| self.type_of(schema, place, scope).or_null());
                    let kind = kind.unwrap_or_else(|| "serde_json::Value".to_owned());
                    let value = if required {
                        format!("Some(&{field})")
                    } else {
                        format!("{field}.as_ref()")
                    };
                    (optional(&kind), format!(".json_header({key}, {value})?"))
                }
                _ => text(),
            };
        };
        let (target, _) = self.resolve(schema, place);
        // A text of any form is written by whoever knows it.
        let is_plain_text = target.get("enum").is_none() || schema.get("$ref").is_none();
        let format = target.get("format").and_then(Value::as_str);
        match target.get("type").and_then(Value::as_str) {
            Some("string") if is_plain_text && !is_typed(format) => return text(),
            Some("string" | "integer" | "number" | "boolean" | "array" | "object") => {}
            _ => return text(),
        }
        let kind = self.type_of(schema, place, scope);
        if ["bool", "i32", "i64", "uuid::Uuid"].contains(&kind.rust.as_str()) && !kind.nullable {
            return (optional(&kind.rust), format!(".header({key}, {field})?"));
        }
        let explode = flag(header, "explode");
        let rust = kind.or_null();
        (
            optional(&rust),
            format!(".simple_header({key}, &{field}, {explode})?"),
        )
    }
}

/// Returns true for a format whose texts have a type of their own.
fn is_typed(format: Option<&str>) -> bool {
    matches!(
        format,
        Some("date" | "date-time" | "time" | "duration" | "uuid" | "byte")
    )
}

/// Returns a field name that nothing else has.
fn free(name: String, taken: &mut BTreeSet<String>) -> String {
    let name = if name.is_empty() {
        "header".to_owned()
    } else {
        name
    };
    let mut names =
        std::iter::once(name.clone()).chain((2..).map(|number| format!("{name}_{number}")));
    let free = names.find(|name| !taken.contains(name)).unwrap_or(name);
    taken.insert(free.clone());
    free
}

/// Returns the value of a schema that has no other.
fn only_value(schema: &Value) -> Option<String> {
    match schema.get("enum")?.as_array()?.as_slice() {
        [Value::String(text)] => Some(text.clone()),
        [value @ (Value::Bool(_) | Value::Number(_))] => Some(value.to_string()),
        _ => None,
    }
}

/// Returns whether a text can be sent as a header and arrives unchanged (RFC 9110, 5.5).
fn is_header_value(text: &str) -> bool {
    text.trim() == text && text.chars().all(|letter| matches!(letter, ' '..='~'))
}
