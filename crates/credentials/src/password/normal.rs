//! The normal form of passwords.

use secrecy::{ExposeSecret as _, SecretString};
use unicode_normalization::UnicodeNormalization as _;

/// Returns the password by the profile OpaqueString (RFC 8265, section 4.2.2): spaces become U+0020, then Normalization Form C,
/// so that what a keyboard composes and what it sends in pieces are one. Letters keep their case and width.
///
/// No character is refused, though the profile would refuse some (RFC 8264, section 4.3): ours may have any, and
/// whether a character is assigned depends on the version of Unicode that somebody else has.
pub(super) fn normal_form(password: &SecretString) -> SecretString {
    let password = password.expose_secret();
    // Bytes at most triple: nothing is copied elsewhere while it grows.
    let mut normal = String::with_capacity(3 * password.len());
    normal.extend(password.chars().map(plain_space).nfc());
    normal.into()
}

/// Replaces a space of any kind (general category Zs) by U+0020.
const fn plain_space(character: char) -> char {
    match character {
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            ' '
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 8265, section 4.3, as far as they are valid.
    #[test]
    fn passwords_have_the_form_of_rfc_8265() {
        for (given, normal) in [
            (
                "correct horse battery staple",
                "correct horse battery staple",
            ),
            (
                "Correct Horse Battery Staple",
                "Correct Horse Battery Staple",
            ),
            ("\u{3c0}\u{df}\u{e5}", "\u{3c0}\u{df}\u{e5}"),
            ("Jack of \u{2666}s", "Jack of \u{2666}s"),
            ("foo\u{1680}bar", "foo bar"),
            ("Zo\u{308}e", "Z\u{f6}e"),
            // Composed, not made alike: the full-width letter stays.
            ("\u{212b}\u{ff21}", "\u{c5}\u{ff21}"),
            ("my cat is a \u{9}by", "my cat is a \u{9}by"),
            ("", ""),
        ] {
            let formed = normal_form(&SecretString::from(given));
            assert_eq!(formed.expose_secret(), normal, "{given:?}");
            assert_eq!(normal_form(&formed).expose_secret(), normal, "{given:?}");
        }
    }
}
