//! Rules that only a real database can show.

mod actors;
mod addresses;
mod lists;
mod races;

use gatekeeper::Failure as _;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _,
};
use time::Duration;
use uuid::Uuid;

use super::{Actor, Change, Done, Filter, NewUser, change, create, list};
use crate::audit::{self, AuditContext, AuditEventKind};
use crate::auth::password::Passwords;
use crate::auth::revocation;
use crate::auth::roles::Role;
use crate::auth::{Caller, Scheme};
use crate::database::Database;
use crate::database::testing::TestDatabase;
use crate::errors::ApiError;
use crate::idempotency::Key;
use crate::paging::Page;
use crate::settings;
use crate::users::entity::{self as user, Model as User};
use crate::users::sessions::entity::Model as Session;
use crate::users::sessions::{self, TokenLifetimes};
use crate::users::{sign_ups, store};

const LIFETIMES: TokenLifetimes = TokenLifetimes {
    access: Duration::hours(10),
    refresh: Duration::hours(24),
    absolute: Duration::days(30),
    repeat: Duration::seconds(10),
};

fn nobody() -> AuditContext {
    AuditContext::default()
}

fn operator() -> Actor {
    Actor::operator(nobody())
}

/// The account, as it calls with a fresh session.
async fn calling(database: &TestDatabase, user: &User) -> Actor {
    let user = now(database, user).await;
    let session = logged_in(database, &user).await;
    let caller = Caller {
        user_id: user.id,
        access_role: user.access_role.level(),
        session: Some(session.id),
        jti: session.access_jti,
        via: Scheme::Jwt,
    };
    Actor::caller(&caller, nobody())
}

type Changed = Result<Done, ApiError>;

async fn set_role(database: &Database, id: Uuid, role: Role, actor: &Actor) -> Changed {
    let update = Change::Update {
        role: Some(role),
        email: None,
    };
    change(database, id, update, actor).await
}

async fn suspend(database: &Database, id: Uuid, actor: &Actor) -> Changed {
    change(database, id, Change::Suspend, actor).await
}

async fn restore(database: &Database, id: Uuid, actor: &Actor) -> Changed {
    change(database, id, Change::Restore, actor).await
}

async fn delete(database: &Database, id: Uuid, actor: &Actor) -> Changed {
    change(database, id, Change::Delete, actor).await
}

async fn end_sessions(database: &Database, id: Uuid, actor: &Actor) -> Changed {
    change(database, id, Change::EndSessions, actor).await
}

fn passwords() -> Passwords {
    Passwords::new(&settings::Passwords {
        memory_kib: 64,
        iterations: 1,
        parallelism: 1,
        threads: 1,
        queue: 2,
    })
    .unwrap()
}

fn address(name: &str) -> String {
    format!("{name}-{}@rebels.example", Uuid::new_v4())
}

async fn signed_up(database: &TestDatabase, email: &str) -> User {
    sign_ups::sign_up(
        database,
        email.to_owned(),
        "hash".to_owned(),
        &nobody(),
        Key::default(),
    )
    .await
    .unwrap();
    store::find_by_email(database, email)
        .await
        .unwrap()
        .unwrap()
}

async fn verified(database: &TestDatabase) -> User {
    let user = signed_up(database, &address("luke")).await;
    let jti = user.email_jti.unwrap();
    assert!(opened(database, &user, &user.email, jti).await);
    now(database, &user).await
}

async fn admin(database: &TestDatabase) -> User {
    let user = verified(database).await;
    let done = set_role(database, user.id, Role::Admin, &operator()).await;
    done.unwrap().user
}

/// True if the link with the token `jti` for `email` is good.
async fn opened(database: &TestDatabase, user: &User, email: &str, jti: Uuid) -> bool {
    sign_ups::mark_verified(database, user.id, email, jti, &nobody())
        .await
        .unwrap()
}

async fn found(database: &TestDatabase, id: Uuid) -> Option<User> {
    store::find_by_id(database, id).await.unwrap()
}

