//! Changes of passwords, each in one transaction that names what it expects to find.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _,
    QuerySelect as _, UpdateMany,
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::audit::{self, AuditContext, AuditEventKind};
use crate::auth::revocation::Revocation;
use crate::auth::tokens::TokenKind;
use crate::database::{self, Database, Transaction};
use crate::mail::{MailKind, queue};
use crate::users::api_tokens;
use crate::users::entity::{self as user, Model as User};
use crate::users::store::update_version;
use crate::users::{mail_tokens, sessions};

/// Gives an account the password token that the mail `mail_id` is to carry; the one before dies. `None`: the
/// account is gone or suspended, or has another address or role.
pub(crate) async fn renew_jti(
    database: &Database,
    user: &User,
    mail_id: Uuid,
) -> Result<Option<Uuid>, DbErr> {
    let jti = Uuid::new_v4();
    let change = mail_tokens::renewal(TokenKind::Password, user, jti);
    let user_id = user.id;
    database
        .run(move |database| async move {
            let transaction = database::begin(&database).await?;
            if change.exec(&transaction).await?.rows_affected == 0 {
                return Ok(None);
            }
            if queue::assign(&transaction, mail_id, user_id).await? {
                let requested = AuditEventKind::PasswordTokenRequested;
                // The request is over, and did not learn whether the address has an account.
                let context = AuditContext::default();
                audit::record(&transaction, &context, requested, user_id, None).await?;
            }
            transaction.commit().await?;
            Ok(Some(jti))
        })
        .await
}

/// Sets the password by the token `jti`, which ends all sessions and API tokens, and verifies the address that it was
/// mailed to. `None`: the token does not count any more. What is answered is to be published.
pub(super) async fn change(
    database: &Database,
    id: Uuid,
    jti: Uuid,
    hash: String,
    context: &AuditContext,
) -> Result<Option<Vec<Revocation>>, DbErr> {
    let now = database::now();
    let proof = proof(id, now).filter(user::Column::PasswordJti.eq(jti));
    let change = replacement(id, hash, now).filter(user::Column::PasswordJti.eq(jti));
    let context = context.clone();
    database
        .run(move |database| async move {
            let transaction = database::begin(&database).await?;
            let proved = proof.exec(&transaction).await?.rows_affected > 0;
            if change.exec(&transaction).await?.rows_affected == 0 {
                return Ok(None);
            }
            let revoked = sessions::end_all_within(&transaction, id, None, now).await?;
            api_tokens::delete_all_within(&transaction, id).await?;
            queue_notice(&transaction, id).await?;
            if proved {
                let verified = AuditEventKind::EmailVerified;
                audit::record(&transaction, &context, verified, id, None).await?;
            }
            let changed = AuditEventKind::PasswordChanged;
            audit::record(&transaction, &context, changed, id, None).await?;
            transaction.commit().await?;
            Ok(Some(revoked))
        })
        .await
}

/// Sets the password instead of the one that `checked` has, which ends all sessions but `kept`. `None`: it
/// was changed meanwhile, or the account is gone or suspended. What is answered is to be published.
pub(super) async fn reset(
    database: &Database,
    checked: &User,
    kept: Option<Uuid>,
    hash: String,
    context: &AuditContext,
) -> Result<Option<Vec<Revocation>>, DbErr> {
    let now = database::now();
    let present = user::Column::PasswordHash.eq(checked.password_hash.as_str());
    let change = replacement(checked.id, hash, now).filter(present);
    let (id, context) = (checked.id, context.clone());
    database
        .run(move |database| async move {
            let transaction = database::begin(&database).await?;
            if change.exec(&transaction).await?.rows_affected == 0 {
                return Ok(None);
            }
            let revoked = sessions::end_all_within(&transaction, id, kept, now).await?;
            queue_notice(&transaction, id).await?;
            let reset = AuditEventKind::PasswordReset;
            audit::record(&transaction, &context, reset, id, None).await?;
            transaction.commit().await?;
            Ok(Some(revoked))
        })
        .await
}

/// Returns the update that verifies an address that was not; the link that waited for it dies.
fn proof(id: Uuid, now: OffsetDateTime) -> UpdateMany<user::Entity> {
    user::Entity::update_many()
        .col_expr(user::Column::EmailVerifiedAt, Expr::value(now))
        .col_expr(user::Column::EmailJti, Expr::value(Option::<Uuid>::None))
        .filter(user::Column::Id.eq(id))
        .filter(user::Column::EmailVerifiedAt.is_null())
        .filter(user::Column::DisabledAt.is_null())
}

/// Returns the update that sets another password for a verified account that is not suspended; every token that was
/// mailed to it is refused from then on, but the link that verified the address goes on being answered.
fn replacement(id: Uuid, hash: String, now: OffsetDateTime) -> UpdateMany<user::Entity> {
    let changed = user::ActiveModel {
        password_hash: Set(hash),
        password_jti: Set(None),
        pending_email: Set(None),
        pending_email_jti: Set(None),
        ..Default::default()
    };
    update_version(now)
        .set(changed)
        .filter(user::Column::Id.eq(id))
        .filter(user::Column::DisabledAt.is_null())
}

/// Queues the notice to the address that the account has now.
async fn queue_notice(transaction: &Transaction, id: Uuid) -> Result<(), DbErr> {
    let address: Option<String> = user::Entity::find_by_id(id)
        .select_only()
        .column(user::Column::Email)
        .into_tuple()
        .one(transaction)
        .await?;
    // There is one: the row was changed in this transaction.
    let address = address.ok_or_else(|| DbErr::RecordNotFound(id.to_string()))?;
    queue::push(transaction, MailKind::PasswordChanged, address, Some(id)).await
}
