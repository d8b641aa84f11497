//! Values as requests carry them: the styles of OpenAPI 3.0 (Parameter Object) and the media types of bodies.

use openapi::{BodyContent, BodyForm, Field, FieldContent, Form, Style};
use serde_json::{Map, Value};

const BOUNDARY: &str = "------------------------boundary";

/// Returns what stands in a path or header.
pub(crate) fn piece(
    name: &str,
    style: Style,
    explode: bool,
    value: &Value,
    escape: impl Fn(&str) -> String,
) -> String {
    let text = |value: &Value| escape(&text(value));
    let members = |members: &Map<String, Value>, between: &str| {
        let members = members.iter();
        let members =
            members.map(|(name, value)| format!("{}{between}{}", escape(name), text(value)));
        members.collect::<Vec<_>>()
    };
    if holds_others(value) {
        return escape(&value.to_string());
    }
    let parts = match value {
        Value::Array(items) => items.iter().map(text).collect(),
        Value::Object(object) if explode => members(object, "="),
        Value::Object(object) => members(object, ","),
        value => vec![text(value)],
    };
    let is_object = value.is_object();
    match style {
        Style::Label => format!(".{}", parts.join(if explode { "." } else { "," })),
        Style::Matrix if explode && is_object => format!(";{}", parts.join(";")),
        Style::Matrix if explode => {
            let parts = parts.iter().map(|part| format!(";{name}={part}"));
            parts.collect()
        }
        Style::Matrix => format!(";{name}={}", parts.join(",")),
        _ => parts.join(","),
    }
}

/// Returns the pairs that stand in a query, a form or a cookie.
pub(crate) fn pairs(name: &str, style: Style, explode: bool, value: &Value) -> Vec<String> {
    let escaped_text = |value: &Value| escaped(&text(value));
    let pair = |name: &str, value: &str| format!("{}={value}", escaped(name));
    match value {
        Value::Object(members) if style == Style::DeepObject => (members.iter())
            .flat_map(|(member, value)| deep(&format!("{name}[{member}]"), value))
            .collect(),
        Value::Object(members) if members.is_empty() => vec![pair(name, "{}")],
        Value::Object(members) if explode => (members.iter())
            .flat_map(|(member, value)| match value {
                Value::Array(_) => pairs(member, style, true, value),
                value => vec![pair(member, &escaped_text(value))],
            })
            .collect(),
        Value::Array(items) if explode => (items.iter())
            .map(|item| pair(name, &escaped_text(item)))
            .collect(),
        Value::Array(_) | Value::Object(_) => {
            let between = match style {
                Style::SpaceDelimited => "%20",
                Style::PipeDelimited => "%7C",
                _ => ",",
            };
            let parts: Vec<String> = match value {
                Value::Object(members) => (members.iter())
                    .flat_map(|(name, value)| [escaped(name), escaped_text(value)])
                    .collect(),
                Value::Array(items) => items.iter().map(escaped_text).collect(),
                _ => Vec::new(),
            };
            vec![pair(name, &parts.join(between))]
        }
        value => vec![pair(name, &escaped_text(value))],
    }
}

/// Returns the pairs of a member of an object in style `deepObject`.
fn deep(name: &str, value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => (members.iter())
            .flat_map(|(member, value)| deep(&format!("{name}[{member}]"), value))
            .collect(),
        Value::Array(items) => (items.iter().enumerate())
            .flat_map(|(index, item)| deep(&format!("{name}[{index}]"), item))
            .collect(),
        value => vec![format!("{}={}", escaped(name), escaped(&text(value)))],
    }
}

/// Returns true for an array or object that has another in it: no style has a form for it.
fn holds_others(value: &Value) -> bool {
    let is_other = |value: &Value| value.is_array() || value.is_object();
    match value {
        Value::Array(items) => items.iter().any(is_other),
        Value::Object(members) => members.values().any(is_other),
        _ => false,
    }
}

/// Returns a body, with the media type that it is sent by.
pub(crate) fn body(content: &BodyContent, value: &Value) -> (String, Vec<u8>) {
    let name = &content.name;
    let none = Map::new();
    let members = value.as_object().unwrap_or(&none);
    match &content.form {
        BodyForm::Json(_) => (
            name.replace("*/*", "application/json").replace("*+", "x+"),
            value.to_string().into_bytes(),
        ),
        BodyForm::Form(fields, _) => {
            let pairs = members.iter().flat_map(|(name, value)| {
                let Some(field) = fields.get(name) else {
                    return match value {
                        Value::Object(_) => {
                            vec![format!("{}={}", escaped(name), escaped_json(value))]
                        }
                        value => pairs(name, Style::Form, true, value),
                    };
                };
                match &field.content {
                    FieldContent::Value(Form::Styled(_)) => {
                        pairs(name, field.style, field.explode, value)
                    }
                    _ => vec![format!("{}={}", escaped(name), escaped_json(value))],
                }
            });
            let text = pairs.collect::<Vec<_>>().join("&");
            (name.clone(), text.into_bytes())
        }
        BodyForm::Multipart(fields, _) => {
            let parts: String = members
                .iter()
                .map(|(name, value)| part(name, value, fields.get(name)))
                .collect();
            let text = format!("{parts}--{BOUNDARY}--\r\n");
            (format!("{name}; boundary={BOUNDARY}"), text.into_bytes())
        }
        BodyForm::Text(..) | BodyForm::Bytes | BodyForm::Stream => {
            let media_type = name.replace("*/*", "application/octet-stream");
            let media_type = media_type.replace("/*", "/plain");
            (media_type, text(value).into_bytes())
        }
    }
}

/// Returns a field of a multipart form; one for each item of an array.
fn part(name: &str, value: &Value, field: Option<&Field>) -> String {
    let file = field.and_then(|field| match &field.content {
        FieldContent::File(rule) => Some(rule),
        FieldContent::Value(_) => None,
    });
    let one = |value: &Value| {
        let kind = match file.map(|rule| rule.types.first()) {
            Some(first) => {
                let first = first.map_or("application/octet-stream", String::as_str);
                format!(
                    "; filename=\"a\"\r\nContent-Type: {}",
                    first.replace('*', "x")
                )
            }
            None if value.is_object() => "\r\nContent-Type: application/json".to_owned(),
            None => String::new(),
        };
        format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{kind}\r\n\r\n{}\r\n",
            text(value)
        )
    };
    let is_whole = field.is_some_and(|field| {
        matches!(
            field.content,
            FieldContent::Value(Form::Json | Form::Whole(_))
        )
    });
    match value {
        Value::Array(items) if !is_whole => items.iter().map(one).collect(),
        value => one(value),
    }
}

fn escaped_json(value: &Value) -> String {
    escaped(&value.to_string())
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// Returns a text with everything but unreserved characters percent-encoded (RFC 3986 section 2.3).
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
