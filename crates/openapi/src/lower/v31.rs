//! Schemas of OpenAPI 3.1, written as those of 3.0 where both can say the same.
//!
//! Keywords that only JSON Schema 2020-12 has stay as they are.

use super::{
    parts::ANNOTATIONS,
    place::Place,
    walk::{self, Visitor},
};
use crate::{Defects, Mode, types::Shape};
use serde_json::{Map, Value, json};

/// The dialects whose keywords mean what they mean in OpenAPI 3.1.
const DIALECTS: [&str; 2] = [
    "https://spec.openapis.org/oas/3.1/",
    "https://json-schema.org/draft/2020-12/schema",
];

/// Rewrites the schemas of a document.
pub(super) fn rewrite(
    document: &mut Value,
    mode: Mode,
    notices: &mut Defects,
    defects: &mut Defects,
) {
    if let Value::Object(members) = document {
        dialect(
            members.get("jsonSchemaDialect"),
            "jsonSchemaDialect",
            defects,
        );
        members.remove("jsonSchemaDialect");
        // Calls to others are documentation, and nothing is made of them.
        members.remove("webhooks");
    }
    walk::document(
        document,
        &mut Rewriting {
            mode,
            notices,
            defects,
        },
    );
}

/// Refuses a dialect whose keywords may mean something else.
fn dialect(stated: Option<&Value>, place: &str, defects: &mut Defects) {
    let is_known = |dialect: &str| DIALECTS.iter().any(|known| dialect.starts_with(known));
    if stated.is_some_and(|stated| !stated.as_str().is_some_and(is_known)) {
        defects.add(
            place,
            format!(
                "is a dialect that is not read; leave it out, and write schemas as {} has them",
                DIALECTS[1]
            ),
        );
    }
}

struct Rewriting<'x> {
    mode: Mode,
    notices: &'x mut Defects,
    defects: &'x mut Defects,
}

impl Visitor for Rewriting<'_> {
    fn enter(&mut self, shape: Shape, value: &mut Value, place: &Place<'_>) -> bool {
        if shape != Shape::Schema {
            return true;
        }
        match value {
            Value::Bool(true) => *value = json!({}),
            Value::Bool(false) => *value = json!({ "not": {} }),
            Value::Object(members) => self.resources(members, place),
            _ => {}
        }
        true
    }

    fn leave(&mut self, shape: Shape, value: &mut Value, _: &Place<'_>) {
        if let (Shape::Schema, Value::Object(members)) = (shape, value) {
            constant(members);
            types(members);
            if let Some(Value::Array(examples)) = members.remove("examples")
                && let Some(first) = examples.into_iter().next()
            {
                members.entry("example").or_insert(first);
            }
            for keyword in ["oneOf", "anyOf"] {
                without_null(members, keyword);
            }
            let is_array = match members.get("type") {
                Some(Value::Array(kinds)) => kinds.contains(&json!("array")),
                kind => kind == Some(&json!("array")),
            };
            if is_array && !members.contains_key("prefixItems") {
                members.entry("items").or_insert_with(|| json!({}));
            }
            siblings(members);
        }
    }
}

impl Rewriting<'_> {
    /// Takes out what makes a document of a schema, and refuses what cannot be followed.
    fn resources(&mut self, members: &mut Map<String, Value>, place: &Place<'_>) {
        for keyword in ["$defs", "$anchor", "$comment", "$vocabulary"] {
            members.remove(keyword);
        }
        if let Some(stated) = members.remove("$schema") {
            dialect(Some(&stated), &place.member("$schema").text(), self.defects);
        }
        for keyword in ["$dynamicRef", "$recursiveRef"] {
            if members.remove(keyword).is_some() {
                self.defects.add(
                    place.member(keyword).text(),
                    "is not followed; write a `$ref` to a schema under components/schemas",
                );
            }
        }
        for keyword in ["$id", "$dynamicAnchor"] {
            if members.remove(keyword).is_some() {
                self.without_effect(
                    &place.member(keyword),
                    "has no effect: references are by `#/components/schemas/Name`",
                );
            }
        }
        if members.remove("nullable").is_some() {
            self.without_effect(
                &place.member("nullable"),
                "has no effect: OpenAPI 3.1 has no such keyword; write `type: [string, \"null\"]`",
            );
        }
    }

    fn without_effect(&mut self, place: &Place<'_>, problem: &str) {
        let to = match self.mode {
            Mode::Open => &mut *self.notices,
            Mode::Strict => &mut *self.defects,
        };
        to.add(place.text(), problem);
    }
}

