//! Races, decided by a real database.

use std::collections::HashSet;
use std::sync::Arc;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use tokio::task::JoinSet;

use super::*;
use crate::audit::AuditContext;
use crate::auth::revocation;
use crate::database::Database;
use crate::database::testing::TestDatabase;
use crate::idempotency::Key;
use crate::users::sessions::entity::{self as session, Model as Session};
use crate::users::{entity as user, sign_ups, store};
use time::{Duration, OffsetDateTime};

const LIFETIMES: TokenLifetimes = TokenLifetimes {
    access: Duration::hours(10),
    refresh: Duration::hours(24),
    absolute: Duration::days(30),
    repeat: Duration::seconds(10),
};

async fn verified_user(database: &Database) -> user::Model {
    let email = format!("{}@rebels.example", Uuid::new_v4());
    sign_ups::sign_up(
        database,
        email.clone(),
        "hash".to_owned(),
        &AuditContext::default(),
        Key::default(),
    )
    .await
    .unwrap();
    let user = store::find_by_email(database, &email)
        .await
        .unwrap()
        .unwrap();
    let jti = user.email_jti.unwrap();
    assert!(
        sign_ups::mark_verified(database, user.id, &email, jti, &AuditContext::default())
            .await
            .unwrap()
    );
    store::find_by_id(database, user.id).await.unwrap().unwrap()
}

async fn logged_in(database: &Database) -> Session {
    let user = verified_user(database).await;
    let opened = open(
        database,
        &user,
        &LIFETIMES,
        false,
        LOGGED_IN,
        &AuditContext::default(),
    )
    .await
    .unwrap();
    opened.unwrap().session
}

fn presented(session: &Session) -> Presented {
    Presented {
        session: session.id,
        refresh_jti: session.refresh_jti,
        access_jti: None,
    }
}

async fn rotated(database: &Database, session: &Session) -> Session {
    match rotate(
        database,
        presented(session),
        &LIFETIMES,
        &AuditContext::default(),
    )
    .await
    .unwrap()
    {
        Rotation::Pair { session, .. } => *session,
        Rotation::Refused { reason, .. } => panic!("{reason}"),
    }
}

async fn row(database: &Database, id: Uuid) -> Session {
    session::Entity::find_by_id(id)
        .one(database.pool())
        .await
        .unwrap()
        .unwrap()
}

async fn revoked(database: &Database, id: Uuid) -> bool {
    let found = revocation::revoked(database.pool(), [id]).await;
    !found.unwrap().is_empty()
}

async fn set(database: &Database, id: Uuid, column: session::Column, at: OffsetDateTime) {
    session::Entity::update_many()
        .col_expr(column, Expr::value(at))
        .filter(session::Column::Id.eq(id))
        .exec(database.pool())
        .await
        .unwrap();
}

#[tokio::test]
async fn twenty_refreshes_at_once_answer_one_identical_pair() {
    let database = Arc::new(TestDatabase::open().await);
    let session = logged_in(&database).await;
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let (database, session) = (Arc::clone(&database), session.clone());
        tasks.spawn(async move { rotated(&database, &session).await });
    }
    let pairs: Vec<_> = tasks
        .join_all()
        .await
        .into_iter()
        .map(|s| {
            (
                s.access_jti,
                s.refresh_jti,
                s.issued_at,
                s.access_expires_at,
                s.refresh_expires_at,
            )
        })
        .collect();
    assert!(pairs.windows(2).all(|two| two[0] == two[1]), "{pairs:?}");
    assert_ne!(pairs[0].1, session.refresh_jti);
    assert!(revoked(&database, session.access_jti).await);
    assert!(!revoked(&database, session.id).await);
}

#[tokio::test]
async fn of_twenty_logins_at_once_one_opens_the_session() {
    let database = Arc::new(TestDatabase::open().await);
    let user = verified_user(&database).await;
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let (database, user) = (Arc::clone(&database), user.clone());
        tasks.spawn(async move {
            let opened = open(
                &database,
                &user,
                &LIFETIMES,
                false,
                LOGGED_IN,
                &AuditContext::default(),
            )
            .await;
            opened.is_ok_and(|opened| opened.is_some())
        });
    }
    let opened = tasks
        .join_all()
        .await
        .into_iter()
        .filter(|&opened| opened)
        .count();
    assert_eq!(opened, 1);
}

