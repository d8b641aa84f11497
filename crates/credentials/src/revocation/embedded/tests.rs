use database::testing::TestDatabase;
use sea_orm::{ActiveValue::Set as Value, EntityTrait as _};

use super::*;
use crate::clock::CLOCK_SKEW;
use crate::revocation::entity;

async fn revoke(database: &Database, id: Uuid, expires_in: i64, revoked_ago: i64) {
    let now = database::now();
    let row = entity::ActiveModel {
        id: Value(id),
        expires_at: Value(now + time::Duration::seconds(expires_in)),
        revoked_at: Value(now - time::Duration::seconds(revoked_ago)),
        published: Value(false),
    };
    entity::Entity::insert(row)
        .exec_without_returning(database.pool())
        .await
        .unwrap();
}

#[tokio::test]
async fn what_was_revoked_before_the_start_is_refused() {
    let database = TestDatabase::open().await;
    let [old, expired, other] = [1, 2, 3].map(Uuid::from_u128);
    revoke(&database, old, 3600, 7200).await;
    revoke(&database, expired, -CLOCK_SKEW - 1, 7200).await;
    let store = Embedded::open(database.clone()).await.unwrap();
    assert_eq!(store.is_revoked(old, None).await, Ok(true));
    assert_eq!(store.is_revoked(other, Some(old)).await, Ok(true));
    assert_eq!(store.is_revoked(expired, None).await, Ok(false));
    assert_eq!(store.is_revoked(other, None).await, Ok(false));
}

#[tokio::test]
async fn more_than_a_page_is_read() {
    let database = TestDatabase::open().await;
    let ids: Vec<Uuid> = (0..store::PAGE + 10).map(|_| Uuid::new_v4()).collect();
    let now = database::now();
    for chunk in ids.chunks(500) {
        let rows = chunk.iter().map(|id| entity::ActiveModel {
            id: Value(*id),
            expires_at: Value(now + time::Duration::hours(1)),
            revoked_at: Value(now),
            published: Value(false),
        });
        entity::Entity::insert_many(rows)
            .exec_without_returning(database.pool())
            .await
            .unwrap();
    }
    let store = Embedded::open(database.clone()).await.unwrap();
    for id in ids {
        assert_eq!(store.is_revoked(id, None).await, Ok(true));
    }
}

#[tokio::test]
async fn what_is_published_is_refused_at_once_by_every_worker() {
    let database = TestDatabase::open().await;
    let store = Embedded::open(database.clone()).await.unwrap();
    let worker = store.for_worker();
    let id = Uuid::from_u128(1);
    let revocation = Revocation {
        id,
        expires_at: database::now() + time::Duration::hours(1),
    };
    store.publish(&[revocation]).await.unwrap();
    assert_eq!(worker.is_revoked(id, None).await, Ok(true));
}

/// The contract: what another process ends is known within 2 s.
#[tokio::test]
async fn what_another_process_revokes_is_refused_within_two_seconds() {
    let database = TestDatabase::open().await;
    let store = Embedded::open(database.clone()).await.unwrap();
    let task = tokio::spawn(store.clone().run());
    let id = Uuid::from_u128(1);
    revoke(&database, id, 3600, 30).await;
    let began = Instant::now();
    while store.is_revoked(id, None).await == Ok(false) {
        assert!(began.elapsed() < STALE, "not known in time");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    task.abort();
}

#[tokio::test]
async fn a_copy_that_is_not_refreshed_lets_nobody_in() {
    let database = TestDatabase::open().await;
    let store = Embedded::open(database.clone()).await.unwrap();
    let known = Uuid::from_u128(1);
    let revocation = Revocation {
        id: known,
        expires_at: database::now() + time::Duration::hours(1),
    };
    store.publish(&[revocation]).await.unwrap();
    assert_eq!(store.ready().await, Ok(()));
    tokio::time::sleep(STALE).await;
    assert!(store.ready().await.is_err());
    assert!(store.is_revoked(Uuid::from_u128(2), None).await.is_err());
    assert_eq!(store.is_revoked(known, None).await, Ok(true));
}
