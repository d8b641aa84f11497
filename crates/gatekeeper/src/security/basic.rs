//! Basic credentials (RFC 7617 section 2).

use base64::{Engine, engine::general_purpose::STANDARD};

/// A decoded pair in one buffer.
pub(super) struct Pair {
    text: String,
    colon: usize,
}

impl Pair {
    /// Decodes the text after `Basic`. None when it is not base64 of UTF-8 with a colon in it, or
    /// holds a control character.
    pub(super) fn decode(encoded: &str) -> Option<Self> {
        let text = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
        let colon = text.find(':')?;
        (!text.chars().any(char::is_control)).then_some(Self { text, colon })
    }

    pub(super) fn username(&self) -> &str {
        &self.text[..self.colon]
    }

    pub(super) fn password(&self) -> &str {
        &self.text[self.colon + 1..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str) -> Option<(String, String)> {
        let pair = Pair::decode(&STANDARD.encode(text))?;
        Some((pair.username().to_owned(), pair.password().to_owned()))
    }

    #[test]
    fn the_first_colon_divides_the_pair() {
        let pair = |user: &str, password: &str| Some((user.to_owned(), password.to_owned()));
        assert_eq!(decoded("leia:a:b"), pair("leia", "a:b"));
        assert_eq!(decoded("leia:"), pair("leia", ""));
        assert_eq!(decoded(":secret"), pair("", "secret"));
        assert_eq!(decoded("test:123£"), pair("test", "123£"));
    }

    #[test]
    fn a_pair_without_colon_or_with_control_characters_is_refused() {
        for bad in [
            "leia",
            "",
            "le\nia:x",
            "leia:x\0",
            "leia:\u{7f}",
            "leia:\u{85}",
        ] {
            assert_eq!(decoded(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn text_that_is_no_base64_of_utf8_is_refused() {
        for bad in ["bGVpYTp4=", "bGVpYTp4 ", "!!!!", "/zo=", "bGVpYTp"] {
            assert!(Pair::decode(bad).is_none(), "{bad}");
        }
    }
}
