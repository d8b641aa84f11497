//! Queries on accounts. Races are decided by the database: every change names what it expects to find.

use anyhow::anyhow;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DatabaseConnection, DbErr, EntityTrait as _,
    ExprTrait as _, QueryFilter as _,
};
use secrecy::SecretString;
use time::OffsetDateTime;
use uuid::Uuid;

use super::email::normal_form;
use super::entity::{self as user, Model as User};
use crate::auth::password::{PasswordFault, Passwords};
use crate::auth::roles::Role;
use crate::database::{self, fault};
use crate::errors::ApiError;
use crate::mailer::queue::{self, Kind};

/// The account with this address, which must be in normal form.
pub(crate) async fn find_by_email(
    database: &DatabaseConnection,
    email: &str,
) -> Result<Option<User>, DbErr> {
    let question = user::Entity::find().filter(user::Column::Email.eq(email));
    database::limited(question.one(database)).await
}

/// The account with this id.
pub(crate) async fn find_by_id(
    database: &DatabaseConnection,
    id: Uuid,
) -> Result<Option<User>, DbErr> {
    database::limited(user::Entity::find_by_id(id).one(database)).await
}

/// Whether the account may be used, for somebody who has proved to own it.
///
/// # Errors
/// `email-unverified`, `account-disabled`.
pub(crate) fn standing(user: &User) -> Result<(), ApiError> {
    if user.email_verified_at.is_none() {
        return Err(ApiError::email_unverified());
    }
    if user.disabled_at.is_some() {
        return Err(ApiError::account_disabled());
    }
    Ok(())
}

/// Opens an account unless the address has one, and queues a mail in either case.
///
/// The statements are the same for a free and for a taken address, so that neither the answer nor its
/// time tells which it was; the mail worker finds out.
pub(crate) async fn sign_up(
    database: &DatabaseConnection,
    email: String,
    password_hash: String,
) -> Result<(), DbErr> {
    let user = fresh(email.clone(), password_hash.clone(), Role::Basic, None);
    let (id, jti) = (user.id, user.email_jti);
    database::limited(async {
        let transaction = database::begin(database).await?;
        user::Entity::insert(row(user))
            .on_conflict(
                OnConflict::column(user::Column::Email)
                    .do_nothing_on([user::Column::Id])
                    .to_owned(),
            )
            .exec_without_returning(&transaction)
            .await?;
        // Whoever reads the mailbox gets the password that was chosen last: somebody who signed up for the
        // address of another does not have the account when its owner proves it.
        unproved(&email)
            .col_expr(user::Column::PasswordHash, Expr::value(password_hash))
            .col_expr(user::Column::EmailJti, Expr::value(jti))
            .col_expr(user::Column::EmailJtiIssuedAt, Expr::value(database::now()))
            .col_expr(
                user::Column::Version,
                Expr::col(user::Column::Version).add(1),
            )
            .exec(&transaction)
            .await?;
        queue::push(&transaction, Kind::Signup, email, Some(id)).await?;
        transaction.commit().await
    })
    .await
}

/// Whether a sign-up takes an account over that was not proved yet; never an administrator's.
pub(crate) fn may_be_signed_up_for(user: &User) -> bool {
    user.access_role == Role::Basic.stored()
        && user.email_verified_at.is_none()
        && user.disabled_at.is_none()
}

/// As [`may_be_signed_up_for`], in SQL.
fn unproved(email: &str) -> sea_orm::UpdateMany<user::Entity> {
    user::Entity::update_many()
        .filter(user::Column::Email.eq(email))
        .filter(user::Column::AccessRole.eq(Role::Basic.stored()))
        .filter(user::Column::EmailVerifiedAt.is_null())
        .filter(user::Column::DisabledAt.is_null())
}

/// Marks the address as proved by the token `jti`. Whether the address is verified by that token now,
/// which it also is when the token is presented again.
pub(crate) async fn mark_verified(
    database: &DatabaseConnection,
    id: Uuid,
    email: &str,
    jti: Uuid,
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
        .filter(user::Column::DisabledAt.is_null())
        .filter(user::Column::EmailVerifiedAt.is_null());
    let changed = database::limited(change.exec(database)).await?;
    if changed.rows_affected > 0 {
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

/// Gives an unverified account a new mail token; the one before dies. `None`: there is nothing to verify.
pub(crate) async fn renew_email_jti(
    database: &DatabaseConnection,
    user: &User,
) -> Result<Option<Uuid>, DbErr> {
    let jti = Uuid::new_v4();
    let now = database::now();
    let change = user::Entity::update_many()
        .col_expr(user::Column::EmailJti, Expr::value(jti))
        .col_expr(user::Column::EmailJtiIssuedAt, Expr::value(now))
        .col_expr(user::Column::UpdatedAt, Expr::value(now))
        .filter(user::Column::Id.eq(user.id))
        .filter(user::Column::Email.eq(user.email.as_str()))
        .filter(user::Column::EmailVerifiedAt.is_null())
        .filter(user::Column::DisabledAt.is_null());
    let changed = database::limited(change.exec(database)).await?;
    Ok((changed.rows_affected > 0).then_some(jti))
}

/// Stores another hash of the password that `user` has, unless that was changed meanwhile. Whether it did.
pub(crate) async fn renew_hash(
    database: &DatabaseConnection,
    user: &User,
    renewed: &str,
) -> Result<bool, DbErr> {
    // Neither version nor time moves: nothing about the account has changed.
    let change = user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(renewed))
        .filter(user::Column::Id.eq(user.id))
        .filter(user::Column::PasswordHash.eq(user.password_hash.as_str()));
    let changed = database::limited(change.exec(database)).await?;
    Ok(changed.rows_affected > 0)
}

/// What `users create` needs to know of an account.
pub(crate) struct NewUser<'a> {
    pub(crate) email: &'a str,
    pub(crate) password: SecretString,
    pub(crate) role: Role,
    /// Whether the address counts as proved; a link is mailed otherwise.
    pub(crate) verified: bool,
}

/// Opens an account for the operator. Answers its id.
///
/// # Errors
/// One line that says what is wrong with the address or the password, or that the address is taken.
pub(crate) async fn create(
    database: &DatabaseConnection,
    passwords: &Passwords,
    new: NewUser<'_>,
) -> anyhow::Result<Uuid> {
    let email = normal_form(new.email)
        .ok_or_else(|| anyhow!("that is not a mail address; give one like luke@rebels.example"))?;
    let password_hash = passwords
        .hash(new.password, email.clone())
        .await
        .map_err(|fault| match fault {
            PasswordFault::Refused(reason) => anyhow!("{reason}; choose another"),
            fault => fault.into(),
        })?;
    let verified_at = new.verified.then(database::now);
    let user = fresh(email.clone(), password_hash, new.role, verified_at);
    let id = user.id;
    let work = async {
        let transaction = database::begin(database).await?;
        user::Entity::insert(row(user))
            .exec_without_returning(&transaction)
            .await?;
        if !new.verified {
            queue::push(&transaction, Kind::Signup, email, Some(id)).await?;
        }
        transaction.commit().await
    };
    match database::limited(work).await {
        Err(error) if fault::classify(&error) == fault::Fault::Unique => {
            Err(anyhow!("an account with this address exists already"))
        }
        Err(error) => Err(anyhow!(fault::describe(&error)).context("the account was not created")),
        Ok(()) => Ok(id),
    }
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
        email_jti_issued_at: Some(now),
        password_jti: None,
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
