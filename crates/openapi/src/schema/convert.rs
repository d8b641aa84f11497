//! Converts a Schema Object to JSON Schema draft 4, and refuses what cannot be enforced.

use super::formats::FORMATS;
use crate::Defects;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const REFERENCE: &str = "#/components/schemas/";
pub(super) const DEFINITION: &str = "#/definitions/";
/// The keyword for the words of a violation of the `pattern` beside it.
pub(super) const PATTERN_MESSAGE: &str = "x-pattern-message";

/// Keywords that say nothing about a value.
const ANNOTATIONS: [&str; 5] = [
    "title",
    "description",
    "example",
    "externalDocs",
    "deprecated",
];

/// A `default`, to be checked against its own schema once all components are converted.
pub(super) struct DefaultValue {
    pub(super) place: String,
    pub(super) schema: Value,
    pub(super) value: Value,
}

/// Converts the schema at the location `place`.
pub(super) fn convert(
    schema: &Value,
    place: &str,
    components: &Map<String, Value>,
    defaults: &mut Vec<DefaultValue>,
    defects: &mut Defects,
) -> Value {
    Conversion {
        components,
        defaults,
        defects,
    }
    .schema(schema, place)
}

struct Conversion<'a> {
    components: &'a Map<String, Value>,
    defaults: &'a mut Vec<DefaultValue>,
    defects: &'a mut Defects,
}

