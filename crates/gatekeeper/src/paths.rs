//! The paths of a contract: which methods each has, how actix writes it, which is tried first.

use crate::{In, contract::PreparedOperation};
use actix_web::http::{Method, header::HeaderValue};
use openapi::nearest as nearest_name;

/// Paths of more segments are cut when they are compared.
const MAX_SEGMENTS: usize = 32;

/// One path of the contract.
pub(crate) struct PathEntry {
    /// The template, as the contract writes it.
    pub(crate) template: String,
    /// Its operations, as indices into the contract's entries.
    pub(crate) operations: Vec<(Method, usize)>,
    /// Value of `Allow`, and of `Access-Control-Allow-Methods`.
    pub(crate) allow: HeaderValue,
    /// Value of `Access-Control-Allow-Headers`.
    pub(crate) request_headers: HeaderValue,
}

/// Groups operations by path, in the order in which paths are to be tried. Browsers may send `Prefer` where it is taken.
pub(crate) fn group(entries: &[PreparedOperation], takes_prefer: bool) -> Vec<PathEntry> {
    let mut paths: Vec<PathEntry> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let operation = &entry.operation;
        let at = paths
            .iter()
            .position(|path| path.template == operation.path);
        let at = at.unwrap_or_else(|| {
            paths.push(PathEntry {
                template: operation.path.clone(),
                operations: Vec::new(),
                allow: HeaderValue::from_static("OPTIONS"),
                request_headers: HeaderValue::from_static("authorization, content-type"),
            });
            paths.len() - 1
        });
        paths[at].operations.push((operation.method.clone(), index));
    }
    for path in &mut paths {
        path.allow = allow(path);
        path.request_headers = request_headers(path, entries, takes_prefer);
    }
    paths.sort_by(|left, right| rank(&left.template).cmp(&rank(&right.template)));
    paths
}

/// Literal segments come before templated ones, segment by segment.
fn rank(template: &str) -> (Vec<u8>, &str) {
    let kind = |segment: &str| match segment.find('{') {
        None => 0,
        Some(0) if segment.find('}') == Some(segment.len() - 1) => 2,
        Some(_) => 1,
    };
    (template.split('/').map(kind).collect(), template)
}

fn allow(path: &PathEntry) -> HeaderValue {
    let mut methods: Vec<&str> = path
        .operations
        .iter()
        .map(|(method, _)| method.as_str())
        .collect();
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
/// the shortest one that begins with the same word. It says nothing that the contract does not.
pub(crate) fn nearest<'p>(paths: &'p [PathEntry], path: &str) -> Option<&'p str> {
    let sent = segments(path);
    let slip = paths
        .iter()
        .filter_map(|entry| Some((difference(&segments(&entry.template), &sent)?, entry)))
        .min_by_key(|(difference, _)| *difference);
    if let Some((_, entry)) = slip {
        return Some(&entry.template);
    }
    let first = *sent.first()?;
    let known = paths.iter().filter_map(|entry| {
        let word = *segments(&entry.template).first()?;
        (!word.starts_with('{')).then_some(word)
    });
    let word = nearest_name(first, known)?;
    paths
        .iter()
        .map(|entry| entry.template.as_str())
        .filter(|template| segments(template).first() == Some(&word))
        .min_by_key(|template| template.len())
}

fn segments(path: &str) -> Vec<&str> {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    // No template is longer; what is sent may be.
    segments.take(MAX_SEGMENTS).collect()
}

/// Counts the segments that only a variable takes and those that differ, if each that differs is near to the expected one.
fn difference(template: &[&str], sent: &[&str]) -> Option<(usize, usize)> {
    if template.len() != sent.len() {
        return None;
    }
    let (mut variables, mut slips) = (0, 0);
    for (wanted, given) in template.iter().zip(sent) {
        if wanted.starts_with('{') {
            variables += 1;
        } else if wanted != given {
            nearest_name(given, [*wanted])?;
            slips += 1;
        }
    }
    Some((variables, slips))
}

impl PathEntry {
    /// The template as actix writes it, and the same with the trailing slash left out.
    ///
    /// Variables get names of ours, since not every name of a parameter is one for actix.
    pub(crate) fn patterns(&self) -> Vec<String> {
        let mut pattern = String::with_capacity(self.template.len());
        for (index, part) in self.template.split('{').enumerate() {
            match part.split_once('}') {
                Some((_, rest)) if index > 0 => pattern.push_str(&format!("{{p{index}}}{rest}")),
                _ => pattern.push_str(part),
            }
        }
        match pattern.strip_suffix('/').filter(|short| !short.is_empty()) {
            Some(short) => vec![short.to_owned(), pattern],
            None => vec![pattern],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(template: &str) -> PathEntry {
        PathEntry {
            template: template.to_owned(),
            operations: Vec::new(),
            allow: HeaderValue::from_static(""),
            request_headers: HeaderValue::from_static(""),
        }
    }

    #[test]
    fn literal_segments_are_tried_before_templated_ones() {
        let mut templates = vec![
            "/{x}", "/a/{x}/c", "/a/b/{y}", "/a/f-{x}", "/a/{x}", "/a/b", "/a/",
        ];
        templates.sort_by(|left, right| rank(left).cmp(&rank(right)));
        let expected = [
            "/a/", "/a/b", "/a/b/{y}", "/a/f-{x}", "/a/{x}", "/a/{x}/c", "/{x}",
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
            ("/%66ilms", None),
        ] {
            assert_eq!(nearest(&known, sent), meant, "{sent}");
        }
        assert_eq!(
            nearest(&known, &"/films".repeat(10_000)),
            Some("/films/v1/")
        );
        assert_eq!(nearest(&known, &"x".repeat(100_000)), None);
    }

    #[test]
    fn names_are_joined_as_people_do() {
        assert_eq!(joined_words(["GET"].into_iter()), "GET");
        let three = ["GET", "HEAD", "OPTIONS"].into_iter();
        assert_eq!(joined_words(three), "GET, HEAD and OPTIONS");
    }

    #[test]
    fn a_trailing_slash_may_be_left_out() {
        assert_eq!(path("/films/v1/").patterns(), ["/films/v1", "/films/v1/"]);
        assert_eq!(path("/films/v1").patterns(), ["/films/v1"]);
        assert_eq!(path("/").patterns(), ["/"]);
    }

    #[test]
    fn variables_get_names_that_the_router_takes() {
        assert_eq!(path("/a/{film-id}.{ext}/b").patterns(), ["/a/{p1}.{p2}/b"]);
    }
}
