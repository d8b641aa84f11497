//! Changes of address.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::*;

/// The account with the change to `email` pending, and the token in the link.
async fn asked(database: &TestDatabase, user: &User, email: &str) -> (User, Uuid) {
    let wanted = Change::Update {
        email: Some(email.to_owned()),
        role: None,
    };
    let done = change(database, user.id, wanted, &operator())
        .await
        .unwrap();
    assert_eq!(done.user.pending_email.as_deref(), Some(email));
    assert_eq!(done.user.email, user.email);
    let jti = done.user.pending_email_jti.unwrap();
    (done.user, jti)
}

#[tokio::test]
async fn twenty_openings_of_a_link_change_the_address_once_and_are_answered_alike() {
    let database = Arc::new(TestDatabase::open().await);
    let user = with_password_token(&database, verified(&database).await).await;
    let session = logged_in(&database, &user).await;
    let email = address("other");
    let (user, jti) = asked(&database, &user, &email).await;
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let (database, user, email) = (Arc::clone(&database), user.clone(), email.clone());
        tasks.spawn(async move { opened(&database, &user, &email, jti).await });
    }
    assert_eq!(tasks.join_all().await, [true; 20]);

    let after = now(&database, &user).await;
    assert_eq!(after.email, email);
    assert_eq!(after.pending_email, None);
    assert_eq!(after.pending_email_jti, None);
    assert_eq!(after.password_jti, None);
    let changed = AuditEventKind::EmailChanged;
    assert_eq!(events(&database, user.id, changed).await, 1);
    // The session is of the account, not of the address.
    let live = sessions::list::live(&database, user.id).await.unwrap();
    assert_eq!(live, [session]);
}

#[tokio::test]
async fn a_link_dies_with_a_newer_one_and_when_the_change_is_dropped() {
    let database = TestDatabase::open().await;
    let user = verified(&database).await;
    let email = address("other");
    let (_, older) = asked(&database, &user, &email).await;
    let (_, newer) = asked(&database, &user, &email).await;
    assert!(!opened(&database, &user, &email, older).await);

    let wanted = Change::Update {
        email: Some(user.email.clone()),
        role: None,
    };
    let dropped = change(&database, user.id, wanted, &operator())
        .await
        .unwrap();
    assert_eq!(dropped.user.pending_email, None);
    assert!(!opened(&database, &user, &email, newer).await);
    assert_eq!(now(&database, &user).await.email, user.email);
}

#[tokio::test]
async fn the_token_of_another_address_or_account_proves_nothing() {
    let database = TestDatabase::open().await;
    let (user, other) = (verified(&database).await, verified(&database).await);
    let email = address("other");
    let (_, jti) = asked(&database, &user, &email).await;
    assert!(!opened(&database, &user, &address("third"), jti).await);
    assert!(!opened(&database, &other, &email, jti).await);
    assert!(!opened(&database, &user, &email, user.email_jti.unwrap()).await);
}

#[tokio::test]
async fn an_address_that_somebody_proved_meanwhile_stays_theirs() {
    let database = TestDatabase::open().await;
    let user = verified(&database).await;
    let email = address("other");
    let (user, jti) = asked(&database, &user, &email).await;
    let holder = signed_up(&database, &email).await;
    assert!(opened(&database, &holder, &email, holder.email_jti.unwrap()).await);

    assert!(!opened(&database, &user, &email, jti).await);
    let dropped = User {
        pending_email: None,
        pending_email_jti: None,
        ..user.clone()
    };
    let after = now(&database, &user).await;
    assert_eq!(
        after,
        User {
            updated_at: after.updated_at,
            ..dropped
        }
    );
    assert_eq!(now(&database, &holder).await.email, email);
    for id in [user.id, holder.id] {
        for kind in [AuditEventKind::Deleted, AuditEventKind::EmailChanged] {
            assert_eq!(events(&database, id, kind).await, 0);
        }
    }
}

#[tokio::test]
async fn a_sign_up_that_was_not_proved_gives_way_but_an_admins_account_does_not() {
    let database = TestDatabase::open().await;
    let user = verified(&database).await;
    let email = address("other");
    let (_, jti) = asked(&database, &user, &email).await;
    let holder = signed_up(&database, &email).await;
    assert!(opened(&database, &user, &email, jti).await);
    assert_eq!(found(&database, holder.id).await, None);
    assert_eq!(now(&database, &user).await.email, email);
    assert_eq!(
        events(&database, holder.id, AuditEventKind::Deleted).await,
        1
    );

    let kept = signed_up(&database, &address("han")).await;
    set_role(&database, kept.id, Role::Admin, &operator())
        .await
        .unwrap();
    let (_, jti) = asked(&database, &now(&database, &user).await, &kept.email).await;
    assert!(!opened(&database, &user, &kept.email, jti).await);
    assert!(found(&database, kept.id).await.is_some());
}

#[tokio::test]
async fn role_and_address_change_together_or_not_at_all() {
    let database = TestDatabase::open().await;
    let last = admin(&database).await;
    let wanted = || Change::Update {
        email: Some("other@rebels.example".to_owned()),
        role: Some(Role::Basic),
    };
    let refused = change(&database, last.id, wanted(), &operator()).await;
    assert_eq!(refusal(refused), forbidden());
    assert_eq!(now(&database, &last).await, last);

    let other = admin(&database).await;
    let done = change(&database, other.id, wanted(), &operator())
        .await
        .unwrap();
    assert_eq!(done.user.access_role, Role::Basic);
    assert!(done.user.pending_email.is_some());
}
