//! Examples: the values that a contract shows.
//!
//! An example that is written out is held against its schema, where [`Examples`] ask for it. Where a service answers from examples, each operation has
//! a success with a whole one: `example` or `examples` of a media type, else the example of its schema, else one put
//! together from the examples of the schema's parts.

use crate::{Defects, Examples, Mode, Schema, is_json, operation::Components, paths::Located};
use serde_json::{Map, Value};
use std::cell::Cell;

/// References and parts are followed so deep; a schema may hold itself.
const DEEPEST: usize = 16;
/// Parts of `allOf` can multiply with each level; an example is put together from no more.
const MOST_STEPS: usize = 100_000;

/// Reports each example of a parameter, header or media type that breaks its schema.
pub(crate) fn check(
    owner: &Value,
    schema: &Schema,
    place: &str,
    components: &Components<'_>,
    defects: &mut Defects,
) {
    if components.options.examples != Examples::Unchecked {
        let samples = Samples::new(components.document).written(owner);
        report(&samples, schema, place, components, defects);
    }
}

/// Reports each example of a response that breaks its schema; where examples are served, those put together, too.
pub(crate) fn check_served(
    media_type: &Value,
    schema: &Schema,
    place: &str,
    components: &Components<'_>,
    defects: &mut Defects,
) {
    let samples = Samples::new(components.document);
    let samples = match components.options.examples {
        Examples::Unchecked => return,
        Examples::Valid => samples.written(media_type),
        Examples::Served => samples.of(media_type),
    };
    report(&samples, schema, place, components, defects);
}

/// In an open contract an example that breaks its schema is told: it is documentation.
fn report(
    samples: &[(String, Value)],
    schema: &Schema,
    place: &str,
    components: &Components<'_>,
    defects: &mut Defects,
) {
    let mut notices = components.notices.borrow_mut();
    let found = match components.options.mode {
        Mode::Strict => defects,
        Mode::Open => &mut *notices,
    };
    for (_, value) in samples {
        schema.check_example(value, place, found);
    }
}

/// Reports an operation that has no success from 200 to 399 of which everything required has an example.
pub(crate) fn require_whole_success(
    operation: &Located,
    components: &Components<'_>,
    defects: &mut Defects,
) {
    let samples = Samples::new(components.document);
    let responses = operation.json.get("responses").and_then(Value::as_object);
    let has_whole_success = responses
        .into_iter()
        .flatten()
        .filter(|(status, _)| status.starts_with(['2', '3']))
        .any(|(_, response)| samples.is_whole(response));
    if !has_whole_success {
        defects.add(
            &operation.location,
            "has no success with a whole example; give its content (or schema) and its required headers an `example`",
        );
    }
}

/// Finds the examples of a contract, and puts them together.
pub(crate) struct Samples<'d> {
    schemas: Option<&'d Map<String, Value>>,
    examples: Option<&'d Map<String, Value>>,
    /// The number of schemas that were looked at for one example.
    steps: Cell<usize>,
}

impl<'d> Samples<'d> {
    pub(crate) fn new(document: &'d Value) -> Self {
        let components = |name: &str| {
            document
                .pointer(&format!("/components/{name}"))
                .and_then(Value::as_object)
        };
        Self {
            schemas: components("schemas"),
            examples: components("examples"),
            steps: Cell::new(0),
        }
    }

    /// Returns the examples of a media type or header, with their names; a single one has none.
    pub(crate) fn of(&self, owner: &Value) -> Vec<(String, Value)> {
        let written = self.written(owner);
        if !written.is_empty() {
            return written;
        }
        self.steps.set(0);
        let of_schema = owner
            .get("schema")
            .and_then(|schema| self.of_schema(schema, DEEPEST));
        of_schema
            .map(|value| (String::new(), value))
            .into_iter()
            .collect()
    }

    /// Returns those that are written out.
    pub(crate) fn written(&self, owner: &Value) -> Vec<(String, Value)> {
        if let Some(value) = owner.get("example") {
            return vec![(String::new(), value.clone())];
        }
        let named = owner.get("examples").and_then(Value::as_object);
        let named = named.into_iter().flatten();
        named
            .filter_map(|(name, example)| Some((name.clone(), self.value(example)?)))
            .collect()
    }

    fn is_whole(&self, response: &Value) -> bool {
        let members = |name: &str| {
            let members = response.get(name).and_then(Value::as_object);
            members.into_iter().flatten()
        };
        let has_headers = members("headers")
            .filter(|(_, header)| header.get("required") == Some(&Value::Bool(true)))
            .all(|(_, header)| !self.of(header).is_empty());
        let mut content = members("content").peekable();
        let has_content = content.peek().is_none()
            || content.any(|(name, media_type)| {
                let samples = self.of(media_type);
                let is_served = |value: &Value| is_json(name) || value.is_string();
                !samples.is_empty() && samples.iter().all(|(_, value)| is_served(value))
            });
        has_headers && has_content
    }

    /// Returns the value of an Example Object, which may be a reference.
    fn value(&self, example: &Value) -> Option<Value> {
        let example = match example.get("$ref").and_then(Value::as_str) {
            Some(reference) => {
                let name = reference.strip_prefix("#/components/examples/")?;
                self.examples?.get(name)?
            }
            None => example,
        };
        example.get("value").cloned()
    }

    /// Returns the example of a schema, or one made of those of its parts.
    fn of_schema(&self, schema: &Value, deep: usize) -> Option<Value> {
        let deep = deep.checked_sub(1)?;
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MOST_STEPS {
            return None;
        }
        if let Some(example) = schema.get("example") {
            return Some(example.clone());
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let name = reference.strip_prefix("#/components/schemas/")?;
            return self.of_schema(self.schemas?.get(name)?, deep);
        }
        if let Some(first) = schema.pointer("/enum/0").or(schema.get("default")) {
            return Some(first.clone());
        }
        if let Some(items) = schema.get("items") {
            return Some(Value::Array(vec![self.of_schema(items, deep)?]));
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            return self.of_all(parts, deep);
        }
        for keyword in ["oneOf", "anyOf"] {
            let choices = schema.get(keyword).and_then(Value::as_array);
            if let Some(first) = choices.and_then(|choices| choices.first()) {
                return self.of_schema(first, deep);
            }
        }
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            return self.of_properties(properties, schema.get("required"), deep);
        }
        (schema.get("nullable") == Some(&Value::Bool(true))).then_some(Value::Null)
    }

    /// Leaves out what is optional and has no example.
    fn of_properties(
        &self,
        properties: &Map<String, Value>,
        required: Option<&Value>,
        deep: usize,
    ) -> Option<Value> {
        let required = required.and_then(Value::as_array);
        let is_required =
            |name: &String| required.is_some_and(|names| names.iter().any(|known| known == name));
        let mut members = Map::new();
        for (name, schema) in properties {
            match self.of_schema(schema, deep) {
                Some(value) => {
                    members.insert(name.clone(), value);
                }
                None if is_required(name) => return None,
                None => {}
            }
        }
        Some(Value::Object(members))
    }

    fn of_all(&self, parts: &[Value], deep: usize) -> Option<Value> {
        let mut members = Map::new();
        for part in parts {
            match self.of_schema(part, deep)? {
                Value::Object(more) => members.extend(more),
                // Several parts of one plain value say the same.
                other => return Some(other),
            }
        }
        Some(Value::Object(members))
    }
}
