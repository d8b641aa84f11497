//! Encryption of the replies that are stored for `Idempotency-Key`.
//!
//! A reply may hold a secret that is shown once. It is encrypted under a key that is derived from a secret of the service
//! and from what the database does not hold, the client's `Idempotency-Key`: neither a copy of the database nor one of the
//! settings tells a reply. The digest of the request's body is encrypted with it, in which there may be a password: whoever
//! has the database cannot try passwords either.

use anyhow::anyhow;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::error::Unspecified;
use ring::hkdf::{HKDF_SHA256, Prk, Salt};
use secrecy::{ExposeSecret as _, SecretString};

/// Keeps the derived keys apart from all others that are made of the same secrets.
const PURPOSE: &[u8] = b"starwars-api Idempotency-Key";

/// SHA-256 of a body.
pub type Digest = [u8; 32];

/// The secrets that keys are derived from: the first encrypts, and what any of them encrypted is read.
pub struct Secrets(Vec<Prk>);

impl Secrets {
    /// Prepares the secrets, which have signed refresh tokens.
    pub fn new(secrets: &[SecretString]) -> Self {
        let salt = Salt::new(HKDF_SHA256, PURPOSE);
        let extract = |secret: &SecretString| salt.extract(secret.expose_secret().as_bytes());
        Self(secrets.iter().map(extract).collect())
    }

    /// Encrypts a reply to the request whose body has this digest.
    ///
    /// # Errors
    /// The system gives no random bytes, or there is no secret.
    pub fn seal(&self, scope: &str, body: &Digest, reply: &[u8]) -> anyhow::Result<Vec<u8>> {
        let secret = self.0.first().ok_or_else(|| anyhow!("no secret"))?;
        // Random, since a key that has expired may be used for another reply.
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(|error| anyhow!("no random bytes: {error}"))?;
        let mut sealed = [body, reply].concat();
        key(secret, scope)
            .and_then(|key| {
                let nonce = Nonce::assume_unique_for_key(nonce);
                key.seal_in_place_append_tag(nonce, Aad::empty(), &mut sealed)
            })
            .map_err(|_unspecified| anyhow!("a reply cannot be encrypted"))?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Decrypts a reply, and the digest of the body that it answers. `None`: it was encrypted with a secret that is gone.
    pub fn open(&self, scope: &str, sealed: &[u8]) -> Option<(Digest, Vec<u8>)> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
        self.0.iter().find_map(|secret| {
            let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
            let mut opened = sealed.to_vec();
            let key = key(secret, scope).ok()?;
            let plain = key.open_in_place(nonce, Aad::empty(), &mut opened).ok()?;
            let (body, reply) = plain.split_first_chunk()?;
            Some((*body, reply.to_vec()))
        })
    }
}

fn key(secret: &Prk, scope: &str) -> Result<LessSafeKey, Unspecified> {
    let info = [scope.as_bytes()];
    let material = secret.expand(&info, &CHACHA20_POLY1305)?;
    Ok(LessSafeKey::new(UnboundKey::from(material)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: Digest = [7; 32];

    #[test]
    fn a_reply_is_read_with_the_scope_and_the_secret_that_it_was_sealed_with_and_with_no_other() {
        let [old, new] = ["a secret of the service", "the secret after it"].map(Into::into);
        let before = Secrets::new(std::slice::from_ref(&old));
        let sealed = before.seal("scope", &BODY, b"a secret reply").unwrap();
        let holds = |part: &[u8]| sealed.windows(part.len()).any(|window| window == part);
        assert!(!holds(b"secret") && !holds(&BODY));
        let rotated = Secrets::new(&[new, old]);
        for secrets in [&before, &rotated] {
            let (body, reply) = secrets.open("scope", &sealed).unwrap();
            assert_eq!((body, &*reply), (BODY, &b"a secret reply"[..]));
            assert!(secrets.open("another", &sealed).is_none());
        }
        let cut = &sealed[..sealed.len() - 1];
        assert!(before.open("scope", cut).is_none());
        assert!(before.open("scope", &sealed[..5]).is_none());
        let stranger = Secrets::new(&["the secret after it".into()]);
        assert!(stranger.open("scope", &sealed).is_none());
    }

    #[test]
    fn the_same_reply_is_never_sealed_alike() {
        let secrets = Secrets::new(&["a secret of the service".into()]);
        let seal = || secrets.seal("scope", &BODY, b"reply").unwrap();
        assert_ne!(seal(), seal());
    }
}
