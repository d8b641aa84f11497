//! The normal form of an address: without space around it, lower case, ASCII. A domain in other letters has an ASCII
//! form (IDNA), which is what is kept, compared and written to; a local part in others has none.

use std::borrow::Cow;

use generated::models::User;
use lettre::Address;

/// Longest address that SMTP can carry (RFC 5321, section 4.5.3.1.3, less the angle brackets).
const MAX_LENGTH: usize = User::EMAIL_MAX_LENGTH;

/// Returns the normal form of `text`, when it is a mail address that a message can be sent to.
///
/// Lower case also left of the `@`: a mailbox provider may tell `Luke` from `luke`, none is known to,
/// and two accounts for one person are worse.
pub(crate) fn normal_form(text: &str) -> Option<String> {
    // Of a domain four bytes may be left as one.
    if text.len() > 4 * MAX_LENGTH {
        return None;
    }
    let (local, domain) = text.trim_matches([' ', '\t']).rsplit_once('@')?;
    let address = format!("{local}@{}", ascii_domain(domain)?).to_ascii_lowercase();
    // Quotes and backslashes spell one mailbox in many ways (RFC 5321, section 4.1.2).
    let plain = address.len() <= MAX_LENGTH
        && address
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\'));
    (plain && address.parse::<Address>().is_ok()).then_some(address)
}

/// Returns a domain as the DNS has it, when it is one; what is ASCII already is left to the check of the address.
///
/// By UTS 46, so that `MÜNCHEN` and `münchen` are one; a dot may be the ideographic one (RFC 3490, section 3.1).
pub(crate) fn ascii_domain(domain: &str) -> Option<Cow<'_, str>> {
    if domain.is_ascii() {
        return Some(domain.into());
    }
    idna::domain_to_ascii_strict(domain).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::normal_form;

    /// The longest label of a host, but for one character; also the longest local part, which no pattern counts.
    const LONG: &str = "llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll";

    #[test]
    fn what_the_contract_takes_is_an_address() {
        let document: Value = openapi::load(generated::SPEC).unwrap();
        let schemas = &document["components"]["schemas"];
        for name in [
            "UserSignup",
            "UserCreate",
            "UserUpdate",
            "EmailRequest",
            "SubscriberFields",
        ] {
            let email = &schemas[name]["properties"]["email"];
            let contract = jsonschema::validator_for(email).unwrap();
            for text in [
                "luke@rebels.example",
                " \tLuke@Rebels.Example\t ",
                "l.u.k.e+x-wing@a.b.c",
                "!#$%&'*+/=?^_`{|}~-@rebels.example",
                "1@0.0",
                "luke@xn--rebels.example",
                "luke@m\u{fc}nchen.example",
                "luke@MU\u{308}NCHEN.example",
                "luke@\u{4f8b}\u{3048}.\u{30c6}\u{30b9}\u{30c8}",
                &format!("{LONG}@rebels.example"),
                &format!("luke@{}.example", &LONG[1..]),
            ] {
                assert!(contract.is_valid(&Value::from(text)), "{text:?}");
                assert!(normal_form(text).is_some(), "{text:?}");
            }
            for text in [
                &format!("luke@{LONG}.example"),
                "luke.@rebels.example",
                ".luke@rebels.example",
                "lu..ke@rebels.example",
                "lu,ke@rebels.example",
                "lu ke@rebels.example",
                "lu\"ke@rebels.example",
                "luke@@rebels.example",
                "luke@-rebels.example",
                "luke@rebels-.example",
                "luke@rebels..example",
                "luke@rebels.example.",
                "luke@rebels.example-",
                "luke@reb_els.example",
                "luke@rebels",
                "luke@[127.0.0.1]",
                "lük@rebels.example",
                "luke@rebels.example\n",
                "@rebels.example",
            ] {
                assert!(!contract.is_valid(&Value::from(text)), "{text:?}");
            }
        }
    }

    #[test]
    fn space_and_capitals_make_no_other_account() {
        assert_eq!(
            normal_form(" \tLuke@Rebels.Example ").as_deref(),
            Some("luke@rebels.example")
        );
    }

    /// RFC 5891, section 4.4; UTS 46.
    #[test]
    fn an_internationalised_domain_has_one_ascii_form() {
        for text in [
            "Luke@m\u{fc}nchen.example",
            "luke@mu\u{308}nchen.example",
            "luke@M\u{dc}NCHEN.EXAMPLE",
            "luke@m\u{fc}nchen\u{3002}example",
            "luke@xn--mnchen-3ya.example",
            "luke@XN--MNCHEN-3YA.example",
        ] {
            let normal = normal_form(text);
            assert_eq!(
                normal.as_deref(),
                Some("luke@xn--mnchen-3ya.example"),
                "{text}"
            );
        }
        // Another letter, however alike, is another domain.
        let cyrillic = normal_form("luke@r\u{435}bels.example");
        assert_eq!(cyrillic.as_deref(), Some("luke@xn--rbels-zwe.example"));
        assert_eq!(
            normal_form("luke@\u{ff52}ebels.example").as_deref(),
            Some("luke@rebels.example")
        );
        for text in [
            "luke@m\u{fc}_nchen.example",
            "luke@-m\u{fc}nchen.example",
            "luke@m\u{fc}nchen..example",
            "luke@m\u{fc}nchen.example.",
            "luke@\u{301}m.example",
            "luke@a\u{2028}b.example",
            "luke@a\u{5d0}.example",
            "luke@\u{1f4a9}\u{ff20}b.example",
            "luke@\u{1f4a9}\u{ff1c}b.example",
            &format!("luke@{}.example", "\u{fc}".repeat(63)),
            &format!("luke@{}example", "m\u{fc}nchen.".repeat(100)),
        ] {
            assert_eq!(normal_form(text), None, "{text}");
        }
    }

    #[test]
    fn what_could_break_out_of_a_mail_header_is_no_address() {
        for text in [
            "luke@rebels.example\r\nBcc: vader@empire.example",
            "luke@rebels.example\nx",
            "luke skywalker@rebels.example",
            "luke@rebels.example, vader@empire.example",
            "Luke <luke@rebels.example>",
            "luke@rebels.example\0",
            "\"luke\"@rebels.example",
            "\"l\\uke\"@rebels.example",
        ] {
            assert_eq!(normal_form(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_is_not_ascii_or_too_long_or_has_no_host_is_refused() {
        let long = format!("{}@rebels.example", "l".repeat(250));
        for text in [
            "lük@rebels.example",
            "luke@",
            "@rebels.example",
            "luke",
            "",
            &long,
        ] {
            assert_eq!(normal_form(text), None, "{text:?}");
        }
    }
}
