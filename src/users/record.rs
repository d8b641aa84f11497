//! Accounts as the contract shows them.

use generated::models;

use super::entity::Model as User;

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
