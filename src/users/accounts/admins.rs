//! Locks on accounts under change, and the rule that one admin is left.

use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QuerySelect as _,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::actor::Actor;
use crate::auth::roles::Role;
use crate::errors::ApiError;
use crate::users::entity::{self as user, Model as User};

/// An account that nobody else changes until the transaction is over; logins wait, too.
pub(super) struct Locked {
    pub(super) user: User,
    /// The accounts that are locked besides.
    others: Vec<User>,
    /// True when all admins are locked.
    all_admins: bool,
}

impl Locked {
    /// Refuses a change that would leave no admin.
    ///
    /// # Errors
    /// `forbidden` for the last admin; `service-unavailable` for an account that has become one just now.
    pub(super) fn spare_last_admin(&self) -> Result<(), ApiError> {
        if !is_active_admin(&self.user) || self.others.iter().any(is_active_admin) {
            return Ok(());
        }
        if !self.all_admins {
            return Err(ApiError::unavailable(
                "The account is being changed; try again shortly",
                "the account became an admin while it was to be changed",
            ));
        }
        Err(ApiError::forbidden(
            "The last admin cannot be removed, demoted or suspended.",
        ))
    }
}

/// Returns whether the account can administer others.
fn is_active_admin(user: &User) -> bool {
    user.access_role == Role::Admin && user.is_active()
}

/// Locks an account for a change that takes this role.
///
/// For an admin, all admins are locked with it: two who remove each other queue up, and the second one
/// sees what the first has done.
///
/// # Errors
/// `token-invalid` for an actor who may not act any more, `not-found`, `service-unavailable`.
pub(super) async fn lock(
    transaction: &impl ConnectionTrait,
    id: Uuid,
    actor: &Actor,
    role: Role,
) -> Result<Locked, ApiError> {
    let admins: Vec<Uuid> = user::Entity::find()
        .filter(user::Column::AccessRole.eq(Role::Admin))
        .select_only()
        .column(user::Column::Id)
        .into_tuple()
        .all(transaction)
        .await?;
    let all_admins = admins.contains(&id);
    let ids = if all_admins { admins } else { vec![id] };
    let mut others = actor.lock(transaction, &ids, role).await?;
    let place = others.iter().position(|user| user.id == id);
    Ok(Locked {
        user: others.swap_remove(place.ok_or_else(ApiError::not_found)?),
        others,
        all_admins,
    })
}

/// Returns the row of a locked account with its next version, to be changed further and written.
pub(super) fn bump_version(user: User, now: OffsetDateTime) -> user::ActiveModel {
    let version = user.version.saturating_add(1);
    user::ActiveModel {
        version: Set(version),
        updated_at: Set(now),
        ..user.into()
    }
}
