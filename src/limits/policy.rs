//! The limits by name, and the buckets that each counts in.

use std::net::IpAddr;

use sha2::{Digest as _, Sha256};

use crate::clients::network;
use crate::settings::Rate;

const MICROS: u64 = 1_000_000;

/// A limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Policy {
    /// Failed passwords for one account from one client.
    PasswordAccount,
    /// Failed passwords of one client.
    PasswordAddress,
    /// Failed passwords for one account from anywhere.
    PasswordEverywhere,
    /// Clients that failed on an account of late; see [`is_exemption`](Self::is_exemption).
    PasswordFailed,
    /// Mails to one recipient.
    MailRecipient,
    /// Mails caused by one client.
    MailAddress,
    /// Requests of one client for one operation.
    Operation,
    /// Requests of one account with `Idempotency-Key`.
    IdempotencyKey,
}

impl Policy {
    pub(super) const COUNT: usize = 8;

    /// Returns the name in `RateLimit` and in Redis.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::PasswordAccount => "password-account",
            Self::PasswordAddress => "password-address",
            Self::PasswordEverywhere => "password-everywhere",
            Self::PasswordFailed => "password-failed",
            Self::MailRecipient => "mail-recipient",
            Self::MailAddress => "mail-address",
            Self::Operation => "operation",
            Self::IdempotencyKey => "idempotency-key",
        }
    }

    /// Returns true if the bucket never refuses by itself: while it has room, the bucket before it does not
    /// refuse either.
    pub(super) const fn is_exemption(self) -> bool {
        matches!(self, Self::PasswordFailed)
    }
}

/// A bucket that an attempt is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bucket {
    pub(super) policy: Policy,
    pub(super) rate: Rate,
    /// The digest of whose attempts are counted; see [`Digests`].
    pub(super) key: u64,
}

impl Bucket {
    /// Returns the microseconds that one attempt takes of the window.
    pub(super) fn interval(&self) -> u64 {
        (u64::from(self.rate.seconds) * MICROS / u64::from(self.rate.requests.max(1))).max(1)
    }

    /// Returns the microseconds that a full burst takes: the window, but for a remainder of the division.
    pub(super) fn window(&self) -> u64 {
        self.interval() * u64::from(self.rate.requests.max(1))
    }
}

/// Computes keys as digests with a secret, so that no address is stored and nobody can choose whom to share a bucket
/// with.
pub(super) struct Digests(Sha256);

impl Digests {
    /// Creates the digests of a secret; instances with the same secret count together.
    pub(super) fn new(secret: &[u8]) -> Self {
        let derived = Sha256::new_with_prefix(b"starwars-api limits\0").chain_update(secret);
        Self(Sha256::new_with_prefix(derived.finalize()))
    }

    /// Returns the key. `text` comes last because it may hold anything.
    pub(super) fn key(&self, policy: Policy, client: Option<IpAddr>, text: &str) -> u64 {
        let mut digest = self.0.clone();
        digest.update(policy.name());
        digest.update(b"\0");
        if let Some(client) = client {
            digest.update(network(client).to_be_bytes());
        }
        digest.update(text);
        let digest = digest.finalize();
        digest
            .iter()
            .take(8)
            .fold(0, |key, byte| key << 8 | u64::from(*byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(client: &str, text: &str) -> u64 {
        Digests::new(b"secret").key(Policy::PasswordAccount, Some(client.parse().unwrap()), text)
    }

    #[test]
    fn clients_of_ipv6_are_told_apart_by_their_first_64_bits() {
        let here = key("2001:db8::1", "");
        assert_eq!(here, key("2001:db8::ffff:1:2:3", ""));
        assert_ne!(here, key("2001:db8:0:1::1", ""));
    }

    #[test]
    fn an_address_of_ipv4_is_the_same_in_both_forms_and_each_counts_alone() {
        let here = key("192.0.2.1", "");
        assert_eq!(here, key("::ffff:192.0.2.1", ""));
        assert_ne!(here, key("192.0.2.2", ""));
    }

    #[test]
    fn a_key_depends_on_policy_text_and_secret() {
        let digests = Digests::new(b"secret");
        let luke = digests.key(Policy::MailRecipient, None, "luke@rebels.example");
        for other in [
            digests.key(Policy::MailRecipient, None, "leia@rebels.example"),
            digests.key(Policy::PasswordEverywhere, None, "luke@rebels.example"),
            Digests::new(b"other").key(Policy::MailRecipient, None, "luke@rebels.example"),
        ] {
            assert_ne!(luke, other);
        }
    }

    #[test]
    fn a_window_is_divided_among_its_tries() {
        let bucket = |requests, seconds| Bucket {
            policy: Policy::Operation,
            rate: Rate { requests, seconds },
            key: 0,
        };
        assert_eq!(bucket(10, 900).interval(), 90 * MICROS);
        assert_eq!(bucket(10, 900).window(), 900 * MICROS);
        assert_eq!(bucket(7, 1).window(), 999_999);
        assert_eq!(bucket(1_000_000, 1).interval(), 1);
    }
}
