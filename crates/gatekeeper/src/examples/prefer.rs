//! `Prefer` (RFC 7240), as far as it picks an example.

use actix_web::http::header::{HeaderMap, HeaderName};

const PREFER: HeaderName = HeaderName::from_static("prefer");

/// The caller's preferences for an example (RFC 7240).
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wish {
    /// A status.
    pub(super) code: Option<String>,
    /// The name of an example.
    pub(super) example: Option<String>,
}

impl Wish {
    /// Section 2: the first of each name counts, and what is not known is ignored.
    pub(super) fn read(headers: &HeaderMap) -> Self {
        let mut wish = Self::default();
        let lines = headers
            .get_all(PREFER)
            .filter_map(|line| line.to_str().ok());
        for preference in lines.flat_map(|line| line.split([',', ';'])) {
            let Some((name, value)) = preference.split_once('=') else {
                continue;
            };
            let value = value.trim().trim_matches('"').to_owned();
            match name.trim().to_ascii_lowercase().as_str() {
                "code" => wish.code = wish.code.or(Some(value)),
                "example" => wish.example = wish.example.or(Some(value)),
                _ => {}
            }
        }
        wish
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn wish(lines: &[&'static str]) -> (Option<String>, Option<String>) {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(PREFER, HeaderValue::from_static(line));
        }
        let wish = Wish::read(&headers);
        (wish.code, wish.example)
    }

    #[test]
    fn status_and_name_are_read_wherever_they_stand() {
        let both = (Some("404".to_owned()), Some("gone".to_owned()));
        for lines in [
            &["code=404, example=gone"][..],
            &["respond-async, Code = 404; example=\"gone\""],
            &["code=404", "example=gone"],
            &["code=404, code=200, example=gone", "example=other"],
        ] {
            assert_eq!(wish(lines), both, "{lines:?}");
        }
        assert_eq!(wish(&["dynamic=true", "wait=100, handling"]), (None, None));
        assert_eq!(wish(&[]), (None, None));
    }
}
