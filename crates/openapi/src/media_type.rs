//! Media types and media ranges (RFC 9110 sections 8.3.1 and 12.5.1): one reader for requests, responses, the contract
//! and `Accept`.

use std::borrow::Cow;

/// A media range as it was sent; a media type is one without wildcards. Names and types have no case.
pub struct MediaRange<'t> {
    /// `application`, or `*`.
    pub kind: &'t str,
    /// `json`, or `*`.
    pub subtype: &'t str,
    /// Names and values in their order; values without quotes and escapes.
    pub parameters: Vec<(&'t str, Cow<'t, str>)>,
    /// Of a member of `Accept`: the value of `q`.
    pub weight: Option<Cow<'t, str>>,
}

/// A media type.
pub struct MediaType<'t>(MediaRange<'t>);

impl<'t> MediaRange<'t> {
    /// Reads a member of `Accept`; `None` when it is malformed.
    ///
    /// The parameters end at `q`. What follows was for extensions that never came (RFC 9110, appendix B.3).
    #[must_use]
    pub fn weighted(text: &'t str) -> Option<Self> {
        Self::read(text, true)
    }

    /// Reads a range without weight, as a contract writes it; `None` when it is malformed.
    #[must_use]
    pub fn parse(text: &'t str) -> Option<Self> {
        Self::read(text, false)
    }

    /// Returns true when it stands for several types.
    #[must_use]
    pub fn has_wildcard(&self) -> bool {
        self.subtype.starts_with('*')
    }

    /// Returns the degree to which a media type is in the range, none when it is not: a type goes before a suffix
    /// (`application/*+json`), that before a kind (`image/*`), and each parameter that fits before none.
    #[must_use]
    pub fn fit(&self, media_type: &MediaType<'_>) -> Option<usize> {
        let sent = &media_type.0;
        let is_kind = self.kind == "*" || self.kind.eq_ignore_ascii_case(sent.kind);
        let exactness = match self.subtype.strip_prefix('*') {
            None if self.subtype.eq_ignore_ascii_case(sent.subtype) => 3,
            Some("") if self.kind == "*" => 0,
            Some("") => 1,
            Some(suffix) if ends_with(sent.subtype, suffix) => 2,
            _ => return None,
        };
        let mut parameters = self.parameters.iter().filter(|(name, _)| !is_charset(name));
        let has = |(name, value): &&(&str, Cow<'_, str>)| {
            let mut known = sent.parameters.iter();
            known.any(|(sent, other)| sent.eq_ignore_ascii_case(name) && other == value)
        };
        let (rest, fitting) = (parameters.clone(), parameters.by_ref().filter(has).count());
        let strange = rest.count() - fitting;
        // Parameters tell types apart that are the same otherwise; by themselves they keep nothing out.
        is_kind.then(|| exactness * 1_000 + 500 + fitting.min(400) - strange.min(400))
    }

    /// Returns type and subtype in lower case.
    #[must_use]
    pub fn essence(&self) -> String {
        let mut essence = format!("{}/{}", self.kind, self.subtype);
        essence.make_ascii_lowercase();
        essence
    }

    fn read(text: &'t str, weighted: bool) -> Option<Self> {
        let mut parts = split(text, ';');
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let subtype_is_good =
            subtype == "*" || is_token(subtype.strip_prefix("*+").unwrap_or(subtype));
        if !subtype_is_good || !(is_token(kind) || (kind == "*" && subtype == "*")) {
            return None;
        }
        let (mut parameters, mut weight) = (Vec::new(), None);
        // Section 5.6.6: a parameter may be left out between semicolons.
        for part in parts.filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=')?;
            if !is_token(name) {
                return None;
            }
            let value = unquoted(value)?;
            if weighted && name.eq_ignore_ascii_case("q") {
                weight = Some(value);
                break;
            }
            parameters.push((name, value));
        }
        Some(Self {
            kind,
            subtype,
            parameters,
            weight,
        })
    }
}

impl<'t> MediaType<'t> {
    /// Reads a type; `None` when it is malformed, is a range, or names its charset twice.
    #[must_use]
    pub fn parse(text: &'t str) -> Option<Self> {
        let range = MediaRange::read(text, false)?;
        let charsets = range.parameters.iter().filter(|(name, _)| is_charset(name));
        (!range.has_wildcard() && charsets.count() < 2).then_some(Self(range))
    }

    /// Returns type and subtype in lower case.
    #[must_use]
    pub fn essence(&self) -> String {
        self.0.essence()
    }

    /// Compares it with the type `essence`; its parameters do not count.
    #[must_use]
    pub fn is(&self, essence: &str) -> bool {
        let parts = essence.split_once('/');
        parts.is_some_and(|(kind, subtype)| {
            self.0.kind.eq_ignore_ascii_case(kind) && self.0.subtype.eq_ignore_ascii_case(subtype)
        })
    }

