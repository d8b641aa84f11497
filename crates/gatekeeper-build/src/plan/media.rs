//! Media types as words of Rust.

use super::names;
use openapi::MediaRange;

/// The word for one of several media types: its subtype, with its type where that tells it apart.
pub(super) fn word(name: &str, all: &[&str]) -> String {
    let named = essence(name);
    let (kind, subtype) = named.split_once('/').unwrap_or((&named, ""));
    let alike = |other: &&&str| {
        essence(other)
            .split_once('/')
            .is_some_and(|(_, part)| part == subtype)
    };
    match (kind, subtype) {
        ("*", _) => "Any".to_owned(),
        (kind, "*") => format!("Any{}", names::pascal(kind)),
        (kind, subtype) if all.iter().filter(alike).count() > 1 => {
            format!("{}{}", names::pascal(kind), names::pascal(subtype))
        }
        (_, subtype) => names::pascal(subtype),
    }
}

/// Type and subtype of a media type or range; empty when it is malformed.
pub(super) fn essence(name: &str) -> String {
    MediaRange::parse(name).map_or_else(String::new, |range| range.essence())
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn a_media_type_has_the_shortest_word_that_tells_it_from_the_others() {
        let all = [
            "application/json",
            "text/json",
            "text/csv; charset=utf-8",
            "application/vnd.films.v1+json",
            "image/*",
            "*/*",
        ];
        let words = all.map(|name| word(name, &all));
        assert_eq!(
            words,
            [
                "ApplicationJson",
                "TextJson",
                "Csv",
                "VndFilmsV1Json",
                "AnyImage",
                "Any"
            ]
        );
    }
}
