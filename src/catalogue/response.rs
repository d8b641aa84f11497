//! Responses that are serialised already, and their entity tags.

use std::io;

use anyhow::Result;
use gatekeeper::{HeaderText, PreserializedJson};
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};
use xxhash_rust::xxh3::xxh3_64;

/// Whole numbers below this are exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A serialised response, its entity tag and the links to its neighbours. Clones share the bytes.
pub(crate) struct CachedResponse<T> {
    pub(crate) body: PreserializedJson<T>,
    pub(crate) etag: HeaderText,
    pub(crate) link: Option<HeaderText>,
}

/// The answer to a request that may carry `If-None-Match`.
pub(crate) enum Conditional<T> {
    /// The caller has the response with this tag already.
    NotModified(HeaderText),
    Ok(CachedResponse<T>),
}

impl<T> CachedResponse<T> {
    /// Tags the JSON of a `T` by its bytes (RFC 9110, section 8.8.3). The hash is the same on every instance, and no secret
    /// depends on it; a cryptographic one would cost more than all the rest of a list that is made for a request.
    pub(super) fn new(json: Vec<u8>, link: Option<String>) -> Self {
        Self {
            etag: format!("\"{:016x}\"", xxh3_64(&json)).into(),
            body: PreserializedJson::from_json(json),
            link: link.map(HeaderText::from),
        }
    }

    /// Returns the response, unless the caller has it already.
    pub(super) fn unless_current(&self, if_none_match: Option<&str>) -> Conditional<T> {
        if is_current(if_none_match, self.etag.as_str()) {
            return Conditional::NotModified(self.etag.clone());
        }
        Conditional::Ok(Self {
            body: self.body.clone(),
            etag: self.etag.clone(),
            link: self.link.clone(),
        })
    }
}

/// Compares weakly with each of the tags that the caller has (RFC 9110, section 13.1.2). Our tags have no comma, so the
/// list may be split at commas.
fn is_current(if_none_match: Option<&str>, etag: &str) -> bool {
    if_none_match.is_some_and(|tags| {
        tags.trim() == "*"
            || tags.split(',').any(|tag| {
                let tag = tag.trim();
                tag.strip_prefix("W/").unwrap_or(tag) == etag
            })
    })
}

/// Serialises a model.
pub(super) fn to_json(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut json = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut json, WholeNumbers))?;
    Ok(json)
}

/// Writes 172, not 172.0, as people expect of a height and the contract's examples have it.
struct WholeNumbers;

impl Formatter for WholeNumbers {
    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        if value.fract() == 0.0 && value.abs() < EXACT {
            self.write_i64(writer, value as i64)
        } else {
            CompactFormatter.write_f64(writer, value)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_tag_is_found_in_a_list_weak_or_strong() {
        let etag = "\"1f\"";
        for held in ["\"1f\"", "W/\"1f\"", "\"0\", \"1f\"", "*", " \"1f\" "] {
            assert!(is_current(Some(held), etag), "{held}");
        }
        for held in ["", "\"1\"", "1f", "\"0\",\"2\""] {
            assert!(!is_current(Some(held), etag), "{held}");
        }
        assert!(!is_current(None, etag));
    }

    #[test]
    fn whole_numbers_have_no_fraction() {
        let numbers = vec![172.0, -41.9, 0.0, -19.0, 1e300];
        let json = to_json(&numbers).ok();
        assert_eq!(json.as_deref(), Some(&b"[172,-41.9,0,-19,1e+300]"[..]));
    }
}
