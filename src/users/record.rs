//! An account as the contract shows it.

use anyhow::anyhow;
use generated::models::{AccessRole, User as Record};

use super::entity::Model as User;
use crate::auth::roles::Role;

/// The account as its owner and admins see it.
///
/// # Errors
/// See [`role`].
pub(crate) fn record(user: User) -> anyhow::Result<Record> {
    Ok(Record {
        user_id: user.id,
        access_role: role(&user)?.into(),
        email_verified: user.email_verified_at.is_some(),
        pending_email: user.pending_email,
        disabled: user.disabled_at.is_some(),
        created_at: user.created_at,
        email: user.email,
    })
}

/// The account's role.
///
/// # Errors
/// A level that is no role's was not written by us: nothing is done on it.
pub(crate) fn role(user: &User) -> anyhow::Result<Role> {
    Role::from_stored(user.access_role)
        .ok_or_else(|| anyhow!("user {} has the unknown role {}", user.id, user.access_role))
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
