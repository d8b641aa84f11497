//! `Accept` (RFC 9110 section 12.5.1): which of the media types on offer the caller likes best.

use crate::body::is_token;
use actix_web::http::header::{ACCEPT, HeaderMap};

/// A media range, or a media type on offer, which is one without wildcards.
struct Range<'t> {
    kind: &'t str,
    subtype: &'t str,
    /// Names and values, as sent; a value may stand in quotes.
    parameters: Vec<(&'t str, &'t str)>,
    /// In thousandths.
    weight: u16,
}

/// The best of `offered`: the first of those with the highest weight. The first of all when there is no `Accept`, when
/// it is malformed and when nothing on offer is acceptable: an answer in another form than was asked for says more than
/// a refusal (section 15.5.7 leaves the choice).
pub(crate) fn preferred<'o>(headers: &HeaderMap, offered: &[&'o str]) -> &'o str {
    let first = offered.first().copied().unwrap_or_default();
    let Some(ranges) = ranges(headers) else {
        return first;
    };
    let mut best = (0, first);
    for &offer in offered {
        let weight = Range::parse(offer).map_or(0, |offer| offer.weight_among(&ranges));
        if weight > best.0 {
            best = (weight, offer);
        }
    }
    best.1
}

/// All ranges of all lines; `None` when one of them is malformed.
fn ranges(headers: &HeaderMap) -> Option<Vec<Range<'_>>> {
    let mut ranges = Vec::new();
    for line in headers.get_all(ACCEPT) {
        for element in split(line.to_str().ok()?, ',') {
            // Section 5.6.1.2: empty elements of a list are ignored.
            if !element.is_empty() {
                ranges.push(Range::parse(element)?);
            }
        }
    }
    Some(ranges)
}

impl<'t> Range<'t> {
    fn parse(text: &'t str) -> Option<Self> {
        let mut parts = split(text, ';');
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let subtype_is_good = subtype == "*" || is_token(subtype);
        if !subtype_is_good || !(is_token(kind) || (kind == "*" && subtype == "*")) {
            return None;
        }
        let mut range = Self {
            kind,
            subtype,
            parameters: Vec::new(),
            weight: 1000,
        };
        for part in parts.filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=')?;
            if !is_token(name) || !is_value(value) {
                return None;
            }
            if name.eq_ignore_ascii_case("q") {
                range.weight = weight(value)?;
                // What follows was for extensions that never came (RFC 9110, appendix B.3).
                break;
            }
            range.parameters.push((name, value));
        }
        Some(range)
    }

    /// The weight that the most specific of the ranges gives this offer; 0 when none holds it.
    fn weight_among(&self, ranges: &[Range<'_>]) -> u16 {
        ranges
            .iter()
            .filter_map(|range| Some((range.holds(self)?, range.weight)))
            .max()
            .map_or(0, |(_, weight)| weight)
    }

    /// How specific the range is, when it holds the offer.
    fn holds(&self, offer: &Range<'_>) -> Option<(u8, usize)> {
        let same = |wanted: &str, offered: &str| wanted.eq_ignore_ascii_case(offered);
        let level = match (self.kind, self.subtype) {
            ("*", _) => 0,
            (kind, "*") if same(kind, offer.kind) => 1,
            (kind, subtype) if same(kind, offer.kind) && same(subtype, offer.subtype) => 2,
            _ => return None,
        };
        let has = |(name, value): &(&str, &str)| {
            offer.parameters.iter().any(|(offered_name, offered)| {
                same(name, offered_name) && same(bare(value), bare(offered))
            })
        };
        self.parameters
            .iter()
            .all(has)
            .then_some((level, self.parameters.len()))
    }
}

/// The pieces between separators that do not stand in quotes, without space around them.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
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

fn is_value(text: &str) -> bool {
    is_token(text) || (text.len() > 1 && text.starts_with('"') && text.ends_with('"'))
}

/// A value without its quotes. No parameter of a type that anybody offers needs an escape within them.
fn bare(value: &str) -> &str {
    value.trim_matches('"')
}

/// Section 12.4.2: 0 to 1 with three decimals at most.
fn weight(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths = format!("{decimals:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use super::*;
    use actix_web::http::header::HeaderValue;

    const JSON: &str = "application/json";
    const CSV: &str = "text/csv; charset=utf-8";

    fn of_lines(lines: &[&str]) -> &'static str {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(ACCEPT, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        preferred(&headers, &[JSON, CSV])
    }

    #[test]
    fn the_highest_weight_wins_and_of_equals_the_first_on_offer() {
        for (accept, best) in [
            ("text/csv", CSV),
            ("TEXT/CSV", CSV),
            ("text/csv, application/json", JSON),
            ("application/json;q=0.5, text/csv", CSV),
            ("application/json;q=0.5,text/csv;q=0.51", CSV),
            ("application/json;q=0.999 , text/csv ; q=1.000", CSV),
            ("application/json;q=0.001, text/csv;Q=0", JSON),
            ("application/json;q=1., text/csv;q=0.", JSON),
            ("*/*", JSON),
            ("text/*", CSV),
            ("text/html, text/*;q=0.1", CSV),
            ("text/html,application/xhtml+xml,*/*;q=0.8", JSON),
        ] {
            assert_eq!(of_lines(&[accept]), best, "{accept}");
        }
    }

    /// RFC 9110, section 12.5.1: the most specific range that holds a type decides, wherever it stands.
    #[test]
    fn the_most_specific_range_decides() {
        for (accept, best) in [
            ("application/json;q=0, */*", CSV),
            ("*/*, application/json;q=0", CSV),
            ("text/csv;q=0, text/*, application/json;q=0.1", JSON),
            ("text/*;q=0.1, text/csv, application/json;q=0.5", CSV),
            (
                "text/csv;q=0.1, text/csv;charset=utf-8, application/json;q=0.5",
                CSV,
            ),
            (
                "text/csv;charset=\"UTF-8\";q=0.1, text/csv, application/json;q=0.5",
                JSON,
            ),
        ] {
            assert_eq!(of_lines(&[accept]), best, "{accept}");
        }
    }

    #[test]
    fn a_parameter_that_is_not_on_offer_asks_for_another_type() {
        assert_eq!(of_lines(&["text/csv;charset=utf-8"]), CSV);
        assert_eq!(of_lines(&["text/csv;charset=utf-16"]), JSON);
        assert_eq!(of_lines(&["text/csv;x=\"a,b;c\\\"\", text/csv;q=0.5"]), CSV);
    }

    #[test]
    fn several_lines_are_one_list() {
        assert_eq!(of_lines(&["application/json;q=0.1", "text/csv"]), CSV);
        assert_eq!(of_lines(&["", " , text/csv,,"]), CSV);
    }

    #[test]
    fn without_a_usable_accept_the_first_on_offer_is_sent() {
        for accept in [
            "",
            ",",
            "image/png",
            "text/csv;q=0",
            "*/*;q=0",
            "csv",
            "text/",
            "/csv",
            "*/csv",
            "text/csv/x",
            "text/csv;q=2",
            "text/csv;q=1.001",
            "text/csv;q=0.5000",
            "text/csv;q=-0",
            "text/csv;q=",
            "text/csv;q",
            "text/csv; q = 1",
            "text/csv;x=\"open",
            "text/csv, te xt/csv",
            "text/csv, b\u{fc}cher/csv",
        ] {
            assert_eq!(of_lines(&[accept]), JSON, "{accept}");
        }
        assert_eq!(of_lines(&[]), JSON);
        assert_eq!(preferred(&HeaderMap::new(), &[]), "");
    }
}
