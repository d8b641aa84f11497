//! API tokens in a real database, and what ends them.

use std::sync::Arc;

use sea_orm::EntityTrait as _;
use time::OffsetDateTime;
use tokio::task::JoinSet;

use super::*;
use crate::audit::{AuditContext, AuditEventKind};
use crate::auth::api_token_secret::ApiTokenSecret;
use crate::auth::roles::Role;
use crate::auth::tokens::Keys;
use crate::auth::{Caller, Scheme};
use crate::database::{self, Database, testing::TestDatabase};
use crate::errors::ApiError;
use crate::idempotency::Key;
use crate::paging::Page;
use crate::users::accounts::{Actor, Change, change};
use crate::users::entity::Model as User;
use crate::users::sessions;
use crate::users::testing::{logged_in, reread, settings, verified_user};
use crate::users::tokens::revoke::revoke;

async fn caller(database: &Database, user: &User) -> Caller {
    let session = logged_in(database, user).await;
    Caller {
        user_id: user.id,
        access_role: 1,
        session: Some(session.id),
        jti: session.access_jti,
        via: Scheme::Jwt,
    }
}

async fn made(
    database: &Database,
    caller: &Caller,
) -> Result<(ApiToken, ApiTokenSecret), ApiError> {
    let value = ApiTokenSecret::random().unwrap();
    let token = ApiToken {
        id: Uuid::new_v4(),
        user_id: caller.user_id,
        name: "import".to_owned(),
        digest: value.digest(),
        created_at: database::now(),
        expires_at: None,
        last_used_at: None,
    };
    let actor = Actor::caller(caller, AuditContext::default());
    let reply = store::insert(database, &token, value, &actor, Key::default()).await?;
    Ok((token, ApiTokenSecret::read(&reply.value).unwrap()))
}

async fn count(database: &Database, user: &User) -> u64 {
    let page = Page::new(1, 1);
    store::page(database, user.id, page).await.unwrap().1
}

#[tokio::test]
async fn a_token_is_found_by_its_value_until_it_is_deleted() {
    let database = TestDatabase::open().await;
    let user = verified_user(&database).await;
    let (token, value) = made(&database, &caller(&database, &user).await)
        .await
        .unwrap();
    let found = find_by_secret(&database, &value).await.unwrap();
    assert_eq!(found.as_ref(), Some(&token));
    let other = find_by_secret(&database, &ApiTokenSecret::random().unwrap()).await;
    assert_eq!(other.unwrap(), None);

    let context = AuditContext::default();
    let event = (AuditEventKind::ApiTokenDeleted, "test");
    let stranger = Uuid::new_v4();
    let delete = |user_id| store::delete(&database, user_id, token.id, event, &context);
    assert!(!delete(stranger).await.unwrap());
    assert!(delete(user.id).await.unwrap());
    assert!(!delete(user.id).await.unwrap());
    assert_eq!(find_by_secret(&database, &value).await.unwrap(), None);
}

#[tokio::test]
async fn an_account_holds_no_more_than_it_may_whoever_asks_at_once() {
    let database = Arc::new(TestDatabase::open().await);
    let user = verified_user(&database).await;
    let caller = caller(&database, &user).await;
    for _ in 0..95 {
        made(&database, &caller).await.unwrap();
    }
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let (database, caller) = (Arc::clone(&database), caller.clone());
        tasks.spawn(async move { made(&database, &caller).await.is_ok() });
    }
    let made = tasks.join_all().await;
    assert_eq!(made.into_iter().filter(|made| *made).count(), 5);
    assert_eq!(count(&database, &user).await, 100);
}

#[tokio::test]
async fn no_token_is_made_in_a_session_that_has_ended() {
    let database = TestDatabase::open().await;
    let user = verified_user(&database).await;
    let caller = caller(&database, &user).await;
    let ended = AuditEventKind::LoggedOut;
    let session = caller.session.unwrap();
    sessions::end(&database, session, (ended, None), &AuditContext::default())
        .await
        .unwrap();
    assert!(made(&database, &caller).await.is_err());
    assert_eq!(count(&database, &user).await, 0);
}

#[tokio::test]
async fn an_admin_ends_the_token_of_another_and_nobody_who_was_one() {
    let database = TestDatabase::open().await;
    let keys = Keys::new(&settings().tokens).unwrap();
    let user = verified_user(&database).await;
    let owner = caller(&database, &user).await;
    let boss = verified_user(&database).await;
    let operator = Actor::operator(AuditContext::default());
    change(
        &database,
        boss.id,
        Change::Update {
            role: Some(Role::Admin),
            email: None,
        },
        &operator,
    )
    .await
    .unwrap();
    let boss = reread(&database, &boss).await;
    let admin = Caller {
        access_role: Role::Admin.level(),
        ..caller(&database, &boss).await
    };
    let revoke = async |value: ApiTokenSecret| {
        let actor = Actor::caller(&admin, AuditContext::default());
        revoke(&database, &keys, &value.into_text(), &actor).await
    };
    let (_, value) = made(&database, &owner).await.unwrap();
    revoke(value).await.unwrap();
    assert_eq!(count(&database, &user).await, 0);

    let (_, value) = made(&database, &owner).await.unwrap();
    change(&database, boss.id, Change::EndSessions, &operator)
        .await
        .unwrap();
    assert!(revoke(value).await.is_err());
    assert_eq!(count(&database, &user).await, 1);
}

#[tokio::test]
async fn a_suspension_leaves_no_token_that_was_made_at_the_same_moment() {
    let database = Arc::new(TestDatabase::open().await);
    for _ in 0..20 {
        let user = verified_user(&database).await;
        let caller = caller(&database, &user).await;
        let mut tasks = JoinSet::new();
        for _ in 0..3 {
            let (database, caller) = (Arc::clone(&database), caller.clone());
            tasks.spawn(async move { drop(made(&database, &caller).await) });
        }
        let connection = Arc::clone(&database);
        tasks.spawn(async move {
            let operator = Actor::operator(AuditContext::default());
            let done = change(&connection, user.id, Change::Suspend, &operator).await;
            drop(done.unwrap());
        });
        tasks.join_all().await;
        let left = entity::Entity::find().all(database.pool()).await.unwrap();
        assert!(left.is_empty(), "{left:?}");
    }
}

#[tokio::test]
async fn the_last_use_only_moves_on() {
    let database = TestDatabase::open().await;
    let user = verified_user(&database).await;
    let (token, value) = made(&database, &caller(&database, &user).await)
        .await
        .unwrap();
    let last = async || {
        let found = find_by_secret(&database, &value).await.unwrap();
        found.unwrap().last_used_at
    };
    assert_eq!(last().await, None);
    let minute = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
    for (at, expected) in [(0, 0), (1, 1), (0, 1)] {
        let at = minute + time::Duration::minutes(at);
        store::mark_used(&database, token.id, at).await.unwrap();
        assert_eq!(
            last().await,
            Some(minute + time::Duration::minutes(expected))
        );
    }
}
