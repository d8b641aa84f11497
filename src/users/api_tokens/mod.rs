//! API tokens: random secrets for programs, of which only digests are stored.

pub(crate) mod entity;
mod operations;
mod store;
#[cfg(test)]
mod tests;
mod uses;

use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

pub(crate) use entity::Model as ApiToken;
pub(crate) use operations::ApiTokens;
pub(crate) use store::{delete_within, find_by_secret};
pub(crate) use uses::Uses;

/// Ends all API tokens of an account as a part of `transaction`.
pub(crate) async fn delete_all_within(
    transaction: &impl ConnectionTrait,
    user_id: Uuid,
) -> Result<(), DbErr> {
    entity::Entity::delete_many()
        .filter(entity::Column::UserId.eq(user_id))
        .exec(transaction)
        .await
        .map(drop)
}
