//! The decode hooks of security schemes.

use super::{method_name, words::words};

/// Returns the method for the path of a decode hook: its last part.
pub(crate) fn hook_method(path: &str) -> String {
    let last = path.rsplit(['.', ':', '/']).next();
    method_name(last.unwrap_or(path))
}

/// Returns the path of the decode hook of a security scheme that names none.
pub(crate) fn decode_hook(scheme: &str) -> String {
    let words = words(scheme);
    if words.is_empty() {
        "decode_scheme".to_owned()
    } else {
        format!("decode_{}", words.join("_").to_lowercase())
    }
}
