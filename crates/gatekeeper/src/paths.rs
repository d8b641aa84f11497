//! The paths of a contract: which methods each has, which is tried first.

use crate::{In, contract::PreparedOperation, segments::router_literal};
use actix_web::http::{Method, header::HeaderValue};
use openapi::{Misspelt, nearest as nearest_name};
use std::{borrow::Cow, cmp::Reverse, collections::HashMap};

/// Paths of more segments are cut when they are compared.
const MAX_SEGMENTS: usize = 32;

/// One path of the contract.
pub(crate) struct PathEntry {
    /// The template, as the contract writes it, behind the base path.
    pub(crate) template: String,
    /// True if the slash at its end may be left out.
    pub(crate) may_be_shorter: bool,
    /// Its operations, as indices into the contract's entries.
    pub(crate) operations: Vec<(Method, usize)>,
    /// Value of `Allow`, and of `Access-Control-Allow-Methods`.
    pub(crate) allow: HeaderValue,
    /// Value of `Access-Control-Allow-Headers`.
    pub(crate) request_headers: HeaderValue,
}

/// Groups operations by path, in the order in which paths are to be tried: the more literal first, whatever their order in
/// the contract (OpenAPI 3.0.3, Paths Object). Templates that differ in the names of their expressions are one path.
/// Browsers may send `Prefer` where it is taken.
pub(crate) fn group(
    entries: &[PreparedOperation],
    base_path: &str,
    takes_prefer: bool,
) -> Vec<PathEntry> {
    let mut paths: Vec<PathEntry> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for (index, entry) in entries.iter().enumerate() {
        let operation = &entry.operation;
        let template = format!("{base_path}{}", operation.path);
        let at = *known.entry(nameless(&template)).or_insert_with(|| {
            paths.push(PathEntry {
                template,
                may_be_shorter: false,
                operations: Vec::new(),
                allow: HeaderValue::from_static("OPTIONS"),
                request_headers: HeaderValue::from_static("authorization, content-type"),
            });
            paths.len() - 1
        });
        paths[at].operations.push((operation.method.clone(), index));
    }
    for path in &mut paths {
        path.may_be_shorter =
            shorter(&path.template).is_some_and(|shorter| !known.contains_key(&nameless(shorter)));
        path.allow = allow(path);
        path.request_headers = request_headers(path, entries, takes_prefer);
    }
    paths.sort_by_cached_key(|path| rank(&path.template));
    paths
}

/// Returns a template without the names of its expressions.
fn nameless(template: &str) -> String {
    let mut parts = template.split('{');
    let first = router_literal(parts.next().unwrap_or_default());
    parts.fold(first, |text, part| {
        let rest = part.split_once('}').map_or(part, |(_, rest)| rest);
        text + "{}" + &router_literal(rest)
    })
}

/// Returns a template without the slash at its end.
pub(crate) fn shorter(template: &str) -> Option<&str> {
    template
        .strip_suffix('/')
        .filter(|shorter| !shorter.is_empty())
}

/// Literal segments come before templated ones, segment by segment, and of these the one with more text.
fn rank(template: &str) -> (Vec<(u8, Reverse<usize>)>, String) {
    let kind = |segment: &str| match segment.find('{') {
        None => (0, Reverse(0)),
        Some(0) if segment.find('}') == Some(segment.len() - 1) => (2, Reverse(0)),
        Some(_) => {
            let outside = segment.split('{').map(|part| part.rsplit('}').next());
            (1, Reverse(outside.flatten().map(str::len).sum()))
        }
    };
    (template.split('/').map(kind).collect(), template.to_owned())
}

fn allow(path: &PathEntry) -> HeaderValue {
    let operations = path.operations.iter();
    let mut methods: Vec<&str> = operations.map(|(method, _)| method.as_str()).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.push("OPTIONS");
    joined(methods)
}

fn request_headers(
    path: &PathEntry,
    entries: &[PreparedOperation],
    takes_prefer: bool,
) -> HeaderValue {
    let mut names = vec!["authorization".to_owned(), "content-type".to_owned()];
    if takes_prefer {
        names.push("prefer".to_owned());
    }
    for (_, index) in &path.operations {
        let entry = &entries[*index];
        let declared = entry.operation.parameters.iter();
        names.extend(
            declared
                .filter(|(location, _)| *location == In::Header)
                .map(|(_, name)| name.to_lowercase()),
        );
        names.extend(entry.requirement.key_headers().map(ToString::to_string));
    }
    joined(names.iter().map(String::as_str).collect())
}

/// Names of methods or headers, sorted, each once.
pub(crate) fn joined(mut names: Vec<&str>) -> HeaderValue {
    names.sort_unstable();
    names.dedup();
    // Names that cannot stand in a header are defects of the contract, found elsewhere.
    HeaderValue::from_str(&names.join(", ")).unwrap_or(HeaderValue::from_static(""))
}

/// The same in words: `GET, HEAD and OPTIONS`.
pub(crate) fn joined_words<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    match names.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// The template that a path was meant to be, if there is one near enough: the same path but for slips of the pen, else
/// the shortest one that begins with the same word, behind the base path. It says nothing that the contract does not.
pub(crate) fn nearest<'p>(paths: &'p [PathEntry], base: &str, path: &str) -> Option<&'p str> {
    let sent: Vec<Sent<'_>> = segments(path).map(Sent::new).collect();
    let slip = paths
        .iter()
        .filter_map(|entry| Some((difference(&entry.template, &sent)?, entry)))
        .min_by_key(|(difference, _)| *difference);
    if let Some((_, entry)) = slip {
        return Some(&entry.template);
    }
    let shared = segments(base).count();
    let has_base = (sent.iter().map(|sent| &*sent.text))
        .take(shared)
        .eq(segments(base));
    let first = &*sent.get(if has_base { shared } else { 0 })?.text;
    let words = |entry: &'p PathEntry| segments(&entry.template).nth(shared);
    let known = paths.iter().filter_map(words);
    let word = nearest_name(first, known.filter(|word| !word.starts_with('{')))?;
    paths
        .iter()
        .filter(|entry| words(entry) == Some(word))
        .map(|entry| entry.template.as_str())
        .min_by_key(|template| template.len())
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    // No template is longer; what is sent may be.
    segments.take(MAX_SEGMENTS)
}

