//! Acknowledged changes survive `kill -9`, and refused ones were not made.

use std::{
    process::Command,
    sync::mpsc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use actix_web::rt::System;
use sea_orm::{ConnectOptions, ConnectionTrait as _};
use serde_json::{Value, json};

use crate::helpers::{
    app::TestApp,
    at_once, eventually,
    http::Request,
    process::find_program,
    stores::cases_on,
    users::{Holder, PASSWORD, User, new_email},
};

cases_on! { [unstarted_on_sqlite, unstarted_on_postgres, unstarted_on_mariadb] {
    an_acknowledged_sign_up_survives_a_kill,
    an_acknowledged_verification_survives_a_kill,
    an_acknowledged_logout_survives_a_kill,
    an_acknowledged_exchange_survives_a_kill,
    the_repeat_of_an_exchange_is_the_same_after_a_kill,
    a_session_goes_on_over_a_restart,
} }

cases_on! { [on_a_postgres_database, on_a_mariadb_database] {
    while_tables_are_locked_nothing_is_half_done,
} }

const NEW: &str = "two-suns-over-Tatooine";

/// A SQLite file that somebody else writes to, until it is released.
struct Locked {
    release: mpsc::Sender<()>,
    thread: JoinHandle<()>,
}

impl Locked {
    fn hold(app: &TestApp) -> Self {
        let file = app.folder().join("var/starwars.db");
        let (release, released) = mpsc::channel::<()>();
        let (held, holds) = mpsc::channel();
        let thread = thread::spawn(move || {
            System::new().block_on(async {
                let mut options = ConnectOptions::new(format!("sqlite://{}", file.display()));
                options.max_connections(1).sqlx_logging(false);
                let database = sea_orm::Database::connect(options).await.expect("the file");
                let run = async |statement| database.execute_unprepared(statement).await;
                run("BEGIN EXCLUSIVE").await.expect("the lock");
                held.send(()).expect("the test waits");
                let _ = released.recv();
                run("ROLLBACK").await.expect("the lock");
            });
        });
        holds.recv().expect("the lock is held");
        Self { release, thread }
    }

    fn release(self) {
        drop(self.release);
        self.thread.join().expect("thread");
    }
}

/// A request for each operation that writes, by name, all of them good.
fn writing(
    app: &TestApp,
    admin: &User,
    holder: &Holder,
    link: &str,
) -> Vec<(&'static str, Request)> {
    let user = &holder.user;
    let own = |request: Request| request.bearer(&user.access);
    let by_admin = |request: Request| request.bearer(&admin.access);
    let record = format!("/users/v1/{}", user.id);
    let email = json!({ "email": user.email });
    let pair = json!({ "email": user.email, "password": PASSWORD, "replace_session": true });
    let flask = json!({ "username": user.email, "password": PASSWORD, "replace_session": true });
    let new = json!({ "email": new_email(), "password": PASSWORD, "access_role": "basic" });
    let both = json!({ "old_password": PASSWORD, "new_password": NEW });
    vec![
        (
            "signup",
            app.post("/users/v1/signup")
                .json(&json!({ "email": new_email(), "password": PASSWORD })),
        ),
        (
            "email_verification",
            app.get(&format!("/users/v1/email_verification?token={link}")),
        ),
        (
            "resend_email_verification",
            app.put("/users/v1/resend_email_verification").json(&email),
        ),
        (
            "forgotten_password",
            app.post("/users/v1/password_forgotten").json(&email),
        ),
        ("login", app.post("/users/v1/login").json(&pair)),
        ("create_token", app.post("/auth/v1/token").json(&flask)),
        ("logout", own(app.post("/users/v1/logout"))),
        (
            "generate_new_tokens",
            app.post("/users/v1/generate_tokens").bearer(&user.refresh),
        ),
        (
            "change_password",
            app.put("/users/v1/password_change")
                .bearer(&holder.password_token)
                .json(&json!({ "password": NEW })),
        ),
        (
            "reset_password",
            own(app.put("/users/v1/password_reset")).json(&both),
        ),
        (
            "update_user",
            own(app.patch(&record)).json(&json!({ "email": new_email() })),
        ),
        (
            "create_api_token",
            own(app.post("/auth/v1/api_tokens")).json(&json!({ "name": "x" })),
        ),
        (
            "delete_api_token",
            own(app.delete(&format!("/auth/v1/api_tokens/{}", holder.api_token_id))),
        ),
        (
            "revoke_token",
            own(app.post("/auth/v1/revoke")).form(&[("token", &user.refresh)]),
        ),
        ("create_user", by_admin(app.post("/users/v1/")).json(&new)),
        (
            "update_user, the role",
            by_admin(app.patch(&record)).json(&json!({ "access_role": "admin" })),
        ),
        (
            "suspend_user",
            by_admin(app.put(&format!("{record}/suspension"))),
        ),
        (
            "end_sessions",
            by_admin(app.delete(&format!("{record}/sessions"))),
        ),
        ("delete_user", by_admin(app.delete(&record))),
    ]
}

/// All that can be seen of the account from outside.
fn seen(app: &TestApp, admin: &User, holder: &Holder) -> Vec<Value> {
    let record = format!("/users/v1/{}", holder.user.id);
    let of = |target: &str, caller: &User| {
        let answer = app.get(target).bearer(&caller.access).send();
        answer.expect(200).json()
    };
    let mut tokens = of("/auth/v1/api_tokens", &holder.user);
    // A use may be noted.
    tokens["results"][0]["last_used_at"] = Value::Null;
    let events = of(&format!("{record}/events?page_size=100"), admin);
    vec![
        of("/users/v1/?page_size=100", admin)["count"].clone(),
        of(&record, admin),
        of(&format!("{record}/sessions"), admin),
        tokens,
        events["results"]
            .as_array()
            .expect("results")
            .iter()
            .filter(|event| event["kind"] != "refused")
            .map(|event| event["kind"].clone())
            .collect(),
    ]
}

/// Everything still works as if nothing had been asked.
#[track_caller]
fn assert_untouched(app: &TestApp, holder: &Holder, link: &str, waiting: &str) {
    let user = &holder.user;
    app.films(&user.access).expect(200);
    app.get("/users/v1/me")
        .api_token(&holder.api_token)
        .send()
        .expect(200);
    app.log_in(&user.email, PASSWORD)
        .expect_problem(409, "user-already-logged-in");
    app.log_in(waiting, PASSWORD)
        .expect_problem(403, "email-unverified");
    app.verify(link).expect(200);
    app.refresh(&user.refresh).expect(200);
    app.change_password(&holder.password_token, NEW).expect(200);
}

#[test]
fn while_sqlite_is_locked_nothing_is_half_done() {
    let app = TestApp::start();
    let admin = app.admin();
    let holder = app.holder(app.user());
    let waiting = new_email();
    app.sign_up(&waiting).expect(202);
    let link = app.mail_number(1, &waiting).token().expect("a link");
    let before = seen(&app, &admin, &holder);
    let locked = Locked::hold(&app);
    let since = Instant::now();
    for (operation, request) in writing(&app, &admin, &holder, &link) {
        let began = Instant::now();
        let answer = request.send();
        let took = began.elapsed();
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (503, "service-unavailable"),
            "{operation}: {}",
            answer.text()
        );
        assert!(answer.header("retry-after").is_some(), "{operation}");
        // `database.busy_timeout_ms` is 2000; one more for a machine that is busy with other tests.
        assert!(took < Duration::from_secs(4), "{operation} took {took:?}");
        // Who only reads does not notice, nor who is refused.
        app.films(&holder.user.access).expect(200);
        app.films("a.b.c").expect_problem(401, "token-invalid");
    }
    app.get("/users/v1/me")
        .api_token(&holder.api_token)
        .send()
        .expect(200);
    thread::sleep(Duration::from_secs(30).saturating_sub(since.elapsed()));
    locked.release();
    assert_eq!(seen(&app, &admin, &holder), before);
    assert_untouched(&app, &holder, &link, &waiting);
}

