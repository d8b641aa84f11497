//! Roles: their names on the wire, in tokens and in the contract, and their levels in SQL.

use clap::ValueEnum;
use generated::models::AccessRole;
use sea_orm::{DeriveActiveEnum, EnumIter};

/// The role of an account. A higher one may do all that a lower one may.
///
/// It is [`AccessRole`] with what the contract cannot say: the order, and the level that SQL keeps.
#[derive(
    Clone, Copy, Debug, DeriveActiveEnum, EnumIter, Eq, Ord, PartialEq, PartialOrd, ValueEnum,
)]
#[sea_orm(rs_type = "i16", db_type = "SmallInteger")]
pub enum Role {
    /// A verified account.
    Basic = 1,
    /// Administers other accounts.
    Admin = 2,
}

/// Every role by name and level, lowest first: what `x-access-role` in the contract may name.
pub const LEVELS: &[(&str, u16)] = &[
    (Role::Basic.name(), Role::Basic.level()),
    (Role::Admin.name(), Role::Admin.level()),
];

impl Role {
    /// Returns the level, which grows with what is allowed.
    #[must_use]
    pub const fn level(self) -> u16 {
        self as u16
    }

    /// Returns the name in the contract.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Basic => AccessRole::Basic.as_str(),
            Self::Admin => AccessRole::Admin.as_str(),
        }
    }

    /// Returns the role of a name. A name that no role has grants nothing: refuse.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        name.parse::<AccessRole>().ok().map(Self::from)
    }
}

impl From<Role> for AccessRole {
    fn from(role: Role) -> Self {
        match role {
            Role::Basic => Self::Basic,
            Role::Admin => Self::Admin,
        }
    }
}

impl From<AccessRole> for Role {
    fn from(role: AccessRole) -> Self {
        match role {
            AccessRole::Basic => Self::Basic,
            AccessRole::Admin => Self::Admin,
        }
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{ActiveEnum as _, Iterable as _};

    use super::*;

    #[test]
    fn what_is_stored_is_read_as_the_same_role_and_level() {
        for role in Role::iter() {
            assert_eq!(Role::try_from_value(&role.to_value()), Ok(role));
            assert_eq!(Role::from_name(role.name()), Some(role));
            assert_eq!(u16::try_from(role.to_value()), Ok(role.level()));
            assert!(LEVELS.contains(&(role.name(), role.level())));
        }
    }

    #[test]
    fn an_unknown_stored_level_grants_nothing() {
        for unknown in [0, -1, 3, i16::MAX] {
            assert!(Role::try_from_value(&unknown).is_err());
        }
    }

    #[test]
    fn an_unknown_name_grants_nothing() {
        for unknown in ["", "Admin", "admin ", "basi", "jedi", "2"] {
            assert_eq!(Role::from_name(unknown), None);
        }
    }

    #[test]
    fn levels_grow_from_role_to_role() {
        assert!(Role::Basic.level() < Role::Admin.level());
        assert!(LEVELS.is_sorted_by_key(|&(_, level)| level));
    }
}
