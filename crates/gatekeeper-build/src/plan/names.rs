//! Names of the contract as Rust names.

use openapi::naming::is_type_name;
pub(super) use openapi::naming::{module, pascal, snake};

/// A header's words are parted by hyphens alone: `ETag` is `etag`.
pub(super) fn header(name: &str) -> String {
    snake(&name.to_ascii_lowercase())
}

/// Returns whether a variant of an enum can have this name.
pub(super) fn is_variant_name(name: &str) -> bool {
    is_type_name(name) && !["ALL", "Self"].contains(&name)
}

/// Returns whether a name can be that of a header: a token (RFC 9110, 5.1 and 5.6.2).
pub(super) fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(letter))
}

/// Returns the text as a literal of Rust.
pub(super) fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// The variant for an enum's value; `None` when nothing readable comes of it.
pub(super) fn variant(value: &str) -> Option<String> {
    let (sign, rest) = match (value.strip_prefix('-'), value.strip_prefix('+')) {
        (Some(rest), _) => ("Minus", rest),
        (_, Some(rest)) => ("Plus", rest),
        _ => ("", value),
    };
    if value.is_empty() {
        return Some("Empty".to_owned());
    }
    let name = format!("{sign}{}", pascal(rest));
    match name.chars().next() {
        None => None,
        Some(first) if first.is_ascii_digit() => Some(format!("Value{name}")),
        Some(_) if name == "Self" => Some("SelfValue".to_owned()),
        Some(_) => Some(name),
    }
}
