//! Values as requests carry them: the styles of OpenAPI 3.0 (Parameter Object) and the media types of bodies.

use openapi::Style;
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
            .map(|(member, value)| pair(&format!("{name}[{member}]"), &escaped_text(value)))
            .collect(),
        Value::Object(members) if explode => (members.iter())
            .map(|(member, value)| pair(member, &escaped_text(value)))
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

/// Returns a body, with the media type that it is sent by.
pub(crate) fn body(essence: &str, value: &Value) -> (String, Vec<u8>) {
    let none = Map::new();
    let fields = value.as_object().unwrap_or(&none);
    if openapi::is_json(essence) {
        return (essence.to_owned(), value.to_string().into_bytes());
    }
    match essence {
        "application/x-www-form-urlencoded" => {
            let pairs = fields.iter();
            let pairs = pairs.flat_map(|(name, value)| match value {
                Value::Object(_) => {
                    vec![format!("{}={}", escaped(name), escaped(&value.to_string()))]
                }
                value => pairs_of_form(name, value),
            });
            let text = pairs.collect::<Vec<_>>().join("&");
            (essence.to_owned(), text.into_bytes())
        }
        "multipart/form-data" => {
            let parts: String = fields
                .iter()
                .map(|(name, value)| part(name, value))
                .collect();
            let text = format!("{parts}--{BOUNDARY}--\r\n");
            (format!("{essence}; boundary={BOUNDARY}"), text.into_bytes())
        }
        _ => {
            let media_type = essence.replace("*/*", "application/octet-stream");
            (media_type.replace("/*", "/plain"), text(value).into_bytes())
        }
    }
}

fn pairs_of_form(name: &str, value: &Value) -> Vec<String> {
    pairs(name, Style::Form, true, value)
}

/// Returns a field of a multipart form; one for each item of an array.
fn part(name: &str, value: &Value) -> String {
    let one = |value: &Value| {
        let kind = if value.is_object() {
            "Content-Type: application/json\r\n"
        } else {
            ""
        };
        format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n{kind}\r\n{}\r\n",
            text(value)
        )
    };
    match value {
        Value::Array(items) => items.iter().map(one).collect(),
        value => one(value),
    }
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
