//! The status of tokens, and how the operator makes, inspects and revokes them; in a real database.

use std::sync::Arc;

use sea_orm::EntityTrait as _;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::inspect::inspect;
use super::mint::{Order, mint};
use super::revoke::revoke;
use crate::audit::{AuditContext, AuditEventKind, entity as event};
use crate::auth::checks::Check;
use crate::auth::report::{Outcome, Report};
use crate::auth::roles::Role;
use crate::auth::tokens::{Keys, NewToken, TokenKind};
use crate::auth::{Caller, Scheme};
use crate::database::{self, Database, testing::TestDatabase};
use crate::users::accounts::{Actor, Change, change};
use crate::users::entity::Model as User;
use crate::users::sessions::entity::Model as Session;
use crate::users::sessions::{self, Presented, Rotation, TokenLifetimes};
use crate::users::sign_ups;
use crate::users::testing::{logged_in, new_user, reread, settings, verified_user};

struct Fixture {
    database: TestDatabase,
    keys: Keys,
}

impl Fixture {
    async fn new() -> Self {
        Self {
            database: TestDatabase::open().await,
            keys: Keys::new(&settings().tokens).unwrap(),
        }
    }

    async fn order(&self, user: &User, order: Order) -> anyhow::Result<String> {
        let (keys, context) = (&self.keys, AuditContext::command_line());
        let minted = mint(&self.database, keys, &settings(), user, order, &context).await?;
        Ok(minted.token)
    }

    async fn mint(&self, user: &User, kind: TokenKind) -> String {
        let order = Order {
            kind,
            hours: None,
            replace: true,
        };
        self.order(user, order).await.unwrap()
    }

    async fn inspect(&self, token: &str) -> Report {
        let now = database::now().unix_timestamp();
        let report = inspect(&self.keys, Some(&self.database), token, now)
            .await
            .unwrap();
        let failed = report
            .checks
            .iter()
            .filter(|line| line.outcome == Outcome::Failed);
        assert_eq!(failed.count(), usize::from(!report.accepted));
        assert!(report.checks.iter().all(|line| !line.found.contains(token)));
        report
    }

    async fn accepts(&self, token: &str) -> bool {
        self.inspect(token).await.accepted
    }

    /// The check that failed.
    async fn failed(&self, token: &str) -> &'static str {
        let report = self.inspect(token).await;
        let mut lines = report.checks.into_iter();
        let failed = lines.find(|line| line.outcome == Outcome::Failed).unwrap();
        assert!(lines.all(|line| line.outcome == Outcome::Skipped));
        failed.check
    }

    async fn revoke(&self, token: &str, actor: &Actor) -> bool {
        let revoked = revoke(&self.database, &self.keys, token, actor);
        revoked.await.is_ok()
    }
}

fn operator() -> Actor {
    Actor::operator(AuditContext::command_line())
}

/// The account `user_id`, with a basic role and no session.
fn somebody(user_id: Uuid) -> Actor {
    let caller = Caller {
        user_id,
        access_role: Role::Basic.level(),
        session: None,
        jti: Uuid::new_v4(),
        via: Scheme::Jwt,
    };
    Actor::caller(&caller, AuditContext::default())
}

async fn user_for(database: &Database, kind: TokenKind) -> User {
    match kind {
        TokenKind::Email => new_user(database).await,
        _ => verified_user(database).await,
    }
}

async fn events(database: &Database, kind: AuditEventKind, user: &User) -> Vec<String> {
    let events = event::Entity::find().all(database.pool()).await.unwrap();
    events
        .into_iter()
        .filter(|event| event.kind == kind.as_str() && event.user_id == Some(user.id))
        .map(|event| event.detail.unwrap())
        .collect()
}

#[tokio::test]
async fn a_minted_token_is_good_until_it_is_revoked() {
    let fixture = Fixture::new().await;
    for kind in TokenKind::ALL {
        let user = user_for(&fixture.database, kind).await;
        let other = somebody(Uuid::new_v4());
        let token = fixture.mint(&user, kind).await;
        assert!(fixture.accepts(&token).await, "{kind:?}");
        assert!(!fixture.revoke(&token, &other).await, "{kind:?}");
        assert!(fixture.accepts(&token).await, "{kind:?}");
        for _ in 0..2 {
            assert!(fixture.revoke(&token, &somebody(user.id)).await);
            assert!(!fixture.accepts(&token).await, "{kind:?}");
        }
        for noted in [AuditEventKind::TokenMinted, AuditEventKind::TokenRevoked] {
            assert_eq!(events(&fixture.database, noted, &user).await, [kind.name()]);
        }
    }
}

