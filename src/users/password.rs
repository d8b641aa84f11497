//! Which new passwords are refused: those outside 8 to 128 characters, and those that everybody tries
//! first (OWASP ASVS 5.0, 6.2.1, 6.2.4, 6.2.5). What they are composed of is the owner's affair.

use secrecy::{ExposeSecret as _, SecretString};

/// The stems of passwords that head every published list of leaked ones, in lower case.
const STEMS: &[&str] = &[
    "abc",
    "access",
    "admin",
    "administrator",
    "angel",
    "apple",
    "asdf",
    "asdfgh",
    "asdfghjkl",
    "ashley",
    "azerty",
    "azertyuiop",
    "babygirl",
    "bailey",
    "banana",
    "baseball",
    "basketball",
    "batman",
    "butterfly",
    "changeme",
    "charlie",
    "cheese",
    "chelsea",
    "chocolate",
    "computer",
    "cookie",
    "corvette",
    "daniel",
    "default",
    "diamond",
    "dragon",
    "elephant",
    "family",
    "flower",
    "football",
    "freedom",
    "friends",
    "fuckyou",
    "george",
    "ginger",
    "google",
    "guest",
    "hannah",
    "harley",
    "hello",
    "hockey",
    "hunter",
    "iloveu",
    "iloveyou",
    "internet",
    "jennifer",
    "jessica",
    "jordan",
    "joshua",
    "justin",
    "killer",
    "letmein",
    "liverpool",
    "login",
    "london",
    "lovely",
    "loveme",
    "maggie",
    "master",
    "matrix",
    "maverick",
    "merlin",
    "michael",
    "michelle",
    "monkey",
    "mustang",
    "naruto",
    "nicole",
    "ninja",
    "nothing",
    "orange",
    "pass",
    "passw",
    "password",
    "passwort",
    "pepper",
    "phoenix",
    "pokemon",
    "princess",
    "purple",
    "q1w2e3r4",
    "q1w2e3r4t5",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "1qaz2wsx",
    "1qazxsw2",
    "zaq12wsx",
    "qazwsx",
    "qazwsxedc",
    "qwer",
    "qwert",
    "qwerty",
    "qwertyui",
    "qwertyuiop",
    "qwertz",
    "qwertzuiop",
    "samantha",
    "samsung",
    "secret",
    "shadow",
    "skywalker",
    "soccer",
    "starwars",
    "summer",
    "sunshine",
    "superman",
    "superstar",
    "taylor",
    "tester",
    "testing",
    "test",
    "thomas",
    "tigger",
    "trustno",
    "twitter",
    "user",
    "victoria",
    "welcome",
    "whatever",
    "william",
    "winter",
    "yankees",
    "zxcvbn",
    "zxcvbnm",
];

/// Why a new password is refused; never holds the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault(&'static str);

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

/// Checks a password that somebody wants to have.
pub(crate) fn check(password: &SecretString, email: &str) -> Result<(), Fault> {
    let password = password.expose_secret();
    if !(8..=128).contains(&password.chars().count()) {
        return Err(Fault("a password has 8 to 128 characters"));
    }
    if is_common(password, email) {
        return Err(Fault("this password is among the first that are tried"));
    }
    Ok(())
}

fn is_common(password: &str, email: &str) -> bool {
    let lower = password.to_lowercase();
    let local_part = email.split('@').next().unwrap_or(email);
    if lower == email || lower == local_part {
        return true;
    }
    is_pattern(&lower) || {
        let stem = stem(&lower);
        STEMS.contains(&stem.as_str())
            // The same twice: testtest, qwerqwer.
            || stem.split_at_checked(stem.len() / 2).is_some_and(|(left, right)| {
                left == right && STEMS.contains(&left)
            })
    }
}

/// What remains without digits and signs at either end, and with the usual digits read as letters:
/// `P4ssw0rd2024!` is `password`.
fn stem(lower: &str) -> String {
    if STEMS.contains(&lower) {
        return lower.to_owned();
    }
    let core = lower.trim_end_matches(|c: char| !c.is_alphabetic());
    let core = core.trim_start_matches(|c: char| c.is_ascii_digit() || c.is_whitespace());
    core.chars()
        .map(|c| match c {
            '0' => 'o',
            '1' | '!' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            other => other,
        })
        .collect()
}

/// One to three characters over and over, or steps of one along the alphabet or the digits.
fn is_pattern(lower: &str) -> bool {
    let chars: Vec<char> = lower.chars().collect();
    let repeats = (1..=3).any(|period| {
        chars
            .iter()
            .zip(chars.iter().skip(period))
            .all(|(one, next)| one == next)
    });
    let step = |expected: i64| {
        chars.windows(2).all(|pair| match *pair {
            // 90 after 1 to 8, and the reverse.
            ['9', '0'] | ['0', '9'] => true,
            [one, next] => i64::from(u32::from(next)) - i64::from(u32::from(one)) == expected,
            _ => true,
        })
    };
    repeats || step(1) || step(-1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(password: &str) -> Result<(), Fault> {
        check(
            &SecretString::from(password),
            "luke.skywalker@rebels.example",
        )
    }

    #[test]
    fn common_passwords_are_refused() {
        // ASVS 6.2.4
        for password in [
            "password",
            "Password1",
            "P4ssw0rd!",
            "p@$$w0rd",
            "12345678",
            "1234567890",
            "87654321",
            "11111111",
            "abcabcabc",
            "abcdefgh",
            "qwertyuiop",
            "1q2w3e4r",
            "1qaz2wsx",
            "iloveyou2",
            "starwars",
            "Starwars77",
            "testtest",
            "letmein123",
            "luke.skywalker",
            "luke.skywalker@rebels.example",
            "00000000",
            "trustno1",
        ] {
            assert!(verdict(password).is_err(), "{password}");
        }
    }

    #[test]
    fn composition_is_the_owners_affair() {
        // ASVS 6.2.5
        for password in [
            "womp-rats-in-my-T16",
            "correct horse battery staple",
            "jkwpxmtq",
            "ümläüte!",
            "        a",
            "73920518",
            "passwords are for the weak",
        ] {
            assert_eq!(verdict(password), Ok(()), "{password}");
        }
    }

    #[test]
    fn length_is_counted_in_characters() {
        // ASVS 6.2.1, 6.2.9
        assert!(verdict("jkwpxmt").is_err());
        assert_eq!(verdict(&"jä".repeat(4).replace("jäjä", "jäxö")), Ok(()));
        assert_eq!(verdict(&"wompä-ra".repeat(16)), Ok(()));
        assert!(verdict(&"wompä-rat".repeat(15)).is_err());
    }
}