    /// Returns the value of a parameter.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let mut parameters = self.0.parameters.iter();
        let found = parameters.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| &**value)
    }

    /// Returns true when its text can be read as UTF-8: no charset is named, or UTF-8 by one of its names, or ASCII.
    #[must_use]
    pub fn is_utf8(&self) -> bool {
        self.0
            .parameters
            .iter()
            .filter(|(name, _)| is_charset(name))
            .all(|(_, charset)| {
                ["utf-8", "utf8", "us-ascii", "ascii"]
                    .iter()
                    .any(|known| charset.eq_ignore_ascii_case(known))
            })
    }
}

/// Returns true for JSON: `application/json`, its old name `text/json`, or any media type with the suffix `+json`
/// (RFC 6839).
#[must_use]
pub fn is_json(media_type: &str) -> bool {
    MediaRange::parse(media_type).is_some_and(|parsed| {
        let essence = parsed.essence();
        matches!(essence.as_str(), "application/json" | "text/json") || essence.ends_with("+json")
    })
}

/// Returns the pieces between separators that do not stand in quotes, without space around them.
pub fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |character| {
        let separates = character == separator && !quoted;
        if escaped {
            escaped = false;
        } else if character == '"' {
            quoted = !quoted;
        } else if character == '\\' && quoted {
            escaped = true;
        }
        separates
    })
    .map(|piece| piece.trim_matches([' ', '\t']))
}

/// Returns a token, or the value of a quoted string (section 5.6.4); `None` when it is neither.
fn unquoted(value: &str) -> Option<Cow<'_, str>> {
    let Some(inner) = value.strip_prefix('"') else {
        return is_token(value).then_some(Cow::Borrowed(value));
    };
    let inner = inner.strip_suffix('"')?;
    if !inner.contains(['"', '\\']) {
        return Some(Cow::Borrowed(inner));
    }
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => return None,
            '\\' => text.push(characters.next()?),
            other => text.push(other),
        }
    }
    Some(Cow::Owned(text))
}

fn ends_with(text: &str, suffix: &str) -> bool {
    let start = text.len().checked_sub(suffix.len());
    start
        .and_then(|start| text.get(start..))
        .is_some_and(|end| end.eq_ignore_ascii_case(suffix))
}

fn is_charset(name: &str) -> bool {
    name.eq_ignore_ascii_case("charset")
}

/// Section 5.6.2, without `*`, which would be a wildcard here.
fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'^_`|~+-.".contains(&byte))
}

/// Returns true for the name of a header (RFC 9110 section 5.1): a token.
pub(crate) fn is_header_name(text: &str) -> bool {
    text.split('*')
        .all(|part| part.is_empty() || is_token(part))
        && !text.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn essence(text: &str) -> Option<String> {
        MediaType::parse(text).map(|parsed| parsed.essence())
    }

    #[test]
    fn parameters_and_case_do_not_change_the_type() {
        for text in [
            "application/json",
            "Application/JSON",
            "application/json; Charset=\"UTF-8\"",
            "application/json ; charset=utf-8",
            "application/json;",
            "application/json;; profile=a;",
            "application/json; profile=\"a;b\"",
            "application/json; profile=\"a,\\\"b\\\\\"",
            "application/json; profile=\"\"",
        ] {
            assert_eq!(essence(text).as_deref(), Some("application/json"), "{text}");
            assert!(MediaType::parse(text).is_some_and(|parsed| parsed.is("application/json")));
        }
        for broken in [
            "",
            "json",
            "*/*",
            "application/*",
            "a/b/c",
            "application/",
            "a/b; charset",
            "a/b; charset=",
            "a/b; charset =utf-8",
            "a/b; profile=\"a",
            "a/b; profile=a\"",
            "a/b; profile=\"a\\\"",
            "a/b; profile=\"a\"b\"",
            "a/b;charset=utf-8;charset=utf-7",
            "a/b, c/d",
        ] {
            assert_eq!(essence(broken), None, "{broken:?}");
        }
        assert!(is_json("application/problem+json") && !is_json("text/json-like"));
    }

    #[test]
    fn utf_8_has_several_names_and_ascii_is_part_of_it() {
        let is_utf8 = |text: &str| MediaType::parse(text).is_some_and(|parsed| parsed.is_utf8());
        for good in [
            "a/b",
            "a/b; charset=utf-8",
            "a/b; charset=UTF8",
            "a/b; charset=\"us-ascii\"",
            "a/b; charset=\"utf\\-8\"",
            "a/b; profile=\";charset=utf-16\"",
        ] {
            assert!(is_utf8(good), "{good}");
        }
        for other in [
            "a/b; charset=utf-16",
            "a/b; charset=iso-8859-1",
            "a/b; charset=\"\"",
        ] {
            assert!(!is_utf8(other), "{other}");
        }
    }

    #[test]
    fn a_quoted_value_is_what_it_stands_for() {
        let value = |text| {
            MediaRange::weighted(text)
                .and_then(|range| Some(range.parameters.into_iter().next()?.1))
        };
        assert_eq!(value("*/*;x=\"a,b;c\\\"\"").as_deref(), Some("a,b;c\""));
        assert_eq!(value("*/*;x=y").as_deref(), Some("y"));
        assert_eq!(value("*/*;x=y z").as_deref(), None);
    }
}