#[tokio::test]
async fn logins_that_replace_leave_one_live_session_and_revoke_the_others() {
    let database = Arc::new(TestDatabase::open().await);
    let user = verified_user(&database).await;
    let mut tasks = JoinSet::new();
    for _ in 0..12 {
        let (database, user) = (Arc::clone(&database), user.clone());
        tasks.spawn(async move {
            let opened = open(
                &database,
                &user,
                &LIFETIMES,
                true,
                LOGGED_IN,
                &AuditContext::default(),
            )
            .await
            .unwrap();
            opened.unwrap().session.id
        });
    }
    let ids = tasks.join_all().await;
    let live = session::Entity::find()
        .filter(session::Column::UserId.eq(user.id))
        .filter(session::Column::EndedAt.is_null())
        .count(database.pool())
        .await
        .unwrap();
    assert_eq!(live, 1);
    let mut unrevoked = 0;
    for id in ids {
        unrevoked += u32::from(!revoked(&database, id).await);
    }
    assert_eq!(unrevoked, 1);
}

#[tokio::test]
async fn a_session_that_ends_while_it_is_refreshed_stays_ended_with_all_its_tokens() {
    let database = Arc::new(TestDatabase::open().await);
    for _ in 0..10 {
        let session = logged_in(&database).await;
        let refresh = tokio::spawn({
            let (database, session) = (Arc::clone(&database), session.clone());
            async move {
                rotate(
                    &database,
                    presented(&session),
                    &LIFETIMES,
                    &AuditContext::default(),
                )
                .await
                .map(drop)
            }
        });
        end(
            &database,
            session.id,
            (AuditEventKind::LoggedOut, None),
            &AuditContext::default(),
        )
        .await
        .unwrap();
        refresh.await.unwrap().unwrap();
        let after = row(&database, session.id).await;
        assert!(after.ended_at.is_some());
        let found = revocation::revoked(database.pool(), [session.id]).await;
        assert!(
            found.unwrap()[0].expires_at >= after.access_expires_at.max(after.refresh_expires_at)
        );
    }
}

#[tokio::test]
async fn a_late_second_use_of_a_refresh_token_ends_the_session() {
    // RFC 9700, section 4.14.2
    let database = TestDatabase::open().await;
    let session = logged_in(&database).await;
    rotated(&database, &session).await;
    let long_ago = OffsetDateTime::now_utc() - Duration::seconds(11);
    set(&database, session.id, session::Column::RotatedAt, long_ago).await;
    let refusal = rotate(
        &database,
        presented(&session),
        &LIFETIMES,
        &AuditContext::default(),
    )
    .await
    .unwrap();
    assert!(
        matches!(refusal, Rotation::Refused { ended: Some(ended), .. } if ended.id == session.id)
    );
    assert!(row(&database, session.id).await.ended_at.is_some());
}

#[tokio::test]
async fn a_repeat_after_the_successor_was_used_ends_the_session() {
    // RFC 9700, section 4.14.2
    let database = TestDatabase::open().await;
    let first = logged_in(&database).await;
    let second = rotated(&database, &first).await;
    rotated(&database, &second).await;
    let refusal = rotate(
        &database,
        presented(&first),
        &LIFETIMES,
        &AuditContext::default(),
    )
    .await
    .unwrap();
    assert!(matches!(refusal, Rotation::Refused { ended: Some(_), .. }));
}

#[tokio::test]
async fn an_old_access_token_of_another_session_rotates_nothing() {
    let database = TestDatabase::open().await;
    let session = logged_in(&database).await;
    let mut wrong = presented(&session);
    wrong.access_jti = Some(Uuid::new_v4());
    let refusal = rotate(&database, wrong, &LIFETIMES, &AuditContext::default())
        .await
        .unwrap();
    assert!(matches!(refusal, Rotation::Refused { ended: None, .. }));
    assert_eq!(row(&database, session.id).await, session);

    let mut right = presented(&session);
    right.access_jti = Some(session.access_jti);
    for _ in 0..2 {
        assert!(matches!(
            rotate(&database, right, &LIFETIMES, &AuditContext::default())
                .await
                .unwrap(),
            Rotation::Pair { .. }
        ));
    }
}

#[tokio::test]
async fn rotation_does_not_move_the_absolute_end() {
    let database = TestDatabase::open().await;
    let session = logged_in(&database).await;
    let soon = database::now() + Duration::minutes(5);
    set(&database, session.id, session::Column::AbsoluteEnd, soon).await;
    let next = rotated(&database, &session).await;
    assert_eq!(
        (next.access_expires_at, next.refresh_expires_at),
        (soon, soon)
    );
    set(
        &database,
        session.id,
        session::Column::AbsoluteEnd,
        database::now(),
    )
    .await;
    let refusal = rotate(
        &database,
        presented(&next),
        &LIFETIMES,
        &AuditContext::default(),
    )
    .await
    .unwrap();
    assert!(matches!(refusal, Rotation::Refused { ended: None, .. }));
}

