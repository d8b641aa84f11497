//! Paths and their operations.

use crate::{Defects, Mode, Options, keywords, references, template};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The methods, as keys of a path item and as requests have them.
pub(crate) const METHODS: [(&str, &str); 8] = [
    ("delete", "DELETE"),
    ("get", "GET"),
    ("head", "HEAD"),
    ("options", "OPTIONS"),
    ("patch", "PATCH"),
    ("post", "POST"),
    ("put", "PUT"),
    ("trace", "TRACE"),
];

const IGNORED_HEADER: &str = "has no effect: OpenAPI ignores header parameters named Accept, Content-Type and Authorization; media types are described by content and credentials by security";

/// An operation, found in the document and not looked into yet.
pub(crate) struct Located {
    pub(crate) id: String,
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) tag: Option<String>,
    /// Parameters of the path merged, references (but those to schemas) resolved.
    pub(crate) json: Value,
    pub(crate) location: String,
}

/// Returns all operations of the document, grouped by path.
pub(crate) fn operations(
    document: &Value,
    options: &Options<'_>,
    notices: &mut Defects,
    defects: &mut Defects,
) -> Vec<Located> {
    let mut operations: Vec<Located> = Vec::new();
    let mut shapes: BTreeMap<(String, &str), &str> = BTreeMap::new();
    let paths = document.get("paths").and_then(Value::as_object);
    if paths.is_none_or(Map::is_empty) {
        let nothing = "has no path; there is nothing to serve";
        match options.mode {
            Mode::Open => notices.add("paths", nothing),
            Mode::Strict => defects.add("paths", nothing),
        }
    }
    for (path, item) in paths.into_iter().flatten() {
        if path.starts_with("x-") {
            continue;
        }
        let place = format!("paths.{path}");
        keywords::check(item, &keywords::PATH, &place, defects);
        let names = template::expressions(path, &place, defects);
        let shape = template::shape(path);
        for (name, method) in METHODS {
            if let Some(operation) = item.get(name) {
                let location = format!("{place}.{name}");
                if let Some(other) = shapes.insert((shape.clone(), name), path) {
                    defects.add(
                        &location,
                        format!("matches the same requests as that of `{other}`; keep one of them"),
                    );
                }
                let mut reader = Reader {
                    document,
                    is_open: options.mode == Mode::Open,
                    notices,
                    defects,
                };
                operations
                    .extend(reader.operation(path, &names, item, method, operation, location));
            }
        }
    }
    let mut ids: BTreeMap<&str, &str> = BTreeMap::new();
    for operation in &operations {
        if let Some(other) = ids.insert(&operation.id, &operation.location) {
            let problem = format!(
                "`{}` is the operationId of {other}, too; each operation has its own",
                operation.id
            );
            defects.add(format!("{}.operationId", operation.location), problem);
        }
    }
    operations
}

struct Reader<'a> {
    document: &'a Value,
    is_open: bool,
    notices: &'a mut Defects,
    defects: &'a mut Defects,
}

