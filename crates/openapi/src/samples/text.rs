//! Strings: by format, by pattern, within lengths.

use super::pattern;
use serde_json::{Map, Value};

/// Returns a string. The number picks one of several where there are several.
pub(super) fn of(schema: &Map<String, Value>, number: usize) -> String {
    let length = |keyword: &str| {
        let length = schema.get(keyword).and_then(Value::as_u64);
        length.and_then(|length| usize::try_from(length).ok())
    };
    let (least, most) = (length("minLength").unwrap_or(0), length("maxLength"));
    // A string that no request could hold proves nothing.
    let least = least.min(100_000);
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
        && let Some(text) = pattern::matching(pattern, least, most)
    {
        return text;
    }
    let format = schema.get("format").and_then(Value::as_str);
    if let Some(text) = format.and_then(by_format) {
        return text.to_owned();
    }
    fit(
        if number == 0 {
            "text".to_owned()
        } else {
            format!("text{number}")
        },
        least,
        most,
    )
}

/// Returns a value of a format; none of those that ask nothing.
fn by_format(format: &str) -> Option<&'static str> {
    Some(match format {
        "date" => "2025-01-31",
        "date-time" => "2025-01-31T12:30:00Z",
        "time" => "12:30:00Z",
        "duration" => "P1DT12H",
        "email" | "idn-email" => "leia@example.org",
        "hostname" | "idn-hostname" => "example.org",
        "ipv4" | "ip" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "uri" | "url" | "iri" => "https://example.org/1",
        "uri-reference" | "iri-reference" => "/1",
        "uri-template" => "/{id}",
        "uuid" => "018f4d3e-7c1b-7a10-8000-000000000001",
        "byte" | "base64" => "dGV4dA==",
        "json-pointer" => "/member",
        "relative-json-pointer" => "0/member",
        "regex" => "^[a-z]+$",
        _ => return None,
    })
}

/// Makes a text longer or shorter.
fn fit(mut text: String, least: usize, most: Option<usize>) -> String {
    let count = text.chars().count();
    text.extend(std::iter::repeat_n('x', least.saturating_sub(count)));
    match most {
        Some(most) => text.chars().take(most).collect(),
        None => text,
    }
}
