//! The identity that the decode functions return.

use std::fmt;

use gatekeeper::{Denial, Identity};
use uuid::Uuid;

use super::roles::Role;
use super::tokens::Verified;

/// The security scheme of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// An access token.
    Jwt,
    /// A refresh token.
    JwtRefresh,
    /// A token from a forgotten-password mail.
    JwtPassword,
    /// An API token.
    ApiToken,
    /// Address and password.
    Basic,
}

/// An account whose credential was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) user_id: Uuid,
    /// Level of the user's role.
    pub(crate) access_role: u16,
    /// The session that an access or refresh token belongs to.
    pub(crate) session: Option<Uuid>,
    /// The token's id; nil for Basic.
    pub(crate) jti: Uuid,
    pub(crate) via: Scheme,
}

impl Caller {
    /// Returns the caller that a token was issued to.
    pub(crate) fn of_token(token: &Verified, via: Scheme) -> Self {
        Self {
            user_id: token.user_id,
            access_role: token.access_role.level(),
            session: token.session,
            jti: token.jti,
            via,
        }
    }

    /// Returns the caller of an account that presented no token which names a role.
    pub(crate) fn of_account(user_id: Uuid, role: Role, jti: Uuid, via: Scheme) -> Self {
        Self {
            user_id,
            access_role: role.level(),
            session: None,
            jti,
            via,
        }
    }

    /// Returns whether the credential is that of an admin.
    pub(crate) fn is_admin(&self) -> bool {
        self.access_role >= Role::Admin.level()
    }
}

impl Identity for Caller {
    fn user(&self) -> Option<&dyn fmt::Display> {
        Some(&self.user_id)
    }

    fn access_level(&self) -> u16 {
        self.access_role
    }

    /// Joins two credentials of one user: they make that user, with no more rights than either gives.
    fn join(self, other: Self) -> Result<Self, Denial> {
        if self.user_id != other.user_id {
            return Err(Denial::invalid("the credentials are of two users"));
        }
        let access_role = self.access_role.min(other.access_role);
        Ok(Self {
            access_role,
            ..self
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(user: u128, access_role: u16) -> Caller {
        Caller {
            user_id: Uuid::from_u128(user),
            access_role,
            session: None,
            jti: Uuid::from_u128(9),
            via: Scheme::Jwt,
        }
    }

    #[test]
    fn two_credentials_give_the_lower_role() {
        for (one, other) in [(1, 2), (2, 1)] {
            assert_eq!(
                caller(1, one)
                    .join(caller(1, other))
                    .ok()
                    .map(|joined| joined.access_role),
                Some(1)
            );
        }
    }

    #[test]
    fn credentials_of_two_users_are_refused() {
        assert!(caller(1, 2).join(caller(2, 2)).is_err());
    }
}