impl Reader<'_> {
    fn operation(
        &mut self,
        path: &str,
        names: &[&str],
        item: &Value,
        method: &'static str,
        operation: &Value,
        location: String,
    ) -> Option<Located> {
        keywords::check(operation, &keywords::OPERATION, &location, self.defects);
        let mut json = operation.as_object()?.clone();
        let parameters = self.parameters(path, item, operation, &location);
        for name in names {
            let declared = parameters
                .iter()
                .any(|parameter| is(parameter, "path", name));
            if !declared {
                self.defects.add(
                    &location,
                    format!(
                        "the path has `{{{name}}}`, but no path parameter of that name is declared"
                    ),
                );
            }
        }
        for parameter in &parameters {
            let name = parameter
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or_default();
            if parameter.get("in").and_then(Value::as_str) == Some("path") && !names.contains(&name)
            {
                self.defects.add(
                    &location,
                    format!(
                        "the path parameter `{name}` is not in the path; write `{{{name}}}` there"
                    ),
                );
            }
        }
        json.insert("parameters".to_owned(), Value::Array(parameters));
        if let Some(body) = json.get("requestBody") {
            let place = format!("{location}.requestBody");
            if let Some(body) = references::resolve(
                self.document,
                &body.clone(),
                "requestBodies",
                &place,
                self.defects,
            ) {
                keywords::check(body, &keywords::REQUEST_BODY, &place, self.defects);
                self.content(body, &place);
                json.insert("requestBody".to_owned(), body.clone());
            }
        }
        let responses = self.responses(operation, &location);
        json.insert("responses".to_owned(), Value::Object(responses));
        let id = operation
            .get("operationId")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if id.is_empty() {
            self.defects.add(
                &location,
                "has no operationId; routes and clients are named by it",
            );
            return None;
        }
        Some(Located {
            id: id.to_owned(),
            method,
            path: path.to_owned(),
            tag: operation
                .pointer("/tags/0")
                .and_then(Value::as_str)
                .map(str::to_owned),
            json: Value::Object(json),
            location,
        })
    }

    /// Returns the operation's own parameters, then those of the path that it does not replace.
    fn parameters(
        &mut self,
        path: &str,
        item: &Value,
        operation: &Value,
        location: &str,
    ) -> Vec<Value> {
        let mut own = self.parameter_list(operation, location);
        let shared = self.parameter_list(item, &format!("paths.{path}"));
        for parameter in shared {
            let (name, place) = (parameter.get("name"), parameter.get("in"));
            if !own
                .iter()
                .any(|other| other.get("name") == name && other.get("in") == place)
            {
                own.push(parameter);
            }
        }
        own
    }

    fn parameter_list(&mut self, owner: &Value, location: &str) -> Vec<Value> {
        let mut resolved: Vec<Value> = Vec::new();
        for (index, parameter) in owner
            .get("parameters")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .enumerate()
        {
            let place = format!("{location}.parameters[{index}]");
            let Some(parameter) =
                references::resolve(self.document, parameter, "parameters", &place, self.defects)
            else {
                continue;
            };
            keywords::check(parameter, &keywords::PARAMETER, &place, self.defects);
            if self.is_open && is_ignored_header(parameter) {
                self.notices.add(place, IGNORED_HEADER);
                continue;
            }
            self.content(parameter, &place);
            let (name, location) = (parameter.get("name"), parameter.get("in"));
            if resolved
                .iter()
                .any(|other| other.get("name") == name && other.get("in") == location)
            {
                self.defects
                    .add(&place, "is declared twice in the same place");
            }
            resolved.push(parameter.clone());
        }
        resolved
    }

    fn responses(&mut self, operation: &Value, location: &str) -> Map<String, Value> {
        let mut resolved = Map::new();
        let responses = operation.get("responses").and_then(Value::as_object);
        for (status, response) in responses.into_iter().flatten() {
            let place = format!("{location}.responses.{status}");
            if status.starts_with("x-") {
                continue;
            }
            let Some(response) =
                references::resolve(self.document, response, "responses", &place, self.defects)
            else {
                continue;
            };
            keywords::check(response, &keywords::RESPONSE, &place, self.defects);
            self.content(response, &place);
            let mut response = response.clone();
            if let Some(headers) = response.get_mut("headers").and_then(Value::as_object_mut) {
                if self.is_open {
                    headers.retain(|name, _| {
                        let is_kept = !name.eq_ignore_ascii_case("content-type");
                        if !is_kept {
                            let place = format!("{place}.headers.{name}");
                            self.notices.add(place, "has no effect: OpenAPI ignores a header named Content-Type; it is described by content");
                        }
                        is_kept
                    });
                }
                for (name, header) in headers {
                    let place = format!("{place}.headers.{name}");
                    let given = header.clone();
                    if let Some(found) =
                        references::resolve(self.document, &given, "headers", &place, self.defects)
                    {
                        keywords::check(found, &keywords::HEADER, &place, self.defects);
                        *header = found.clone();
                    }
                }
            }
            resolved.insert(status.clone(), response);
        }
        resolved
    }

    fn content(&mut self, owner: &Value, place: &str) {
        for (name, media_type) in owner
            .get("content")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            keywords::check(
                media_type,
                &keywords::MEDIA_TYPE,
                &format!("{place}.content.{name}"),
                self.defects,
            );
        }
    }
}

/// Returns true for a header parameter that "SHALL be ignored" (OpenAPI 3.0.3, Parameter Object, `name`).
fn is_ignored_header(parameter: &Value) -> bool {
    let text = |member: &str| parameter.get(member).and_then(Value::as_str);
    let name = text("name").unwrap_or_default();
    let names = ["accept", "content-type", "authorization"];
    text("in") == Some("header") && names.iter().any(|known| name.eq_ignore_ascii_case(known))
}

fn is(parameter: &Value, location: &str, name: &str) -> bool {
    parameter.get("in").and_then(Value::as_str) == Some(location)
        && parameter.get("name").and_then(Value::as_str) == Some(name)
}
