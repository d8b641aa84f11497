//! Races and rules, decided by a real database.

use std::sync::Arc;

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
};
use time::Duration;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::store::{change, renew_jti, reset};
use crate::audit::{self, AuditContext, AuditEventKind};
use crate::auth::revocation;
use crate::database::testing::TestDatabase;
use crate::database::{self, Database};
use crate::idempotency::Key;
use crate::users::api_tokens::entity as api_token;
use crate::users::entity::{self as user, Model as User};
use crate::users::sessions::entity as session;
use crate::users::sessions::entity::Model as Session;
use crate::users::sessions::{self, Presented, TokenLifetimes};
use crate::users::{sign_ups, store};

const LIFETIMES: TokenLifetimes = TokenLifetimes {
    access: Duration::hours(10),
    refresh: Duration::hours(24),
    absolute: Duration::days(30),
    repeat: Duration::seconds(10),
};

async fn now(database: &Database, user: &User) -> User {
    store::find_by_id(database, user.id).await.unwrap().unwrap()
}

async fn set<T: Into<sea_orm::Value>>(
    database: &Database,
    user: &User,
    column: user::Column,
    value: T,
) {
    user::Entity::update_many()
        .col_expr(column, Expr::value(value))
        .filter(user::Column::Id.eq(user.id))
        .exec(database.pool())
        .await
        .unwrap();
}

/// An account whose address is not proved.
async fn signed_up(database: &Database) -> User {
    let email = format!("{}@rebels.example", Uuid::new_v4());
    let context = AuditContext::default();
    sign_ups::sign_up(
        database,
        email.clone(),
        "hash".to_owned(),
        &context,
        Key::default(),
    )
    .await
    .unwrap();
    let user = store::find_by_email(database, &email).await.unwrap();
    user.unwrap()
}

/// A verified account with an unspent password token.
async fn forgetful(database: &Database) -> (User, Uuid) {
    let user = signed_up(database).await;
    let verified_at = user::Column::EmailVerifiedAt;
    set(database, &user, verified_at, database::now()).await;
    let jti = renew_jti(database, &user, Uuid::new_v4()).await.unwrap();
    (now(database, &user).await, jti.unwrap())
}

async fn logged_in(database: &Database, user: &User) -> Session {
    let opened = sessions::open(
        database,
        user,
        &LIFETIMES,
        true,
        sessions::LOGGED_IN,
        &AuditContext::default(),
    )
    .await;
    opened.unwrap().unwrap().session
}

async fn api_token(database: &Database, user: &User) {
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
        .exec_without_returning(database.pool())
        .await
        .unwrap();
}

async fn api_tokens(database: &Database, user: &User) -> u64 {
    api_token::Entity::find()
        .filter(api_token::Column::UserId.eq(user.id))
        .count(database.pool())
        .await
        .unwrap()
}

/// True if the session has ended for good, on every instance.
async fn is_over(database: &Database, id: Uuid) -> bool {
    let session = session::Entity::find_by_id(id)
        .one(database.pool())
        .await
        .unwrap();
    let revoked = revocation::revoked(database.pool(), [id]).await;
    session.unwrap().ended_at.is_some() && !revoked.unwrap().is_empty()
}

/// Returns the events of the account, oldest first.
async fn events_of(database: &Database, user: &User) -> Vec<audit::entity::Model> {
    audit::entity::Entity::find()
        .filter(audit::entity::Column::UserId.eq(user.id))
        .order_by_asc(audit::entity::Column::Id)
        .all(database.pool())
        .await
        .unwrap()
}

async fn sign_up_again(database: &Database, user: &User) {
    let (email, hash) = (user.email.clone(), "another hash".to_owned());
    sign_ups::sign_up(
        database,
        email,
        hash,
        &AuditContext::default(),
        Key::default(),
    )
    .await
    .unwrap();
}

async fn proved_by(database: &Database, user: &User, link: Uuid) -> bool {
    sign_ups::mark_verified(
        database,
        user.id,
        &user.email,
        link,
        &AuditContext::default(),
    )
    .await
    .unwrap()
}

