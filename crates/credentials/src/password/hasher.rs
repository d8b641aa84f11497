//! Argon2id, in memory that is kept from one hash to the next.
//!
//! Allocated anew for each hash, as the library does it by itself, that much memory leaves holes which glibc's
//! allocator fills with ten further hashes before it uses them again.

use argon2::password_hash::phc::{Output, ParamsString, Salt};
use argon2::{Algorithm, Argon2, Block, Params, PasswordHash, Version};
use secrecy::{ExposeSecret as _, SecretString};

use super::fault::{PasswordFault, Verdict};
use super::normal::normal_form;

/// Hashes and verifies passwords, one after another.
pub(super) struct Hasher {
    params: Params,
    /// The size is that of the most expensive hash so far.
    memory: Vec<Block>,
}

impl Hasher {
    pub(super) const fn new(params: Params) -> Self {
        Self {
            params,
            memory: Vec::new(),
        }
    }

    /// Hashes a password: a PHC string of the password's normal form, with a salt of its own.
    pub(super) fn hash(&mut self, password: &SecretString) -> Result<String, PasswordFault> {
        let password = &normal_form(password);
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone());
        let salt = Salt::generate();
        let length = self.params.output_len();
        let length = length.unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        let hash = PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&self.params).map_err(failed)?,
            hash: Some(self.output(&argon2, password, &salt, length)?),
            salt: Some(salt),
        };
        Ok(hash.to_string())
    }

    /// Verifies a password against the stored hash: in its normal form, or else as it came, as hashes were made before
    /// there was one. How much work that is depends on what
    /// came, and on nothing that is stored.
    pub(super) fn verify(
        &mut self,
        password: &SecretString,
        stored: &str,
    ) -> Result<Verdict, PasswordFault> {
        let stored = PasswordHash::new(stored).map_err(failed)?;
        let (Some(salt), Some(version), Some(expected)) =
            (&stored.salt, stored.version, &stored.hash)
        else {
            return Err(failed("the stored hash is not complete"));
        };
        // The parameters come from the stored text: a hash made before a change of settings stays good.
        let argon2 = Argon2::new(
            Algorithm::try_from(stored.algorithm.as_str()).map_err(failed)?,
            Version::try_from(version).map_err(failed)?,
            Params::try_from(&stored).map_err(failed)?,
        );
        let normal = normal_form(password);
        // In constant time: `Output` compares so.
        let is_right = self.output(&argon2, &normal, salt, expected.len())? == *expected;
        let was_right = !is_right
            && normal.expose_secret() != password.expose_secret()
            && self.output(&argon2, password, salt, expected.len())? == *expected;
        if !is_right && !was_right {
            return Ok(Verdict::Wrong);
        }
        let renewed = (was_right || !self.is_current(&stored)).then(|| self.hash(&normal));
        Ok(Verdict::Right {
            renewed: renewed.transpose()?,
        })
    }

    fn output(
        &mut self,
        argon2: &Argon2<'_>,
        password: &SecretString,
        salt: &Salt,
        length: usize,
    ) -> Result<Output, PasswordFault> {
        let blocks = argon2.params().block_count();
        if self.memory.len() < blocks {
            // Freed first, so that the two are never held together.
            self.memory = Vec::new();
            self.memory.resize(blocks, Block::new());
        }
        let password = password.expose_secret().as_bytes();
        let mut buffer = [0; Output::MAX_LENGTH];
        let output = buffer
            .get_mut(..length)
            .ok_or_else(|| failed("the hash would be too long"))?;
        argon2
            .hash_password_into_with_memory(password, salt, output, &mut self.memory)
            .map_err(failed)?;
        Output::new(output).map_err(failed)
    }

    /// Returns whether a hash made now would cost as much.
    fn is_current(&self, stored: &PasswordHash) -> bool {
        let cost = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
        stored.algorithm == Algorithm::Argon2id.ident()
            && stored.version == Some(Version::V0x13.into())
            && Params::try_from(stored).is_ok_and(|params| cost(&params) == cost(&self.params))
    }
}

fn failed(reason: impl ToString) -> PasswordFault {
    PasswordFault::Failed(reason.to_string())
}

#[cfg(test)]
mod tests {
    use argon2::PasswordVerifier as _;

    use super::*;

    #[test]
    fn the_library_agrees_and_memory_used_before_changes_nothing() {
        let password = SecretString::from("sand people");
        let mut hasher = Hasher::new(Params::new(64, 2, 1, None).unwrap());
        let dear = Hasher::new(Params::new(256, 1, 2, None).unwrap())
            .hash(&password)
            .unwrap();
        for _ in 0..3 {
            let hash = hasher.hash(&password).unwrap();
            let library = Argon2::default();
            assert_eq!(library.verify_password(b"sand people", &*hash), Ok(()));
            assert!(library.verify_password(b"sand", &*hash).is_err());
            let verdict = hasher.verify(&password, &hash).unwrap();
            assert_eq!(verdict, Verdict::Right { renewed: None });
            assert!(matches!(
                hasher.verify(&password, &dear).unwrap(),
                Verdict::Right { renewed: Some(_) }
            ));
        }
    }

    /// RFC 8265, section 4.2: NFC, and every space is U+0020.
    #[test]
    fn one_password_has_many_spellings() {
        let mut hasher = Hasher::new(Params::new(64, 1, 1, None).unwrap());
        let spellings = ["Zo\u{308}e a\u{3000}b", "Z\u{f6}e\u{a0}a b", "Z\u{f6}e a b"];
        for set in spellings {
            let hash = hasher.hash(&SecretString::from(set)).unwrap();
            for given in spellings {
                let verdict = hasher.verify(&SecretString::from(given), &hash).unwrap();
                assert_eq!(
                    verdict,
                    Verdict::Right { renewed: None },
                    "{set:?} {given:?}"
                );
            }
            let other = SecretString::from("Zoe a b");
            assert_eq!(hasher.verify(&other, &hash).unwrap(), Verdict::Wrong);
        }
    }

    #[test]
    fn a_hash_of_what_came_is_good_for_it_and_renewed() {
        let mut hasher = Hasher::new(Params::new(64, 1, 1, None).unwrap());
        // As hashes were made before passwords had a normal form.
        let spelt = "Zo\u{308}e's sand people";
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, hasher.params.clone());
        let old: PasswordHash =
            argon2::PasswordHasher::hash_password(&argon2, spelt.as_bytes()).unwrap();
        let old = old.to_string();
        let normal = SecretString::from("Z\u{f6}e's sand people");
        assert_eq!(hasher.verify(&normal, &old).unwrap(), Verdict::Wrong);
        let verdict = hasher.verify(&SecretString::from(spelt), &old).unwrap();
        let Verdict::Right {
            renewed: Some(renewed),
        } = verdict
        else {
            panic!("{verdict:?}");
        };
        for password in [SecretString::from(spelt), normal] {
            let verdict = hasher.verify(&password, &renewed).unwrap();
            assert_eq!(verdict, Verdict::Right { renewed: None });
        }
    }

    #[test]
    fn a_hash_without_salt_or_output_is_a_fault() {
        let mut hasher = Hasher::new(Params::new(64, 1, 1, None).unwrap());
        for stored in [
            "$argon2id$v=19$m=64,t=1,p=1",
            "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ",
        ] {
            assert!(hasher.verify(&SecretString::from("x"), stored).is_err());
        }
    }
}