/// The same for many at once: a request has at most two steps at the database, each of which is given 5 s,
/// the wait for a connection included.
#[test]
fn many_requests_for_a_locked_sqlite_are_all_told_in_time() {
    let app = TestApp::start();
    let user = app.user();
    let locked = Locked::hold(&app);
    let times = at_once(40, |number| {
        let began = Instant::now();
        let answer = if number % 2 == 0 {
            app.sign_up(&new_email())
        } else {
            app.refresh(&user.refresh)
        };
        let answer = answer.expect_problem(503, "service-unavailable");
        assert!(answer.header("retry-after").is_some());
        began.elapsed()
    });
    locked.release();
    let slowest = times.into_iter().max().expect("forty");
    assert!(slowest < Duration::from_secs(11), "{slowest:?}");
    app.refresh(&user.refresh).expect(200);
}

mod cases {
    use super::*;
    use crate::helpers::stores::ServerDatabase;

    pub(super) fn an_acknowledged_sign_up_survives_a_kill(mut app: TestApp) {
        app.start_again();
        for _ in 0..5 {
            let email = new_email();
            app.sign_up(&email).expect(202);
            app.kill();
            app.start_again();
            app.log_in(&email, PASSWORD)
                .expect_problem(403, "email-unverified");
            let token = app.mail_number(1, &email).token().expect("a token");
            app.verify(&token).expect(200);
            app.log_in(&email, PASSWORD).expect(200);
        }
    }

