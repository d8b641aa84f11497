//! The policy of new passwords. Refused are those outside 8 to 128 characters, and those that everybody tries
//! first (OWASP ASVS 5.0, 6.2.1, 6.2.4, 6.2.5). What they are composed of is the owner's affair.

use std::ops::RangeInclusive;

use generated::models::UserCreate;
use secrecy::{ExposeSecret as _, SecretString};
use zxcvbn::{Score, zxcvbn};

use super::fault::PasswordFault;

/// The characters of a password. The contract's own end is higher, since it is for any form: one that is not normal may
/// be longer.
const LENGTH: RangeInclusive<usize> = UserCreate::PASSWORD_MIN_LENGTH..=128;

/// The number of characters of a password that are judged. Guessing starts at the front, and the work can double with
/// every two more: at this length it is at worst that of a hash.
const JUDGED: usize = 20;

/// Checks a password, in its normal form, that somebody wants to have for the account of `email`.
///
/// Some passwords take a thousand times as long as others: not to be called where requests are served.
pub(super) fn check(password: &SecretString, email: &str) -> Result<(), PasswordFault> {
    let password = password.expose_secret();
    let length = password.chars().count();
    if !LENGTH.contains(&length) {
        return Err(PasswordFault::Refused("a password has 8 to 128 characters"));
    }
    let front: String = password.chars().take(JUDGED).collect();
    // As much of the address, so that the two can be equal.
    let address: String = email.chars().take(JUDGED).collect();
    let local_part = address.split('@').next().unwrap_or(&address);
    // Fewer than a million guesses: on the lists that are tried first, or a small change of those.
    if zxcvbn(&front, &[&address, local_part, "starwars"]).score() < Score::Two {
        return Err(PasswordFault::Refused(if length > JUDGED {
            "this password begins with 20 characters that are easily guessed, and no more are judged; \
             begin with something else"
        } else {
            "this password is among the first that are tried"
        }));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(password: &str) -> Result<(), PasswordFault> {
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
            "73920518",
            "passwords are for the weak",
        ] {
            assert_eq!(verdict(password), Ok(()), "{password}");
        }
    }

    #[test]
    fn a_long_password_is_told_that_its_beginning_is_judged() {
        let ending = "womp-rats-in-my-T16";
        let long = format!("{}{ending}", "k".repeat(72));
        let said = verdict(&long).map_or_else(|fault| fault.to_string(), |()| String::new());
        let judged = format!("begins with {JUDGED} characters");
        assert!(said.contains(&judged), "{said}");
        assert_eq!(verdict(&format!("{ending}{}", "k".repeat(72))), Ok(()));
        let said = verdict("kkkkkkkkkkkkkkkkkkkk");
        let first = PasswordFault::Refused("this password is among the first that are tried");
        assert_eq!(said, Err(first));
    }

    #[test]
    fn length_is_counted_in_characters() {
        // ASVS 6.2.1, 6.2.9
        assert!(verdict("jkwpxmt").is_err());
        assert_eq!(verdict("jäxöwümt"), Ok(()));
        assert_eq!(verdict(&"wompä-ra".repeat(16)), Ok(()));
        assert!(verdict(&"wompä-rat".repeat(15)).is_err());
    }
}