async fn now(database: &TestDatabase, user: &User) -> User {
    found(database, user.id).await.unwrap()
}

async fn logged_in(database: &TestDatabase, user: &User) -> Session {
    let opened = sessions::open(
        database,
        user,
        &LIFETIMES,
        true,
        sessions::LOGGED_IN,
        &nobody(),
    )
    .await;
    opened.unwrap().unwrap().session
}

async fn events(database: &TestDatabase, user: Uuid, kind: AuditEventKind) -> u64 {
    audit::entity::Entity::find()
        .filter(audit::entity::Column::UserId.eq(user))
        .filter(audit::entity::Column::Kind.eq(kind.as_str()))
        .count(database.pool())
        .await
        .unwrap()
}

async fn revoked(database: &TestDatabase, id: Uuid) -> bool {
    let found = revocation::revoked(database.pool(), [id]).await;
    !found.unwrap().is_empty()
}

/// Status and code of a refusal.
fn refusal<T>(outcome: Result<T, ApiError>) -> (u16, String) {
    match outcome {
        Ok(_) => panic!("not refused"),
        Err(error) => {
            let problem = error.into_problem();
            (problem.status, problem.code.into_owned())
        }
    }
}

fn token_invalid() -> (u16, String) {
    (401, "token-invalid".to_owned())
}

fn forbidden() -> (u16, String) {
    (403, "forbidden".to_owned())
}

async fn with_password_token(database: &TestDatabase, user: User) -> User {
    let row = user::ActiveModel {
        password_jti: sea_orm::ActiveValue::Set(Some(Uuid::new_v4())),
        ..user.into()
    };
    row.update(database.pool()).await.unwrap()
}

#[tokio::test]
async fn a_change_of_role_ends_what_was_let_in_and_what_was_mailed() {
    let database = TestDatabase::open().await;
    let user = with_password_token(&database, verified(&database).await).await;
    let session = logged_in(&database, &user).await;
    let before = now(&database, &user).await;

    let done = set_role(&database, user.id, Role::Admin, &operator())
        .await
        .unwrap();
    let ended: Vec<Uuid> = done.revoked.iter().map(|ended| ended.id).collect();
    assert_eq!(ended, [session.id]);
    assert_eq!(done.user, now(&database, &user).await);
    assert_eq!(done.user.access_role, Role::Admin);
    assert_eq!(done.user.password_jti, None);
    assert!(done.user.version > before.version);
    // The link that proved the address was used before.
    assert_eq!(done.user.email_jti, before.email_jti);
    let changed = AuditEventKind::RoleChanged;
    assert_eq!(events(&database, user.id, changed).await, 1);

    let unproved = signed_up(&database, &address("han")).await;
    let done = set_role(&database, unproved.id, Role::Admin, &operator()).await;
    assert_eq!(done.unwrap().user.email_jti, None);
}

#[tokio::test]
async fn what_changes_nothing_leaves_no_event_and_repeats_what_may_not_be_known() {
    let database = TestDatabase::open().await;
    let user = verified(&database).await;
    let session = logged_in(&database, &user).await;
    for _ in 0..2 {
        let done = suspend(&database, user.id, &operator()).await.unwrap();
        assert_eq!(done.revoked.len(), 1);
        assert_eq!(done.revoked[0].id, session.id);
        assert!(done.user.disabled_at.is_some());
    }
    assert_eq!(
        events(&database, user.id, AuditEventKind::Suspended).await,
        1
    );

    for _ in 0..2 {
        let done = restore(&database, user.id, &operator()).await.unwrap();
        assert_eq!(done.user.disabled_at, None);
    }
    assert_eq!(
        events(&database, user.id, AuditEventKind::Restored).await,
        1
    );

    let version = now(&database, &user).await.version;
    set_role(&database, user.id, Role::Basic, &operator())
        .await
        .unwrap();
    end_sessions(&database, user.id, &operator()).await.unwrap();
    for kind in [AuditEventKind::RoleChanged, AuditEventKind::SessionsEnded] {
        assert_eq!(events(&database, user.id, kind).await, 0);
    }
    assert_eq!(now(&database, &user).await.version, version);
}

