//! Accounts and sessions for unit tests.

use uuid::Uuid;

use crate::audit::AuditContext;
use crate::database::Database;
use crate::idempotency::Key;
use crate::settings::Settings;
use crate::users::entity::Model as User;
use crate::users::sessions::entity::Model as Session;
use crate::users::sessions::{self, TokenLifetimes};
use crate::users::{sign_ups, store};

/// The default settings with fresh secrets.
pub(crate) fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.tokens = settings.tokens.with_fresh_secrets().unwrap();
    settings
}

/// An account whose address is not verified yet.
pub(crate) async fn new_user(database: &Database) -> User {
    let email = format!("{}@rebels.example", Uuid::new_v4());
    let hash = "hash".to_owned();
    sign_ups::sign_up(
        database,
        email.clone(),
        hash,
        &AuditContext::default(),
        Key::default(),
    )
    .await
    .unwrap();
    store::find_by_email(database, &email)
        .await
        .unwrap()
        .unwrap()
}

/// An account that may be used.
pub(crate) async fn verified_user(database: &Database) -> User {
    let user = new_user(database).await;
    let jti = user.email_jti.unwrap();
    let verified = sign_ups::mark_verified(
        database,
        user.id,
        &user.email,
        jti,
        &AuditContext::default(),
    )
    .await;
    assert!(verified.unwrap());
    reread(database, &user).await
}

/// The account as it is now.
pub(crate) async fn reread(database: &Database, user: &User) -> User {
    store::find_by_id(database, user.id).await.unwrap().unwrap()
}

/// A session of the account.
pub(crate) async fn logged_in(database: &Database, user: &User) -> Session {
    let lives = TokenLifetimes::of(&settings());
    let opened = sessions::open(
        database,
        user,
        &lives,
        false,
        sessions::LOGGED_IN,
        &AuditContext::default(),
    )
    .await;
    opened.unwrap().unwrap().session
}
