//! Another address for an account: asked for, and proved by the link that is mailed to it.

use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseConnection,
    DbErr, EntityTrait as _, QueryFilter as _, QuerySelect as _,
};
use uuid::Uuid;

use super::admins::touched;
use crate::audit::{self, Origin};
use crate::database::{self, fault};
use crate::mailer::queue::{self, Kind};
use crate::users::entity::{self as user, Model as User};
use crate::users::store;

/// Notes the address that a locked account is to have, and queues the mails to it and to the present one. The
/// present address drops a change that is pending.
///
/// Nobody looks here at who has the address: the mail worker does, so that neither the answer nor its time tells.
pub(super) async fn request(
    transaction: &impl ConnectionTrait,
    user: User,
    email: String,
    origin: &Origin,
) -> Result<User, DbErr> {
    let withdrawn = user.email == email;
    if withdrawn && user.pending_email.is_none() {
        return Ok(user);
    }
    let (id, present) = (user.id, user.email.clone());
    let row = user::ActiveModel {
        pending_email: Set((!withdrawn).then(|| email.clone())),
        pending_email_jti: Set((!withdrawn).then(Uuid::new_v4)),
        ..touched(user, database::now())
    };
    let user = row.update(transaction).await?;
    if !withdrawn {
        queue::push(transaction, Kind::EmailChange, email, Some(id)).await?;
        queue::push(transaction, Kind::EmailChangeRequested, present, Some(id)).await?;
    }
    let detail = withdrawn.then_some("withdrawn");
    let requested = audit::Kind::EmailChangeRequested;
    audit::record(transaction, origin, requested, id, detail).await?;
    Ok(user)
}

/// Gives the account the address that the token `jti` was mailed to. Whether it did: no, when no such change is
/// pending or somebody has proved the address meanwhile.
pub(crate) async fn confirm(
    database: &DatabaseConnection,
    id: Uuid,
    email: &str,
    jti: Uuid,
    origin: &Origin,
) -> Result<bool, DbErr> {
    let work = async {
        let transaction = database::begin(database).await?;
        let Some(user) = user::Entity::find_by_id(id)
            .filter(user::Column::PendingEmail.eq(email))
            .filter(user::Column::PendingEmailJti.eq(jti))
            .filter(user::Column::DisabledAt.is_null())
            .lock_exclusive()
            .one(&transaction)
            .await?
        else {
            return Ok(false);
        };
        clear(&transaction, email, origin).await?;
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
            ..touched(user, now)
        };
        row.update(&transaction).await?;
        queue::push(&transaction, Kind::EmailChanged, before, Some(id)).await?;
        audit::record(&transaction, origin, audit::Kind::EmailChanged, id, None).await?;
        transaction.commit().await?;
        Ok(true)
    };
    match database::limited(work).await {
        Err(error) if fault::classify(&error) == fault::Fault::Unique => Ok(false),
        outcome => outcome,
    }
}

/// Removes a sign-up that holds the address without having proved it: the one who has the mailbox is here.
async fn clear(
    transaction: &impl ConnectionTrait,
    email: &str,
    origin: &Origin,
) -> Result<(), DbErr> {
    let holder = user::Entity::find()
        .filter(store::unproved(email))
        .one(transaction)
        .await?;
    let Some(holder) = holder else {
        return Ok(());
    };
    // Asked once more: an address that is proved at this moment is not taken away.
    let removed = user::Entity::delete_many()
        .filter(user::Column::Id.eq(holder.id))
        .filter(store::unproved(email))
        .exec(transaction)
        .await?;
    if removed.rows_affected > 0 {
        let detail = Some("another account proved the address");
        audit::record(transaction, origin, audit::Kind::Deleted, holder.id, detail).await?;
    }
    Ok(())
}
