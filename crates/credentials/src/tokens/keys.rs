//! The secrets that sign and verify tokens, and the check that they are good.

use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use infrastructure::settings::{TokenSettings, Tokens};
use jsonwebtoken::crypto::{self, JwtVerifier, rust_crypto};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use secrecy::{ExposeSecret as _, SecretString};

use super::TokenKind;

/// Fewest bytes of a secret: as many as HS256 puts out (RFC 7518, 3.2).
const MIN_BYTES: usize = 32;

/// The source of a good secret.
const ADVICE: &str = "for example from `openssl rand -base64 48`";

/// Fewest different bytes in a secret. Random hexadecimal text of 32 digits has fewer once in
/// some ten million times.
const MIN_DIFFERENT_BYTES: usize = 7;

/// Text that stands in secrets which were printed somewhere or are waiting to be replaced; compared
/// without regard to case, `-`, `_`, space and `.`.
const PUBLIC: [&str; 19] = [
    "supersecret",
    "secretkey",
    "yoursecret",
    "mysecret",
    "jwtsecret",
    "jwtrefreshsecret",
    "jwtemailsecret",
    "jwtpasswordsecret",
    "changeme",
    "changeit",
    "changethis",
    "replaceme",
    "256bitsecret",
    "0123456789abcdef",
    "abcdefghijklmnop",
    // The secrets of the tutorial that this service follows, which differ only at their ends.
    "0f8014e60a33413b8f1ef6c41",
    "0h1014e60a33313b8f1ef6c41",
    // The key of a much copied example on token generation in several languages.
    "ntnv7j0tuyarvmnmmwxo6fkvm4o6nv/a",
    // The key of the examples in RFC 7515, A.1.
    "aym1sysppbydfgzld3umj1qzkobwvmkoqqestjqlr",
];

thread_local! {
    /// The verifiers of this thread, by the number of their key. Each keeps the state of HMAC after the secret, so that a
    /// token costs no key schedule; they cannot be shared between threads.
    static VERIFIERS: RefCell<Vec<Option<Box<dyn JwtVerifier>>>> = const { RefCell::new(Vec::new()) };
}

