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
        let Ok(text) = line.to_str() else {
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

/// `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`
pub(super) fn is_b64token(token: &str) -> bool {
    let stem = token.trim_end_matches('=');
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
    !stem.is_empty() && stem.bytes().all(allowed)
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