#[tokio::test]
async fn a_suspension_kills_every_link() {
    let database = TestDatabase::open().await;
    let user = with_password_token(&database, verified(&database).await).await;
    let spent = user.email_jti.unwrap();
    let wanted = Change::Update {
        email: Some(address("other")),
        role: None,
    };
    let asked = change(&database, user.id, wanted, &operator())
        .await
        .unwrap()
        .user;
    suspend(&database, user.id, &operator()).await.unwrap();
    restore(&database, user.id, &operator()).await.unwrap();

    let pending = asked.pending_email_jti.unwrap();
    let other = asked.pending_email.unwrap();
    assert!(!opened(&database, &user, &other, pending).await);
    assert!(!opened(&database, &user, &user.email, spent).await);
    assert_eq!(now(&database, &user).await.password_jti, None);
}

#[tokio::test]
async fn the_last_admin_stays_and_only_who_can_administer_counts() {
    let database = TestDatabase::open().await;
    let last = admin(&database).await;
    let suspended = admin(&database).await;
    suspend(&database, suspended.id, &operator()).await.unwrap();
    let unproved = signed_up(&database, &address("han")).await;
    set_role(&database, unproved.id, Role::Admin, &operator())
        .await
        .unwrap();

    let demoted = set_role(&database, last.id, Role::Basic, &operator()).await;
    assert_eq!(refusal(demoted), forbidden());
    let stopped = suspend(&database, last.id, &operator()).await;
    assert_eq!(refusal(stopped), forbidden());
    let removed = delete(&database, last.id, &operator()).await;
    assert_eq!(refusal(removed), forbidden());
    assert_eq!(now(&database, &last).await, last);

    for other in [&suspended, &unproved] {
        delete(&database, other.id, &operator()).await.unwrap();
    }
}

#[tokio::test]
async fn nobody_suspends_or_deletes_themselves() {
    let database = TestDatabase::open().await;
    let (one, _other) = (admin(&database).await, admin(&database).await);
    let actor = calling(&database, &one).await;
    let one = now(&database, &one).await;
    let stopped = suspend(&database, one.id, &actor).await;
    assert_eq!(refusal(stopped), forbidden());
    let removed = delete(&database, one.id, &actor).await;
    assert_eq!(refusal(removed), forbidden());
    assert_eq!(now(&database, &one).await, one);
}

#[tokio::test]
async fn a_deleted_account_leaves_its_events_and_its_revocation() {
    let database = TestDatabase::open().await;
    let user = verified(&database).await;
    let session = logged_in(&database, &user).await;
    let done = delete(&database, user.id, &operator()).await.unwrap();
    assert_eq!(done.user.id, user.id);
    assert_eq!(found(&database, user.id).await, None);
    assert!(
        sessions::list::live(&database, user.id)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(revoked(&database, session.id).await);
    assert_eq!(events(&database, user.id, AuditEventKind::Deleted).await, 1);
    let again = delete(&database, user.id, &operator()).await;
    assert_eq!(refusal(again).0, 404);
}

#[tokio::test]
async fn sessions_that_are_ended_are_listed_no_more() {
    let database = TestDatabase::open().await;
    let user = verified(&database).await;
    let session = logged_in(&database, &user).await;
    let live = sessions::list::live(&database, user.id).await.unwrap();
    assert_eq!(live, [session]);
    let done = end_sessions(&database, user.id, &operator()).await.unwrap();
    assert_eq!(done.revoked.len(), 1);
    assert!(
        sessions::list::live(&database, user.id)
            .await
            .unwrap()
            .is_empty()
    );
    let ended = AuditEventKind::SessionsEnded;
    assert_eq!(events(&database, user.id, ended).await, 1);
}
