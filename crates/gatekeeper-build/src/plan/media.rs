//! Media types as words of Rust.

use super::names;
use openapi::MediaRange;

/// The word for one of several media types: its subtype, with its type where that tells it apart.
pub(super) fn word(name: &str, all: &[&str]) -> String {
    let parts = |name: &str| {
        let essence = essence(name);
        let (kind, subtype) = essence.split_once('/').unwrap_or((&essence, ""));
        let word = |text: &str| names::pascal(text.trim_start_matches(['*', '+']));
        (word(kind), word(subtype))
    };
    let (kind, subtype) = parts(name);
    let alike = all.iter().filter(|other| parts(other).1 == subtype).count();
    match (kind.as_str(), subtype.as_str()) {
        ("", _) => "Any".to_owned(),
        (kind, "") => format!("Any{kind}"),
        (kind, subtype) if alike > 1 => format!("{kind}{subtype}"),
        (_, subtype) => subtype.to_owned(),
    }
}

/// Type and subtype of a media type or range; empty when it is malformed.
pub(super) fn essence(name: &str) -> String {
    MediaRange::parse(name).map_or_else(String::new, |range| range.essence())
}
