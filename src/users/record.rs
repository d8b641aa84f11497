//! Accounts as the contract shows them.

use generated::models::{self, AccessRole};

use super::entity::Model as User;
use crate::auth::roles::Role;

/// An account as its owner and admins see it.
impl TryFrom<User> for models::User {
    /// That of a role that is none of ours.
    type Error = anyhow::Error;

    fn try_from(user: User) -> anyhow::Result<Self> {
        Ok(Self {
            user_id: user.id,
            access_role: user.role()?.into(),
            email_verified: user.is_verified(),
            pending_email: user.pending_email.clone(),
            disabled: user.is_suspended(),
            created_at: user.created_at,
            email: user.email,
        })
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
