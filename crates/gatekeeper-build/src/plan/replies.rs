//! The replies of the operations: a variant for each response that the operation may give. Where failures are problems
//! they are errors instead, and the gatekeeper writes them.

use super::headers::Headers;
use super::media::{essence, word};
use super::operations::Tag;
use super::types::Scope;
use super::{Planner, docs, members, names, text};
use openapi::{MediaRange, Mode, Status, is_json};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";
const EVENTS: &str = "text/event-stream";

/// The body of a variant.
struct Body {
    /// The word behind the status, where there are several media types.
    word: String,
    rust: String,
    /// The call that gives it to the reply.
    set: String,
}

impl Body {
    /// A body whose media type the operation chooses.
    fn any() -> Self {
        Self {
            word: String::new(),
            rust: "gatekeeper::Content".to_owned(),
            set: ".content(body)".to_owned(),
        }
    }
}

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
        let mut known = BTreeSet::new();
        let mut has_success = false;
        let is_head = place.ends_with("/head");
        for (key, response) in members(&operation["responses"]) {
            let (response, place) = self.resolve(response, &format!("{place}/responses/{key}"));
            let Some(status) = Status::parse(key).filter(|status| !is_interim(*status)) else {
                continue;
            };
            // Twice in two spellings, which is a defect.
            if !known.insert(status) {
                continue;
            }
            has_success |= status.is_success();
            if !self.is_reply(status, response) {
                continue;
            }
            let headers = self.headers(response, &place, is_head, scope);
            let bodies = self.bodies(status, response, &place, scope, tag);
            for body in bodies
                .iter()
                .map(Some)
                .chain(bodies.is_empty().then_some(None))
            {
                variants.push(variant(status, response, body, &headers));
            }
        }
        if !has_success {
            variants.push(undeclared());
        }
        variants
    }

    /// Returns the media types of each response that has several: by `Accept` the caller prefers one of them.
    pub(super) fn media_types(&self, operation: &'c Value, place: &str) -> Vec<Value> {
        let mut lists = Vec::new();
        for (key, response) in members(&operation["responses"]) {
            let (response, _) = self.resolve(response, &format!("{place}/responses/{key}"));
            let Some(status) = Status::parse(key) else {
                continue;
            };
            let types: Vec<&String> = members(&response["content"])
                .map(|(name, _)| name)
                .collect();
            if types.len() > 1 && !status.is_empty() && self.is_reply(status, response) {
                lists.push(json!({
                    "list": format!("MEDIA_TYPES_{}", key.to_uppercase()),
                    "list_doc": format!("The media types of {}, for `RequestContext::prefers`.", in_words(status)),
                    "types": types.into_iter().map(|name| names::literal(name)).collect::<Vec<_>>(),
                }));
            }
        }
        lists
    }

    /// Returns false for a response that only the error of the operation gives: a problem, and any failure of a contract
    /// that is strict.
    fn is_reply(&self, status: Status, response: &Value) -> bool {
        if matches!(status, Status::Exact(200..400)) {
            return true;
        }
        let mut content = members(&response["content"]).map(|(name, _)| name.as_str());
        self.mode == Mode::Open && (content.next(), content.next()) != (Some(PROBLEM), None)
    }

    /// The bodies of a response: one for each media type, or one for all of them where none has a type of its own.
    fn bodies(
        &self,
        status: Status,
        response: &'c Value,
        place: &str,
        scope: &mut Scope,
        tag: &mut Tag,
    ) -> Vec<Body> {
        let content: Vec<(&String, &Value)> = members(&response["content"])
            .filter(|_| !status.is_empty())
            .collect();
        let is_typed = |name: &str| is_json(name) || essence(name) == EVENTS;
        if content.len() > 1 && !content.iter().any(|(name, _)| is_typed(name)) {
            return vec![Body::any()];
        }
        let all: Vec<&str> = content.iter().map(|(name, _)| name.as_str()).collect();
        let mut bodies: Vec<Body> = Vec::new();
        for (name, content) in &content {
            let place = format!("{place}/content/{name}");
            let mut body = self.body_of(name, content, &place, scope, tag);
            if all.len() > 1 {
                let word = word(name, &all);
                let taken = |word: &String| bodies.iter().any(|body| body.word == *word);
                let numbered = (2..).map(|number| format!("{word}{number}"));
                let mut names = std::iter::once(word.clone()).chain(numbered);
                body.word = names.find(|word| !taken(word)).unwrap_or_default();
            }
            bodies.push(body);
        }
        bodies
    }

    fn body_of(
        &self,
        name: &str,
        content: &'c Value,
        place: &str,
        scope: &mut Scope,
        tag: &mut Tag,
    ) -> Body {
        let schema = content.get("schema");
        let is_range = MediaRange::parse(name).is_none_or(|range| range.has_wildcard());
        let media_type = names::literal(name);
        let (rust, set) = if is_range {
            (
                "gatekeeper::Content".to_owned(),
                ".content(body)".to_owned(),
            )
        } else if is_json(name) && !schema.is_some_and(|schema| self.is_binary(schema, place)) {
            tag.bodies = true;
            let kind = schema.map(|schema| self.type_of(schema, place, scope).or_null());
            let kind = kind.unwrap_or_else(|| "serde_json::Value".to_owned());
            let set = if name == JSON {
                ".json(body)?".to_owned()
            } else {
                format!(".json_as({media_type}, body)?")
            };
            (format!("Body<{kind}>"), set)
        } else if essence(name) == EVENTS {
            (
                "gatekeeper::EventStream".to_owned(),
                ".events(body)".to_owned(),
            )
        } else {
            let set = format!(".body({media_type}, body)");
            ("gatekeeper::ReplyBody".to_owned(), set)
        };
        Body {
            word: String::new(),
            rust,
            set,
        }
    }

    pub(super) fn is_binary(&self, schema: &'c Value, place: &str) -> bool {
        let (schema, _) = self.resolve(schema, place);
        text(schema, "format") == Some("binary")
    }
}

