//! Leaves out what has no effect, with a notice for each.
//!
//! Extensions stay: those that mean nothing here say nothing, and templates of others may read them.

use super::{
    place::Place,
    walk::{self, Visitor},
};
use crate::{
    Defects, Version, nearest,
    types::{Kind, Shape, member, names},
};
use serde_json::{Map, Value};

/// Keywords that OpenAPI defines and that nothing is made of, each with the reason.
const IGNORED: [(Shape, &str, &str); 8] = [
    (Shape::Components, "links", LINKS),
    (Shape::Response, "links", LINKS),
    (Shape::Components, "callbacks", CALLBACKS),
    (Shape::Operation, "callbacks", CALLBACKS),
    (Shape::Path, "servers", SERVERS),
    (Shape::Operation, "servers", SERVERS),
    (
        Shape::Schema,
        "xml",
        "has no effect: XML is not held against the schema",
    ),
    (
        Shape::Document,
        "webhooks",
        "is documentation; calls to others are not made",
    ),
];
const LINKS: &str = "links are documentation; none is made";
const CALLBACKS: &str = "callbacks are documentation; none is made";
const SERVERS: &str = "has no effect: one server serves all paths, the first at the top";

/// The keywords of schemas that are for one type, with it (JSON Schema Validation, section 6).
const OF_TYPE: [(&[&str], &[&str]); 4] = [
    (&["minLength", "maxLength", "pattern"], &["string"]),
    (
        &[
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
        ],
        &["integer", "number"],
    ),
    (
        &[
            "items",
            "minItems",
            "maxItems",
            "uniqueItems",
            "prefixItems",
            "contains",
            "minContains",
            "maxContains",
            "unevaluatedItems",
        ],
        &["array"],
    ),
    (
        &[
            "properties",
            "additionalProperties",
            "required",
            "minProperties",
            "maxProperties",
            "patternProperties",
            "propertyNames",
            "dependentRequired",
            "dependentSchemas",
            "unevaluatedProperties",
        ],
        &["object"],
    ),
];

/// Removes what is documentation, so that nothing in it is looked into.
pub(super) fn remove_documentation(document: &mut Value, notices: &mut Defects) {
    walk::document(document, &mut Documentation(notices));
}

struct Documentation<'n>(&'n mut Defects);

impl Visitor for Documentation<'_> {
    fn enter(&mut self, shape: Shape, value: &mut Value, place: &Place<'_>) -> bool {
        if let Value::Object(members) = value {
            for (_, keyword, reason) in IGNORED.iter().filter(|(of, ..)| *of == shape) {
                if members.remove(*keyword).is_some() {
                    self.0.add(place.member(keyword).text(), *reason);
                }
            }
            members.retain(|name, value| {
                if value.is_string() || !matches!(member(shape, name), Some(Kind::Words)) {
                    return true;
                }
                let text = value.is_number() || value.is_boolean();
                if text {
                    *value = Value::String(value.to_string());
                }
                self.0.add(
                    place.member(name).text(),
                    "must be a text; put it in quotes",
                );
                text
            });
        }
        true
    }
}

/// Removes the keywords of a document that have no effect.
pub(super) fn remove(document: &mut Value, version: Version, notices: &mut Defects) {
    walk::document(document, &mut Removal { version, notices });
}

struct Removal<'n> {
    version: Version,
    notices: &'n mut Defects,
}

impl Visitor for Removal<'_> {
    fn enter(&mut self, shape: Shape, value: &mut Value, place: &Place<'_>) -> bool {
        let Value::Object(members) = value else {
            return false;
        };
        let kind = members.get("type").and_then(Value::as_str);
        let kind = kind.map(str::to_owned);
        let reference = is_reference(shape, members);
        members.retain(|keyword, _| {
            let problem = if reference {
                beside_reference(keyword)
            } else {
                problem(shape, keyword, kind.as_deref(), self.version)
            };
            if let Some(problem) = &problem
                && !problem.is_empty()
            {
                self.notices.add(place.member(keyword).text(), problem);
            }
            problem.is_none()
        });
        true
    }
}

/// Returns true for an object that another one stands for.
fn is_reference(shape: Shape, members: &Map<String, Value>) -> bool {
    shape != Shape::Path && members.get("$ref").is_some_and(Value::is_string)
}

/// Returns the reason for which a keyword beside a reference is left out; an empty one where nobody expects an effect.
fn beside_reference(keyword: &str) -> Option<String> {
    match keyword {
        "$ref" => None,
        "title" | "description" | "summary" | "example" | "deprecated" => Some(String::new()),
        extension if extension.starts_with("x-") => Some(String::new()),
        _ => Some(
            "has no effect: OpenAPI 3.0 ignores what stands beside a $ref; wrap the reference in allOf"
                .to_owned(),
        ),
    }
}

fn problem(shape: Shape, keyword: &str, kind: Option<&str>, version: Version) -> Option<String> {
    let ignored = IGNORED
        .iter()
        .find(|(of, name, _)| *of == shape && *name == keyword);
    if let Some((_, _, reason)) = ignored {
        return Some((*reason).to_owned());
    }
    if keyword.starts_with("x-") {
        return None;
    }
    if !names(shape, version).any(|known| known == keyword) {
        if may_be_security(shape, keyword) {
            return None;
        }
        let near = nearest(keyword, names(shape, version));
        let hint = near.map(|near| format!("; did you mean `{near}`?"));
        return Some(format!(
            "has no effect: it is no keyword of OpenAPI {version} in this place{}",
            hint.unwrap_or_default()
        ));
    }
    let kind = kind.filter(|_| shape == Shape::Schema)?;
    let (_, types) = OF_TYPE.iter().find(|(names, _)| names.contains(&keyword))?;
    (!types.contains(&kind))
        .then(|| format!("has no effect here; it is for type {}", types.join(" or ")))
}

/// Returns true for a keyword that was meant to say who may call, misspelt or misplaced: it is refused later, since
/// leaving it out would let in everybody.
fn may_be_security(shape: Shape, keyword: &str) -> bool {
    matches!(shape, Shape::Document | Shape::Path | Shape::Operation)
        && nearest(keyword, ["security"]).is_some()
}
