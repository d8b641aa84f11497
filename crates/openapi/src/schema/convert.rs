//! Converts a Schema Object to JSON Schema 2020-12, and tells what has no effect.

use super::{
    bounds, discriminator,
    formats::{self, Known},
    keywords::{self, Keyword},
    patterns::{self, HARD_PATTERN, Patterns},
};
use crate::{Defects, Mode};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

pub(super) const REFERENCE: &str = "#/components/schemas/";
pub(super) const DEFINITION: &str = "#/$defs/";
/// The keyword for the words of a violation of the `pattern` beside it.
pub(super) const PATTERN_MESSAGE: &str = "x-pattern-message";
/// The pattern as the contract has it, where the validator gets another form of it.
pub(super) const WRITTEN_PATTERN: &str = "x-written-pattern";

/// A `default`, to be checked against its own schema once all schemas are compiled.
pub(super) struct DefaultValue {
    pub(super) place: String,
    /// The `$anchor` of the converted schema.
    pub(super) anchor: String,
    pub(super) value: Value,
}

impl DefaultValue {
    /// The property of the schema of all schemas that is this one's, and where it is.
    pub(super) fn entry(&self) -> (String, String) {
        (self.anchor.clone(), format!("#{}", self.anchor))
    }
}

/// The components that schemas refer to.
pub(super) struct Components<'a> {
    pub(super) schemas: &'a Map<String, Value>,
    /// The place of each among the definitions: a number, since a name may have letters that a URI has not.
    pub(super) numbers: &'a HashMap<String, usize>,
}

/// Returns the name of the component that a reference leads to.
pub(super) fn target(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix(REFERENCE)
}

/// The conversion of the schemas of one contract.
pub(super) struct Conversion<'a> {
    pub(super) components: Components<'a>,
    pub(super) mode: Mode,
    pub(super) patterns: Patterns,
    pub(super) found: Findings,
}

/// The findings about one schema.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) defects: Defects,
    pub(super) notices: Defects,
    pub(super) defaults: Vec<DefaultValue>,
    /// The number of defaults that were met so far.
    met: usize,
}

impl Findings {
    /// Takes what was found; the next schema's defaults have other names.
    pub(super) fn take(&mut self) -> Self {
        let met = self.met;
        std::mem::replace(
            self,
            Self {
                met,
                ..Self::default()
            },
        )
    }
}

