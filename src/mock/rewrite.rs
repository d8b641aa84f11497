//! Adapts the contract's examples to the process that serves them.

use serde_json::Value;

use super::MockUser;

/// The base of URLs in the contract's examples.
const EXAMPLE_URL: &str = "http://127.0.0.1:5003/";

/// Rewrites URLs to lead to this process, and tokens to those of `user`, so that the reply of a login works for the next
/// request.
pub(crate) fn rewrite_example(value: &mut Value, public_url: &str, user: Option<&MockUser>) {
    match value {
        Value::String(text) => {
            if let Some(path) = text.strip_prefix(EXAMPLE_URL) {
                *text = format!("{public_url}/{path}");
            }
        }
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| rewrite_example(value, public_url, user)),
        Value::Object(members) => {
            for (name, member) in members {
                match (member, user) {
                    (Value::String(text), Some(user)) if is_token(text) => {
                        rewrite_token(text, name, user);
                    }
                    (member, _) => rewrite_example(member, public_url, user),
                }
            }
        }
        _ => {}
    }
}

fn is_token(text: &str) -> bool {
    text.starts_with("eyJ") || text.starts_with("starwars_")
}

fn rewrite_token(text: &mut String, name: &str, user: &MockUser) {
    let good = match name {
        _ if text.starts_with("starwars_") => &user.api_token,
        "refresh_token" => &user.refresh,
        _ => &user.access,
    };
    text.clone_from(good);
}