#[tokio::test]
async fn a_session_whose_refresh_token_has_expired_blocks_no_login() {
    let database = TestDatabase::open().await;
    let session = logged_in(&database).await;
    set(
        &database,
        session.id,
        session::Column::RefreshExpiresAt,
        database::now(),
    )
    .await;
    let user = store::find_by_id(&database, session.user_id)
        .await
        .unwrap()
        .unwrap();
    let opened = open(
        &database,
        &user,
        &LIFETIMES,
        false,
        LOGGED_IN,
        &AuditContext::default(),
    )
    .await
    .unwrap();
    // Its access token would still be good.
    assert_eq!(
        opened.unwrap().replaced.map(|replaced| replaced.id),
        Some(session.id)
    );
}

#[tokio::test]
async fn a_password_that_changed_after_it_was_checked_opens_nothing() {
    let database = TestDatabase::open().await;
    let mut user = verified_user(&database).await;
    user.password_hash = "an older hash".to_owned();
    let opened = open(
        &database,
        &user,
        &LIFETIMES,
        false,
        LOGGED_IN,
        &AuditContext::default(),
    )
    .await
    .unwrap();
    assert!(opened.is_none());
}

#[tokio::test]
async fn a_hash_is_renewed_only_while_it_is_the_stored_one() {
    let database = TestDatabase::open().await;
    let user = verified_user(&database).await;
    let mut changed = user.clone();
    changed.password_hash = "an older hash".to_owned();
    assert!(!store::renew_hash(&database, &changed, "new").await.unwrap());
    assert!(store::renew_hash(&database, &user, "new").await.unwrap());
    let stored = store::find_by_id(&database, user.id)
        .await
        .unwrap()
        .unwrap();
    changed.password_hash = "new".to_owned();
    assert_eq!(stored, changed);
}

#[tokio::test]
async fn sessions_are_forgotten_when_no_token_of_theirs_can_live() {
    let database = TestDatabase::open().await;
    let kept = Duration::hours(1);
    let mut sessions = Vec::new();
    for age in [-1, 0, 2, 2, 2] {
        let session = logged_in(&database).await;
        let end = database::now() - Duration::hours(age);
        set(&database, session.id, session::Column::AbsoluteEnd, end).await;
        sessions.push(session.id);
    }
    for expected in [2, 1, 0] {
        assert_eq!(purge(&database, kept, 2).await.unwrap(), expected);
    }
    let left = session::Entity::find()
        .filter(session::Column::Id.is_in(sessions.clone()))
        .all(database.pool())
        .await
        .unwrap();
    let left: HashSet<Uuid> = left.iter().map(|session| session.id).collect();
    assert_eq!(left, HashSet::from([sessions[0], sessions[1]]));
}

#[tokio::test]
async fn an_account_whose_last_session_was_forgotten_may_log_in() {
    let database = TestDatabase::open().await;
    let session = logged_in(&database).await;
    let end = database::now() - Duration::hours(2);
    set(&database, session.id, session::Column::AbsoluteEnd, end).await;
    assert_eq!(purge(&database, Duration::HOUR, 10).await.unwrap(), 1);
    let user = store::find_by_id(&database, session.user_id).await;
    let opened = open(
        &database,
        &user.unwrap().unwrap(),
        &LIFETIMES,
        false,
        LOGGED_IN,
        &AuditContext::default(),
    )
    .await;
    assert!(opened.unwrap().is_some());
}

#[tokio::test]
async fn what_is_ended_again_is_published_until_it_is_known() {
    let database = TestDatabase::open().await;
    let session = logged_in(&database).await;
    let first = end(
        &database,
        session.id,
        (AuditEventKind::LoggedOut, None),
        &AuditContext::default(),
    )
    .await
    .unwrap();
    assert_eq!(first.map(|revocation| revocation.id), Some(session.id));
    assert_eq!(
        end(
            &database,
            session.id,
            (AuditEventKind::LoggedOut, None),
            &AuditContext::default()
        )
        .await
        .unwrap(),
        first
    );
}

#[tokio::test]
async fn a_second_sign_up_changes_nothing_and_queues_a_mail_alike() {
    let database = TestDatabase::open().await;
    let user = verified_user(&database).await;
    sign_ups::sign_up(
        &database,
        user.email.clone(),
        "another hash".to_owned(),
        &AuditContext::default(),
        Key::default(),
    )
    .await
    .unwrap();
    let after = store::find_by_email(&database, &user.email)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(after, user);
}