impl Conversion<'_> {
    /// Converts the schema at `place`.
    pub(super) fn schema(&mut self, schema: &Value, place: &str) -> Value {
        match schema {
            Value::Object(members) => match members.get("$ref") {
                Some(reference) => self.reference(reference, members, place),
                None => self.object(members, place),
            },
            Value::Bool(_) if self.mode == Mode::Open => schema.clone(),
            _ => {
                self.found.defects.add(place, "must be a schema object");
                json!({})
            }
        }
    }

    /// Tells what is against the rules of a strict contract, and has no effect in an open one.
    fn lax(&mut self, place: &str, problem: impl Into<String>) {
        match self.mode {
            Mode::Strict => self.found.defects.add(place, problem),
            Mode::Open => self.found.notices.add(place, problem),
        }
    }

    fn object(&mut self, members: &Map<String, Value>, place: &str) -> Value {
        let types = self.types(members, place);
        let types = types.as_deref();
        let mut out = Map::new();
        for (keyword, value) in members {
            let here = format!("{place}.{keyword}");
            if let Some(problem) = keywords::misplaced(keyword, types) {
                self.lax(&here, problem);
            }
            match keywords::of(keyword) {
                Keyword::Assertion => {
                    out.insert(keyword.clone(), value.clone());
                }
                Keyword::Schema => {
                    let converted = match value {
                        Value::Bool(_) => value.clone(),
                        _ => self.schema(value, &here),
                    };
                    out.insert(keyword.clone(), converted);
                }
                Keyword::List => self.list(keyword, value, &here, &mut out),
                Keyword::Map => self.map(keyword, value, &here, &mut out),
                Keyword::Annotation => {}
                Keyword::Unknown if keyword.starts_with("x-") => {}
                Keyword::Unknown => {
                    if let Some(problem) = keywords::unknown(keyword, value, self.mode) {
                        self.lax(&here, problem);
                    }
                }
                Keyword::Own => match keyword.as_str() {
                    "required" => keywords::required(value, &mut out),
                    "pattern" => self.pattern(value, &here, &mut out),
                    "format" => self.format(types, value, &here, &mut out),
                    PATTERN_MESSAGE => self.words(value, members, &here, &mut out),
                    _ => {}
                },
            }
        }
        for (part, problem) in keywords::inconsistent(members, types) {
            self.lax(&format!("{place}{part}"), problem);
        }
        bounds::apply(members, types, &mut out);
        if members.contains_key("discriminator") {
            let tied = discriminator::tie(members, place, self, &mut out);
            if let Err(problem) = tied {
                self.lax(&format!("{place}.discriminator"), problem);
            }
        }
        let mut converted = self.nullable(members, place, out);
        if let Some(value) = members.get("default")
            && let Some(converted) = converted.as_object_mut()
        {
            let anchor = format!("default-{}", self.found.met);
            self.found.met += 1;
            converted.insert("$anchor".to_owned(), json!(anchor));
            self.found.defaults.push(DefaultValue {
                place: place.to_owned(),
                anchor,
                value: value.clone(),
            });
        }
        converted
    }

    fn list(&mut self, keyword: &str, value: &Value, here: &str, out: &mut Map<String, Value>) {
        let Value::Array(schemas) = value else {
            return self.found.defects.add(here, "must be a list of schemas");
        };
        let schemas = schemas.iter().enumerate();
        let converted =
            schemas.map(|(index, schema)| self.schema(schema, &format!("{here}[{index}]")));
        let converted: Vec<Value> = converted.collect();
        // JSON Schema wants one; OpenAPI 3.0 says nothing of it.
        if !converted.is_empty() {
            out.insert(keyword.to_owned(), Value::Array(converted));
        }
    }

    fn map(&mut self, keyword: &str, value: &Value, here: &str, out: &mut Map<String, Value>) {
        let Value::Object(schemas) = value else {
            return self.found.defects.add(here, "must be a map of schemas");
        };
        let mut converted = Map::new();
        for (name, schema) in schemas {
            let place = format!("{here}.{name}");
            let schema = self.schema(schema, &place);
            let name = if keyword == "patternProperties" {
                match self.patterns.of(name) {
                    Ok(pattern) => pattern.text,
                    Err(problem) => {
                        self.found.defects.add(&place, problem);
                        continue;
                    }
                }
            } else {
                name.clone()
            };
            converted.insert(name, schema);
        }
        out.insert(keyword.to_owned(), Value::Object(converted));
    }

    fn pattern(&mut self, value: &Value, here: &str, out: &mut Map<String, Value>) {
        let Some(written) = value.as_str() else {
            return self.found.defects.add(here, "must be a text");
        };
        match self.patterns.of(written) {
            Ok(pattern) => {
                if pattern.text != written {
                    out.insert(WRITTEN_PATTERN.to_owned(), value.clone());
                }
                if let Some(weaker) = &pattern.weaker {
                    self.found.notices.add(here, weaker);
                }
                let keyword = if pattern.is_hard {
                    HARD_PATTERN
                } else {
                    "pattern"
                };
                patterns::lengths(&pattern, out);
                out.insert(keyword.to_owned(), Value::String(pattern.text));
            }
            Err(problem) => self.found.defects.add(here, problem),
        }
    }

    /// Copies the words to the side of their pattern, where the messages of violations find them.
    fn words(
        &mut self,
        value: &Value,
        members: &Map<String, Value>,
        here: &str,
        out: &mut Map<String, Value>,
    ) {
        if !value.is_string() || !members.contains_key("pattern") {
            let problem = "is the text that is told when the `pattern` beside it is not matched";
            self.lax(here, problem);
        }
        out.insert(PATTERN_MESSAGE.to_owned(), value.clone());
    }

    fn reference(&mut self, reference: &Value, members: &Map<String, Value>, place: &str) -> Value {
        for keyword in members.keys() {
            let is_harmless = keyword == "$ref"
                || keyword.starts_with("x-")
                || matches!(keywords::of(keyword), Keyword::Annotation);
            if !is_harmless {
                let problem =
                    "OpenAPI 3.0 ignores what stands beside a $ref; wrap the reference in allOf";
                self.lax(&format!("{place}.{keyword}"), problem);
            }
        }
        let reference = reference.as_str().unwrap_or_default();
        let problem = match reference.strip_prefix(REFERENCE) {
            Some(name) => match self.components.numbers.get(name) {
                Some(number) => return json!({ "$ref": format!("{DEFINITION}{number}") }),
                None => {
                    format!("refers to the schema `{name}`, which components.schemas does not have")
                }
            },
            None => format!("a schema is referred to as {REFERENCE}Name, in this document"),
        };
        self.found.defects.add(place, problem);
        json!({})
    }

    fn format(
        &mut self,
        types: Option<&[&str]>,
        value: &Value,
        here: &str,
        out: &mut Map<String, Value>,
    ) {
        let format = value.as_str().unwrap_or_default();
        match formats::known(format, types, self.mode) {
            Known::Asserted => {
                out.insert("format".to_owned(), value.clone());
            }
            Known::Silent => {}
            Known::Not(problem) => self.lax(here, problem),
        }
    }

    /// Returns the types that a schema states.
    fn types<'v>(&mut self, members: &'v Map<String, Value>, place: &str) -> Option<Vec<&'v str>> {
        let known = [
            "string", "number", "integer", "boolean", "array", "object", "null",
        ];
        let stated = members.get("type")?;
        let types: Option<Vec<&str>> = match stated {
            Value::Array(types) => types.iter().map(Value::as_str).collect(),
            one => one.as_str().map(|one| vec![one]),
        };
        let types = types
            .filter(|types| !types.is_empty() && types.iter().all(|each| known.contains(each)));
        if types.is_none() {
            let problem = "must be one of string, number, integer, boolean, array, object";
            self.found.defects.add(format!("{place}.type"), problem);
        }
        types
    }

    /// Adds null to whatever the rest of the schema takes, also to `enum` and `allOf`.
    fn nullable(
        &mut self,
        members: &Map<String, Value>,
        place: &str,
        mut out: Map<String, Value>,
    ) -> Value {
        match members.get("nullable") {
            None | Some(Value::Bool(false)) => return Value::Object(out),
            Some(Value::Bool(true)) => {}
            Some(_) => self
                .found
                .defects
                .add(format!("{place}.nullable"), "must be true or false"),
        }
        let is_plain = !["allOf", "oneOf", "anyOf", "not", "if", "const"]
            .iter()
            .any(|keyword| out.contains_key(*keyword));
        let types = match out.get("type") {
            Some(Value::String(one)) => vec![json!(one)],
            Some(Value::Array(types)) => types.clone(),
            _ => Vec::new(),
        };
        if types.is_empty() || !is_plain {
            return json!({ "anyOf": [{ "type": "null" }, out] });
        }
        let null = json!("null");
        let others = types.into_iter().filter(|each| *each != null);
        let types = others.chain([null.clone()]).collect();
        out.insert("type".to_owned(), Value::Array(types));
        if let Some(Value::Array(options)) = out.get_mut("enum")
            && !options.contains(&Value::Null)
        {
            options.push(Value::Null);
        }
        Value::Object(out)
    }
}
