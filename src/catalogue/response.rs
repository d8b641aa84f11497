//! Responses that are serialised already, and their entity tags.

use std::io;

use anyhow::Result;
use gatekeeper::{HeaderText, PreserializedJson};
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};
use xxhash_rust::xxh3::xxh3_64;

/// Whole numbers below this are exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A serialised response, its entity tag and the links to its neighbours.
pub(crate) struct CachedResponse<T> {
    pub(crate) body: PreserializedJson<T>,
    pub(crate) etag: HeaderText,
    pub(crate) link: Option<HeaderText>,
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

    /// Makes it one that is sent many times.
    pub(super) fn kept(self) -> Self {
        Self {
            body: self.body.kept(),
            ..self
        }
    }
}

impl<T> Clone for CachedResponse<T> {
    /// Shares the bytes.
    fn clone(&self) -> Self {
        Self {
            body: self.body.clone(),
            etag: self.etag.clone(),
            link: self.link.clone(),
        }
    }
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
    fn whole_numbers_have_no_fraction() {
        let numbers = vec![172.0, -41.9, 0.0, -19.0, 1e300];
        let json = to_json(&numbers).ok();
        assert_eq!(json.as_deref(), Some(&b"[172,-41.9,0,-19,1e+300]"[..]));
    }
}
