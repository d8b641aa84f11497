//! `Authorization`: which scheme was sent, and bearer tokens (RFC 6750 section 2.1).

use actix_web::http::header::{AUTHORIZATION, HeaderMap};

/// The `Authorization` of a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Authorization<'r> {
    Absent,
    /// More than one line: which of them counts would be a guess.
    Twice,
    /// Not even of the form "scheme, space, rest".
    Malformed,
    Sent {
        scheme: &'r str,
        rest: &'r str,
    },
}

impl<'r> Authorization<'r> {
    pub(super) fn of(headers: &'r HeaderMap) -> Self {
        let mut lines = headers.get_all(AUTHORIZATION);
        let Some(line) = lines.next() else {
            return Self::Absent;
        };
        if lines.next().is_some() {
            return Self::Twice;
        }
        // A line cannot hold control characters other than a tab, and each scheme looks at its own part.
        let Some(text) = str::from_utf8(line.as_bytes())
            .ok()
            .filter(|text| text.is_ascii())
        else {
            return Self::Malformed;
        };
        let (scheme, rest) = text.split_once(' ').unwrap_or((text, ""));
        if scheme.is_empty() {
            return Self::Malformed;
        }
        Self::Sent {
            scheme,
            rest: rest.trim_matches(' '),
        }
    }
}

/// Which bytes a token may hold before its padding; a table, since every byte of every token is looked up.
const TOKEN_BYTES: [bool; 256] = {
    let mut allowed = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        allowed[byte] = matches!(
            byte as u8,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'+' | b'/'
        );
        byte += 1;
    }
    allowed
};

/// `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`
pub(super) fn is_b64token(token: &str) -> bool {
    let stem = token.trim_end_matches('=');
    !stem.is_empty() && stem.bytes().all(|byte| TOKEN_BYTES[usize::from(byte)])
}

#[cfg(test)]
mod tests {
    use super::is_b64token;

    #[test]
    fn a_b64token_has_the_characters_of_rfc_6750_section_2_1() {
        for good in ["a", "a.b.c", "mF_9.B5f-4.1JqM", "a~+/==", "0"] {
            assert!(is_b64token(good), "{good}");
        }
        for bad in ["", "=", "==", "a=b", "a b", "a,b", "\"a\"", "a\tb", "ä"] {
            assert!(!is_b64token(bad), "{bad}");
        }
    }
}
