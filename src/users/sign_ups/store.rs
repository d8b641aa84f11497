//! Changes of accounts by sign-up and verification. Races are decided by the database: every change names what it
//! expects to find.

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, DbErr, EntityTrait as _,
    QueryFilter as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::audit::{self, AuditContext, AuditEventKind};
use crate::auth::roles::Role;
use crate::auth::tokens::TokenKind;
use crate::database::{self, Database};
use crate::errors::ApiError;
use crate::idempotency::Key;
use crate::mail::{MailKind, queue};
use crate::users::accounts::address;
use crate::users::entity as user;
use crate::users::entity::Model as User;
use crate::users::mail_tokens;
use crate::users::store::{
    NO_PASSWORD, find_by_id, fresh, has_password, is_pending_signup_of, password_of, update_version,
};

/// Opens an account unless the address has one, and queues a mail in either case, unless the first request with the key
/// did. An account whose address is not verified has no password from then on.
///
/// The statements are the same for a free, an unverified and a verified address, so that neither the answer nor its
/// time tells which it was; the mail worker finds out.
pub(crate) async fn sign_up(
    database: &Database,
    email: String,
    password_hash: String,
    context: &AuditContext,
    key: Key,
) -> Result<(), ApiError> {
    let user = fresh(email.clone(), password_hash, Role::Basic, None);
    let id = user.id;
    let context = context.clone();
    database
        .run(move |database| async move {
            let transaction = database::begin(&database).await?;
            if key.claim(&transaction, &()).await?.is_some() {
                return Ok(());
            }
            user::Entity::insert(user::ActiveModel::from(user).reset_all())
                .on_conflict(
                    OnConflict::column(user::Column::Email)
                        .do_nothing_on([user::Column::Id])
                        .to_owned(),
                )
                .exec_without_returning(&transaction)
                .await?;
            // Which of the two reads the mailbox nobody can tell: with either password, and either link, the other
            // would have the account of its owner.
            let changed = user::ActiveModel {
                password_hash: Set(NO_PASSWORD.to_owned()),
                email_jti: Set(None),
                password_jti: Set(None),
                ..Default::default()
            };
            update_version(database::now())
                .set(changed)
                .filter(is_pending_signup_of(&email))
                .filter(user::Column::Id.ne(id))
                .exec(&transaction)
                .await?;
            // The id of whoever has the address now, asked for a free one as for a taken one.
            let owner: Option<Uuid> = user::Entity::find()
                .filter(user::Column::Email.eq(email.as_str()))
                .select_only()
                .column(user::Column::Id)
                .into_tuple()
                .one(&transaction)
                .await?;
            queue::push(&transaction, MailKind::Signup, email, Some(id)).await?;
            let owner = owner.unwrap_or(id);
            let detail = (owner != id).then_some("again, perhaps by a stranger");
            let signed_up = AuditEventKind::SignedUp;
            audit::record(&transaction, &context, signed_up, owner, detail).await?;
            Ok(transaction.commit().await?)
        })
        .await
}

/// Verifies the address by the token `jti`, be it the account's present one or the one that is to replace it.
/// Returns whether the address is verified by that token now, which it also is when the token is presented again. That
/// of an account without a password is not: whoever reads its mail is to choose one first.
pub(crate) async fn mark_verified(
    database: &Database,
    id: Uuid,
    email: &str,
    jti: Uuid,
    context: &AuditContext,
) -> Result<bool, DbErr> {
    let now = database::now();
    let change = update_version(now)
        .col_expr(user::Column::EmailVerifiedAt, Expr::value(now))
        .filter(user::Column::Id.eq(id))
        .filter(user::Column::Email.eq(email))
        .filter(user::Column::EmailJti.eq(jti))
        .filter(has_password())
        .filter(user::Column::DisabledAt.is_null())
        .filter(user::Column::EmailVerifiedAt.is_null());
    let owned = context.clone();
    let changed = database.run(move |database| async move {
        let transaction = database::begin(&database).await?;
        let changed = change.exec(&transaction).await?.rows_affected > 0;
        if changed {
            let verified = AuditEventKind::EmailVerified;
            audit::record(&transaction, &owned, verified, id, None).await?;
        }
        transaction.commit().await?;
        Ok::<_, DbErr>(changed)
    });
    if changed.await? || address::confirm(database, id, email, jti, context).await? {
        return Ok(true);
    }
    let user = find_by_id(database, id).await?;
    Ok(user.and_then(|user| link_state(&user, email, jti)) == Some(true))
}

/// Returns true if the token `jti` has verified the address that the account has, false if it can verify the address
/// that the account has or is to have, and `None` if it is not accepted.
pub(super) fn link_state(user: &User, email: &str, jti: Uuid) -> Option<bool> {
    let is_present = user.email == email && user.email_jti == Some(jti);
    let is_pending =
        user.pending_email.as_deref() == Some(email) && user.pending_email_jti == Some(jti);
    if user.is_suspended() {
        None
    } else if is_present && user.is_verified() {
        Some(true)
    } else {
        (is_pending || is_present && password_of(user).is_some()).then_some(false)
    }
}

/// Gives an unverified account a new mail token; the one before dies. `None`: there is nothing that a link may verify.
pub(crate) async fn renew_email_jti(
    database: &Database,
    user: &User,
) -> Result<Option<Uuid>, DbErr> {
    let jti = Uuid::new_v4();
    let change = mail_tokens::renewal(TokenKind::Email, user, jti);
    Ok((database.update(change).await? > 0).then_some(jti))
}
