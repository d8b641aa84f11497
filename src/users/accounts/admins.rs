//! Accounts under change, and the last admin, who stays whoever is changed.

use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::auth::roles::Role;
use crate::errors::ApiError;
use crate::users::entity::{self as user, Model as User};

/// An account that nobody else changes until the transaction is over; logins wait, too.
pub(super) struct Locked {
    pub(super) user: User,
    /// All admins, locked as well, if the account is one.
    admins: Vec<User>,
}

impl Locked {
    /// Refuses what would leave nobody to administer.
    ///
    /// # Errors
    /// `forbidden` for the last admin; `service-unavailable` for an account that has become one just now.
    pub(super) fn spare_last_admin(&self) -> Result<(), ApiError> {
        if !counts(&self.user) {
            return Ok(());
        }
        if self.admins.is_empty() {
            return Err(ApiError::unavailable(
                "The account is being changed; try again shortly",
                "the account became an admin while it was to be changed",
            ));
        }
        let mut others = self.admins.iter().filter(|admin| admin.id != self.user.id);
        if others.any(counts) {
            return Ok(());
        }
        Err(ApiError::forbidden(
            "The last admin cannot be removed, demoted or suspended.",
        ))
    }
}

/// Whether the account can administer others.
fn counts(user: &User) -> bool {
    user.access_role == Role::Admin.stored()
        && user.email_verified_at.is_some()
        && user.disabled_at.is_none()
}

/// Locks an account for a change that may take an admin away.
///
/// All admins are locked first, in the order of their ids: two who remove each other queue up, and the second
/// one sees what the first has done.
///
/// # Errors
/// `not-found`, and what the database said.
pub(super) async fn lock_among_admins(
    transaction: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Locked, ApiError> {
    let seen = user::Entity::find_by_id(id).one(transaction).await?;
    let seen = seen.ok_or_else(ApiError::not_found)?;
    let admins = if seen.access_role == Role::Admin.stored() {
        user::Entity::find()
            .filter(user::Column::AccessRole.eq(Role::Admin.stored()))
            .order_by_asc(user::Column::Id)
            .lock_exclusive()
            .all(transaction)
            .await?
    } else {
        Vec::new()
    };
    let user = lock(transaction, id).await?;
    Ok(Locked { user, admins })
}

/// Locks an account for any other change.
///
/// # Errors
/// `not-found`, and what the database said.
pub(super) async fn lock(transaction: &impl ConnectionTrait, id: Uuid) -> Result<User, ApiError> {
    user::Entity::find_by_id(id)
        .lock_exclusive()
        .one(transaction)
        .await?
        .ok_or_else(ApiError::not_found)
}

/// The row of a locked account, to be changed further and written.
pub(super) fn touched(user: User, now: OffsetDateTime) -> user::ActiveModel {
    let version = user.version.saturating_add(1);
    user::ActiveModel {
        version: Set(version),
        updated_at: Set(now),
        ..user.into()
    }
}
