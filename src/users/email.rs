//! The one normal form of an address: without space around it, lower case, ASCII.

use lettre::Address;

/// Longest address that SMTP can carry (RFC 5321, section 4.5.3.1.3, less the angle brackets).
const MAX_LENGTH: usize = 254;

/// The normal form of `text`, when it is a mail address that a message can be sent to.
///
/// Lower case also left of the `@`: a mailbox provider may tell `Luke` from `luke`, none is known to,
/// and two accounts for one person are worse.
pub(crate) fn normal_form(text: &str) -> Option<String> {
    let address = text.trim_matches([' ', '\t']).to_ascii_lowercase();
    // Quotes and backslashes spell one mailbox in many ways (RFC 5321, section 4.1.2).
    let plain = address.len() <= MAX_LENGTH
        && address
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\'));
    (plain && address.parse::<Address>().is_ok()).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::normal_form;

    #[test]
    fn space_and_capitals_make_no_other_account() {
        assert_eq!(
            normal_form(" \tLuke@Rebels.Example ").as_deref(),
            Some("luke@rebels.example")
        );
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
