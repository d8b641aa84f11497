//! The place of a path parameter: its segment, counted from the end of the path, and its share of that segment.
//!
//! Counted from the end, it is the same behind any base path. What is found is the text as it was sent, so that percent
//! escapes are undone once, by whoever reads the value.

use std::ops::Range;

/// The place of a parameter in the paths of its operation.
#[derive(Debug)]
pub(crate) struct SegmentPlace {
    /// Segments after it, without an empty one at the end.
    following: usize,
    /// The template ends in a slash, which may be left out.
    ends_in_slash: bool,
    /// Of a segment that is more than this parameter.
    share: Option<Share>,
}

/// The text around the expressions of a segment, `{page}.{format}`, and which of them is meant.
#[derive(Debug)]
pub(crate) struct Share {
    /// One more than there are expressions: before the first, between, after the last; escapes undone.
    literals: Vec<Vec<u8>>,
    index: usize,
}

impl SegmentPlace {
    /// Returns the places of `{name}` in a template, the last one first. There is one, but for templates that name an
    /// expression twice.
    pub(crate) fn all(template: &str, name: &str) -> Vec<Self> {
        let bare = template.strip_suffix('/').unwrap_or(template);
        let segments = bare.rsplit('/').enumerate();
        let places = segments.flat_map(|(following, segment)| {
            let (names, literals) = divided(segment);
            let is_whole = names.len() == 1 && literals.iter().all(Vec::is_empty);
            let known = names.iter().enumerate().rev();
            let known: Vec<usize> = known
                .filter(|(_, known)| **known == name)
                .map(|(index, _)| index)
                .collect();
            known.into_iter().map(move |index| Self {
                following,
                ends_in_slash: template.ends_with('/'),
                share: (!is_whole).then(|| Share {
                    literals: literals.clone(),
                    index,
                }),
            })
        });
        places.collect()
    }

    /// Returns the text of the parameter in the path of a request that the template matches.
    pub(crate) fn find<'r>(&self, path: &'r str) -> Option<&'r str> {
        let path = match path.strip_suffix('/') {
            Some(bare) if self.ends_in_slash => bare,
            _ => path,
        };
        let segment = path.rsplit('/').nth(self.following)?;
        let raw = match &self.share {
            None => segment,
            Some(share) => share.find(segment)?,
        };
        (!raw.is_empty()).then_some(raw)
    }
}

/// One segment of a template.
#[derive(Debug)]
pub(crate) enum Segment {
    /// Text alone, as [`router_literal`] returns it.
    Literal(String),
    /// One expression, and nothing else.
    Expression,
    /// Expressions with text around them.
    Mixed(Share),
}

impl Segment {
    pub(crate) fn of(template: &str) -> Self {
        let (names, literals) = divided(template);
        match names.as_slice() {
            [] => Self::Literal(router_literal(template)),
            [_] if literals.iter().all(Vec::is_empty) => Self::Expression,
            _ => Self::Mixed(Share { literals, index: 0 }),
        }
    }

    /// Returns true if the template takes this segment of a path, of which the escapes of [`router_literal`] are left.
    pub(crate) fn takes(&self, sent: &str) -> bool {
        match self {
            Self::Literal(text) => text == sent,
            Self::Expression => !sent.is_empty(),
            Self::Mixed(share) => share.find(sent).is_some(),
        }
    }
}

impl Share {
    /// Divides from the right, each value as short as can be: of `archive.tar.gz`, `{name}.{format}` takes the last dot.
    /// If there is any division, this finds one, since what is left of a value only gets longer.
    fn find<'r>(&self, segment: &'r str) -> Option<&'r str> {
        let units: Vec<(u8, Range<usize>)> = units(segment).collect();
        let is_at = |literal: &[u8], start: usize| {
            let sent = units.get(start..start + literal.len());
            sent.is_some_and(|sent| sent.iter().map(|(byte, _)| byte).eq(literal))
        };
        let (last, others) = self.literals.split_last()?;
        let mut end = units.len().checked_sub(last.len())?;
        if !is_at(last, end) {
            return None;
        }
        for (index, literal) in others.iter().enumerate().rev() {
            let length = literal.len();
            let starts = if index == 0 { 0..1 } else { 0..end };
            let start = starts
                .rev()
                .find(|&start| start + length < end && is_at(literal, start))?;
            if index == self.index {
                let from = units.get(start + length)?.1.start;
                let to = units.get(end - 1)?.1.end;
                return segment.get(from..to);
            }
            end = start;
        }
        None
    }
}

/// Returns the names of a segment's expressions, and the text around them.
fn divided(segment: &str) -> (Vec<&str>, Vec<Vec<u8>>) {
    let (mut names, mut literals) = (Vec::new(), Vec::new());
    let mut rest = segment;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        names.push(name);
        literals.push(decoded(before));
        rest = after;
    }
    literals.push(decoded(rest));
    (names, literals)
}

