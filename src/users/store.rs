//! Queries on accounts.

use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{
    ColumnTrait as _, Condition, DbErr, EntityTrait as _, ExprTrait as _, QueryFilter as _,
    UpdateMany,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::entity::{self as user, Model as User};
use crate::auth::roles::Role;
use crate::database::{self, Database};

/// The text instead of the hash of a password: none opens the account until somebody who reads its mail chooses one.
pub(super) const NO_PASSWORD: &str = "";

/// Returns the hash that a password is compared with, if the account has a password.
pub(crate) fn password_of(user: &User) -> Option<&str> {
    Some(user.password_hash.as_str()).filter(|hash| *hash != NO_PASSWORD)
}

/// Returns whether the account has a password, as a condition in SQL.
pub(crate) fn has_password() -> SimpleExpr {
    user::Column::PasswordHash.ne(NO_PASSWORD)
}

/// Finds the account with this address, which must be in normal form.
pub(crate) async fn find_by_email(database: &Database, email: &str) -> Result<Option<User>, DbErr> {
    let has_it = user::Column::Email.eq(email);
    database.one(user::Entity::find().filter(has_it)).await
}

/// Finds the account with this id.
pub(crate) async fn find_by_id(database: &Database, id: Uuid) -> Result<Option<User>, DbErr> {
    database.one(user::Entity::find_by_id(id)).await
}

/// Returns [`User::is_pending_signup`] as a condition in SQL, of the account with this address.
pub(crate) fn is_pending_signup_of(email: &str) -> Condition {
    Condition::all()
        .add(user::Column::Email.eq(email))
        .add(user::Column::AccessRole.eq(Role::Basic))
        .add(user::Column::EmailVerifiedAt.is_null())
        .add(user::Column::DisabledAt.is_null())
}

/// Begins an update of accounts that gives them their next version.
pub(super) fn update_version(now: OffsetDateTime) -> UpdateMany<user::Entity> {
    user::Entity::update_many()
        .col_expr(
            user::Column::Version,
            Expr::col(user::Column::Version).add(1),
        )
        .col_expr(user::Column::UpdatedAt, Expr::value(now))
}

/// Stores another hash of the password that `user` has, unless that was changed meanwhile, and returns whether it did.
pub(crate) async fn renew_hash(
    database: &Database,
    user: &User,
    renewed: &str,
) -> Result<bool, DbErr> {
    // Neither version nor time moves: nothing about the account has changed.
    let change = user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(renewed))
        .filter(user::Column::Id.eq(user.id))
        .filter(user::Column::PasswordHash.eq(user.password_hash.as_str()));
    Ok(database.update(change).await? > 0)
}

/// Makes an account as it is when it is opened.
pub(super) fn fresh(
    email: String,
    password_hash: String,
    role: Role,
    email_verified_at: Option<OffsetDateTime>,
) -> User {
    let now = database::now();
    User {
        id: Uuid::new_v4(),
        email,
        password_hash,
        access_role: role,
        email_verified_at,
        disabled_at: None,
        email_jti: Some(Uuid::new_v4()),
        password_jti: None,
        pending_email: None,
        pending_email_jti: None,
        session_id: None,
        version: 0,
        created_at: now,
        updated_at: now,
    }
}
