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
        let end = text.bytes().position(|byte| byte == b' ');
        let (scheme, rest) = end.map_or((text, ""), |end| (&text[..end], &text[end + 1..]));
        if scheme.is_empty() {
            return Self::Malformed;
        }
        Self::Sent {
            scheme,
            rest: rest.trim_matches(' '),
        }
    }
}

/// The word that each `Authorization` line begins with, however malformed the rest of the line is.
pub(super) fn schemes(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    headers
        .get_all(AUTHORIZATION)
        .filter_map(|line| line.as_bytes().split(|byte| *byte == b' ').next())
}

/// `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`
pub(super) fn is_b64token(token: &str) -> bool {
    let stem = token.trim_end_matches('=');
    // To the end also when a byte is none of them: without an early end the loop takes sixteen bytes at a time.
    let foreign = stem.bytes().fold(false, |foreign, byte| {
        let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
        // From `-` to `9`: "-./0123456789".
        let digit = byte.wrapping_sub(b'-') < 13;
        foreign | !(letter | digit | (byte == b'_') | (byte == b'~') | (byte == b'+'))
    });
    !stem.is_empty() && !foreign
}

#[cfg(test)]
mod tests {
    use super::is_b64token;

    #[test]
    fn each_byte_is_judged_as_the_grammar_says() {
        for byte in 0..=127_u8 {
            let allowed = byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
            let token = ["Bearer".as_bytes(), &[byte], b"x"].concat();
            let token = String::from_utf8(token).unwrap_or_default();
            assert_eq!(is_b64token(&token), allowed, "{token}");
        }
    }

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
