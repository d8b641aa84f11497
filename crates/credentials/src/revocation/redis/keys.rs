//! Names of the keys in Redis.

use infrastructure::redis::PREFIX;
use uuid::Uuid;
use uuid::fmt::Hyphenated;

/// Holds the identity of the Redis process that was filled from SQL.
pub(super) const EPOCH: &str = "starwars:{api}:epoch";

/// The stream of what was revoked lately.
pub(super) const FEED: &str = "starwars:{api}:feed";

const REVOKED: &[u8] = b"starwars:{api}:revoked:";
const LENGTH: usize = REVOKED.len() + Hyphenated::LENGTH;

/// Returns the key of a revoked token or session, without allocating.
pub(super) fn revoked(id: Uuid) -> [u8; LENGTH] {
    let mut key = [0; LENGTH];
    let (prefix, text) = key.split_at_mut(REVOKED.len());
    prefix.copy_from_slice(REVOKED);
    id.hyphenated().encode_lower(text);
    key
}

/// Returns the key that a filling of Redis watches: gone, or touched, when data was lost meanwhile.
pub(super) fn filling() -> String {
    format!("{PREFIX}filling:{}", Uuid::new_v4())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_prefix_and_the_hyphenated_id() {
        assert_eq!(
            &revoked(Uuid::from_u128(0xab)),
            b"starwars:{api}:revoked:00000000-0000-0000-0000-0000000000ab"
        );
    }

    #[test]
    fn all_keys_begin_alike() {
        assert!(EPOCH.starts_with(PREFIX) && REVOKED.starts_with(PREFIX.as_bytes()));
    }
}