/// A segment of what was sent, without its escapes.
struct Sent<'s> {
    text: Cow<'s, str>,
    /// `None` if it is too long for any name.
    misspelt: Option<Misspelt>,
}

impl<'s> Sent<'s> {
    fn new(text: &'s str) -> Self {
        let text = match text.contains('%') {
            true => Cow::Owned(router_literal(text)),
            false => Cow::Borrowed(text),
        };
        let misspelt = Misspelt::new(&text);
        Self { text, misspelt }
    }
}

/// Counts the segments that only a variable takes and those that differ, if each that differs is near to the expected one.
fn difference(template: &str, sent: &[Sent<'_>]) -> Option<(usize, usize)> {
    let mut template = segments(template);
    let (mut variables, mut slips) = (0, 0);
    for given in sent {
        let wanted = template.next()?;
        if wanted.contains('{') {
            fits(wanted, &given.text).then_some(())?;
            variables += 1;
        } else if wanted != given.text {
            given.misspelt.as_ref()?.distance(wanted)?;
            slips += 1;
        }
    }
    template.next().is_none().then_some((variables, slips))
}

/// Returns true if the text around the expressions of a segment stands in what was sent.
fn fits(wanted: &str, given: &str) -> bool {
    let outside = wanted.split('{').filter_map(|part| part.rsplit('}').next());
    let mut rest = given;
    for text in outside {
        match rest.split_once(text) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(template: &str) -> PathEntry {
        PathEntry {
            template: template.to_owned(),
            may_be_shorter: false,
            operations: Vec::new(),
            allow: HeaderValue::from_static(""),
            request_headers: HeaderValue::from_static(""),
        }
    }

    #[test]
    fn literal_segments_are_tried_before_templated_ones() {
        let mut templates = vec![
            "/{x}",
            "/a/{x}/c",
            "/a/b/{y}",
            "/a/{x}.{y}",
            "/a/f-{x}",
            "/a/{x}",
            "/a/b",
            "/a/",
        ];
        templates.sort_by_key(|template| rank(template));
        let expected = [
            "/a/",
            "/a/b",
            "/a/b/{y}",
            "/a/f-{x}",
            "/a/{x}.{y}",
            "/a/{x}",
            "/a/{x}/c",
            "/{x}",
        ];
        assert_eq!(templates, expected);
    }

    #[test]
    fn a_mistyped_path_finds_the_one_that_was_meant() {
        let known = [
            "/",
            "/healthz",
            "/films/v1/",
            "/films/v1/{film_id}",
            "/users/v1/login",
            "/users/v1/",
            "/users/v1/{user_id}",
            "/{tenant}/v1/reports",
            "/фильмы",
        ]
        .map(path);
        for (sent, meant) in [
            ("/FILMS/v1/", Some("/films/v1/")),
            ("/film/v1/1", Some("/films/v1/{film_id}")),
            ("/films", Some("/films/v1/")),
            ("/films/v1/1/2", Some("/films/v1/")),
            ("//films//v1//", Some("/films/v1/")),
            ("/user/v1/logni", Some("/users/v1/login")),
            ("/user/v1/5", Some("/users/v1/{user_id}")),
            ("/users/v1/login/", Some("/users/v1/login")),
            ("/healthy", Some("/healthz")),
            ("/rebels/v1/report", Some("/{tenant}/v1/reports")),
            ("/wp-admin.php", None),
            ("/%66ilms/v1/", Some("/films/v1/")),
            ("/%D1%84%D0%B8%D0%BB%D1%8C%D0%BC", Some("/фильмы")),
        ] {
            assert_eq!(nearest(&known, "", sent), meant, "{sent}");
        }
        assert_eq!(
            nearest(&known, "", &"/films".repeat(10_000)),
            Some("/films/v1/")
        );
        assert_eq!(nearest(&known, "", &"x".repeat(100_000)), None);
    }

    #[test]
    fn the_base_path_is_no_word_that_was_meant() {
        let known = ["/api/v3/pets", "/api/v3/pets/{id}"].map(path);
        for (sent, meant) in [
            ("/api/v3/cats", None),
            ("/api/v3", None),
            ("/api/v3/pet/1/2", Some("/api/v3/pets")),
            ("/pets", Some("/api/v3/pets")),
        ] {
            assert_eq!(nearest(&known, "/api/v3", sent), meant, "{sent}");
        }
    }

    #[test]
    fn names_are_joined_as_people_do() {
        assert_eq!(joined_words(["GET"].into_iter()), "GET");
        let three = ["GET", "HEAD", "OPTIONS"].into_iter();
        assert_eq!(joined_words(three), "GET, HEAD and OPTIONS");
    }

    #[test]
    fn a_trailing_slash_may_be_left_out() {
        assert_eq!(shorter("/films/v1/"), Some("/films/v1"));
        assert_eq!(shorter("/films/v1"), None);
        assert_eq!(shorter("/"), None);
    }

    #[test]
    fn the_names_of_expressions_do_not_tell_paths_apart() {
        assert_eq!(nameless("/a/{film-id}.{ext}/b"), "/a/{}.{}/b");
        assert_eq!(nameless("/{größe}:cancel"), "/{}:cancel");
    }
}
