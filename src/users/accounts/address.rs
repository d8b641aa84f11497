//! Changes of address: requested, and confirmed by the link that is mailed to the new one.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DbErr,
    EntityTrait as _, QueryFilter as _, QuerySelect as _, UpdateMany,
};
use uuid::Uuid;

use super::actor::lock_all;
use super::admins::bump_version;
use crate::audit::{self, AuditContext, AuditEventKind};
use crate::database::{self, Database, DatabaseErrorClass};
use crate::mail::{MailKind, queue};
use crate::users::entity::{self as user, Model as User};
use crate::users::store;

/// Stores the address that a locked account is to have, and queues the mails to it and to the present one. A request
/// for the present address withdraws a change that is pending.
///
/// The mail worker checks that no other account has the address, so that neither the answer nor its time tells.
pub(super) async fn request(
    transaction: &impl ConnectionTrait,
    user: User,
    email: String,
    context: &AuditContext,
) -> Result<User, DbErr> {
    let withdrawn = user.email == email;
    if withdrawn && user.pending_email.is_none() {
        return Ok(user);
    }
    let (id, present) = (user.id, user.email.clone());
    let row = user::ActiveModel {
        pending_email: Set((!withdrawn).then(|| email.clone())),
        pending_email_jti: Set((!withdrawn).then(Uuid::new_v4)),
        ..bump_version(user, database::now())
    };
    let user = row.update(transaction).await?;
    if !withdrawn {
        queue::push(transaction, MailKind::EmailChange, email, Some(id)).await?;
        queue::push(
            transaction,
            MailKind::EmailChangeRequested,
            present,
            Some(id),
        )
        .await?;
    }
    let detail = withdrawn.then_some("withdrawn");
    let requested = AuditEventKind::EmailChangeRequested;
    audit::record(transaction, context, requested, id, detail).await?;
    Ok(user)
}

/// Gives the account the address that the token `jti` was mailed to. Returns whether it did: not when no such change is
/// pending or somebody has verified the address meanwhile.
pub(crate) async fn confirm(
    database: &Database,
    id: Uuid,
    email: &str,
    jti: Uuid,
    context: &AuditContext,
) -> Result<bool, DbErr> {
    let (address, context) = (email.to_owned(), context.clone());
    let work = move |database| async move {
        let (email, context) = (address.as_str(), &context);
        let transaction = database::begin(&database).await?;
        let holder = holder(&transaction, email).await?;
        let users = lock_all(&transaction, [id].into_iter().chain(holder)).await?;
        let waits = |user: &User| {
            user.id == id
                && user.pending_email.as_deref() == Some(email)
                && user.pending_email_jti == Some(jti)
                && !user.is_suspended()
        };
        let Some(user) = users.into_iter().find(waits) else {
            return Ok(false);
        };
        let removed = match holder {
            Some(holder) => remove(&transaction, holder, email).await?,
            None => false,
        };
        let before = user.email.clone();
        let now = database::now();
        let row = user::ActiveModel {
            email: Set(email.to_owned()),
            email_verified_at: Set(Some(now)),
            // It stays after its use, as the token of a sign-up does.
            email_jti: Set(Some(jti)),
            pending_email: Set(None),
            pending_email_jti: Set(None),
            password_jti: Set(None),
            ..bump_version(user, now)
        };
        row.update(&transaction).await?;
        queue::push(&transaction, MailKind::EmailChanged, before, Some(id)).await?;
        if let Some(holder) = holder.filter(|_| removed) {
            let detail = Some("another account proved the address");
            audit::record(
                &transaction,
                context,
                AuditEventKind::Deleted,
                holder,
                detail,
            )
            .await?;
        }
        audit::record(
            &transaction,
            context,
            AuditEventKind::EmailChanged,
            id,
            None,
        )
        .await?;
        transaction.commit().await?;
        Ok(true)
    };
    match database.run(work).await {
        Err(error) if database::classify_error(&error) == DatabaseErrorClass::Unique => {
            // The link would wait for an address that is another's for good.
            database.update(dropped(id, jti)).await?;
            Ok(false)
        }
        outcome => outcome,
    }
}

/// Returns the update that drops the change of address whose link has this token.
pub(crate) fn dropped(id: Uuid, jti: Uuid) -> UpdateMany<user::Entity> {
    user::Entity::update_many()
        .col_expr(user::Column::PendingEmail, Expr::value(None::<String>))
        .col_expr(user::Column::PendingEmailJti, Expr::value(None::<Uuid>))
        .col_expr(user::Column::UpdatedAt, Expr::value(database::now()))
        .filter(user::Column::Id.eq(id))
        .filter(user::Column::PendingEmailJti.eq(jti))
}

/// Finds the sign-up that holds the address without having verified it.
async fn holder(transaction: &impl ConnectionTrait, email: &str) -> Result<Option<Uuid>, DbErr> {
    user::Entity::find()
        .filter(store::is_pending_signup_of(email))
        .select_only()
        .column(user::Column::Id)
        .into_tuple()
        .one(transaction)
        .await
}

/// Deletes such a sign-up, since the one who has the mailbox is here. Returns whether it did: an address that was
/// verified at this moment is not taken away.
async fn remove(
    transaction: &impl ConnectionTrait,
    holder: Uuid,
    email: &str,
) -> Result<bool, DbErr> {
    let removed = user::Entity::delete_many()
        .filter(user::Column::Id.eq(holder))
        .filter(store::is_pending_signup_of(email))
        .exec(transaction)
        .await?;
    Ok(removed.rows_affected > 0)
}
