//! Format `byte` of OpenAPI 3.0, and `contentEncoding: base64` of JSON Schema: bytes as text (RFC 4648, section 4).

use super::{NotOfFormat, as_text};
use base64::{Engine as _, display::Base64Display, engine::general_purpose::STANDARD};
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::str::FromStr;

/// Bytes that stand in JSON as base64.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Base64(pub Vec<u8>);

as_text!(Base64);

impl FromStr for Base64 {
    type Err = NotOfFormat;

    fn from_str(text: &str) -> Result<Self, NotOfFormat> {
        STANDARD
            .decode(text)
            .map(Self)
            .map_err(|_| NotOfFormat("byte"))
    }
}

impl fmt::Display for Base64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Base64Display::new(&self.0, &STANDARD).fmt(f)
    }
}

impl Deref for Base64 {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.0
    }
}

impl DerefMut for Base64 {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl From<Vec<u8>> for Base64 {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<Base64> for Vec<u8> {
    fn from(bytes: Base64) -> Self {
        bytes.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn bytes_are_base64_in_json() {
        let bytes: Base64 = serde_json::from_value(json!("AP8=")).unwrap();
        assert_eq!(bytes.0, [0, 255]);
        assert_eq!(serde_json::to_value(&bytes).unwrap(), json!("AP8="));
        assert!(serde_json::from_value::<Base64>(json!("AP8")).is_err());
    }
}
