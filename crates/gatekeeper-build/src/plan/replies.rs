//! The replies of the operations: a variant for each status of success, failures being errors.

use super::operations::Tag;
use super::types::{Scope, Wire};
use super::{Planner, docs, flag, members, names, text};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The type of a header that is text.
const TEXT: &str = "gatekeeper::HeaderText";

/// Headers that the gate writes on every reply that needs them.
const OF_THE_GATE: &[&str] = &[
    "allow",
    "content-length",
    "content-type",
    "vary",
    "x-content-type-options",
    "x-request-id",
];

impl<'c> Planner<'c> {
    /// The variants of an operation's replies.
    pub(super) fn variants(
        &self,
        operation: &'c Value,
        place: &str,
        scope: &mut Scope,
        tag: &mut Tag,
    ) -> Vec<Value> {
        let mut variants = Vec::new();
        for (status, response) in members(&operation["responses"]) {
            let (response, place) = self.resolve(response, &format!("{place}/responses/{status}"));
            if !status.starts_with(['2', '3']) {
                continue;
            }
            let Ok(number) = status.parse::<u16>() else {
                continue;
            };
            let headers = self.headers(response, &place);
            let content: Vec<(&String, &Value)> = members(&response["content"]).collect();
            let (body, json) = match content.as_slice() {
                [] => (None, false),
                [(media_type, content)] if media_type.as_str() == "application/json" => {
                    let place = format!("{place}/content/{media_type}");
                    tag.bodies = true;
                    match content.get("schema") {
                        Some(schema) => {
                            let kind = self.type_of(schema, &place, scope);
                            if kind.wire != Wire::Plain {
                                self.refuse(
                                    &place,
                                    "a date by itself is no body; put it into an object's property",
                                );
                            }
                            (Some(format!("Body<{}>", kind.or_null())), true)
                        }
                        None => (None, false),
                    }
                }
                // Of another media type, of a choice of them, or no JSON: the implementation says.
                _ => (Some("gatekeeper::Content".to_owned()), false),
            };
            let mut fields: Vec<Value> = body
                .iter()
                .map(|body| json!({ "field": "body", "type": body, "field_doc": ["The body."] }))
                .collect();
            let of_the_operation = headers.iter().filter(|header| header["constant"] == false);
            fields.extend(of_the_operation.cloned());
            let many = fields.len() > body.iter().len();
            variants.push(json!({
                "status": number,
                "status_doc": docs::lines(text(response, "description"), &format!("Status {number}.")),
                "single": if many || body.is_none() { json!(false) } else { json!(body) },
                "fields": if many { json!(fields) } else { json!([]) },
                "many": many,
                "headers": headers,
                "json": json,
                "content": body.is_some() && !json,
            }));
        }
        variants
    }

    fn headers(&self, response: &'c Value, place: &str) -> Vec<Value> {
        let mut headers = Vec::new();
        let mut taken = BTreeSet::from(["body".to_owned()]);
        for (name, header) in members(&response["headers"]) {
            let wire = name.to_ascii_lowercase();
            if OF_THE_GATE.contains(&wire.as_str()) || wire.starts_with("access-control-") {
                continue;
            }
            let (header, place) = self.resolve(header, &format!("{place}/headers/{name}"));
            let Some(schema) = header.get("schema") else {
                continue;
            };
            let (schema, place) = self.resolve(schema, &place);
            let kind = match (text(schema, "type"), text(schema, "format")) {
                (Some("string"), Some("date" | "date-time"))
                | (Some("array" | "object" | "number"), _)
                | (None, _) => {
                    self.refuse(&place, "a header of a reply is a string without a date format, an integer or a boolean");
                    TEXT
                }
                (Some("string"), Some("uuid")) => "uuid::Uuid",
                (Some("integer"), Some("int32")) => "i32",
                (Some("integer"), _) => "i64",
                (Some("boolean"), _) => "bool",
                _ => TEXT,
            };
            let field = names::header(name);
            if !names::is_header_name(name) || field.is_empty() {
                self.refuse(
                    &place,
                    "is no header name that a Rust name can be made of; use letters, digits and hyphens",
                );
                continue;
            }
            if !taken.insert(field.clone()) {
                self.refuse(
                    &place,
                    "two headers, or a header and the body, would have one Rust name",
                );
            }
            let constant = only_value(schema).filter(|_| flag(header, "required"));
            if constant
                .as_deref()
                .is_some_and(|value| !is_header_value(value))
            {
                self.refuse(
                    &place,
                    "its one value cannot be sent; use printable ASCII without a space at either end",
                );
            }
            headers.push(json!({
                "constant": constant.is_some(),
                "value": names::literal(&constant.unwrap_or_default()),
                "field": field,
                "wire": names::literal(&wire),
                "type": if flag(header, "required") { kind.to_owned() } else { format!("Option<{kind}>") },
                "field_doc": docs::lines(text(header, "description"), &format!("The header `{name}`.")),
            }));
        }
        headers
    }
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
