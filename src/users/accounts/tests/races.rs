//! Changes that meet other requests.

use std::sync::Arc;

use sea_orm::ActiveValue::Set;

use super::*;
use crate::users::sessions::{Presented, Rotation};

const ROUNDS: usize = 20;

#[tokio::test]
async fn two_admins_who_remove_each_other_leave_one() {
    let database = Arc::new(TestDatabase::open().await);
    let pair = [admin(&database).await, admin(&database).await];
    for round in 0..ROUNDS {
        for admin in &pair {
            let row = user::ActiveModel {
                access_role: Set(Role::Admin.stored()),
                disabled_at: Set(None),
                ..now(&database, admin).await.into()
            };
            row.reset_all().update(&database.connection).await.unwrap();
        }
        let [first, second] = [0, 1].map(|victim| {
            let (database, id) = (Arc::clone(&database), pair[victim].id);
            let origin = nobody().by(pair[1 - victim].id);
            tokio::spawn(async move {
                if (round + victim) % 3 == 0 {
                    suspend(&database, id, &origin).await
                } else {
                    set_role(&database, id, Role::Basic, &origin).await
                }
            })
        });
        let (first, second) = (first.await.unwrap(), second.await.unwrap());
        let refused = match (first, second) {
            (Ok(_), refused) | (refused, Ok(_)) => refused,
            (Err(first), Err(second)) => panic!("{first:?} {second:?}"),
        };
        assert_eq!(refusal(refused), forbidden(), "round {round}");
    }
}

#[tokio::test]
async fn a_login_that_meets_a_suspension_leaves_no_live_session() {
    let database = Arc::new(TestDatabase::open().await);
    for round in 0..ROUNDS {
        let user = verified(&database).await;
        let login = tokio::spawn({
            let (database, user) = (Arc::clone(&database), user.clone());
            async move { sessions::open(&database, &user, &LIVES, true, &nobody()).await }
        });
        let suspension = tokio::spawn({
            let (database, id) = (Arc::clone(&database), user.id);
            async move {
                // On either side of the login, and in the midst of it.
                tokio::time::sleep(std::time::Duration::from_micros(150 * round as u64)).await;
                suspend(&database, id, &nobody()).await
            }
        });
        let login = login.await.unwrap();
        let done = suspension.await.unwrap().unwrap();
        assert!(sessions::live(&database, user.id).await.unwrap().is_empty());
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
            async move { sessions::rotate(&database, presented, &LIVES, &nobody()).await }
        });
        let deletion = tokio::spawn({
            let (database, id) = (Arc::clone(&database), user.id);
            async move {
                tokio::time::sleep(std::time::Duration::from_micros(150 * round as u64)).await;
                delete(&database, id, &nobody()).await
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
