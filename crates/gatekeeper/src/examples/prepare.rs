//! Finds the examples of an operation, and holds them to the contract.

use super::{Answer, Edit, Examples, Form, PROBLEM, Sample};
use crate::{
    Defects, In,
    spec::{OperationSpec, Spec},
};
use actix_web::http::{
    StatusCode,
    header::{HeaderName, HeaderValue},
};
use openapi::is_json;
use serde_json::{Map, Value};

/// References and parts are followed so deep; a schema may hold itself.
const DEEPEST: usize = 16;

/// The parts of the contract from which the examples of one operation are prepared.
pub(crate) struct Preparation<'a> {
    pub(crate) spec: &'a Spec,
    pub(crate) edit: &'a Edit<'a>,
    /// The prefix of a problem's `type`.
    pub(crate) problem_types: Option<&'a str>,
    pub(crate) defects: &'a mut Defects,
}

impl Preparation<'_> {
    /// The answers that the contract's examples give for the operation. A response without a whole example is left
    /// out; that there is no success among them is a defect, and so is an example that breaks its schema.
    pub(crate) fn examples(&mut self, operation: &OperationSpec) -> Examples {
        let responses = operation.json.get("responses").and_then(Value::as_object);
        let mut answers = Vec::new();
        for (status, response) in responses.into_iter().flatten() {
            let Ok(code) = status.parse::<u16>().map_err(drop).and_then(known) else {
                continue;
            };
            let place = format!("{}.responses.{status}", operation.location);
            answers.extend(self.answer(code, response, &place));
        }
        answers.sort_by_key(|answer| answer.status);
        if answers
            .first()
            .is_none_or(|answer| answer.status.as_u16() >= 400)
        {
            self.defects.add(
                &operation.location,
                "has no success with a whole example; give its content (or schema) and its required headers an `example`",
            );
        }
        Examples { answers }
    }

    fn answer(&mut self, status: StatusCode, response: &Value, place: &str) -> Option<Answer> {
        let members = |name: &str| response.get(name).and_then(Value::as_object);
        let mut headers = Vec::new();
        for (name, header) in members("headers").into_iter().flatten() {
            if header.get("required") == Some(&Value::Bool(true)) {
                headers.push(self.header(name, header)?);
            }
        }
        let content = members("content").filter(|content| !content.is_empty());
        let Some(content) = content else {
            return Some(Answer {
                status,
                headers,
                forms: Vec::new(),
            });
        };
        let forms: Vec<Form> = content
            .iter()
            .filter_map(|(name, media_type)| self.form(name, media_type, place))
            .collect();
        (!forms.is_empty()).then_some(Answer {
            status,
            headers,
            forms,
        })
    }

    fn header(&self, name: &str, header: &Value) -> Option<(HeaderName, HeaderValue)> {
        let mut value = self.samples(header).into_iter().next()?.1;
        (self.edit)(&mut value);
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        Some((
            HeaderName::try_from(name).ok()?,
            HeaderValue::try_from(text).ok()?,
        ))
    }

    fn form(&mut self, name: &str, media_type: &Value, place: &str) -> Option<Form> {
        let place = format!("{place}.content.{name}");
        let mut samples = Vec::new();
        for (example, value) in self.samples(media_type) {
            samples.push((example, self.sample(name, media_type, value, &place)?));
        }
        (!samples.is_empty()).then(|| Form {
            media_type: name.to_owned(),
            samples,
        })
    }

    fn sample(
        &mut self,
        name: &str,
        media_type: &Value,
        mut value: Value,
        place: &str,
    ) -> Option<Sample> {
        (self.edit)(&mut value);
        if !is_json(name) {
            return Some(Sample::Text(value.as_str()?.to_owned()));
        }
        if let (PROBLEM, Some(base), Some(members)) =
            (name, self.problem_types, value.as_object_mut())
        {
            let code = members.get("code").and_then(Value::as_str);
            if let Some(kind) = code.map(|code| format!("{base}{code}")) {
                members.insert("type".to_owned(), kind.into());
            }
        }
        let schema = self.spec.schemas.compile(
            media_type.get("schema")?,
            &format!("{place}.schema"),
            self.defects,
        )?;
        for violation in schema.validate(&value, In::Body, "") {
            self.defects.add(
                place,
                format!(
                    "its example breaks its schema: {} {}",
                    violation.pointer, violation.message
                ),
            );
        }
        Some(Sample::Json(value))
    }

    /// The examples of a media type or header, with their names; a single one has none.
    fn samples(&self, owner: &Value) -> Vec<(String, Value)> {
        if let Some(value) = owner.get("example") {
            return vec![(String::new(), value.clone())];
        }
        let named = owner.get("examples").and_then(Value::as_object);
        let named: Vec<(String, Value)> = named
            .into_iter()
            .flatten()
            .filter_map(|(name, example)| Some((name.clone(), self.value(example)?)))
            .collect();
        if !named.is_empty() {
            return named;
        }
        let of_schema = owner
            .get("schema")
            .and_then(|schema| self.of_schema(schema, DEEPEST));
        of_schema
            .map(|value| (String::new(), value))
            .into_iter()
            .collect()
    }

    /// The value of an Example Object, which may be a reference.
    fn value(&self, example: &Value) -> Option<Value> {
        let example = match example.get("$ref").and_then(Value::as_str) {
            Some(reference) => {
                let name = reference.strip_prefix("#/components/examples/")?;
                self.spec.examples.get(name)?
            }
            None => example,
        };
        example.get("value").cloned()
    }

    /// The example of a schema, or one made of those of its parts.
    fn of_schema(&self, schema: &Value, deep: usize) -> Option<Value> {
        let deep = deep.checked_sub(1)?;
        if let Some(example) = schema.get("example") {
            return Some(example.clone());
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let name = reference.strip_prefix("#/components/schemas/")?;
            return self.of_schema(self.spec.schemas.raw().get(name)?, deep);
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

    /// Optional members without an example are left out.
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

fn known(status: u16) -> Result<StatusCode, ()> {
    StatusCode::from_u16(status).map_err(drop)
}