/// A variant of the enum of replies.
fn variant(status: Status, response: &Value, body: Option<&Body>, headers: &Headers) -> Value {
    let (name, start, field) = match status {
        Status::Exact(status) => {
            let start = format!("gatekeeper::Reply::new({status})");
            (format!("Status{status}"), start, None)
        }
        Status::Class(class) => (
            format!("Status{class}xx"),
            format!("gatekeeper::Reply::of_class(&[{class}], status)?"),
            Some(format!("The status, from {class}00 to {class}99.")),
        ),
        Status::Default => (
            "Default".to_owned(),
            "gatekeeper::Reply::of_class(&[2, 3, 4, 5], status)?".to_owned(),
            Some("The status.".to_owned()),
        ),
    };
    let mut fields = Vec::new();
    if let Some(doc) = field {
        fields.push(json!({ "field": "status", "type": "u16", "field_doc": [doc] }));
    }
    if let Some(body) = body {
        fields.push(json!({ "field": "body", "type": body.rust, "field_doc": ["The body."] }));
    }
    fields.extend(headers.fields.iter().cloned());
    let single = match (fields.as_slice(), body) {
        ([_], Some(body)) => json!(body.rust),
        _ => json!(false),
    };
    let many = !fields.is_empty() && single == false;
    json!({
        "variant": format!("{name}{}", body.map_or("", |body| &body.word)),
        "variant_doc": docs::lines(text(response, "description"), &sentence(status)),
        "single": single,
        "many": many,
        "fields": if many { json!(fields) } else { json!([]) },
        "reply": format!("{start}{}{}", headers.set, body.map_or("", |body| &body.set)),
    })
}

/// The variant of an operation whose contract names no success.
fn undeclared() -> Value {
    json!({
        "variant": "Undeclared",
        "variant_doc": ["A success, of which the contract says nothing."],
        "single": "gatekeeper::Reply",
        "many": false,
        "fields": [],
        "reply": "body",
    })
}

/// RFC 9110 section 15.2: what comes before the reply is the server's to send.
fn is_interim(status: Status) -> bool {
    matches!(status, Status::Exact(..200) | Status::Class(1))
}

fn in_words(status: Status) -> String {
    match status {
        Status::Exact(status) => format!("status {status}"),
        Status::Class(class) => format!("statuses from {class}00 to {class}99"),
        Status::Default => "all other statuses".to_owned(),
    }
}

fn sentence(status: Status) -> String {
    match status {
        Status::Exact(status) => format!("Status {status}."),
        Status::Class(class) => format!("Statuses from {class}00 to {class}99."),
        Status::Default => "All other statuses.".to_owned(),
    }
}