    pub(super) fn an_acknowledged_verification_survives_a_kill(mut app: TestApp) {
        app.start_again();
        let email = app.verified_user();
        app.kill();
        app.start_again();
        app.log_in(&email, PASSWORD).expect(200);
    }

    pub(super) fn an_acknowledged_logout_survives_a_kill(mut app: TestApp) {
        app.start_again();
        let email = app.verified_user();
        for _ in 0..5 {
            let user = app.session(&email);
            app.log_out(&user.access).expect(200);
            app.kill();
            app.start_again();
            app.films(&user.access).expect_problem(401, "token-invalid");
            app.refresh(&user.refresh)
                .expect_problem(401, "token-invalid");
        }
    }

    pub(super) fn an_acknowledged_exchange_survives_a_kill(mut app: TestApp) {
        app.start_again();
        let mut user = app.user();
        for _ in 0..5 {
            let renewed = app.refresh(&user.refresh).expect(200).json();
            app.kill();
            app.start_again();
            app.films(&user.access).expect_problem(401, "token-invalid");
            user.access = renewed["token"].as_str().expect("token").to_owned();
            user.refresh = renewed["refresh_token"].as_str().expect("token").to_owned();
            app.films(&user.access).expect(200);
        }
    }

    /// The repeat of a lost reply is answered from the database, not from memory.
    pub(super) fn the_repeat_of_an_exchange_is_the_same_after_a_kill(mut app: TestApp) {
        app.settings().set("sessions.refresh_repeat_seconds", "120");
        app.start_again();
        let user = app.user();
        let first = app.refresh(&user.refresh).expect(200).json();
        app.kill();
        app.start_again();
        let repeat = app.refresh(&user.refresh).expect(200).json();
        assert_eq!(first["token"], repeat["token"]);
        assert_eq!(first["refresh_token"], repeat["refresh_token"]);
    }

    pub(super) fn a_session_goes_on_over_a_restart(mut app: TestApp) {
        app.start_again();
        let user = app.user();
        app.kill();
        app.start_again();
        app.films(&user.access).expect(200);
        app.refresh(&user.refresh).expect(200);
    }

