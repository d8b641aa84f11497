//! The keywords of a Schema Object, and which of them say something where they stand.

use super::convert::PATTERN_MESSAGE;
use crate::{Mode, nearest};
use serde_json::{Map, Value};

/// The sort of a keyword.
pub(super) enum Keyword {
    /// Says something about a value, and is no schema.
    Assertion,
    /// A schema, or a boolean.
    Schema,
    /// A list of schemas.
    List,
    /// Schemas by name.
    Map,
    /// Says nothing about a value.
    Annotation,
    /// Needs a look of its own.
    Own,
    Unknown,
}

const ASSERTIONS: [&str; 16] = [
    "type",
    "enum",
    "const",
    "minimum",
    "maximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "minContains",
    "maxContains",
    "dependentRequired",
];
const SCHEMAS: [&str; 10] = [
    "items",
    "not",
    "additionalProperties",
    "propertyNames",
    "contains",
    "if",
    "then",
    "else",
    "unevaluatedItems",
    "unevaluatedProperties",
];
const LISTS: [&str; 4] = ["allOf", "oneOf", "anyOf", "prefixItems"];
const MAPS: [&str; 3] = ["properties", "patternProperties", "dependentSchemas"];
const OWN: [&str; 9] = [
    "nullable",
    "discriminator",
    "default",
    "required",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "pattern",
    "format",
    PATTERN_MESSAGE,
];
const ANNOTATIONS: [&str; 5] = [
    "title",
    "description",
    "example",
    "externalDocs",
    "deprecated",
];
/// Keywords that are known, and say nothing about a JSON value: XML's names, content that a text holds, names and
/// comments of JSON Schema. In a strict contract only what is enforced is written.
const INERT: [&str; 14] = [
    "xml",
    "examples",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "readOnly",
    "writeOnly",
    "$comment",
    "$id",
    "$schema",
    "$anchor",
    "$defs",
    "definitions",
    "id",
];

/// Returns the sort of a keyword.
pub(super) fn of(keyword: &str) -> Keyword {
    if ASSERTIONS.contains(&keyword) {
        Keyword::Assertion
    } else if SCHEMAS.contains(&keyword) {
        Keyword::Schema
    } else if LISTS.contains(&keyword) {
        Keyword::List
    } else if MAPS.contains(&keyword) {
        Keyword::Map
    } else if OWN.contains(&keyword) {
        Keyword::Own
    } else if ANNOTATIONS.contains(&keyword) {
        Keyword::Annotation
    } else {
        Keyword::Unknown
    }
}

/// Returns what is wrong with a keyword that is not read; nothing where it does no harm.
pub(super) fn unknown(keyword: &str, value: &Value, mode: Mode) -> Option<String> {
    match (keyword, mode) {
        ("readOnly" | "writeOnly", _) if value == &Value::Bool(false) => return None,
        ("readOnly" | "writeOnly", Mode::Strict) => {
            let problem = "is not enforced; write one schema for requests and one for responses";
            return Some(problem.to_owned());
        }
        ("$dynamicRef" | "$dynamicAnchor" | "$recursiveRef" | "$recursiveAnchor", _) => {
            return Some("is not followed; refer to a schema by `$ref`".to_owned());
        }
        (inert, Mode::Open) if INERT.contains(&inert) => return None,
        _ => {}
    }
    let known = [
        ASSERTIONS.as_slice(),
        SCHEMAS.as_slice(),
        LISTS.as_slice(),
        MAPS.as_slice(),
        OWN.as_slice(),
    ];
    let known = known.iter().flat_map(|names| names.iter().copied());
    let hint = nearest(keyword, known).map(|near| format!("; did you mean `{near}`?"));
    Some(format!(
        "is not enforced; OpenAPI knows no such keyword, or the gatekeeper does not{}",
        hint.unwrap_or_default()
    ))
}

/// Returns what is wrong with a keyword for other types than those that are stated: it has no effect.
pub(super) fn misplaced(keyword: &str, types: Option<&[&str]>) -> Option<String> {
    let of: &[&str] = match keyword {
        "minLength" | "maxLength" | "pattern" => &["string"],
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
            &["integer", "number"]
        }
        "items" | "prefixItems" | "contains" | "minContains" | "maxContains" | "minItems"
        | "maxItems" | "uniqueItems" | "unevaluatedItems" => &["array"],
        "properties"
        | "patternProperties"
        | "propertyNames"
        | "additionalProperties"
        | "unevaluatedProperties"
        | "dependentRequired"
        | "dependentSchemas"
        | "required"
        | "minProperties"
        | "maxProperties" => &["object"],
        _ => return None,
    };
    let is_in_place = types.is_none_or(|types| types.iter().any(|each| of.contains(each)));
    (!is_in_place).then(|| format!("has no effect here; it is for type {}", of.join(" or ")))
}

/// Takes `required` over; JSON Schema lets no name stand in it twice.
pub(super) fn required(value: &Value, out: &mut Map<String, Value>) {
    let value = match value {
        Value::Array(names) => {
            let mut once: Vec<Value> = Vec::new();
            for name in names {
                if !once.contains(name) {
                    once.push(name.clone());
                }
            }
            Value::Array(once)
        }
        other => other.clone(),
    };
    out.insert("required".to_owned(), value);
}

/// Returns what keywords say that no value, or any, fulfils: the part of the place, and the problem.
pub(super) fn inconsistent(
    members: &Map<String, Value>,
    types: Option<&[&str]>,
) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let is_array = types.is_some_and(|types| types.contains(&"array"));
    if is_array && !members.contains_key("items") && !members.contains_key("prefixItems") {
        found.push((String::new(), "an array states its `items`".to_owned()));
    }
    for (exclusive, limit) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        let is_flag = members.get(exclusive).is_some_and(Value::is_boolean);
        if is_flag && !members.contains_key(limit) {
            let problem = format!("says whether `{limit}` is excluded, which is not stated");
            found.push((format!(".{exclusive}"), problem));
        }
    }
    if members.get("additionalProperties") == Some(&Value::Bool(false)) {
        let known = members.get("properties").and_then(Value::as_object);
        let required = members.get("required").and_then(Value::as_array);
        let required = required.into_iter().flatten().filter_map(Value::as_str);
        let missing = required.filter(|name| {
            !known.is_some_and(|known| known.contains_key(*name))
                && !members.contains_key("patternProperties")
        });
        found.extend(missing.map(|name| {
            let problem =
                format!("asks for `{name}`, which is no property and no other is allowed");
            (".required".to_owned(), problem)
        }));
    }
    found
}
