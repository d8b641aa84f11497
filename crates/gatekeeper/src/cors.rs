//! Cross-origin requests, as the Fetch standard has browsers ask for them. Credentials mode
//! (cookies) is not offered: callers send their credentials themselves.

use crate::{
    Defects,
    paths::{PathEntry, joined},
};
use actix_web::{
    HttpRequest,
    http::header::{self, HeaderMap, HeaderValue},
};
use serde_json::Value;

const MAX_AGE: HeaderValue = HeaderValue::from_static("600");
const REQUEST_ID: HeaderValue = HeaderValue::from_static("x-request-id");
const ORIGIN: HeaderValue = HeaderValue::from_static("Origin");

/// The form of an origin, in words.
pub const ORIGIN_FORM: &str =
    "scheme://host or scheme://host:port in lower case, as browsers send it";

/// The origins whose scripts may read replies.
pub(crate) struct Cors {
    origins: Vec<HeaderValue>,
}

impl Cors {
    pub(crate) fn new(origins: &[String], defects: &mut Defects) -> Self {
        let mut allowed = Vec::with_capacity(origins.len());
        for (index, origin) in origins.iter().enumerate() {
            match HeaderValue::from_str(origin) {
                Ok(value) if is_origin(origin) => allowed.push(value),
                _ => defects.add(
                    format!("cors_origins[{index}]"),
                    format!("{origin:?} must be {ORIGIN_FORM}"),
                ),
            }
        }
        Self { origins: allowed }
    }

    fn allowed<'r>(&self, headers: &'r HeaderMap) -> Option<&'r HeaderValue> {
        let origin = headers.get(header::ORIGIN)?;
        self.origins.contains(origin).then_some(origin)
    }

    /// Returns true for the headers of a preflight request (Fetch, "CORS-preflight request") from an allowed origin.
    pub(crate) fn is_preflight(&self, headers: &HeaderMap) -> bool {
        headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
            && self.allowed(headers).is_some()
    }

    /// Adds what every reply carries, errors included.
    pub(crate) fn apply(
        &self,
        request: &HttpRequest,
        headers: &mut HeaderMap,
        exposed: Option<&HeaderValue>,
    ) {
        if self.origins.is_empty() {
            return;
        }
        headers.append(header::VARY, ORIGIN);
        if let Some(origin) = self.allowed(request.headers()) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            let exposed = exposed.cloned().unwrap_or(REQUEST_ID);
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        }
    }

    /// Adds the answer to a preflight request for `path`, if this is one from an allowed origin.
    pub(crate) fn preflight(
        &self,
        request: &HttpRequest,
        headers: &mut HeaderMap,
        path: &PathEntry,
    ) {
        if !self.is_preflight(request.headers()) {
            return;
        }
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, path.allow.clone());
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            path.request_headers.clone(),
        );
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    }
}

/// The headers of an operation's replies that scripts may read.
pub(crate) fn exposed(operation: &Value) -> HeaderValue {
    let responses = operation.get("responses").and_then(Value::as_object);
    let declared = responses
        .into_iter()
        .flatten()
        .filter_map(|(_, response)| response.get("headers").and_then(Value::as_object));
    let mut names: Vec<String> = declared
        .flat_map(|headers| headers.keys().map(|name| name.to_lowercase()))
        .collect();
    names.push("x-request-id".to_owned());
    joined(names.iter().map(String::as_str).collect())
}

/// Returns true for an origin as browsers send it (RFC 6454 section 6.2), which
/// [`cors_origins`](crate::ContractBuilder::cors_origins) takes: [`ORIGIN_FORM`]. `*` and `null` are none: they would let
/// anybody in.
#[must_use]
pub fn is_origin(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let (host, port) = match rest.rsplit_once(':') {
        // The colons of an IPv6 address stand in brackets.
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (rest, None),
    };
    let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let default = matches!(
        (scheme, port),
        ("http", Some("80")) | ("https", Some("443"))
    );
    scheme.starts_with(|first: char| first.is_ascii_lowercase())
        && scheme
            .bytes()
            .all(|byte| lower(byte) || b"+-.".contains(&byte))
        && !host.is_empty()
        && host
            .bytes()
            .all(|byte| lower(byte) || b"-.[]:_".contains(&byte))
        && !default
        && port.is_none_or(|port| port.parse::<u16>().is_ok() && !port.starts_with(['0', '+']))
}

#[cfg(test)]
mod tests {
    use super::is_origin;

    #[test]
    fn an_origin_is_written_as_browsers_send_it() {
        for good in [
            "https://example.org",
            "http://localhost:3000",
            "http://[::1]:8080",
            "http://[::1]",
        ] {
            assert!(is_origin(good), "{good}");
        }
        for bad in [
            "*",
            "null",
            "",
            "example.org",
            "https://",
            "https://example.org/",
            "https://Example.org",
            "https://example.org:443",
            "http://a:",
            "http://a:080",
            "https://a/b",
            "https://*.example.org",
            "https://a b",
            "https://user@a",
            "http://a:99999",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
    }
}
