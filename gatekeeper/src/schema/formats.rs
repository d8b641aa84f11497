//! Values of `format`.

use base64::{Engine, engine::general_purpose::STANDARD};

/// Formats that are asserted, with the type they belong to.
pub(super) const FORMATS: [(&str, &str); 15] = [
    ("integer", "int32"),
    ("integer", "int64"),
    ("number", "float"),
    ("number", "double"),
    ("string", "byte"),
    ("string", "date"),
    ("string", "date-time"),
    ("string", "email"),
    ("string", "hostname"),
    ("string", "ipv4"),
    ("string", "ipv6"),
    ("string", "password"),
    ("string", "time"),
    ("string", "uri"),
    ("string", "uuid"),
];

/// RFC 9562 section 4: the form with hyphens.
pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

/// RFC 4648 section 4: standard alphabet, padded.
pub(super) fn is_base64(text: &str) -> bool {
    STANDARD.decode(text).is_ok()
}