async fn events(database: &Database, user: &User, kind: AuditEventKind) -> u64 {
    audit::entity::Entity::find()
        .filter(audit::entity::Column::UserId.eq(user.id))
        .filter(audit::entity::Column::Kind.eq(kind.as_str()))
        .count(database.pool())
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
            let context = AuditContext::default();
            let revoked = change(&database, id, jti, hash.clone(), &context).await;
            revoked.unwrap().map(|_| hash)
        });
    }
    let won: Vec<_> = tries.join_all().await.into_iter().flatten().collect();
    let changed = now(&database, &user).await;
    assert_eq!(won, [changed.password_hash]);
    assert_eq!(changed.password_jti, None);
    assert_eq!(changed.version, user.version + 1);
    let noted = events(&database, &user, AuditEventKind::PasswordChanged).await;
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

    let context = AuditContext::default();
    let revoked = change(&database, user.id, jti, "new".to_owned(), &context).await;
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
async fn a_change_proves_the_address_and_kills_its_link() {
    let database = TestDatabase::open().await;
    let user = signed_up(&database).await;
    let jti = renew_jti(&database, &user, Uuid::new_v4()).await.unwrap();
    let context = AuditContext::default();
    change(&database, user.id, jti.unwrap(), "new".to_owned(), &context)
        .await
        .unwrap()
        .unwrap();
    let changed = now(&database, &user).await;
    assert_eq!(changed.email_jti, None);
    assert!(changed.email_verified_at.is_some());
    let noted = events_of(&database, &user).await;
    let kinds: Vec<_> = noted.iter().map(|event| event.kind.as_str()).collect();
    let expected = [
        AuditEventKind::SignedUp,
        AuditEventKind::EmailVerified,
        AuditEventKind::PasswordChanged,
    ];
    assert_eq!(kinds, expected.map(AuditEventKind::as_str));
}

#[tokio::test]
async fn a_change_notes_no_proof_of_an_address_that_is_proved() {
    let database = TestDatabase::open().await;
    let (user, jti) = forgetful(&database).await;
    let context = AuditContext::default();
    let changed = change(&database, user.id, jti, "new".to_owned(), &context).await;
    assert!(changed.unwrap().is_some());
    let after = now(&database, &user).await;
    assert_eq!(after.email_verified_at, user.email_verified_at);
    let proofs = events(&database, &user, AuditEventKind::EmailVerified).await;
    assert_eq!(proofs, 0);
}

#[tokio::test]
async fn a_further_sign_up_sets_passwords_and_mailed_tokens_aside() {
    let database = TestDatabase::open().await;
    let user = signed_up(&database).await;
    let jti = renew_jti(&database, &user, Uuid::new_v4()).await.unwrap();
    sign_up_again(&database, &user).await;

    let after = now(&database, &user).await;
    assert_eq!(store::password_of(&user), Some("hash"));
    assert_eq!(store::password_of(&after), None);
    assert_eq!((after.email_jti, after.password_jti), (None, None));
    assert_eq!(after.version, user.version + 1);
    let link = user.email_jti.unwrap();
    assert!(!proved_by(&database, &user, link).await);
    let context = AuditContext::default();
    let late = change(
        &database,
        user.id,
        jti.unwrap(),
        "late".to_owned(),
        &context,
    )
    .await;
    assert_eq!(late.unwrap(), None);
    assert_eq!(
        sign_ups::renew_email_jti(&database, &after).await.unwrap(),
        None
    );

    let noted = events_of(&database, &user).await;
    let details: Vec<_> = noted.iter().map(|event| event.detail.as_deref()).collect();
    assert_eq!(details, [None, Some("again, perhaps by a stranger")]);
}

/// Whichever way a link came to be.
#[tokio::test]
async fn no_link_proves_an_account_without_a_password() {
    let database = TestDatabase::open().await;
    let user = signed_up(&database).await;
    sign_up_again(&database, &user).await;
    let jti = Uuid::new_v4();
    set(&database, &user, user::Column::EmailJti, jti).await;
    assert!(!proved_by(&database, &user, jti).await);
    assert_eq!(now(&database, &user).await.email_verified_at, None);
}