/// Writes `const` as an `enum` of one, with its type.
fn constant(members: &mut Map<String, Value>) {
    let Some(constant) = members.remove("const") else {
        return;
    };
    if !members.contains_key("type") {
        let kind = match &constant {
            Value::String(_) => Some("string"),
            Value::Bool(_) => Some("boolean"),
            Value::Number(number) if number.is_f64() => Some("number"),
            Value::Number(_) => Some("integer"),
            _ => None,
        };
        if let Some(kind) = kind {
            members.insert("type".to_owned(), json!(kind));
        }
    }
    if constant.is_null() {
        members.insert("nullable".to_owned(), json!(true));
        members.remove("type");
    }
    members.insert("enum".to_owned(), json!([constant]));
}

/// Writes the type `null` as `nullable`, and a list of one type as that.
fn types(members: &mut Map<String, Value>) {
    let mut kinds = match members.get("type") {
        Some(Value::Array(kinds)) => kinds.clone(),
        Some(kind) if kind == "null" => vec![kind.clone()],
        _ => return,
    };
    let before = kinds.len();
    kinds.retain(|kind| kind != "null");
    kinds.dedup();
    let takes_null = kinds.len() < before;
    let options = members.get_mut("enum").and_then(Value::as_array_mut);
    match options {
        // The other keywords hold for null, too.
        Some(options) if takes_null && !options.contains(&Value::Null) => {}
        _ if takes_null => {
            members.insert("nullable".to_owned(), json!(true));
        }
        Some(options) => options.retain(|option| !option.is_null()),
        None => {}
    }
    match kinds.as_slice() {
        [] => {
            members.remove("type");
            if takes_null {
                members.insert("enum".to_owned(), json!([null]));
            }
        }
        [kind] => {
            members.insert("type".to_owned(), kind.clone());
        }
        _ => {
            members.insert("type".to_owned(), Value::Array(kinds));
        }
    }
}

/// Takes the part `null` out of alternatives, and a single part that is left out of its list.
fn without_null(members: &mut Map<String, Value>, keyword: &str) {
    let Some(Value::Array(parts)) = members.get_mut(keyword) else {
        return;
    };
    let before = parts.len();
    if before < 2 || parts.iter().all(is_null) {
        return;
    }
    parts.retain(|part| !is_null(part));
    if parts.len() == before {
        return;
    }
    if let [_] = parts.as_slice()
        && !members.contains_key("discriminator")
        && let Some(Value::Array(parts)) = members.remove(keyword)
    {
        for part in parts {
            single(members, part);
        }
    }
    members.insert("nullable".to_owned(), json!(true));
}

/// Returns true for a schema that takes null and nothing else.
fn is_null(schema: &Value) -> bool {
    schema.get("enum") == Some(&json!([null]))
}

/// Adds what a single part says to the schema that it is a part of.
fn single(members: &mut Map<String, Value>, part: Value) {
    let merges = match &part {
        Value::Object(own) => {
            !own.contains_key("$ref")
                && own.keys().all(|keyword| {
                    ANNOTATIONS.contains(&keyword.as_str()) || !members.contains_key(keyword)
                })
        }
        _ => false,
    };
    match part {
        Value::Object(own) if merges => {
            for (keyword, value) in own {
                members.entry(keyword).or_insert(value);
            }
        }
        part => {
            if let Value::Array(parts) = members.entry("allOf").or_insert_with(|| json!([])) {
                parts.push(part);
            }
        }
    }
}

/// Writes a reference with keywords beside it as two parts (JSON Schema 2020-12 Core, section 8.2.3.1).
fn siblings(members: &mut Map<String, Value>) {
    if members.len() < 2 || !members.get("$ref").is_some_and(Value::is_string) {
        return;
    }
    let all = std::mem::take(members);
    let mut reference = Map::new();
    let mut rest = Map::new();
    for (keyword, value) in all {
        let is_outside = ANNOTATIONS.contains(&keyword.as_str())
            || keyword.starts_with("x-")
            || keyword == "nullable";
        let part = match keyword.as_str() {
            "$ref" => &mut reference,
            _ if is_outside => &mut *members,
            _ => &mut rest,
        };
        part.insert(keyword, value);
    }
    let mut parts = vec![Value::Object(reference)];
    if !rest.is_empty() {
        parts.push(Value::Object(rest));
    }
    members.insert("allOf".to_owned(), Value::Array(parts));
}
