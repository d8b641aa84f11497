//! Violations: how a value breaks the contract.

use crate::nearest;
use serde::Serialize;
use std::fmt;

/// The part of a request in which a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum In {
    /// A value in the path.
    Path,
    /// The query string.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
    /// The body.
    Body,
}

impl fmt::Display for In {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
            Self::Body => "body",
        })
    }
}

/// One way in which a request breaks the contract, as the caller finds it in `errors`.
///
/// It names the rule and the location, never the offending value, which may be a password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// The part of the request; `in` on the wire.
    #[serde(rename = "in")]
    pub location: In,
    /// JSON Pointer (RFC 6901) into that part; for parameters its first step is the name.
    pub pointer: String,
    /// The rule that was broken, for people.
    pub message: String,
}

impl Violation {
    /// Creates a violation at `pointer`.
    pub fn new(location: In, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            location,
            pointer: pointer.into(),
            message: message.into(),
        }
    }
}

/// Returns `base` followed by one more step, escaped as RFC 6901 section 3 asks.
#[must_use]
pub fn pointer(base: &str, step: &str) -> String {
    let mut out = String::with_capacity(base.len() + step.len() + 1);
    out.push_str(base);
    out.push('/');
    for character in step.chars() {
        match character {
            '~' => out.push_str("~0"),
            '/' => out.push_str("~1"),
            other => out.push(other),
        }
    }
    out
}

/// The most names that a message lists.
const MOST_NAMES: usize = 20;

/// Returns the message for an unknown name: the name that was probably meant, else the known ones.
#[must_use]
pub fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    if let Some(near) = nearest(name, known.iter().copied()) {
        return format!("unknown {what}; did you mean `{near}`?");
    }
    let listed: Vec<String> = known
        .iter()
        .take(MOST_NAMES)
        .map(|name| format!("`{name}`"))
        .collect();
    match (listed.as_slice(), known.len() > MOST_NAMES) {
        ([], _) => format!("unknown {what}; none is known here"),
        (_, false) => format!("unknown {what}; known here: {}", listed.join(", ")),
        (_, true) => format!("unknown {what}; known here: {}, …", listed.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_escapes_tilde_and_slash() {
        assert_eq!(pointer("/body", "a/b~c"), "/body/a~1b~0c");
    }

    #[test]
    fn what_is_known_is_listed_when_nothing_is_near() {
        assert_eq!(
            unknown("parameter", "x1", &[]),
            "unknown parameter; none is known here"
        );
        assert_eq!(
            unknown("parameter", "sort", &["page", "page_size"]),
            "unknown parameter; known here: `page`, `page_size`"
        );
        let many = vec!["parameter"; 21];
        let listed = unknown("parameter", "x", &many);
        assert!(listed.ends_with("`parameter`, …"), "{listed}");
        assert_eq!(listed.matches("`parameter`").count(), 20);
    }
}