/// One secret, ready for use.
pub(super) struct Key {
    /// Tells this key from all others of the process.
    number: usize,
    kid: String,
    /// The encoded header of every token signed with this key, with the dot that ends it.
    header: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl Key {
    /// Prepares a secret. `kid` is a keyed digest, so that it tells nothing about the secret and needs no setting.
    fn new(kind: TokenKind, secret: &str) -> anyhow::Result<Self> {
        const KID_LENGTH: usize = 11;
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let encoding = EncodingKey::from_secret(secret.as_bytes());
        let label = format!("kid {}", kind.name());
        let digest = crypto::sign(label.as_bytes(), &encoding, Algorithm::HS256)
            .context("the secret cannot be used as a key")?;
        let kid = digest.get(..KID_LENGTH).unwrap_or(&digest);
        let header = format!(r#"{{"alg":"HS256","typ":"JWT","kid":"{kid}"}}"#);
        Ok(Self {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            kid: kid.to_owned(),
            header: URL_SAFE_NO_PAD.encode(header) + ".",
            encoding,
            decoding: DecodingKey::from_secret(secret.as_bytes()),
        })
    }

    /// Returns the name of the key in tokens, which is no secret.
    pub(super) fn kid(&self) -> &str {
        &self.kid
    }

    pub(super) fn header(&self) -> &str {
        &self.header
    }

    /// Returns the encoded signature of the encoded header and payload.
    ///
    /// # Errors
    /// Those of the library.
    pub(super) fn sign(&self, message: &str) -> anyhow::Result<String> {
        crypto::sign(message.as_bytes(), &self.encoding, Algorithm::HS256)
            .context("a token cannot be signed")
    }

    /// Returns whether the signature is that of the encoded header and payload; in a time that does not depend on where
    /// they differ.
    pub(super) fn verifies(&self, message: &str, signature: &Vec<u8>) -> bool {
        VERIFIERS.with_borrow_mut(|verifiers| {
            if verifiers.len() <= self.number {
                verifiers.resize_with(self.number + 1, || None);
            }
            let own = &mut verifiers[self.number];
            if own.is_none() {
                let provider = &rust_crypto::DEFAULT_PROVIDER;
                *own = (provider.verifier_factory)(&Algorithm::HS256, &self.decoding).ok();
            }
            own.as_ref()
                .is_some_and(|verifier| verifier.verify(message.as_bytes(), signature).is_ok())
        })
    }
}

/// Issues and verifies the tokens of all kinds.
///
/// The algorithm is fixed and never read from a token. `kid` picks among the secrets of one kind
/// because each secret has its own header, and a header is compared as a whole (RFC 8725, 3.1 and 3.10).
pub struct Keys {
    issuer: String,
    /// In the order of [`TokenKind::ALL`]; the first key of each list signs.
    kinds: [Vec<Key>; 4],
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Keys").finish_non_exhaustive()
    }
}

impl Keys {
    /// Prepares the secrets of the settings.
    ///
    /// # Errors
    /// Names the setting whose secret is missing, short, easily guessed, public, or used twice; the
    /// secret itself is never part of the message.
    pub fn new(settings: &Tokens) -> anyhow::Result<Self> {
        ensure!(
            !settings.issuer.is_empty(),
            "tokens.issuer is empty: set the name that stands in `iss`, such as `fathat.org`"
        );
        let mut seen: Vec<(&str, TokenKind)> = Vec::new();
        for kind in TokenKind::ALL {
            for secret in &of(settings, kind).secrets {
                let secret = secret.expose_secret();
                if let Some((_, other)) = seen.iter().find(|(known, _)| *known == secret) {
                    bail!(
                        "tokens.{}.secrets holds a secret that stands in tokens.{}.secrets already: \
                         use every secret once",
                        kind.name(),
                        other.name(),
                    );
                }
                seen.push((secret, kind));
            }
        }
        let prepare = |kind| prepare(kind, &of(settings, kind).secrets);
        Ok(Self {
            issuer: settings.issuer.clone(),
            kinds: [
                prepare(TokenKind::Access)?,
                prepare(TokenKind::Refresh)?,
                prepare(TokenKind::Email)?,
                prepare(TokenKind::Password)?,
            ],
        })
    }

    /// Returns the issuer that stands in `iss`.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Returns the kind that the token's header is issued for. Nothing else of it is checked: anybody may have made it.
    pub fn kind_of(&self, token: &str) -> Option<TokenKind> {
        TokenKind::ALL.into_iter().find(|kind| {
            let mut keys = self.all(*kind).iter();
            keys.any(|key| token.starts_with(key.header()))
        })
    }

    pub(super) fn all(&self, kind: TokenKind) -> &[Key] {
        &self.kinds[kind as usize]
    }