/// Iterates over the bytes that a text stands for, each with its place in the text: `%2E` is one.
fn units(text: &str) -> impl Iterator<Item = (u8, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut next = 0;
    std::iter::from_fn(move || {
        let start = next;
        let byte = *bytes.get(start)?;
        let digit = |at: usize| char::from(*bytes.get(at)?).to_digit(16);
        let escaped = (byte == b'%')
            .then(|| u8::try_from(digit(start + 1)? * 16 + digit(start + 2)?).ok())
            .flatten();
        next += if escaped.is_some() { 3 } else { 1 };
        Some((escaped.unwrap_or(byte), start..next))
    })
}

/// Returns the bytes that a text stands for.
fn decoded(text: &str) -> Vec<u8> {
    units(text).map(|(byte, _)| byte).collect()
}

/// Returns a literal as the router compares it: with its escapes undone, but for those that the router keeps.
pub(crate) fn router_literal(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    for (byte, place) in units(text) {
        match byte {
            b'%' | b'/' | b'+' => bytes.extend(text.as_bytes()[place].iter()),
            byte => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'r>(template: &str, name: &str, path: &'r str) -> Option<&'r str> {
        SegmentPlace::all(template, name)[0].find(path)
    }

    #[test]
    fn a_parameter_is_found_behind_any_prefix() {
        for path in [
            "/films/a%2Fb/cast",
            "/v1/films/a%2Fb/cast",
            "/a/b/films/a%2Fb/cast",
        ] {
            assert_eq!(
                found("/films/{id}/cast", "id", path),
                Some("a%2Fb"),
                "{path}"
            );
        }
        assert_eq!(found("/{id}", "id", "/7"), Some("7"));
        assert!(SegmentPlace::all("/films/{id}", "film").is_empty());
    }

    #[test]
    fn an_expression_may_stand_in_several_places() {
        let places = SegmentPlace::all("/{id}/{action}/{id}.{id}", "id");
        let found: Vec<_> = (places.iter())
            .filter_map(|place| place.find("/1/list/2.3"))
            .collect();
        assert_eq!(found, ["3", "2", "1"]);
    }

    #[test]
    fn a_slash_at_the_end_may_be_left_out() {
        for path in ["/v1/films/7", "/v1/films/7/"] {
            assert_eq!(found("/films/{id}/", "id", path), Some("7"), "{path}");
        }
        assert_eq!(found("/films/{id}", "id", "/films/7/"), None);
    }

    #[test]
    fn a_segment_with_several_expressions_is_divided_from_the_right() {
        for (template, path, first, second) in [
            ("/{a}.{b}", "/1.png", Some("1"), Some("png")),
            ("/{a}.{b}", "/a.tar.gz", Some("a.tar"), Some("gz")),
            ("/{a}.{b}", "/a%2Etar%2Egz", Some("a%2Etar"), Some("gz")),
            ("/x-{a}-{b}y", "/v1/x-1-2-3y", Some("1-2"), Some("3")),
            ("/{a}--{b}", "/x---y", Some("x-"), Some("y")),
            ("/{a}{b}", "/xyz", Some("xy"), Some("z")),
            ("/{a}.{b}", "/..", None, None),
            ("/{a}.{b}", "/...", Some("."), Some(".")),
            ("/{a}.{b}", "/%zz.%", Some("%zz"), Some("%")),
        ] {
            assert_eq!(found(template, "a", path), first, "{template} {path}");
            if first.is_some() {
                assert_eq!(found(template, "b", path), second, "{template} {path}");
            }
        }
    }

    #[test]
    fn text_beside_an_expression_is_no_part_of_it() {
        assert_eq!(found("/{id}:cancel", "id", "/7:cancel"), Some("7"));
        assert_eq!(found("/{id}:cancel", "id", "/a:b%3acancel"), Some("a:b"));
        assert_eq!(found("/@{user}", "user", "/%40leia"), Some("leia"));
        assert_eq!(found("/ä{id}", "id", "/%C3%A47"), Some("7"));
        assert_eq!(found("/{id}:cancel", "id", "/:cancel"), None);
    }

    #[test]
    fn a_long_segment_is_divided_in_time() {
        let long = format!("/{}", "a.".repeat(16_000));
        assert_eq!(found("/{a}.{b}.{c}.{d}x", "a", &long), None);
        assert!(found("/{a}.{b}.{c}a.", "a", &long).is_some());
    }

    #[test]
    fn literals_are_compared_without_escapes() {
        assert_eq!(router_literal("/a%20b/%C3%A4"), "/a b/ä");
        assert_eq!(router_literal("/100%25/%2f/c%2Bc/%"), "/100%25/%2f/c%2Bc/%");
    }
}
