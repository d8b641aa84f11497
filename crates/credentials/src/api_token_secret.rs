//! The secret of an API token, which its bearer presents.

use std::fmt;

use anyhow::anyhow;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// Makes a leaked token findable by those who scan for secrets.
const PREFIX: &str = "starwars_";

/// Random bytes of a secret.
const BYTES: usize = 32;

/// The secret of an API token. It exists in responses and requests, and nowhere else.
pub struct ApiTokenSecret(String);

impl ApiTokenSecret {
    /// Makes a new secret.
    pub fn random() -> anyhow::Result<Self> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes).map_err(|error| anyhow!("no random bytes: {error}"))?;
        Ok(Self(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))))
    }

    /// Reads text that has the form of a secret.
    pub fn read(text: &str) -> Option<Self> {
        let encoded = text.strip_prefix(PREFIX)?;
        let mut bytes = [0; BYTES];
        let length = URL_SAFE_NO_PAD.decode_slice(encoded, &mut bytes).ok()?;
        (length == BYTES).then(|| Self(text.to_owned()))
    }

    /// Returns SHA-256 in hexadecimal digits. Neither salt nor a slow hash would help: nobody guesses 256 random bits.
    pub fn digest(&self) -> String {
        format!("{:x}", Sha256::digest(&self.0))
    }

    /// Returns the text, for the one response that shows it.
    pub fn into_text(self) -> String {
        self.0
    }
}

impl fmt::Debug for ApiTokenSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ApiTokenSecret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_as_it_was_made_and_never_shown() {
        let value = ApiTokenSecret::random().unwrap();
        let (digest, debug) = (value.digest(), format!("{value:?}"));
        let text = value.into_text();
        assert_eq!(text.len(), PREFIX.len() + 43);
        assert_eq!(ApiTokenSecret::read(&text).unwrap().digest(), digest);
        assert!(digest.len() == 64 && !debug.contains(&text) && !digest.contains(&text));
        assert_ne!(ApiTokenSecret::random().unwrap().into_text(), text);
    }

    #[test]
    fn text_of_another_form_is_no_value() {
        let good = ApiTokenSecret::random().unwrap().into_text();
        let random = &good[PREFIX.len()..];
        for bad in [
            String::new(),
            PREFIX.to_owned(),
            random.to_owned(),
            format!("STARWARS_{random}"),
            format!(" {good}"),
            format!("{good}="),
            format!("{good}A"),
            format!("{good}{random}"),
            good[..good.len() - 1].to_owned(),
            good.replacen('_', "-", 1),
        ] {
            assert!(ApiTokenSecret::read(&bad).is_none(), "{bad}");
        }
    }
}
