//! Tokens of the service: JSON Web Tokens signed with HS256 (RFC 7515, RFC 7519), held to RFC 8725.
//!
//! Four kinds exist. Each has its own secrets and its own private claim, so that a token of one
//! kind can never pass for another (RFC 8725, 3.12).

mod claims;
mod issue;
mod keys;
mod recent;
mod verify;

use clap::ValueEnum;

pub use issue::NewToken;
pub use keys::Keys;
pub use recent::RecentTokens;
pub use verify::{TokenFault, Verified};

/// The kind of a token: its purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum)]
pub enum TokenKind {
    /// Opens the API.
    Access,
    /// Gets the next pair of tokens.
    Refresh,
    /// Verifies that a mail address is read by its owner.
    Email,
    /// Lets its bearer set a new password.
    Password,
}

impl TokenKind {
    /// Every kind, in the order of the settings.
    pub const ALL: [Self; 4] = [Self::Access, Self::Refresh, Self::Email, Self::Password];

    /// Returns the name of the kind in the settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
            Self::Email => "email",
            Self::Password => "password",
        }
    }

    /// Returns whether tokens of this kind belong to a session and therefore carry `sid`.
    pub fn has_session(self) -> bool {
        matches!(self, Self::Access | Self::Refresh)
    }
}

/// Settings with good secrets for tests.
#[cfg(test)]
pub(crate) mod fixtures {
    use secrecy::SecretString;

    use infrastructure::settings::{Settings, TokenSettings, Tokens};

    /// A secret that looks random and differs by number.
    pub(crate) fn secret(number: u8) -> SecretString {
        format!("vT9k2Qx7Lw0RzYb4Nc8M{number:03}hGf5Js1Pd6Ae3Uu").into()
    }

    pub(crate) fn settings() -> Tokens {
        let kind = |number, hours| TokenSettings {
            secrets: vec![secret(number)],
            hours,
        };
        let mut tokens = Settings::default().tokens;
        "fathat.org".clone_into(&mut tokens.issuer);
        tokens.access = kind(1, 10);
        tokens.refresh = kind(2, 24);
        tokens.email = kind(3, 1);
        tokens.password = kind(4, 1);
        tokens
    }
}
