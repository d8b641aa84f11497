#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

//! Races and rules, decided by a real database.

use std::sync::Arc;

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, DatabaseConnection, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
};
use time::Duration;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::store::{change, renew_jti, reset};
use crate::audit::{self, Origin};
use crate::auth::api_tokens::entity as api_token;
use crate::auth::revocation::entity as revocation;
use crate::database;
use crate::database::testing::TestDatabase;
use crate::users::entity::{self as user, Model as User};
use crate::users::session_entity as session;
use crate::users::sessions::{self, Lives, Presented, Session};
use crate::users::store;

const LIVES: Lives = Lives {
    access: Duration::hours(10),
    refresh: Duration::hours(24),
    absolute: Duration::days(30),
    repeat: Duration::seconds(10),
};

async fn now(database: &DatabaseConnection, user: &User) -> User {
    store::find_by_id(database, user.id).await.unwrap().unwrap()
}

async fn set<T: Into<sea_orm::Value>>(
    database: &DatabaseConnection,
    user: &User,
    column: user::Column,
    value: T,
) {
    user::Entity::update_many()
        .col_expr(column, Expr::value(value))
        .filter(user::Column::Id.eq(user.id))
        .exec(database)
        .await
        .unwrap();
}

/// An account whose address is not proved.
async fn signed_up(database: &DatabaseConnection) -> User {
    let email = format!("{}@rebels.example", Uuid::new_v4());
    let origin = Origin::default();
    store::sign_up(database, email.clone(), "hash".to_owned(), &origin)
        .await
        .unwrap();
    let user = store::find_by_email(database, &email).await.unwrap();
    user.unwrap()
}

/// A verified account with an unspent password token.
async fn forgetful(database: &DatabaseConnection) -> (User, Uuid) {
    let user = signed_up(database).await;
    let verified_at = user::Column::EmailVerifiedAt;
    set(database, &user, verified_at, database::now()).await;
    let jti = renew_jti(database, &user, Uuid::new_v4()).await.unwrap();
    (now(database, &user).await, jti.unwrap())
}

async fn logged_in(database: &DatabaseConnection, user: &User) -> Session {
    let opened = sessions::open(database, user, &LIVES, true, &Origin::default()).await;
    opened.unwrap().unwrap().session
}

async fn api_token(database: &DatabaseConnection, user: &User) {
    let id = Uuid::new_v4();
    let row = api_token::Model {
        id,
        user_id: user.id,
        name: "droid".to_owned(),
        digest: id.simple().to_string(),
        created_at: database::now(),
        expires_at: None,
        last_used_at: None,
    };
    api_token::Entity::insert(api_token::ActiveModel::from(row))
        .exec_without_returning(database)
        .await
        .unwrap();
}

async fn api_tokens(database: &DatabaseConnection, user: &User) -> u64 {
    api_token::Entity::find()
        .filter(api_token::Column::UserId.eq(user.id))
        .count(database)
        .await
        .unwrap()
}

/// Whether the session has ended for good, on every instance.
async fn is_over(database: &DatabaseConnection, id: Uuid) -> bool {
    let session = session::Entity::find_by_id(id).one(database).await.unwrap();
    let revoked = revocation::Entity::find_by_id(id).one(database).await;
    session.unwrap().ended_at.is_some() && revoked.unwrap().is_some()
}

