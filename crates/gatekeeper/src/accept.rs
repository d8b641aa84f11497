//! `Accept` (RFC 9110 section 12.5.1): which of the media types on offer the caller likes best.
//!
//! Not by actix's `Accept`, which ranks the ranges of the caller: what is sought is the weight of each offer, by the most
//! specific range that holds it. The ranges themselves are read as those of a contract are, by [`MediaRange`].

use actix_web::http::header::{ACCEPT, HeaderMap};
use openapi::{MediaRange, split};
use std::borrow::Cow;

/// A media range and its weight in thousandths; what is on offer is a range without wildcards.
struct Range<'t> {
    media: MediaRange<'t>,
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

/// Returns all ranges of all lines; `None` when one of them is malformed.
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
        let media = MediaRange::weighted(text)?;
        let weight = media.weight.as_deref().map_or(Some(1000), weight)?;
        Some(Self { media, weight })
    }

    /// The weight that the most specific of the ranges gives this offer; 0 when none holds it.
    fn weight_among(&self, ranges: &[Range<'_>]) -> u16 {
        ranges
            .iter()
            .filter_map(|range| Some((range.holds(self)?, range.weight)))
            .max()
            .map_or(0, |(_, weight)| weight)
    }

    /// Returns the specificity of the range if it matches the offer.
    fn holds(&self, offer: &Range<'_>) -> Option<(u8, usize)> {
        let same = |wanted: &str, offered: &str| wanted.eq_ignore_ascii_case(offered);
        let (wanted, offer) = (&self.media, &offer.media);
        let level = match (wanted.kind, wanted.subtype) {
            ("*", _) => 0,
            (kind, "*") if same(kind, offer.kind) => 1,
            (kind, subtype) if same(kind, offer.kind) && same(subtype, offer.subtype) => 2,
            _ => return None,
        };
        let has = |(name, value): &(&str, Cow<'_, str>)| {
            let mut offered = offer.parameters.iter();
            offered.any(|(offered_name, offered)| same(name, offered_name) && same(value, offered))
        };
        wanted
            .parameters
            .iter()
            .all(has)
            .then_some((level, wanted.parameters.len()))
    }
}

/// Reads a weight in thousandths (section 12.4.2): 0 to 1 with three decimals at most.
pub(crate) fn weight(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = decimals.bytes().chain(*b"000").take(3);
    let thousandths = digits.fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'));
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
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
            ("text/csv;q=0.9;extension, */*;q=0.1", CSV),
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
        assert_eq!(of_lines(&["text/csv;charset=\"utf\\-8\""]), CSV);
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
