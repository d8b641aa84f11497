//! Changes that meet other requests.

use std::sync::Arc;

use sea_orm::ActiveValue::Set;
use tokio::task::JoinSet;

use super::super::Done;
use super::*;
use crate::users::sessions::{Presented, Rotation};

const ROUNDS: usize = 20;

/// Two who are admins, whatever was done to them.
async fn restored(database: &TestDatabase, pair: &[User; 2]) {
    for admin in pair {
        let row = user::ActiveModel {
            access_role: Set(Role::Admin),
            disabled_at: Set(None),
            ..now(database, admin).await.into()
        };
        row.reset_all().update(database.pool()).await.unwrap();
    }
}

/// Suspends or demotes each of the two, at once, by their own actors, and returns the outcomes.
async fn removed_at_once(
    database: &Arc<TestDatabase>,
    pair: &[User; 2],
    actors: [Actor; 2],
    round: usize,
) -> [Result<Done, ApiError>; 2] {
    let mut number = 0;
    let [first, second] = actors.map(|actor| {
        let (database, id) = (Arc::clone(database), pair[number].id);
        number += 1;
        tokio::spawn(async move {
            if (round + number).is_multiple_of(3) {
                suspend(&database, id, &actor).await
            } else {
                set_role(&database, id, Role::Basic, &actor).await
            }
        })
    });
    [first.await.unwrap(), second.await.unwrap()]
}

/// Returns the refusal of the one of the two that came later.
fn later(outcomes: [Result<Done, ApiError>; 2]) -> (u16, String) {
    match outcomes {
        [Ok(_), refused] | [refused, Ok(_)] => refusal(refused),
        [Err(first), Err(second)] => panic!("{first:?} {second:?}"),
    }
}

#[tokio::test]
async fn two_admins_who_are_removed_at_once_leave_one() {
    let database = Arc::new(TestDatabase::open().await);
    let pair = [admin(&database).await, admin(&database).await];
    for round in 0..ROUNDS {
        restored(&database, &pair).await;
        let actors = [operator(), operator()];
        let outcomes = removed_at_once(&database, &pair, actors, round).await;
        assert_eq!(later(outcomes), forbidden(), "round {round}");
    }
}

#[tokio::test]
async fn of_two_admins_who_remove_each_other_the_later_one_is_none_any_more() {
    let database = Arc::new(TestDatabase::open().await);
    let pair = [admin(&database).await, admin(&database).await];
    for round in 0..ROUNDS {
        restored(&database, &pair).await;
        let [first, second] = &pair;
        let actors = [
            calling(&database, second).await,
            calling(&database, first).await,
        ];
        let outcomes = removed_at_once(&database, &pair, actors, round).await;
        assert_eq!(later(outcomes), token_invalid(), "round {round}");
    }
}

#[tokio::test]
async fn admins_who_change_the_same_accounts_in_all_orders_do_not_wait_for_each_other() {
    let database = Arc::new(TestDatabase::open().await);
    let mut users = Vec::new();
    for _ in 0..4 {
        users.push(admin(&database).await);
    }
    let mut actors = Vec::new();
    for user in &users {
        actors.push(calling(&database, user).await);
    }
    // Nobody who may act, and to whom anything can happen by the others.
    users.push(verified(&database).await);
    for _ in 0..ROUNDS {
        let mut tasks = JoinSet::new();
        for actor in &actors {
            for user in &users {
                let (database, actor, id) = (Arc::clone(&database), actor.clone(), user.id);
                tasks.spawn(async move {
                    let wanted = Change::Update {
                        email: Some(address("other")),
                        role: None,
                    };
                    change(&database, id, wanted, &actor).await.map(drop)
                });
            }
        }
        for outcome in tasks.join_all().await {
            outcome.unwrap();
        }
    }
}

#[tokio::test]
async fn a_login_that_meets_a_suspension_leaves_no_live_session() {
    let database = Arc::new(TestDatabase::open().await);
    for round in 0..ROUNDS {
        let user = verified(&database).await;
        let login = tokio::spawn({
            let (database, user) = (Arc::clone(&database), user.clone());
            async move {
                sessions::open(
                    &database,
                    &user,
                    &LIFETIMES,
                    true,
                    sessions::LOGGED_IN,
                    &nobody(),
                )
                .await
            }
        });
        let suspension = tokio::spawn({
            let (database, id) = (Arc::clone(&database), user.id);
            async move {
                // On either side of the login, and in the midst of it.
                tokio::time::sleep(std::time::Duration::from_micros(150 * round as u64)).await;
                suspend(&database, id, &operator()).await
            }
        });
        let login = login.await.unwrap();
        let done = suspension.await.unwrap().unwrap();
        assert!(
            sessions::list::live(&database, user.id)
                .await
                .unwrap()
                .is_empty()
        );
        match login {
            Ok(opened) => {
                let session = opened.unwrap().session.id;
                assert!(revoked(&database, session).await);
                assert!(done.revoked.iter().any(|ended| ended.id == session));
            }
            Err(error) => assert_eq!(
                refusal::<()>(Err(error)),
                (403, "account-disabled".to_owned())
            ),
        }
    }
}

#[tokio::test]
async fn a_refresh_that_meets_a_deletion_leaves_no_good_token() {
    let database = Arc::new(TestDatabase::open().await);
    for round in 0..ROUNDS {
        let user = verified(&database).await;
        let session = logged_in(&database, &user).await;
        let refresh = tokio::spawn({
            let database = Arc::clone(&database);
            let presented = Presented {
                session: session.id,
                refresh_jti: session.refresh_jti,
                access_jti: None,
            };
            async move { sessions::rotate(&database, presented, &LIFETIMES, &nobody()).await }
        });
        let deletion = tokio::spawn({
            let (database, id) = (Arc::clone(&database), user.id);
            async move {
                tokio::time::sleep(std::time::Duration::from_micros(150 * round as u64)).await;
                delete(&database, id, &operator()).await
            }
        });
        let refresh = refresh.await.unwrap().unwrap();
        let done = deletion.await.unwrap().unwrap();
        assert_eq!(found(&database, user.id).await, None);
        assert!(revoked(&database, session.id).await);
        let ended = done.revoked.iter().find(|ended| ended.id == session.id);
        if let Rotation::Pair { session, .. } = refresh {
            // The revocation outlives the tokens that were made last.
            assert!(ended.unwrap().expires_at >= session.refresh_expires_at);
        }
    }
}