#[tokio::test]
async fn what_is_no_token_of_ours_is_revoked_without_a_word() {
    let fixture = Fixture::new().await;
    let starwars = format!("starwars_{}", "A".repeat(43));
    for token in ["", "a.b.c", &starwars] {
        assert!(fixture.revoke(token, &somebody(Uuid::nil())).await);
    }
    assert_eq!(fixture.failed("a.b.c").await, Check::Header.name());
    assert_eq!(fixture.failed(&starwars).await, Check::Known.name());
}

#[tokio::test]
async fn an_access_token_is_revoked_alone_and_a_refresh_token_with_its_session() {
    let fixture = Fixture::new().await;
    let user = verified_user(&fixture.database).await;
    let row = logged_in(&fixture.database, &user).await;
    let pair = sessions::pair(&fixture.keys, &row, &user).unwrap();
    let (access, refresh) = (pair.token, pair.refresh_token);
    assert!(fixture.revoke(&access, &operator()).await);
    assert_eq!(fixture.failed(&access).await, Check::Revocation.name());
    assert!(fixture.accepts(&refresh).await);

    let Rotation::Pair { session: next, .. } = rotated(&fixture, &row).await else {
        panic!("the session goes on");
    };
    let next = sessions::pair(&fixture.keys, &next, &user).unwrap();
    // A spent one, too; and asking for it before ended nothing.
    assert_eq!(fixture.failed(&refresh).await, Check::Session.name());
    assert!(fixture.accepts(&next.refresh_token).await);
    assert!(fixture.revoke(&refresh, &operator()).await);
    for token in [&next.token, &next.refresh_token] {
        assert_eq!(fixture.failed(token).await, Check::Revocation.name());
    }
}

async fn rotated(fixture: &Fixture, session: &Session) -> Rotation {
    let presented = Presented {
        session: session.id,
        refresh_jti: session.refresh_jti,
        access_jti: None,
    };
    let lives = TokenLifetimes::of(&settings());
    sessions::rotate(
        &fixture.database,
        presented,
        &lives,
        &AuditContext::default(),
    )
    .await
    .unwrap()
}

#[tokio::test]
async fn mailed_tokens_die_with_use_and_with_a_newer_one() {
    let fixture = Fixture::new().await;
    let user = new_user(&fixture.database).await;
    for kind in [TokenKind::Email, TokenKind::Password] {
        let older = fixture.mint(&user, kind).await;
        let newer = fixture.mint(&user, kind).await;
        assert_eq!(fixture.failed(&older).await, Check::Newest.name());
        assert!(fixture.accepts(&newer).await);
    }
    let link = fixture.mint(&user, TokenKind::Email).await;
    let jti = reread(&fixture.database, &user).await.email_jti.unwrap();
    let used = sign_ups::mark_verified(
        &fixture.database,
        user.id,
        &user.email,
        jti,
        &AuditContext::default(),
    )
    .await;
    assert!(used.unwrap());
    assert_eq!(fixture.failed(&link).await, Check::Newest.name());
    // It does nothing more, and is answered as before.
    assert!(fixture.revoke(&link, &operator()).await);
    assert_eq!(reread(&fixture.database, &user).await.email_jti, Some(jti));
}

#[tokio::test]
async fn nothing_is_minted_that_a_login_would_refuse() {
    let fixture = Fixture::new().await;
    let order = |kind, hours, replace| Order {
        kind,
        hours,
        replace,
    };
    let new = new_user(&fixture.database).await;
    assert!(
        fixture
            .order(&new, order(TokenKind::Access, None, true))
            .await
            .is_err()
    );
    let user = verified_user(&fixture.database).await;
    assert!(
        fixture
            .order(&user, order(TokenKind::Email, None, false))
            .await
            .is_err()
    );
    assert!(
        fixture
            .order(&user, order(TokenKind::Access, Some(31 * 24), false))
            .await
            .is_err()
    );
    let first = fixture
        .order(&user, order(TokenKind::Access, Some(100), false))
        .await
        .unwrap();
    assert!(
        fixture
            .order(&user, order(TokenKind::Refresh, None, false))
            .await
            .is_err()
    );
    assert!(fixture.accepts(&first).await);
    let now = database::now().unix_timestamp();
    let life = fixture.keys.verify(TokenKind::Access, &first, now).unwrap();
    assert_eq!(life.expires_at - life.issued_at, 100 * 3600);
    fixture
        .order(&user, order(TokenKind::Refresh, None, true))
        .await
        .unwrap();
    assert!(!fixture.accepts(&first).await);
}

