//! Entity tags of what is stored, and the preconditions of requests (RFC 9110, section 13).
//!
//! A tag is made of the representation, not of a version: what changes nothing that a caller sees, such as a login, leaves
//! it, and so do instances that know nothing of tags.

use gatekeeper::{HeaderText, PreserializedJson, lists_tag};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::errors::ApiError;

/// A representation as it is sent, with its entity tag.
pub(crate) struct Tagged<T> {
    pub(crate) body: PreserializedJson<T>,
    pub(crate) etag: HeaderText,
}

impl<T: Serialize> Tagged<T> {
    /// Serialises and tags a representation.
    ///
    /// # Errors
    /// It has no form in JSON.
    pub(crate) fn new(representation: &T) -> anyhow::Result<Self> {
        let body = PreserializedJson::new(representation)?;
        let etag = entity_tag(body.bytes());
        Ok(Self { body, etag })
    }
}

/// The preconditions of a request that changes something; by default there are none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Preconditions {
    if_match: Option<String>,
    if_none_match: Option<String>,
}

impl Preconditions {
    /// Takes the header `If-Match`, whose form the contract has enforced.
    pub(crate) fn if_match(tags: Option<String>) -> Self {
        Self {
            if_match: tags,
            if_none_match: None,
        }
    }

    /// Adds the header `If-None-Match`, likewise.
    #[must_use]
    pub(crate) fn and_if_none_match(self, tags: Option<String>) -> Self {
        Self {
            if_none_match: tags,
            ..self
        }
    }

    /// Verifies that the present representation is as the caller wants it. The row that it is made of must be locked until
    /// the change is committed. A caller for whom there is nothing to change is told `not-found` before (section 13.2.1).
    ///
    /// # Errors
    /// `precondition-failed`.
    pub(crate) fn verify<T: Serialize>(&self, present: Option<&T>) -> Result<(), ApiError> {
        if self.if_match.is_none() && self.if_none_match.is_none() {
            return Ok(());
        }
        let present = present.map(Tagged::new).transpose()?;
        let etag = present.as_ref().map(|tagged| tagged.etag.as_str());
        let listed = |tags: &str| etag.is_some_and(|etag| is_listed(tags, etag));
        let excluded =
            |tags: &str| etag.is_some_and(|etag| lists_tag(tags.as_bytes(), etag.as_bytes()));
        if let Some(tags) = self.if_match.as_deref().filter(|tags| !listed(tags)) {
            return Err(ApiError::precondition_failed(if excluded(tags) {
                "`If-Match` has the right tag, made weak (`W/`) by a proxy that compresses, and a weak one never matches; read it \
                 again with `Accept-Encoding: identity`, and send that `ETag` with the change."
            } else {
                "It is not as `If-Match` says; read it again, and send its new `ETag` with the change."
            }));
        }
        if self.if_none_match.as_deref().is_some_and(excluded) {
            return Err(ApiError::precondition_failed(
                "There is what `If-None-Match` excludes; leave the header out to replace it.",
            ));
        }
        Ok(())
    }
}

/// Returns the strong tag of a representation: no two have the same one, also if somebody looks for such.
pub(crate) fn entity_tag(bytes: &[u8]) -> HeaderText {
    let digest = Sha256::digest(bytes);
    let head = digest.iter().take(16).map(|byte| format!("{byte:02x}"));
    format!("\"{}\"", head.collect::<String>()).into()
}

/// Compares strongly with each tag of a list: one that is weak never matches (RFC 9110, section 8.8.3.2). Our tags have no
/// comma, so the list may be split at commas.
fn is_listed(tags: &str, etag: &str) -> bool {
    tags.trim() == "*" || tags.split(',').any(|tag| tag.trim() == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ETAG: &str = "\"1f\"";

    fn is_listed_weakly(tags: &str) -> bool {
        lists_tag(tags.as_bytes(), ETAG.as_bytes())
    }

    #[test]
    fn a_weak_tag_matches_weakly_alone() {
        for tags in ["\"1f\"", "\"0\", \"1f\"", ",\"a,b\" , \"1f\",", "*"] {
            assert!(is_listed(tags, ETAG) && is_listed_weakly(tags), "{tags}");
        }
        let weak = "\"0\",W/\"1f\"";
        assert!(!is_listed(weak, ETAG) && is_listed_weakly(weak));
        for tags in ["", "\"1\"", "1f", "\"1F\"", "\"\"", "W/\"1\""] {
            assert!(!is_listed(tags, ETAG) && !is_listed_weakly(tags), "{tags}");
        }
    }

    #[test]
    fn nothing_has_no_tag() {
        let nothing: Option<&()> = None;
        let any = || Some("*".to_owned());
        let fails = |conditions: Preconditions, present| conditions.verify(present).is_err();
        assert!(!fails(Preconditions::default(), nothing));
        assert!(fails(Preconditions::if_match(any()), nothing));
        assert!(!fails(Preconditions::if_match(any()), Some(&())));
        let absent = || Preconditions::default().and_if_none_match(any());
        assert!(!fails(absent(), nothing));
        assert!(fails(absent(), Some(&())));
    }
}
