//! Tokens that reach an account by mail. One of each kind is accepted; a newer one replaces it.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, UpdateMany};
use uuid::Uuid;

use super::entity::{self as user, Model as User};
use super::store;
use crate::auth::tokens::{Keys, NewToken, TokenKind};
use crate::database;

/// Signs the token `jti` of an account, whose life begins now. `address` is what an email token verifies.
pub(crate) fn token(
    keys: &Keys,
    kind: TokenKind,
    user: &User,
    jti: Uuid,
    address: Option<&str>,
    hours: u32,
) -> anyhow::Result<String> {
    let issued_at = database::now().unix_timestamp();
    keys.issue(NewToken {
        kind,
        user_id: user.id,
        access_role: user.access_role,
        jti,
        session: None,
        email: address,
        issued_at,
        expires_at: issued_at + i64::from(hours) * 3600,
    })
}

/// Returns the update that makes `jti` the accepted token of this kind, if the account is still as it was read, is not suspended, and, for
/// an email token, has a password and an address that is to be verified.
pub(crate) fn renewal(kind: TokenKind, user: &User, jti: Uuid) -> UpdateMany<user::Entity> {
    let change = user::Entity::update_many()
        .col_expr(user::Column::UpdatedAt, Expr::value(database::now()))
        .filter(user::Column::Id.eq(user.id))
        .filter(user::Column::Email.eq(user.email.as_str()))
        .filter(user::Column::AccessRole.eq(user.access_role))
        .filter(user::Column::DisabledAt.is_null());
    match kind {
        TokenKind::Email => change
            .col_expr(user::Column::EmailJti, Expr::value(jti))
            .filter(store::has_password())
            .filter(user::Column::EmailVerifiedAt.is_null()),
        _ => change.col_expr(user::Column::PasswordJti, Expr::value(jti)),
    }
}
