use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

use super::*;
use crate::audit::{self, AuditContext, AuditEventKind};
use crate::auth::tokens::Verified;
use crate::database::{self, testing::TestDatabase};
use crate::idempotency::Key;
use crate::mail::queue;
use crate::users::{entity as user, testing};

/// A composer of mails, over a database of its own.
struct Office {
    database: TestDatabase,
    composer: MailComposer,
    templates: Templates,
}

impl Office {
    async fn open() -> Self {
        let mut settings = testing::settings();
        settings.server.public_url = "https://api.example".to_owned();
        let database = TestDatabase::open().await;
        Self {
            composer: MailComposer::new(
                database.clone(),
                Arc::new(Keys::new(&settings.tokens).unwrap()),
                &settings.tokens,
            ),
            templates: Templates::load(&settings).unwrap(),
            database,
        }
    }

    async fn mail(&self, kind: &str, address: &str, user_id: Option<Uuid>) -> Option<Text> {
        let now = database::now();
        let mail = Mail {
            id: Uuid::new_v4(),
            kind: kind.to_owned(),
            address: address.to_owned(),
            user_id,
            created_at: now,
            next_attempt_at: now,
            attempts: 1,
            claimed_until: None,
        };
        self.compose(&mail).await
    }

    async fn compose(&self, mail: &Mail) -> Option<Text> {
        let composed = self.composer.compose(&self.templates, mail).await;
        composed.unwrap()
    }

    async fn signed_up(&self, email: &str) -> User {
        let (email, hash) = (email.to_owned(), "hash".to_owned());
        sign_ups::sign_up(
            &self.database,
            email.clone(),
            hash,
            &AuditContext::default(),
            Key::default(),
        )
        .await
        .unwrap();
        let user = store::find_by_email(&self.database, &email).await.unwrap();
        user.unwrap()
    }

    async fn verified(&self, email: &str) -> User {
        let user = self.signed_up(email).await;
        let verified_at = user::Column::EmailVerifiedAt;
        self.set(&user, verified_at, database::now()).await;
        self.now(&user).await
    }

    async fn set<T: Into<sea_orm::Value>>(&self, user: &User, column: user::Column, value: T) {
        user::Entity::update_many()
            .col_expr(column, Expr::value(value))
            .filter(user::Column::Id.eq(user.id))
            .exec(self.database.pool())
            .await
            .unwrap();
    }

    async fn now(&self, user: &User) -> User {
        let found = store::find_by_id(&self.database, user.id).await;
        found.unwrap().unwrap()
    }

    /// An account that waits for `email` to be confirmed, and the id of the token that does so.
    async fn waiting_for(&self, email: &str) -> (User, Uuid) {
        let user = self.verified("luke@rebels.example").await;
        let jti = Uuid::new_v4();
        let pending = user::Column::PendingEmail;
        self.set(&user, pending, email.to_owned()).await;
        self.set(&user, user::Column::PendingEmailJti, jti).await;
        (user, jti)
    }

    fn token(&self, kind: TokenKind, text: &Text) -> Verified {
        let token = text
            .plain
            .lines()
            .map(|line| line.split_once("?token=").map_or(line, |(_, token)| token))
            .find(|line| line.starts_with("eyJ"))
            .unwrap();
        let now = database::now().unix_timestamp();
        self.composer.keys.verify(kind, token, now).unwrap()
    }
}

#[tokio::test]
async fn a_sign_up_is_sent_the_link_of_its_account() {
    let office = Office::open().await;
    let user = office.signed_up("luke@rebels.example").await;
    let text = office.mail("signup", &user.email, Some(user.id)).await;
    let token = office.token(TokenKind::Email, &text.unwrap());
    assert_eq!(token.user_id, user.id);
    assert_eq!(Some(token.jti), user.email_jti);
}

#[tokio::test]
async fn a_sign_up_with_an_address_that_is_taken_is_told_to_the_address() {
    let office = Office::open().await;
    let user = office.verified("luke@rebels.example").await;
    let text = office
        .mail("signup", &user.email, Some(Uuid::new_v4()))
        .await
        .unwrap();
    assert!(text.subject.contains("already"), "{text:?}");
    assert!(!text.plain.contains("token="), "{text:?}");
}

#[tokio::test]
async fn an_unproved_address_that_is_signed_up_for_again_is_sent_a_password_token_and_no_link() {
    let office = Office::open().await;
    let user = office.signed_up("luke@rebels.example").await;
    office.signed_up(&user.email).await;
    for (kind, made) in [
        ("signup", Some(user.id)),
        ("signup", Some(Uuid::new_v4())),
        ("resend", None),
    ] {
        let text = office.mail(kind, &user.email, made).await.unwrap();
        assert!(text.plain.contains("more than once"), "{kind}: {text:?}");
        assert!(
            !text.plain.contains("email_verification"),
            "{kind}: {text:?}"
        );
        let token = office.token(TokenKind::Password, &text);
        let now = office.now(&user).await;
        assert_eq!(
            (token.user_id, Some(token.jti)),
            (user.id, now.password_jti)
        );
        assert_eq!(now.email_jti, None, "{kind}");
    }
    let disabled_at = user::Column::DisabledAt;
    office.set(&user, disabled_at, database::now()).await;
    assert!(office.mail("resend", &user.email, None).await.is_none());
}