#[tokio::test]
async fn a_sign_up_for_a_proved_or_a_suspended_account_leaves_its_password() {
    let database = TestDatabase::open().await;
    for column in [user::Column::EmailVerifiedAt, user::Column::DisabledAt] {
        let user = signed_up(&database).await;
        set(&database, &user, column, database::now()).await;
        sign_up_again(&database, &user).await;
        let after = now(&database, &user).await;
        assert_eq!(store::password_of(&after), Some("hash"));
        assert_eq!(after.email_jti, user.email_jti);
        assert_eq!(after.version, user.version);
    }
}

/// A proved account has the password that was there when it was proved.
#[tokio::test]
async fn a_sign_up_that_meets_a_proof_brings_no_password() {
    let database = Arc::new(TestDatabase::open().await);
    for _ in 0..20 {
        let user = signed_up(&database).await;
        let link = user.email_jti.unwrap();
        let (proved, ()) = tokio::join!(
            proved_by(&database, &user, link),
            sign_up_again(&database, &user),
        );
        let after = now(&database, &user).await;
        assert_eq!(after.email_verified_at.is_some(), proved);
        assert_eq!(store::password_of(&after), proved.then_some("hash"));

        let user = signed_up(&database).await;
        let jti = renew_jti(&database, &user, Uuid::new_v4()).await.unwrap();
        let (id, jti, context) = (user.id, jti.unwrap(), AuditContext::default());
        let (changed, ()) = tokio::join!(
            change(&database, id, jti, "new".to_owned(), &context),
            sign_up_again(&database, &user),
        );
        let changed = changed.unwrap().is_some();
        let after = now(&database, &user).await;
        assert_eq!(after.email_verified_at.is_some(), changed);
        assert_eq!(store::password_of(&after), changed.then_some("new"));
    }
}

#[tokio::test]
async fn a_reset_keeps_the_calling_session_and_api_tokens() {
    let database = TestDatabase::open().await;
    let (user, jti) = forgetful(&database).await;
    let calling = logged_in(&database, &user).await;
    api_token(&database, &user).await;

    let context = AuditContext::default();
    let hash = "new".to_owned();
    let revoked = reset(&database, &user, Some(calling.id), hash, &context).await;

    assert_eq!(revoked.unwrap().unwrap(), []);
    assert!(!is_over(&database, calling.id).await);
    assert_eq!(api_tokens(&database, &user).await, 1);
    let late = change(&database, user.id, jti, "late".to_owned(), &context).await;
    assert_eq!(late.unwrap(), None, "the mailed token died with the reset");
    assert_eq!(now(&database, &user).await.password_hash, "new");
    let noted = events(&database, &user, AuditEventKind::PasswordReset).await;
    assert_eq!(noted, 1);
}

#[tokio::test]
async fn a_reset_ends_every_session_but_the_calling_one() {
    let database = TestDatabase::open().await;
    let (user, _) = forgetful(&database).await;
    let other = logged_in(&database, &user).await;
    let context = AuditContext::default();
    let kept = Some(Uuid::new_v4());
    let revoked = reset(&database, &user, kept, "new".to_owned(), &context).await;
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
            let context = AuditContext::default();
            let revoked = reset(&database, &user, None, hash, &context).await;
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
    let context = AuditContext::default();
    let mailed = renew_jti(&database, &user, Uuid::new_v4()).await;
    assert_eq!(mailed.unwrap(), None);
    let changed = change(&database, user.id, jti, "new".to_owned(), &context).await;
    assert_eq!(changed.unwrap(), None);
    let reset = reset(&database, &user, None, "new".to_owned(), &context).await;
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
        let context = AuditContext::default();
        let (changed, _refreshed, opened) = tokio::join!(
            change(&database, user.id, jti, "new".to_owned(), &context),
            sessions::rotate(&database, presented, &LIFETIMES, &context),
            sessions::open(
                &database,
                &user,
                &LIFETIMES,
                true,
                sessions::LOGGED_IN,
                &context
            ),
        );
        assert!(changed.unwrap().is_some());
        assert!(is_over(&database, session.id).await);
        if let Ok(Some(opened)) = opened {
            assert!(is_over(&database, opened.session.id).await);
        }
    }
}
