//! Access tokens that were verified before.
//!
//! A client sends one token with many requests, and neither its signature nor its claims change. So a worker keeps the
//! claims of the tokens that it verified lately, each under the whole text of its token. What changes is not kept: the times
//! are compared at each request, and whether a token is revoked is asked after this.

use std::cell::RefCell;
use std::hash::{BuildHasher as _, RandomState};

use super::verify::{TokenFault, Verified};
use super::{Keys, TokenKind};

/// Tokens that a worker keeps at most. Each has its place, from which it drives out another one.
const PLACES: usize = 1024;
/// The longest token that is kept, so that a worker keeps a megabyte at most. Ours have some 450 bytes.
const MAX_LENGTH: usize = 1024;
/// Bytes at the end of a token that its place is computed of. They are the signature's, which differs where tokens do.
const PLACED_BY: usize = 32;

/// The access tokens that one worker verified lately.
pub struct RecentTokens {
    /// Keyed at random, so that nobody can tell a token's place. A token is compared only with one of the same hash, hence of the
    /// same end: nobody learns a signature by trial.
    hasher: RandomState,
    places: RefCell<Vec<Option<Recent>>>,
}

struct Recent {
    hash: u64,
    token: Box<str>,
    verified: Verified,
}

impl Default for RecentTokens {
    fn default() -> Self {
        let mut places = Vec::new();
        places.resize_with(PLACES, || None);
        Self {
            hasher: RandomState::new(),
            places: RefCell::new(places),
        }
    }
}

impl RecentTokens {
    /// Verifies an access token as [`Keys::verify`] does.
    ///
    /// # Errors
    /// Those of [`Keys::verify`], which is asked about every token that is not kept or not good at this time.
    pub fn verify(&self, keys: &Keys, token: &str, now: i64) -> Result<Verified, TokenFault> {
        let end = token.len().saturating_sub(PLACED_BY);
        let hash = self.hasher.hash_one(&token.as_bytes()[end..]);
        let place = usize::try_from(hash % PLACES as u64).unwrap_or_default();
        let mut places = self.places.borrow_mut();
        let Some(place) = places.get_mut(place) else {
            return keys.verify(TokenKind::Access, token, now);
        };
        if let Some(recent) = place
            && recent.hash == hash
            && *recent.token == *token
            && recent.verified.is_current(now)
        {
            return Ok(recent.verified.clone());
        }
        let verified = keys.verify(TokenKind::Access, token, now)?;
        if token.len() <= MAX_LENGTH {
            *place = Some(Recent {
                hash,
                token: token.into(),
                verified: verified.clone(),
            });
        }
        Ok(verified)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::roles::Role;
    use crate::tokens::{NewToken, fixtures::settings};

    const NOW: i64 = 1_800_000_000;

    fn token(keys: &Keys, user: u128) -> String {
        let token = NewToken {
            kind: TokenKind::Access,
            user_id: Uuid::from_u128(user),
            access_role: Role::Basic,
            jti: Uuid::from_u128(2),
            session: Some(Uuid::from_u128(3)),
            email: None,
            issued_at: NOW,
            expires_at: NOW + 60,
        };
        keys.issue(token).unwrap()
    }

    #[test]
    fn a_token_that_is_kept_is_what_it_was_until_its_end() {
        let (keys, recent) = (Keys::new(&settings()).unwrap(), RecentTokens::default());
        let token = token(&keys, 1);
        for now in [NOW, NOW + 1, NOW + 59] {
            let verified = recent.verify(&keys, &token, now);
            assert_eq!(verified, keys.verify(TokenKind::Access, &token, now));
            assert!(verified.is_ok());
        }
        // RFC 7519, section 4.1.4: on or after `exp` it must not be accepted.
        for now in [NOW + 60, NOW + 6_000] {
            let user_id = Uuid::from_u128(1);
            let refused = Err(TokenFault::Expired { user_id });
            assert_eq!(recent.verify(&keys, &token, now), refused);
        }
        // RFC 7519, section 4.1.5: nor before `nbf`, when a clock was set back.
        let early = recent.verify(&keys, &token, NOW - 6_000);
        assert!(matches!(early, Err(TokenFault::Invalid(..))));
    }

    #[test]
    fn a_token_that_differs_in_one_byte_is_another() {
        let (keys, recent) = (Keys::new(&settings()).unwrap(), RecentTokens::default());
        let token = token(&keys, 1);
        assert!(recent.verify(&keys, &token, NOW).is_ok());
        for place in 0..token.len() {
            let mut other = token.clone().into_bytes();
            other[place] ^= 1;
            let other = String::from_utf8(other).unwrap();
            let refused = recent.verify(&keys, &other, NOW);
            assert!(matches!(refused, Err(TokenFault::Invalid(..))), "{other}");
        }
    }

    #[test]
    fn more_tokens_than_places_are_all_verified() {
        let (keys, recent) = (Keys::new(&settings()).unwrap(), RecentTokens::default());
        let count = 2 * PLACES as u128;
        let tokens: Vec<String> = (1..=count).map(|user| token(&keys, user)).collect();
        for _ in 0..2 {
            for (user, token) in (1..).zip(&tokens) {
                let verified = recent.verify(&keys, token, NOW).unwrap();
                assert_eq!(verified.user_id, Uuid::from_u128(user));
            }
        }
        assert_eq!(recent.places.borrow().len(), PLACES);
    }
}
