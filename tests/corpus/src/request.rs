//! Makes a request that is good by the contract, for an operation.

use crate::wire;
use actix_web::{
    http::{Method, header},
    test::TestRequest,
};
use openapi::{Document, Form, In, KeyLocation, Operation, Parameter, SchemeKind};
use serde_json::Value;

/// The credential of every request.
const TOKEN: &str = "x";

/// Headers that say how the body is written, which no value of a schema knows.
const CODINGS: [&str; 2] = ["content-encoding", "transfer-encoding"];

/// A request under construction.
#[derive(Default)]
struct Parts {
    path: String,
    query: Vec<String>,
    headers: Vec<(String, String)>,
    cookies: Vec<String>,
}

/// Returns a request for the operation, or why none can be made.
pub(crate) fn of(operation: &Operation, document: &Document) -> Result<TestRequest, String> {
    let mut parts = Parts {
        path: format!("{}{}", document.base_path, operation.path),
        ..Parts::default()
    };
    for parameter in &operation.parameters {
        if parameter.location == In::Header && CODINGS.contains(&&*parameter.name.to_lowercase()) {
            continue;
        }
        match value(parameter, operation, document) {
            Some(value) => parts.add(parameter, &value),
            None if parameter.required => {
                return Err(format!(
                    "no value was found for parameter `{}`",
                    parameter.name
                ));
            }
            None => {}
        }
    }
    parts.credentials(operation);
    let mut target = parts.path;
    if !parts.query.is_empty() {
        target = format!("{target}?{}", parts.query.join("&"));
    }
    let method =
        Method::from_bytes(operation.method.as_bytes()).map_err(|error| error.to_string())?;
    let uri = target.parse::<actix_web::http::Uri>();
    let uri = uri.map_err(|error| format!("{target} is no target: {error}"))?;
    let mut request = TestRequest::with_uri(&uri.to_string()).method(method);
    for (name, value) in parts.headers {
        let value = header::HeaderValue::from_str(&value);
        let value = value.map_err(|_| format!("no header can hold the value of `{name}`"))?;
        let name = header::HeaderName::try_from(name).map_err(|error| error.to_string())?;
        request = request.insert_header((name, value));
    }
    if !parts.cookies.is_empty() {
        request = request.insert_header((header::COOKIE, parts.cookies.join("; ")));
    }
    let Some(body) = &operation.body else {
        return Ok(request);
    };
    for content in &body.content {
        let declared = operation.json.pointer("/requestBody/content");
        let Some(owner) = declared.and_then(|declared| declared.get(&content.key)) else {
            continue;
        };
        let value = match content.schema() {
            Some(schema) => {
                let found = document.values(owner, Some(schema)).into_iter().next();
                found.map(|(_, value)| value)
            }
            None => Some(Value::String("bytes".to_owned())),
        };
        if let Some(value) = value {
            let (media_type, bytes) = wire::body(content, &value);
            return Ok(request
                .insert_header((header::CONTENT_TYPE, media_type))
                .insert_header((header::CONTENT_LENGTH, bytes.len().to_string()))
                .set_payload(bytes));
        }
    }
    if body.required {
        return Err("no body was found that is good by its schema".to_owned());
    }
    Ok(request)
}

fn value(parameter: &Parameter, operation: &Operation, document: &Document) -> Option<Value> {
    let declared = operation.json.get("parameters")?.as_array()?;
    let owner = declared.iter().find(|declared| {
        declared["name"] == parameter.name.as_str()
            && declared["in"] == parameter.location.to_string()
    })?;
    let content = owner.get("content").and_then(Value::as_object);
    let owner = content
        .and_then(|content| content.values().next())
        .unwrap_or(owner);
    Some(
        document
            .values(owner, Some(&parameter.schema))
            .into_iter()
            .next()?
            .1,
    )
}

impl Parts {
    fn add(&mut self, parameter: &Parameter, value: &Value) {
        let name = &parameter.name;
        if matches!(parameter.form, Form::Json) {
            let text = value.to_string();
            return match parameter.location {
                In::Query => {
                    self.query
                        .push(format!("{}={}", wire::escaped(name), wire::escaped(&text)))
                }
                In::Header => self.headers.push((name.clone(), text)),
                In::Cookie => self
                    .cookies
                    .push(format!("{name}={}", wire::escaped(&text))),
                _ => {
                    self.path = self
                        .path
                        .replace(&format!("{{{name}}}"), &wire::escaped(&text))
                }
            };
        }
        let style = parameter.style;
        match parameter.location {
            In::Query => self
                .query
                .extend(wire::pairs(name, style, parameter.explode, value)),
            In::Cookie => self
                .cookies
                .push(wire::pairs(name, style, parameter.explode, value).join("&")),
            In::Header => {
                let text = wire::piece(name, style, parameter.explode, value, str::to_owned);
                self.headers.push((name.clone(), text));
            }
            _ => {
                let text = wire::piece(name, style, parameter.explode, value, wire::escaped);
                self.path = self.path.replace(&format!("{{{name}}}"), &text);
            }
        }
    }

    /// Adds what the first alternative of the requirement asks for.
    fn credentials(&mut self, operation: &Operation) {
        for scheme in operation
            .requirement
            .alternatives
            .first()
            .into_iter()
            .flatten()
        {
            match &scheme.scheme.kind {
                SchemeKind::ApiKey { location, name } => match location {
                    KeyLocation::Header => self.headers.push((name.clone(), TOKEN.to_owned())),
                    KeyLocation::Query => {
                        self.query.push(format!("{}={TOKEN}", wire::escaped(name)))
                    }
                    KeyLocation::Cookie => self.cookies.push(format!("{name}={TOKEN}")),
                },
                SchemeKind::Basic => self
                    .headers
                    .push(("Authorization".into(), "Basic eDp4".into())),
                SchemeKind::Bearer => {
                    self.headers
                        .push(("Authorization".into(), format!("Bearer {TOKEN}")));
                }
            }
        }
    }
}