#[tokio::test]
async fn a_token_for_nobody_or_with_another_role_is_refused() {
    let fixture = Fixture::new().await;
    let user = verified_user(&fixture.database).await;
    let now = database::now().unix_timestamp();
    let token = |user_id, access_role, expires_at| {
        let token = NewToken {
            kind: TokenKind::Access,
            user_id,
            access_role,
            jti: Uuid::new_v4(),
            session: Some(Uuid::new_v4()),
            email: None,
            issued_at: now - 9,
            expires_at,
        };
        fixture.keys.issue(token).unwrap()
    };
    let nobody = token(Uuid::new_v4(), Role::Basic, now + 9);
    assert_eq!(fixture.failed(&nobody).await, Check::Account.name());
    let admin = token(user.id, Role::Admin, now + 9);
    assert_eq!(fixture.failed(&admin).await, Check::Role.name());
    let expired = token(user.id, Role::Basic, now - 1);
    assert_eq!(fixture.failed(&expired).await, Check::Expiry.name());
}

#[tokio::test]
async fn offline_only_the_token_is_looked_at() {
    let fixture = Fixture::new().await;
    let user = verified_user(&fixture.database).await;
    let token = fixture.mint(&user, TokenKind::Access).await;
    assert!(fixture.revoke(&token, &operator()).await);
    let now = database::now().unix_timestamp();
    let report = inspect(&fixture.keys, None, &token, now).await.unwrap();
    assert!(report.accepted && report.verdict.contains("was not asked"));
    let starwars = format!("starwars_{}", "A".repeat(43));
    assert!(inspect(&fixture.keys, None, &starwars, now).await.is_err());
}

/// A token of each kind, each of another account.
async fn tokens(fixture: &Fixture) -> Vec<String> {
    let mut tokens = Vec::new();
    for kind in TokenKind::ALL {
        let user = user_for(&fixture.database, kind).await;
        tokens.push(fixture.mint(&user, kind).await);
    }
    tokens
}

#[tokio::test]
async fn an_admin_who_is_none_any_more_revokes_nothing_of_another() {
    let fixture = Fixture::new().await;
    let user = verified_user(&fixture.database).await;
    let (database, operator) = (&fixture.database, operator());
    change(
        database,
        user.id,
        Change::Update {
            role: Some(Role::Admin),
            email: None,
        },
        &operator,
    )
    .await
    .unwrap();
    let boss = reread(database, &user).await;
    let session = logged_in(database, &boss).await;
    let caller = Caller {
        user_id: boss.id,
        access_role: Role::Admin.level(),
        session: Some(session.id),
        jti: session.access_jti,
        via: Scheme::Jwt,
    };
    let actor = Actor::caller(&caller, AuditContext::default());
    for token in tokens(&fixture).await {
        assert!(fixture.revoke(&token, &actor).await);
        assert!(!fixture.accepts(&token).await);
    }
    let kept = tokens(&fixture).await;
    change(database, boss.id, Change::EndSessions, &operator)
        .await
        .unwrap();
    for token in kept {
        assert!(!fixture.revoke(&token, &actor).await);
        assert!(fixture.accepts(&token).await);
    }
}

#[tokio::test]
async fn twenty_who_revoke_one_token_at_once_leave_one_event() {
    let fixture = Arc::new(Fixture::new().await);
    for kind in TokenKind::ALL {
        let user = user_for(&fixture.database, kind).await;
        let token = fixture.mint(&user, kind).await;
        let mut tasks = JoinSet::new();
        for _ in 0..20 {
            let (fixture, token) = (Arc::clone(&fixture), token.clone());
            tasks.spawn(async move { fixture.revoke(&token, &operator()).await });
        }
        assert_eq!(tasks.join_all().await, [true; 20]);
        let noted = AuditEventKind::TokenRevoked;
        assert_eq!(events(&fixture.database, noted, &user).await, [kind.name()]);
    }
}