    pub(super) fn signing(&self, kind: TokenKind) -> &Key {
        // `new` refuses an empty list.
        &self.kinds[kind as usize][0]
    }
}

fn of(settings: &Tokens, kind: TokenKind) -> &TokenSettings {
    match kind {
        TokenKind::Access => &settings.access,
        TokenKind::Refresh => &settings.refresh,
        TokenKind::Email => &settings.email,
        TokenKind::Password => &settings.password,
    }
}

fn prepare(kind: TokenKind, secrets: &[SecretString]) -> anyhow::Result<Vec<Key>> {
    let name = kind.name();
    ensure!(
        !secrets.is_empty(),
        "tokens.{name}.secrets is empty: give at least one secret, {ADVICE}"
    );
    secrets
        .iter()
        .enumerate()
        .map(|(index, secret)| {
            let secret = secret.expose_secret();
            if let Some(fault) = weakness(secret) {
                bail!("tokens.{name}.secrets[{index}] {fault}: use a random one, {ADVICE}");
            }
            Key::new(kind, secret)
        })
        .collect()
}

/// Returns the reason why a secret is too weak to sign with (RFC 8725, 3.5), if there is one.
fn weakness(secret: &str) -> Option<String> {
    if secret.len() < MIN_BYTES {
        return Some(format!("is shorter than {MIN_BYTES} bytes"));
    }
    let plain: String = secret
        .chars()
        .filter(|character| !matches!(character, '-' | '_' | ' ' | '.'))
        .map(|character| character.to_ascii_lowercase())
        .collect();
    if PUBLIC.iter().any(|known| plain.contains(known)) {
        return Some("is, or holds, text that everybody knows".to_owned());
    }
    let bytes = secret.as_bytes();
    let mut different = [false; 256];
    for byte in bytes {
        different[usize::from(*byte)] = true;
    }
    let repeats =
        (1..=bytes.len() / 2).any(|period| bytes[period..] == bytes[..bytes.len() - period]);
    if repeats || different.iter().filter(|used| **used).count() < MIN_DIFFERENT_BYTES {
        return Some("repeats itself and can be guessed".to_owned());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::fixtures::{secret, settings};

    #[test]
    fn random_secrets_are_taken() {
        for text in [
            "9QeL4mT0bqf6VRXcJ2uYdKz1hWgN8sAa",
            "4f1c9a0be7d25836c1f04ab9837e6d52",
            "gX3v+Qm/7pYt0LkZ9dRbN2uHc5sWjE8aTfVi1oKyBxM6rGnC",
        ] {
            assert_eq!(weakness(text), None, "{text}");
        }
    }

    /// RFC 8725, 3.5; RFC 7518, 3.2.
    #[test]
    fn short_public_and_repeated_secrets_are_refused() {
        for text in [
            "",
            "9QeL4mT0bqf6VRXcJ2uYdKz1hWgN8sA",
            "my-super-secret-key-of-at-least-32-bytes",
            "CHANGE_ME CHANGE_ME 9QeL4mT0bqf6VRXc",
            "your-256-bit-secret-9QeL4mT0bqf6VRXc",
            "0f8014e60a33413b8f1ef6c414000000",
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0i",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "9QeL4mT0bqf69QeL4mT0bqf69QeL4mT0bqf6",
            "abababababababababababababababababab1",
        ] {
            assert!(weakness(text).is_some(), "{text}");
        }
    }

    #[test]
    fn a_message_names_the_setting_and_never_the_secret() {
        let mut settings = settings();
        settings.email.secrets = vec!["too short, but a secret".into()];
        let message = Keys::new(&settings).unwrap_err().to_string();
        assert!(
            message.starts_with("tokens.email.secrets[0] is shorter than 32 bytes"),
            "{message}"
        );
        assert!(!message.contains("too short"), "{message}");
    }

    #[test]
    fn a_kind_without_secrets_is_refused() {
        let mut settings = settings();
        settings.password.secrets.clear();
        let message = Keys::new(&settings).unwrap_err().to_string();
        assert!(
            message.starts_with("tokens.password.secrets is empty"),
            "{message}"
        );
    }

    /// RFC 8725, 3.12.
    #[test]
    fn two_kinds_never_share_a_secret() {
        let mut settings = settings();
        settings.refresh.secrets = vec![secret(90), secret(1)];
        settings.access.secrets = vec![secret(1)];
        let message = Keys::new(&settings).unwrap_err().to_string();
        assert!(message.contains("tokens.refresh.secrets"), "{message}");
        assert!(message.contains("tokens.access.secrets"), "{message}");
    }

    #[test]
    fn nothing_of_a_secret_is_printed() {
        let settings = settings();
        let shown = format!("{:?}", Keys::new(&settings).unwrap());
        assert_eq!(shown, "Keys { .. }");
    }

    /// `kid` must not tell which secret it stands for, nor repeat between kinds.
    #[test]
    fn the_headers_of_all_keys_differ() {
        let mut settings = settings();
        settings.access.secrets.push(secret(77));
        let keys = Keys::new(&settings).unwrap();
        let mut headers: Vec<&str> = TokenKind::ALL
            .iter()
            .flat_map(|kind| keys.all(*kind))
            .map(Key::header)
            .collect();
        headers.sort_unstable();
        headers.dedup();
        assert_eq!(headers.len(), 5);
    }
}
