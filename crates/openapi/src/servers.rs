//! Servers: the path that stands before those of the operations.

use crate::Defects;
use serde_json::Value;

/// Returns the path of the first server, without a slash at its end: empty, or `/v1`. Variables have their defaults
/// (Server Object and Server Variable Object of OpenAPI 3.0.3).
pub(crate) fn base_path(document: &Value, notices: &mut Defects, defects: &mut Defects) -> String {
    let servers = document.get("servers").and_then(Value::as_array);
    let mut paths = servers
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(index, server)| {
            path(server).unwrap_or_else(|problem| {
                defects.add(format!("servers[{index}].url"), problem);
                String::new()
            })
        });
    let first = paths.next().unwrap_or_default();
    for (index, other) in paths.enumerate() {
        if other != first {
            notices.add(
                format!("servers[{}].url", index + 1),
                format!(
                    "its path is not served; the one of the first server is, {:?}",
                    first
                ),
            );
        }
    }
    first
}

fn path(server: &Value) -> Result<String, String> {
    let url = server.get("url").and_then(Value::as_str);
    let url = filled(url.unwrap_or_default(), server.get("variables"));
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |start| &rest[start..]),
        // Without a scheme, but with a host (RFC 3986 section 4.2).
        None => match url.strip_prefix("//") {
            Some(rest) => rest.find('/').map_or("", |start| &rest[start..]),
            None => &url,
        },
    };
    let path = path.trim_matches('/');
    if path.is_empty() || path == "." {
        return Ok(String::new());
    }
    let path = path.strip_prefix("./").unwrap_or(path);
    if path.contains(['{', '}']) {
        return Err("its path has a variable without a `default`; state one".to_owned());
    }
    let is_plain =
        |letter: char| letter.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/".contains(letter);
    if !path.chars().all(is_plain)
        || path
            .split('/')
            .any(|segment| matches!(segment, "" | "." | ".."))
    {
        return Err(
            "its path has a query, a fragment, an escape or an empty segment, which cannot be put before the paths; leave them out"
                .to_owned(),
        );
    }
    Ok(format!("/{path}"))
}

/// Returns the URL with the defaults of its variables.
fn filled(url: &str, variables: Option<&Value>) -> String {
    let mut filled = String::new();
    let mut rest = url;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        let variable = variables.and_then(|variables| variables.get(name));
        match variable.and_then(|variable| variable.get("default")?.as_str()) {
            Some(default) => filled.push_str(default),
            None => filled.push_str(&format!("{{{name}}}")),
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::path;
    use serde_json::json;

    #[test]
    fn the_path_of_a_server_is_what_follows_its_host() {
        for (url, expected) in [
            ("https://example.org", ""),
            ("https://example.org/", ""),
            ("https://example.org/v1/", "/v1"),
            ("https://{host}:{port}/api/v1", "/api/v1"),
            ("//example.org/v1", "/v1"),
            ("/v1", "/v1"),
            ("v1", "/v1"),
            ("./v1", "/v1"),
            ("/", ""),
            (".", ""),
            ("", ""),
        ] {
            assert_eq!(
                path(&json!({ "url": url })).as_deref(),
                Ok(expected),
                "{url}"
            );
        }
    }

    #[test]
    fn variables_have_their_defaults() {
        let variables = json!({"base": {"default": "v2"}, "root": {"default": "/deep/path"}});
        for (url, expected) in [
            ("https://example.org/{base}", "/v2"),
            ("https://example.org{root}", "/deep/path"),
            ("{root}", "/deep/path"),
        ] {
            let server = json!({"url": url, "variables": variables});
            assert_eq!(path(&server).as_deref(), Ok(expected), "{url}");
        }
    }

    #[test]
    fn a_path_that_cannot_be_put_before_others_is_refused() {
        for url in [
            "/{unknown}",
            "/a//b",
            "/a/../b",
            "/a?b=c",
            "/a%20b",
            "/a#b",
            "/ä",
        ] {
            assert!(path(&json!({ "url": url })).is_err(), "{url}");
        }
    }
}
