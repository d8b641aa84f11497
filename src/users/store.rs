//! Queries on accounts. Races are decided by the database: every change names what it expects to find.

use sea_orm::sea_query::{Expr, OnConflict, SimpleExpr};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, DbErr, EntityTrait as _, ExprTrait as _,
    QueryFilter as _, QuerySelect as _,
};
use secrecy::SecretString;
use time::OffsetDateTime;
use uuid::Uuid;

use super::accounts::{Actor, address};
use super::email::normal_form;
use super::entity::{self as user, Model as User};
use super::mail_tokens;
use crate::audit::{self, AuditContext, AuditEventKind};
use crate::auth::password::Passwords;
use crate::auth::roles::Role;
use crate::auth::tokens;
use crate::database::{self, Database, DatabaseErrorClass};
use crate::errors::{ApiError, not_an_address};
use crate::mail::{MailKind, queue};

/// In place of the hash of a password: none opens the account until somebody who reads its mail chooses one.
const NO_PASSWORD: &str = "";

/// The hash that a password is compared with, if the account has a password.
pub(crate) fn password_of(user: &User) -> Option<&str> {
    Some(user.password_hash.as_str()).filter(|hash| *hash != NO_PASSWORD)
}

/// As [`password_of`], in SQL.
pub(crate) fn has_password() -> SimpleExpr {
    user::Column::PasswordHash.ne(NO_PASSWORD)
}

/// The account with this address, which must be in normal form.
pub(crate) async fn find_by_email(database: &Database, email: &str) -> Result<Option<User>, DbErr> {
    let question = user::Entity::find().filter(user::Column::Email.eq(email));
    database
        .run(move |database| async move { question.one(&database).await })
        .await
}

/// The account with this id.
pub(crate) async fn find_by_id(database: &Database, id: Uuid) -> Result<Option<User>, DbErr> {
    database
        .run(move |database| async move { user::Entity::find_by_id(id).one(&database).await })
        .await
}

/// Opens an account unless the address has one, and queues a mail in either case. An account whose address is not
/// proved has no password from then on.
///
/// The statements are the same for a free, an unproved and a proved address, so that neither the answer nor its
/// time tells which it was; the mail worker finds out.
pub(crate) async fn sign_up(
    database: &Database,
    email: String,
    password_hash: String,
    origin: &AuditContext,
) -> Result<(), DbErr> {
    let user = fresh(email.clone(), password_hash, Role::Basic, None);
    let id = user.id;
    let origin = origin.clone();
    database
        .run(move |database| async move {
            let transaction = database::begin(&database).await?;
            user::Entity::insert(row(user))
                .on_conflict(
                    OnConflict::column(user::Column::Email)
                        .do_nothing_on([user::Column::Id])
                        .to_owned(),
                )
                .exec_without_returning(&transaction)
                .await?;
            // Which of the two reads the mailbox nobody can tell: with either password, and either link, the other
            // would have the account of its owner.
            let none = || Expr::value(Option::<Uuid>::None);
            user::Entity::update_many()
                .filter(is_pending_signup_of(&email))
                .filter(user::Column::Id.ne(id))
                .col_expr(user::Column::PasswordHash, Expr::value(NO_PASSWORD))
                .col_expr(user::Column::EmailJti, none())
                .col_expr(user::Column::PasswordJti, none())
                .col_expr(
                    user::Column::Version,
                    Expr::col(user::Column::Version).add(1),
                )
                .col_expr(user::Column::UpdatedAt, Expr::value(database::now()))
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
            audit::record(&transaction, &origin, signed_up, owner, detail).await?;
            transaction.commit().await
        })
        .await
}

/// Returns [`User::is_pending_signup`] as a condition in SQL, of the account with this address.
pub(crate) fn is_pending_signup_of(email: &str) -> Condition {
    Condition::all()
        .add(user::Column::Email.eq(email))
        .add(user::Column::AccessRole.eq(Role::Basic.stored()))
        .add(user::Column::EmailVerifiedAt.is_null())
        .add(user::Column::DisabledAt.is_null())
}

