//! Forms of values that several sections have: lists, secrets and words.

use secrecy::SecretString;
use serde::de::{self, IntoDeserializer as _};
use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

/// Reads a list, or a text separated by commas, as in variables, or by line ends, as files of secrets suggest.
pub(super) fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let parts = match OneOrMany::deserialize(deserializer) {
        // It would be taken apart at its commas, brackets and quotes included: keys that nobody chose.
        Ok(OneOrMany::One(text)) if is_quoted(&text) => {
            return Err(de::Error::custom(
                "expected a list of texts; in a variable, part them by commas without brackets and quotes",
            ));
        }
        Ok(OneOrMany::One(text)) => text.split([',', '\n']).map(str::to_owned).collect(),
        Ok(OneOrMany::Many(parts)) => parts,
        Err(_) => return Err(de::Error::custom("expected a list of texts")),
    };
    Ok(parts
        .into_iter()
        .map(|part: String| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect())
}

/// Returns true for a text in brackets or quotes.
fn is_quoted(text: &str) -> bool {
    let text = text.trim();
    [('[', ']'), ('"', '"'), ('\'', '\'')]
        .iter()
        .any(|(first, last)| text.len() > 1 && text.starts_with(*first) && text.ends_with(*last))
}

pub(super) fn secret_list<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<SecretString>, D::Error> {
    Ok(list(deserializer)?
        .into_iter()
        .map(SecretString::from)
        .collect())
}

pub(super) fn optional_secret<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SecretString>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok((!text.is_empty()).then(|| SecretString::from(text)))
}

/// Reads one of a few words. Other than the `config` crate's own error for enums, serde's lists them.
pub(super) fn word<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(String::deserialize(deserializer)?.into_deserializer())
}