    pub(super) fn while_tables_are_locked_nothing_is_half_done(database: &dyn ServerDatabase) {
        let app = TestApp::with_database(database);
        let admin = app.admin();
        let holder = app.holder(app.user());
        let waiting = new_email();
        app.sign_up(&waiting).expect(202);
        let link = app.mail_number(1, &waiting).token().expect("a link");
        let before = seen(&app, &admin, &holder);
        thread::scope(|scope| {
            let locked = scope.spawn(|| {
                // Who only reads goes on.
                database.sql(if database.url().starts_with("mysql") {
                "lock tables users read, sessions read, api_tokens read, events read, mails read; \
                 do sleep(20); unlock tables"
            } else {
                "begin; lock table users, sessions, api_tokens, events, mails in exclusive mode; \
                 select pg_sleep(20); commit"
            })
            });
            thread::sleep(Duration::from_secs(1));
            let requests = writing(&app, &admin, &holder, &link);
            let answers = at_once(requests.len(), |number| {
                let (operation, request) = &requests[number];
                let began = Instant::now();
                (*operation, request.clone().send(), began.elapsed())
            });
            for (operation, answer, took) in answers {
                assert_eq!(answer.status, 503, "{operation}: {}", answer.text());
                assert!(answer.header("retry-after").is_some(), "{operation}");
                assert!(took < Duration::from_secs(12), "{operation} took {took:?}");
            }
            locked.join().expect("thread");
        });
        assert_eq!(seen(&app, &admin, &holder), before);
        assert_untouched(&app, &holder, &link, &waiting);
    }
}

/// SQLite may be inside a transaction still, or not any more, after a `COMMIT` that found no room.
/// The backup of docs/operating.md. Whoever closes a database that nobody else has open takes its log away, and what a service
/// without locks goes on writing there is lost.
#[test]
fn a_backup_of_a_running_service_loses_nothing_that_is_acknowledged_after_it() {
    let mut app = TestApp::start();
    let first = app.verified_user();
    let mut backup = Command::new(find_program("sqlite3", &[]));
    backup.arg(app.folder().join("var/starwars.db"));
    backup
        .arg("vacuum into 'backup.db'")
        .current_dir(app.folder());
    assert!(backup.status().expect("sqlite3").success());
    let second = app.verified_user();
    let listed = app.run(&["users", "list"], "");
    assert!(listed.status.success(), "{listed:?}");
    let third = app.verified_user();
    app.kill();
    app.start_again();
    for email in [first, second, third] {
        app.log_in(&email, PASSWORD).expect(200);
    }
}

#[test]
fn what_is_acknowledged_after_the_disk_was_full_is_stored() {
    let mut app = TestApp::not_started(|_| {}).with_disk(12_000);
    app.start_again();
    let email = new_email();
    app.sign_up(&email).expect(202);
    let fill = app.disk().join("fill");
    for round in 0..4 {
        let mut file = std::fs::File::create(&fill).expect("the disk");
        while std::io::Write::write_all(&mut file, &[0; 4096]).is_ok() {}
        drop(file);
        let full = at_once(6, |_| app.sign_up(&new_email()).status);
        assert!(full.contains(&503), "round {round}: {full:?}");
        let log = app.log();
        assert!(log.contains("database or disk is full"), "{log}");
        std::fs::remove_file(&fill).expect("the disk");
        let emails: Vec<_> = (0..6).map(|_| new_email()).collect();
        eventually("there is room again", Duration::from_secs(10), || {
            (app.sign_up(&new_email()).status == 202).then_some(())
        });
        for email in &emails {
            app.sign_up(email).expect(202);
        }
        app.get("/readyz").send().expect(200);
        // What is in the files, whatever the service believes. A copy, since SQLite would look for links in the path.
        let copy = app.folder().join("copy.db");
        for tail in ["", "-wal"] {
            let from = app.disk().join(format!("starwars.db{tail}"));
            let to = app.folder().join(format!("copy.db{tail}"));
            std::fs::copy(from, to).expect("a copy");
        }
        for email in &emails {
            assert_eq!(stored(&copy, email), 1, "round {round}: {email}");
        }
    }
}

fn stored(file: &std::path::Path, email: &str) -> i64 {
    System::new().block_on(async {
        let mut options = ConnectOptions::new(format!("sqlite://{}", file.display()));
        options.max_connections(1).sqlx_logging(false);
        let database = sea_orm::Database::connect(options).await.expect("the file");
        let question = sea_orm::Statement::from_string(
            sea_orm::DbBackend::Sqlite,
            format!("select count(*) from users where email = '{email}'"),
        );
        let row = database.query_one_raw(question).await.expect("the table");
        row.expect("a row").try_get_by_index(0).expect("a number")
    })
}