/// Marks the address as proved by the token `jti`, be it the account's present one or the one that is to take its
/// place. Whether the address is verified by that token now, which it also is when the token is presented again.
/// An account without a password is not: whoever reads its mail is to choose one first.
pub(crate) async fn mark_verified(
    database: &Database,
    id: Uuid,
    email: &str,
    jti: Uuid,
    origin: &AuditContext,
) -> Result<bool, DbErr> {
    let now = database::now();
    let change = user::Entity::update_many()
        .col_expr(user::Column::EmailVerifiedAt, Expr::value(now))
        .col_expr(
            user::Column::Version,
            Expr::col(user::Column::Version).add(1),
        )
        .col_expr(user::Column::UpdatedAt, Expr::value(now))
        .filter(user::Column::Id.eq(id))
        .filter(user::Column::Email.eq(email))
        .filter(user::Column::EmailJti.eq(jti))
        .filter(has_password())
        .filter(user::Column::DisabledAt.is_null())
        .filter(user::Column::EmailVerifiedAt.is_null());
    let owned = origin.clone();
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
    if changed.await? || address::confirm(database, id, email, jti, origin).await? {
        return Ok(true);
    }
    let user = find_by_id(database, id).await?;
    Ok(user.is_some_and(|user| {
        user.email_verified_at.is_some()
            && user.disabled_at.is_none()
            && user.email == email
            && user.email_jti == Some(jti)
    }))
}

/// Gives an unverified account a new mail token; the one before dies. `None`: there is nothing that a link may verify.
pub(crate) async fn renew_email_jti(
    database: &Database,
    user: &User,
) -> Result<Option<Uuid>, DbErr> {
    let jti = Uuid::new_v4();
    let change = mail_tokens::renewal(tokens::TokenKind::Email, user, jti);
    let changed = database
        .run(move |database| async move { change.exec(&database).await })
        .await?;
    Ok((changed.rows_affected > 0).then_some(jti))
}

/// Stores another hash of the password that `user` has, unless that was changed meanwhile. Whether it did.
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
    let changed = database
        .run(move |database| async move { change.exec(&database).await })
        .await?;
    Ok(changed.rows_affected > 0)
}

/// What whoever opens an account for somebody says of it.
pub(crate) struct NewUser<'a> {
    pub(crate) email: &'a str,
    pub(crate) password: SecretString,
    pub(crate) role: Role,
    /// Whether the address counts as proved; a link is mailed otherwise.
    pub(crate) verified: bool,
}

/// Opens an account for somebody, as an admin or the operator wants it.
///
/// # Errors
/// `validation-failed` for what is no address and for a password that nobody may have; `user-already-exists`;
/// `token-invalid` for an actor who is no admin any more; `service-unavailable`.
pub(crate) async fn create(
    database: &Database,
    passwords: &Passwords,
    new: NewUser<'_>,
    actor: &Actor,
) -> Result<User, ApiError> {
    let email = normal_form(new.email).ok_or_else(not_an_address)?;
    let password_hash = passwords.hash(new.password, email.clone()).await?;
    let verified_at = new.verified.then(database::now);
    let user = fresh(email.clone(), password_hash, new.role, verified_at);
    let (role, verified, actor) = (new.role, new.verified, actor.clone());
    database
        .run(move |database| async move {
            let transaction = database::begin(&database).await?;
            actor.lock(&transaction, &[], Role::Admin).await?;
            user::Entity::insert(row(user.clone()))
                .exec_without_returning(&transaction)
                .await
                .map_err(|error| match database::classify_error(&error) {
                    DatabaseErrorClass::Unique => ApiError::user_already_exists(),
                    DatabaseErrorClass::Unavailable | DatabaseErrorClass::Other => error.into(),
                })?;
            if !verified {
                queue::push(&transaction, MailKind::Signup, email, Some(user.id)).await?;
            }
            let (created, role) = (AuditEventKind::UserCreated, Some(role.name()));
            audit::record(&transaction, actor.origin(), created, user.id, role).await?;
            transaction.commit().await?;
            Ok(user)
        })
        .await
}

fn fresh(
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
        access_role: role.stored(),
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

/// Every column set, so that all are inserted.
fn row(user: User) -> user::ActiveModel {
    user::ActiveModel::from(user).reset_all()
}
