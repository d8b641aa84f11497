//! Tokens taken apart, changed and signed by hand.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::Value;

/// A token as header and claims.
#[derive(Debug, Clone)]
pub struct Parts {
    pub header: Value,
    pub claims: Value,
    /// The header as it came: its members have an order, and the service knows its own headers by it.
    original: (Value, String),
}

impl Parts {
    pub fn of(token: &str) -> Self {
        let mut parts = token.split('.').map(|part| {
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
            String::from_utf8(bytes).unwrap_or_default()
        });
        let mut next = || parts.next().expect("three parts");
        let (header, claims) = (next(), next());
        let parsed: Value = serde_json::from_str(&header).expect("a JSON header");
        Self {
            header: parsed.clone(),
            claims: serde_json::from_str(&claims).expect("JSON claims"),
            original: (parsed, header),
        }
    }

    /// The header's text, as it came while it is unchanged.
    pub fn header_text(&self) -> String {
        let (parsed, text) = &self.original;
        if self.header == *parsed {
            text.clone()
        } else {
            self.header.to_string()
        }
    }

    pub fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header[name] = value.into();
        self
    }

    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims[name] = value.into();
        self
    }

    pub fn without_header(mut self, name: &str) -> Self {
        self.header.as_object_mut().expect("object").remove(name);
        self
    }

    pub fn without_claim(mut self, name: &str) -> Self {
        self.claims.as_object_mut().expect("object").remove(name);
        self
    }

    /// Turns it into a token issued long ago: everything in the past, signature good.
    pub fn expired(self) -> Self {
        let now = now();
        self.claim("iat", now - 7200)
            .claim("nbf", now - 7200)
            .claim("exp", now - 3600)
    }

    pub fn sign(&self, secret: &str) -> String {
        sign_text(&self.header_text(), &self.claims.to_string(), secret)
    }
}

/// Signs any two texts with HMAC and SHA-256, whatever they say.
pub fn sign_text(header: &str, claims: &str, secret: &str) -> String {
    sign_with(header, claims, secret, Algorithm::HS256)
}

pub fn sign_with(header: &str, claims: &str, secret: &str, algorithm: Algorithm) -> String {
    let message = format!(
        "{}.{}",
        BASE64_URL_SAFE_NO_PAD.encode(header),
        BASE64_URL_SAFE_NO_PAD.encode(claims)
    );
    let key = EncodingKey::from_secret(secret.as_bytes());
    let signature =
        jsonwebtoken::crypto::sign(message.as_bytes(), &key, algorithm).expect("signature");
    format!("{message}.{signature}")
}

pub fn now() -> i64 {
    time::OffsetDateTime::now_utc().unix_timestamp()
}

/// Words that are no token at all.
pub const GARBAGE: [&str; 5] = ["x", "a.b.c", "....", "eyJhbGciOiJIUzI1NiJ9.e30.", "null"];
