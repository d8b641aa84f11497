//! The trace that a request belongs to, by W3C Trace Context.

use actix_web::http::header::{HeaderMap, HeaderName};
use std::fmt::{self, Display};

static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
static TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// The length of `traceparent` in its first version.
const LENGTH: usize = 55;

/// The most of `tracestate` that is taken over (W3C Trace Context, section 3.3.1.5).
const STATE_LENGTH: usize = 512;

/// The caller's span, from `traceparent` (W3C Trace Context, section 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TraceParent {
    /// The id of the trace; never 0.
    pub trace_id: u128,
    /// The id of the caller's span; never 0.
    pub parent_id: u64,
    /// True if the caller may have recorded its span.
    pub sampled: bool,
}

impl TraceParent {
    /// Reads the header. One that was sent twice, or is wrong anywhere, is ignored (section 3.2.2.1).
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let mut lines = headers.get_all(&TRACEPARENT);
        match (lines.next(), lines.next()) {
            (Some(line), None) => Self::parse(line.as_bytes()),
            _ => None,
        }
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let (first, rest) = text.split_at_checked(LENGTH)?;
        let part = |start: usize, end: usize| hex(first.get(start..end)?);
        let is_separated = [2, 35, 52].iter().all(|&place| first[place] == b'-');
        let version = part(0, 2)?;
        // A later version may have more behind another dash; 255 is none (section 3.2.2.1).
        let ends = match version {
            0 => rest.is_empty(),
            1..=254 => rest.first().is_none_or(|&next| next == b'-'),
            _ => false,
        };
        let parent = Self {
            trace_id: part(3, 35)?,
            parent_id: u64::try_from(part(36, 52)?).ok()?,
            sampled: part(53, 55)? & 1 == 1,
        };
        (is_separated && ends && parent.trace_id != 0 && parent.parent_id != 0).then_some(parent)
    }

    /// Returns the id of the trace as it is written: 32 hexadecimal digits.
    pub fn trace_id_text(&self) -> impl Display {
        let id = self.trace_id;
        fmt::from_fn(move |f| write!(f, "{id:032x}"))
    }
}

/// Reads lower-case hexadecimal digits, as the specification asks for; at most 32.
fn hex(digits: &[u8]) -> Option<u128> {
    digits.iter().try_fold(0, |value, &digit| {
        let digit = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some((value << 4) | u128::from(digit))
    })
}

/// Returns the lines of `tracestate` as one list (section 3.3.1); `None` if there are none, they are no text or too long.
pub(crate) fn state(headers: &HeaderMap) -> Option<String> {
    let mut state = String::new();
    for line in headers.get_all(&TRACESTATE) {
        let line = line.to_str().ok()?;
        if state.len() + line.len() + 1 > STATE_LENGTH {
            return None;
        }
        if !state.is_empty() {
            state.push(',');
        }
        state.push_str(line);
    }
    (!state.is_empty()).then_some(state)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    const EXAMPLE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn headers(name: &'static str, lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            let line = HeaderValue::from_str(line).unwrap();
            headers.append(HeaderName::from_static(name), line);
        }
        headers
    }

    fn read(text: &str) -> Option<TraceParent> {
        TraceParent::of(&headers("traceparent", &[text]))
    }

    /// W3C Trace Context, section 3.2.3.
    #[test]
    fn the_examples_of_the_specification_are_read() {
        let parent = read(EXAMPLE).unwrap();
        assert_eq!(parent.trace_id, 0x0af7651916cd43dd8448eb211c80319c);
        assert_eq!(parent.parent_id, 0xb7ad6b7169203331);
        assert!(parent.sampled);
        assert_eq!(
            parent.trace_id_text().to_string(),
            "0af7651916cd43dd8448eb211c80319c"
        );
        let not_sampled = format!("{}00", &EXAMPLE[..53]);
        assert!(!read(&not_sampled).unwrap().sampled);
        // Of later versions what the first has is read, and the flag that it knows.
        assert!(read(&format!("cc{}", &EXAMPLE[2..])).unwrap().sampled);
        assert!(read(&format!("cc{}-more", &EXAMPLE[2..])).is_some());
        assert!(read(&format!("{}ff", &EXAMPLE[..53])).unwrap().sampled);
    }

    /// W3C Trace Context, section 3.2.2.
    #[test]
    fn whatever_is_wrong_in_any_place_is_ignored() {
        let zeros = "0".repeat(32);
        for bad in [
            String::new(),
            "00".to_owned(),
            EXAMPLE[..54].to_owned(),
            format!("{EXAMPLE}-more"),
            format!("{EXAMPLE}0"),
            format!("cc{}.more", &EXAMPLE[2..]),
            format!("ff{}", &EXAMPLE[2..]),
            EXAMPLE.to_uppercase(),
            EXAMPLE.replace('-', "_"),
            EXAMPLE.replace("b7", "+7"),
            EXAMPLE.replace(&EXAMPLE[3..35], &zeros),
            EXAMPLE.replace(&EXAMPLE[36..52], &zeros[..16]),
        ] {
            assert_eq!(read(&bad), None, "{bad}");
        }
        let twice = headers("traceparent", &[EXAMPLE, EXAMPLE]);
        assert_eq!(TraceParent::of(&twice), None);
        assert_eq!(TraceParent::of(&HeaderMap::new()), None);
        let bytes = HeaderValue::from_bytes(&[0xe4; LENGTH]).unwrap();
        let mut strange = HeaderMap::new();
        strange.insert(HeaderName::from_static("traceparent"), bytes);
        assert_eq!(TraceParent::of(&strange), None);
    }

    #[test]
    fn lines_of_the_state_are_one_list_of_bounded_length() {
        let read = |lines: &[&str]| state(&headers("tracestate", lines));
        assert_eq!(read(&[]), None);
        assert_eq!(read(&["a=1", "b=2"]).as_deref(), Some("a=1,b=2"));
        assert_eq!(read(&[&"a".repeat(300), &"b".repeat(300)]), None);
    }
}