#[tokio::test]
async fn a_forgotten_password_is_mailed_a_token_that_is_the_accounts_only_one() {
    let office = Office::open().await;
    let user = office.verified("luke@rebels.example").await;
    let mut newest = None;
    for _ in 0..2 {
        let text = office.mail("forgotten", &user.email, None).await.unwrap();
        let token = office.token(TokenKind::Password, &text);
        assert_eq!(token.user_id, user.id);
        assert_ne!(newest, Some(token.jti));
        newest = Some(token.jti);
        assert_eq!(office.now(&user).await.password_jti, newest);
    }
}

#[tokio::test]
async fn a_password_mail_that_is_tried_again_is_noted_once() {
    let office = Office::open().await;
    let user = office.verified("luke@rebels.example").await;
    let database = &office.database;
    // The mail of the sign-up is not of interest.
    while let Some(mail) = queue::claim(database).await.unwrap() {
        queue::remove(database, &mail).await.unwrap();
    }
    queue::push_alone(database, MailKind::Forgotten, user.email.clone(), None)
        .await
        .unwrap();
    let mail = queue::claim(database).await.unwrap().unwrap();
    for _ in 0..2 {
        assert!(office.compose(&mail).await.is_some());
    }
    let requested = AuditEventKind::PasswordTokenRequested.as_str();
    let noted = audit::entity::Entity::find()
        .filter(audit::entity::Column::UserId.eq(user.id))
        .filter(audit::entity::Column::Kind.eq(requested))
        .count(database.pool())
        .await;
    assert_eq!(noted.unwrap(), 1);
}

#[tokio::test]
async fn nobody_and_the_suspended_are_sent_no_password_token() {
    let office = Office::open().await;
    let nobody = office.mail("forgotten", "vader@empire.example", None).await;
    assert!(nobody.is_none());
    let user = office.verified("luke@rebels.example").await;
    let disabled_at = user::Column::DisabledAt;
    office.set(&user, disabled_at, database::now()).await;
    let suspended = office.mail("forgotten", &user.email, None).await;
    assert!(suspended.is_none());
    assert_eq!(office.now(&user).await.password_jti, None);
}

#[tokio::test]
async fn a_free_address_is_sent_the_link_that_confirms_it() {
    let office = Office::open().await;
    let (user, jti) = office.waiting_for("new@rebels.example").await;
    // Whoever signed up with it has not proved to read its mail.
    office.signed_up("new@rebels.example").await;
    let text = office
        .mail("email-change", "new@rebels.example", Some(user.id))
        .await
        .unwrap();
    let token = office.token(TokenKind::Email, &text);
    assert_eq!((token.user_id, token.jti), (user.id, jti));
    assert_eq!(token.email.as_deref(), Some("new@rebels.example"));
}

#[tokio::test]
async fn an_address_of_another_account_is_sent_a_note_without_a_link() {
    let office = Office::open().await;
    let (user, _) = office.waiting_for("leia@rebels.example").await;
    office.verified("leia@rebels.example").await;
    let text = office
        .mail("email-change", "leia@rebels.example", Some(user.id))
        .await
        .unwrap();
    assert!(text.subject.contains("already has an account"), "{text:?}");
    assert!(!text.plain.contains("token="), "{text:?}");
    assert!(!text.plain.contains("luke@rebels.example"), "{text:?}");
}

#[tokio::test]
async fn a_change_of_address_that_does_not_wait_any_more_is_not_mailed() {
    let office = Office::open().await;
    let (user, _) = office.waiting_for("new@rebels.example").await;
    let other = office
        .mail("email-change", "old@rebels.example", Some(user.id))
        .await;
    assert!(other.is_none(), "another address was chosen meanwhile");
    let disabled_at = user::Column::DisabledAt;
    office.set(&user, disabled_at, database::now()).await;
    let suspended = office
        .mail("email-change", "new@rebels.example", Some(user.id))
        .await;
    assert!(suspended.is_none());
}

#[tokio::test]
async fn notices_hold_no_token_and_do_not_show_the_new_address() {
    let office = Office::open().await;
    let (user, _) = office.waiting_for("new@rebels.example").await;
    for kind in [
        "password-changed",
        "email-change-requested",
        "email-changed",
    ] {
        let text = office.mail(kind, &user.email, Some(user.id)).await.unwrap();
        for body in [&text.plain, &text.html] {
            assert!(body.contains("If it was not you"), "{kind}: {body}");
            assert!(!body.contains("eyJ"), "{kind}: {body}");
            assert!(!body.contains("new@rebels.example"), "{kind}: {body}");
        }
        let gone = office.mail(kind, &user.email, Some(Uuid::new_v4())).await;
        assert!(gone.is_none(), "{kind}");
    }
}
