//! Path templates: their expressions, and what tells two of them apart.

use crate::Defects;

/// The most expressions in one path: the router (actix's) matches no more.
const MAX_EXPRESSIONS: usize = 16;

/// Returns the names of the template's expressions, each once; there may be several in a segment, with text around them.
pub(crate) fn expressions<'p>(path: &'p str, place: &str, defects: &mut Defects) -> Vec<&'p str> {
    let (mut names, mut count) = (Vec::new(), 0);
    if !path.starts_with('/') {
        defects.add(place, "a path begins with `/`");
    }
    if path.contains(['?', '#']) || path.contains("//") || !escapes_are_whole(path) {
        defects.add(
            place,
            "a path has no query, fragment, broken percent escape or empty segment",
        );
    }
    let is_blank = |letter: char| letter.is_control() || letter.is_whitespace();
    if path.chars().any(is_blank) {
        defects.add(place, "a path has no blanks and no control characters");
    }
    for part in parts(path) {
        match part {
            Part::Literal(_) => {}
            Part::Broken => {
                defects.add(
                    place,
                    "an expression is written `{id}`: a name between braces, within a segment",
                );
                break;
            }
            Part::Expression(name) => {
                count += 1;
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
    }
    if count > MAX_EXPRESSIONS {
        defects.add(
            place,
            format!("has more than {MAX_EXPRESSIONS} parameters, which the router cannot match"),
        );
    }
    names
}

/// Returns what tells two templates apart on the wire: names of expressions do not.
pub(crate) fn shape(path: &str) -> String {
    parts(path)
        .map(|part| match part {
            Part::Literal(text) => text,
            Part::Expression(_) => "{}",
            Part::Broken => "{",
        })
        .collect()
}

enum Part<'p> {
    Literal(&'p str),
    Expression(&'p str),
    /// The text behind a brace that has no partner.
    Broken,
}

fn parts(path: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = path;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let start = rest.find(['{', '}']).unwrap_or(rest.len());
        if start > 0 {
            let (literal, after) = rest.split_at(start);
            rest = after;
            return Some(Part::Literal(literal));
        }
        let inner = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
        let Some((name, after)) =
            inner.filter(|(name, _)| !name.is_empty() && !name.contains(['{', '/']))
        else {
            rest = "";
            return Some(Part::Broken);
        };
        rest = after;
        Some(Part::Expression(name))
    })
}

fn escapes_are_whole(path: &str) -> bool {
    let mut after = path.split('%').skip(1).map(str::as_bytes);
    after.all(|after| {
        after.len() > 1 && after[0].is_ascii_hexdigit() && after[1].is_ascii_hexdigit()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_stand_anywhere_in_a_segment() {
        for (path, names) in [
            ("/", &[][..]),
            ("/a/{b}", &["b"]),
            ("/{page}.{format}", &["page", "format"]),
            ("/{id}:cancel", &["id"]),
            ("/x-{film-id}-y/{größe}", &["film-id", "größe"]),
            ("/a%20b/{c}", &["c"]),
            ("/{a}/{b}-{a}", &["a", "b"]),
        ] {
            let mut defects = Defects::default();
            assert_eq!(expressions(path, "here", &mut defects), names, "{path}");
            assert!(defects.is_empty(), "{path}: {defects}");
        }
    }

    #[test]
    fn what_is_no_template_is_refused() {
        for path in [
            "a", "/a?b", "/a#b", "//a", "/a%2", "/a%zz", "/a b", "/a\nb", "/{", "/}", "/{}", "/{a",
            "/{a/b}", "/{a{b}}", "/{a}}",
        ] {
            let mut defects = Defects::default();
            expressions(path, "here", &mut defects);
            assert_eq!(defects.len(), 1, "{path}: {defects}");
        }
        let many = |count: usize| {
            (0..count)
                .map(|index| format!("/{{p{index}}}"))
                .collect::<String>()
        };
        let mut defects = Defects::default();
        expressions(&many(16), "here", &mut defects);
        assert!(defects.is_empty(), "{defects}");
        expressions(&many(17), "here", &mut defects);
        assert_eq!(defects.len(), 1, "{defects}");
    }

    #[test]
    fn templates_of_one_shape_differ_in_names_only() {
        assert_eq!(shape("/a/{b}.{c}/"), shape("/a/{d}.{e}/"));
        for other in ["/a/{b}.{c}", "/a/{b}-{c}/", "/a/{b}/", "/a/b.c/"] {
            assert_ne!(shape("/a/{b}.{c}/"), shape(other), "{other}");
        }
    }
}