impl Conversion<'_> {
    fn schema(&mut self, schema: &Value, place: &str) -> Value {
        let Value::Object(members) = schema else {
            self.defects.add(place, "must be a schema object");
            return json!({});
        };
        if let Some(reference) = members.get("$ref") {
            return self.reference(reference, members, place);
        }
        let kind = self.kind(members, place);
        let mut out = Map::new();
        for (keyword, value) in members {
            let here = format!("{place}.{keyword}");
            self.belongs(keyword, kind, &here);
            match keyword.as_str() {
                "nullable" | "discriminator" | "default" => {}
                "type" | "required" | "enum" | "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum"
                | "multipleOf" | "minLength" | "maxLength" | "minItems" | "maxItems" | "uniqueItems"
                | "minProperties" | "maxProperties" => {
                    out.insert(keyword.clone(), value.clone());
                }
                "pattern" => {
                    if !value.as_str().is_some_and(super::is_pattern) {
                        self.defects.add(&here, "is no regular expression that runs in linear time; write it without look-around and back-references");
                    }
                    out.insert(keyword.clone(), value.clone());
                }
                PATTERN_MESSAGE => self.pattern_message(value, members, &here, &mut out),
                "format" => self.format(kind, value, &here, &mut out),
                "properties" => {
                    let converted = value.as_object().into_iter().flatten();
                    let converted: Map<String, Value> =
                        converted.map(|(name, value)| (name.clone(), self.schema(value, &format!("{here}.{name}")))).collect();
                    out.insert(keyword.clone(), Value::Object(converted));
                }
                "items" | "not" => {
                    out.insert(keyword.clone(), self.schema(value, &here));
                }
                "additionalProperties" => {
                    let converted = if value.is_boolean() { value.clone() } else { self.schema(value, &here) };
                    out.insert(keyword.clone(), converted);
                }
                "allOf" | "oneOf" | "anyOf" => {
                    let schemas = value.as_array().into_iter().flatten().enumerate();
                    let converted = schemas.map(|(index, value)| self.schema(value, &format!("{here}[{index}]"))).collect();
                    out.insert(keyword.clone(), Value::Array(converted));
                }
                "readOnly" | "writeOnly" if value == &Value::Bool(false) => {}
                "readOnly" | "writeOnly" => self.defects.add(&here, "is not enforced; write one schema for requests and one for responses"),
                annotation if ANNOTATIONS.contains(&annotation) || annotation.starts_with("x-") => {}
                _ => self.defects.add(&here, "is not enforced; OpenAPI 3.0 knows no such keyword, or the gatekeeper does not"),
            }
        }
        self.consistent(members, kind, place);
        if kind == Some("integer") {
            bound_integer(members, &mut out);
        }
        if let Some(discriminator) = members.get("discriminator") {
            self.discriminator(discriminator, members, place, &mut out);
        }
        let converted = self.nullable(members, place, out);
        if let Some(value) = members.get("default") {
            self.defaults.push(DefaultValue {
                place: place.to_owned(),
                schema: converted.clone(),
                value: value.clone(),
            });
        }
        converted
    }

    /// Copies the words to the side of their pattern, where the messages of violations find them.
    fn pattern_message(
        &mut self,
        value: &Value,
        members: &Map<String, Value>,
        place: &str,
        out: &mut Map<String, Value>,
    ) {
        if !value.is_string() || !members.contains_key("pattern") {
            self.defects.add(
                place,
                "is the text that is told when the `pattern` beside it is not matched",
            );
        }
        out.insert(PATTERN_MESSAGE.to_owned(), value.clone());
    }

    fn reference(&mut self, reference: &Value, members: &Map<String, Value>, place: &str) -> Value {
        for keyword in members.keys() {
            let harmless = keyword == "$ref"
                || keyword.starts_with("x-")
                || ANNOTATIONS.contains(&keyword.as_str());
            if !harmless {
                self.defects.add(
                    format!("{place}.{keyword}"),
                    "OpenAPI 3.0 ignores what stands beside a $ref; wrap the reference in allOf",
                );
            }
        }
        let name = reference
            .as_str()
            .and_then(|text| text.strip_prefix(REFERENCE));
        match name {
            Some(name) if self.components.contains_key(name) => {
                json!({ "$ref": format!("{DEFINITION}{name}") })
            }
            Some(name) => {
                self.defects.add(
                    place,
                    format!(
                        "refers to the schema `{name}`, which components.schemas does not have"
                    ),
                );
                json!({})
            }
            None => {
                self.defects.add(
                    place,
                    format!("a schema is referred to as {REFERENCE}Name, in this document"),
                );
                json!({})
            }
        }
    }

    fn kind<'v>(&mut self, members: &'v Map<String, Value>, place: &str) -> Option<&'v str> {
        let kind = members.get("type")?.as_str();
        let known = ["string", "number", "integer", "boolean", "array", "object"];
        if !kind.is_some_and(|kind| known.contains(&kind)) {
            self.defects.add(
                format!("{place}.type"),
                "must be one of string, number, integer, boolean, array, object",
            );
            return None;
        }
        kind
    }

    /// Refuses a keyword for another type: it would have no effect, which nobody wants who writes one.
    fn belongs(&mut self, keyword: &str, kind: Option<&str>, here: &str) {
        let types: &[&str] = match keyword {
            "minLength" | "maxLength" | "pattern" => &["string"],
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
                &["integer", "number"]
            }
            "items" | "minItems" | "maxItems" | "uniqueItems" => &["array"],
            "properties"
            | "additionalProperties"
            | "required"
            | "minProperties"
            | "maxProperties" => &["object"],
            _ => return,
        };
        if kind.is_some_and(|kind| !types.contains(&kind)) {
            self.defects.add(
                here,
                format!("has no effect here; it is for type {}", types.join(" or ")),
            );
        }
    }

    fn format(
        &mut self,
        kind: Option<&str>,
        value: &Value,
        here: &str,
        out: &mut Map<String, Value>,
    ) {
        let format = value.as_str().unwrap_or_default();
        match (kind, FORMATS.iter().find(|(_, known)| *known == format)) {
            (Some(kind), Some((of, _))) if kind == *of => {
                if kind == "string" {
                    out.insert("format".to_owned(), value.clone());
                }
            }
            (_, Some((of, _))) => self.defects.add(
                here,
                format!("`{format}` is a format of type {of}; state that type"),
            ),
            (_, None) if format == "binary" => self.defects.add(
                here,
                "`binary` is not enforced inside JSON; send bytes as a body with a media type of its own",
            ),
            (_, None) => {
                let known: Vec<&str> = FORMATS.iter().map(|(_, name)| *name).collect();
                self.defects.add(
                    here,
                    format!(
                        "`{format}` is not enforced; known formats are {}",
                        known.join(", ")
                    ),
                );
            }
        }
    }

    fn consistent(&mut self, members: &Map<String, Value>, kind: Option<&str>, place: &str) {
        if kind == Some("array") && !members.contains_key("items") {
            self.defects.add(place, "an array states its `items`");
        }
        for (exclusive, limit) in [
            ("exclusiveMinimum", "minimum"),
            ("exclusiveMaximum", "maximum"),
        ] {
            if members.contains_key(exclusive) && !members.contains_key(limit) {
                let problem = format!("says whether `{limit}` is excluded, which is not stated");
                self.defects.add(format!("{place}.{exclusive}"), problem);
            }
        }
        for keyword in ["allOf", "oneOf", "anyOf"] {
            if members.get(keyword).is_some_and(|value| !value.is_array()) {
                self.defects
                    .add(format!("{place}.{keyword}"), "must be a list of schemas");
            }
        }
        if members
            .get("properties")
            .is_some_and(|value| !value.is_object())
        {
            self.defects
                .add(format!("{place}.properties"), "must be a map of schemas");
        }
        if members.get("additionalProperties") == Some(&Value::Bool(false)) {
            let known = members.get("properties").and_then(Value::as_object);
            for name in members
                .get("required")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
            {
                if !known.is_some_and(|known| known.contains_key(name)) {
                    self.defects.add(
                        format!("{place}.required"),
                        format!("asks for `{name}`, which is no property and no other is allowed"),
                    );
                }
            }
        }
    }

    /// Adds null to whatever the rest of the schema takes, also to `enum` and `allOf`.
    fn nullable(
        &mut self,
        members: &Map<String, Value>,
        place: &str,
        mut out: Map<String, Value>,
    ) -> Value {
        match members.get("nullable") {
            None | Some(Value::Bool(false)) => Value::Object(out),
            Some(Value::Bool(true)) => {
                let plain = !["allOf", "oneOf", "anyOf", "not"]
                    .iter()
                    .any(|keyword| out.contains_key(*keyword));
                match out.get("type").cloned() {
                    Some(kind) if plain => {
                        out.insert("type".to_owned(), json!([kind, "null"]));
                        if let Some(Value::Array(options)) = out.get_mut("enum")
                            && !options.contains(&Value::Null)
                        {
                            options.push(Value::Null);
                        }
                        Value::Object(out)
                    }
                    _ => json!({ "anyOf": [{ "type": "null" }, out] }),
                }
            }
            Some(_) => {
                self.defects
                    .add(format!("{place}.nullable"), "must be true or false");
                Value::Object(out)
            }
        }
    }

    /// Ties each alternative to the values of the property that names it.
    fn discriminator(
        &mut self,
        discriminator: &Value,
        members: &Map<String, Value>,
        place: &str,
        out: &mut Map<String, Value>,
    ) {
        let here = format!("{place}.discriminator");
        let keyword = if members.contains_key("oneOf") {
            "oneOf"
        } else {
            "anyOf"
        };
        let Some(alternatives) = members.get(keyword).and_then(Value::as_array) else {
            return self.defects.add(
                here,
                "is enforced beside oneOf or anyOf only; list the alternatives there",
            );
        };
        let Some(property) = discriminator.get("propertyName").and_then(Value::as_str) else {
            return self.defects.add(here, "must state its `propertyName`");
        };
        let mut names = Vec::new();
        for alternative in alternatives {
            match alternative
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|text| text.strip_prefix(REFERENCE))
            {
                Some(name) => names.push(name),
                None => {
                    return self.defects.add(
                        here,
                        "needs every alternative to be a $ref, so that it has a name",
                    );
                }
            }
        }
        let mut values: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (value, target) in discriminator
            .get("mapping")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let target = target.as_str().unwrap_or_default();
            let target = target.strip_prefix(REFERENCE).unwrap_or(target);
            if !names.contains(&target) {
                self.defects.add(
                    format!("{here}.mapping.{value}"),
                    format!("`{target}` is none of the alternatives"),
                );
            }
            values.entry(target).or_default().push(value);
        }
        let tied = names.iter().map(|name| {
            let values = values.get(name).cloned().unwrap_or_else(|| vec![name]);
            json!({ "allOf": [
                { "type": "object", "required": [property], "properties": { property: { "enum": values } } },
                { "$ref": format!("{DEFINITION}{name}") },
            ] })
        });
        out.insert(keyword.to_owned(), tied.collect());
    }
}

/// Adds the bounds of the type that an integer is read into, 64 bits (32 for `int32`), so that a larger one is a violation.
fn bound_integer(members: &Map<String, Value>, out: &mut Map<String, Value>) {
    let (least, greatest) = match members.get("format").and_then(Value::as_str) {
        Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    let bounds = [
        ("minimum", "exclusiveMinimum", least),
        ("maximum", "exclusiveMaximum", greatest),
    ];
    for (keyword, exclusive, bound) in bounds {
        let keep = match members.get(keyword) {
            // `exclusive…` alone says nothing; left as it is, draft 4 refuses it.
            None => members.contains_key(exclusive),
            Some(limit) => match limit.as_i64() {
                Some(limit) => (least..=greatest).contains(&limit),
                None => !limit.is_u64(),
            },
        };
        if !keep {
            out.insert(keyword.to_owned(), json!(bound));
            out.remove(exclusive);
        }
    }
}