async fn events(database: &DatabaseConnection, user: &User, kind: audit::Kind) -> u64 {
    audit::entity::Entity::find()
        .filter(audit::entity::Column::UserId.eq(user.id))
        .filter(audit::entity::Column::Kind.eq(kind.name()))
        .count(database)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_token_changes_the_password_once_under_twenty_tries_at_once() {
    let database = Arc::new(TestDatabase::open().await);
    let (user, jti) = forgetful(&database).await;
    let mut tries = JoinSet::new();
    for number in 0..20 {
        let (database, id) = (Arc::clone(&database), user.id);
        tries.spawn(async move {
            let hash = format!("hash {number}");
            let origin = Origin::default();
            let revoked = change(&database, id, jti, hash.clone(), &origin).await;
            revoked.unwrap().map(|_| hash)
        });
    }
    let won: Vec<_> = tries.join_all().await.into_iter().flatten().collect();
    let changed = now(&database, &user).await;
    assert_eq!(won, [changed.password_hash]);
    assert_eq!(changed.password_jti, None);
    assert_eq!(changed.version, user.version + 1);
    let noted = events(&database, &user, audit::Kind::PasswordChanged).await;
    assert_eq!(noted, 1);
}

#[tokio::test]
async fn a_change_ends_sessions_api_tokens_and_a_pending_address() {
    let database = TestDatabase::open().await;
    let (user, jti) = forgetful(&database).await;
    let session = logged_in(&database, &user).await;
    api_token(&database, &user).await;
    let pending = Some("new@rebels.example".to_owned());
    set(&database, &user, user::Column::PendingEmail, pending).await;
    let pending_jti = user::Column::PendingEmailJti;
    set(&database, &user, pending_jti, Uuid::new_v4()).await;

    let origin = Origin::default();
    let revoked = change(&database, user.id, jti, "new".to_owned(), &origin).await;
    let revoked = revoked.unwrap().unwrap();

    assert_eq!(revoked.len(), 1);
    assert!(is_over(&database, session.id).await);
    assert_eq!(api_tokens(&database, &user).await, 0);
    let changed = now(&database, &user).await;
    assert_eq!(changed.pending_email, None);
    assert_eq!(changed.pending_email_jti, None);
    // The link that proved the address goes on being answered.
    assert_eq!(changed.email_jti, user.email_jti);
}

#[tokio::test]
async fn a_change_kills_the_link_of_an_address_that_is_not_proved() {
    let database = TestDatabase::open().await;
    let user = signed_up(&database).await;
    let jti = renew_jti(&database, &user, Uuid::new_v4()).await.unwrap();
    let origin = Origin::default();
    change(&database, user.id, jti.unwrap(), "new".to_owned(), &origin)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(now(&database, &user).await.email_jti, None);
}

#[tokio::test]
async fn a_reset_keeps_the_calling_session_and_api_tokens() {
    let database = TestDatabase::open().await;
    let (user, jti) = forgetful(&database).await;
    let calling = logged_in(&database, &user).await;
    api_token(&database, &user).await;

    let origin = Origin::default();
    let hash = "new".to_owned();
    let revoked = reset(&database, &user, Some(calling.id), hash, &origin).await;

    assert_eq!(revoked.unwrap().unwrap(), []);
    assert!(!is_over(&database, calling.id).await);
    assert_eq!(api_tokens(&database, &user).await, 1);
    let late = change(&database, user.id, jti, "late".to_owned(), &origin).await;
    assert_eq!(late.unwrap(), None, "the mailed token died with the reset");
    assert_eq!(now(&database, &user).await.password_hash, "new");
    let noted = events(&database, &user, audit::Kind::PasswordReset).await;
    assert_eq!(noted, 1);
}

#[tokio::test]
async fn a_reset_ends_every_session_but_the_calling_one() {
    let database = TestDatabase::open().await;
    let (user, _) = forgetful(&database).await;
    let other = logged_in(&database, &user).await;
    let origin = Origin::default();
    let kept = Some(Uuid::new_v4());
    let revoked = reset(&database, &user, kept, "new".to_owned(), &origin).await;
    assert_eq!(revoked.unwrap().unwrap().len(), 1);
    assert!(is_over(&database, other.id).await);
}

#[tokio::test]
async fn one_of_twenty_resets_at_once_wins() {
    let database = Arc::new(TestDatabase::open().await);
    let (user, _) = forgetful(&database).await;
    let mut tries = JoinSet::new();
    for number in 0..20 {
        let (database, user) = (Arc::clone(&database), user.clone());
        tries.spawn(async move {
            let hash = format!("hash {number}");
            let origin = Origin::default();
            let revoked = reset(&database, &user, None, hash, &origin).await;
            revoked.unwrap().is_some()
        });
    }
    let won = tries.join_all().await;
    assert_eq!(won.into_iter().filter(|won| *won).count(), 1);
}

#[tokio::test]
async fn a_suspended_account_keeps_its_password() {
    let database = TestDatabase::open().await;
    let (user, jti) = forgetful(&database).await;
    set(&database, &user, user::Column::DisabledAt, database::now()).await;
    let origin = Origin::default();
    let mailed = renew_jti(&database, &user, Uuid::new_v4()).await;
    assert_eq!(mailed.unwrap(), None);
    let changed = change(&database, user.id, jti, "new".to_owned(), &origin).await;
    assert_eq!(changed.unwrap(), None);
    let reset = reset(&database, &user, None, "new".to_owned(), &origin).await;
    assert_eq!(reset.unwrap(), None);
    assert_eq!(now(&database, &user).await.password_hash, "hash");
}

/// The pair of a refresh that runs at the same time must not outlive the password.
#[tokio::test]
async fn no_session_outlives_a_change_that_meets_a_refresh_or_a_login() {
    let database = Arc::new(TestDatabase::open().await);
    for _ in 0..20 {
        let (user, jti) = forgetful(&database).await;
        let session = logged_in(&database, &user).await;
        let presented = Presented {
            session: session.id,
            refresh_jti: session.refresh_jti,
            access_jti: None,
        };
        let origin = Origin::default();
        let (changed, _refreshed, opened) = tokio::join!(
            change(&database, user.id, jti, "new".to_owned(), &origin),
            sessions::rotate(&database, presented, &LIVES, &origin),
            sessions::open(&database, &user, &LIVES, true, &origin),
        );
        assert!(changed.unwrap().is_some());
        assert!(is_over(&database, session.id).await);
        if let Ok(Some(opened)) = opened {
            assert!(is_over(&database, opened.session.id).await);
        }
    }
}
