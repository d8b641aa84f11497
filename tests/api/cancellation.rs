//! Clients that hang up, and servers that hang: what is acknowledged is stored, and nobody else notices.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::helpers::{
    app::TestApp,
    eventually, mariadb, postgres,
    proxy::Proxy,
    stores::{ServerAlone, ServerDatabase, cases_on},
    users::{PASSWORD, User, new_email},
};

/// Longer than anything takes that goes on behind a client that has hung up.
const SOON: Duration = Duration::from_secs(10);

/// The time for which an answer is held back while the client hangs up.
const HELD: Duration = Duration::from_millis(500);

cases_on! { [on_a_postgres_database, on_a_mariadb_database] {
    what_is_acknowledged_after_a_hang_up_is_stored,
    a_login_whose_client_hangs_up_is_whole,
    a_refresh_whose_client_hangs_up_can_be_repeated,
    a_logout_whose_client_hangs_up_is_whole,
    a_suspension_whose_client_hangs_up_is_whole,
} }

mod servers {
    use super::*;

    cases_on! { [on_a_postgres_server, on_a_mariadb_server] {
        a_server_that_hangs_is_503_in_time_and_all_is_well_when_it_goes_on,
        a_server_that_hangs_for_a_moment_is_waited_for,
    } }

    mod cases {
        pub(super) use super::super::cases::{
            a_server_that_hangs_for_a_moment_is_waited_for,
            a_server_that_hangs_is_503_in_time_and_all_is_well_when_it_goes_on,
        };
    }
}

fn through(proxy: &Proxy) -> TestApp {
    TestApp::with_settings(|settings| {
        settings
            .set("database.url", proxy.url())
            .set("database.max_connections", "1");
    })
}

fn add_subscriber(app: &TestApp, admin: &User) -> (u16, String) {
    let email = new_email();
    let answer = app
        .post("/subscribers/v1/")
        .bearer(&admin.access)
        .json(&json!({ "full_name": "Wedge Antilles", "email": email }))
        .send();
    (
        answer.status,
        answer.json()["id"].as_str().unwrap_or_default().to_owned(),
    )
}

mod cases {
    use super::*;

    /// A dropped future leaves `BEGIN` on its way, and the connection in a transaction that the driver does not know.
    pub(super) fn what_is_acknowledged_after_a_hang_up_is_stored(database: &dyn ServerDatabase) {
        let proxy = Proxy::in_front_of(&database.url());
        let app = through(&proxy);
        let admin = app.admin();
        let user = app.user();
        for statement in ["BEGIN", "COMMIT"] {
            let held = proxy.hold_back(statement, HELD);
            app.patch(&format!("/users/v1/{}", user.id))
                .bearer(&user.access)
                .json(&json!({ "email": user.email }))
                .hang_up_after(|| held.wait())
                .expect("reset");
            let key = format!("after-{statement}");
            app.put(&format!("/holodules/v1/items/{key}"))
                .bearer(&admin.access)
                .json(&json!({
                    "video_id": "abc",
                    "datetime": "2026-05-04T20:00:00Z",
                    "name": "Leia",
                    "title": "A new hope",
                    "url": "https://videos.example/abc",
                    "description": "",
                }))
                .send()
                .expect(201);
            let (status, id) = add_subscriber(&app, &admin);
            assert_eq!(status, 201);
            // Qualified, since `key` is a reserved word of MariaDB.
            let stored = database.sql(&format!(
                "select count(*) from holodules where holodules.key = '{key}'"
            ));
            assert_eq!(stored, "1", "the stream, after {statement}");
            app.get(&format!("/subscribers/v1/{id}"))
                .bearer(&admin.access)
                .send()
                .expect(200);
            let stored = database.sql("select count(*) from subscribers");
            assert_ne!(stored, "0", "the subscriber, after {statement}");
        }
        assert_eq!(database.sql("select count(*) from subscribers"), "2");
    }

    pub(super) fn a_login_whose_client_hangs_up_is_whole(database: &dyn ServerDatabase) {
        let proxy = Proxy::in_front_of(&database.url());
        let app = through(&proxy);
        for statement in ["BEGIN", "COMMIT"] {
            let email = app.verified_user();
            let held = proxy.hold_back(statement, HELD);
            app.post("/users/v1/login")
                .json(&json!({ "email": email, "password": PASSWORD }))
                .hang_up_after(|| held.wait())
                .expect("reset");
            eventually("the session has begun", SOON, || {
                let answer = app.log_in(&email, PASSWORD);
                (answer.status == 409).then_some(())
            });
            let user = app.session(&email);
            app.films(&user.access).expect(200);
        }
    }

    pub(super) fn a_refresh_whose_client_hangs_up_can_be_repeated(database: &dyn ServerDatabase) {
        let proxy = Proxy::in_front_of(&database.url());
        let app = through(&proxy);
        for statement in ["BEGIN", "COMMIT"] {
            let user = app.user();
            let held = proxy.hold_back(statement, HELD);
            app.post("/users/v1/generate_tokens")
                .bearer(&user.refresh)
                .hang_up_after(|| held.wait())
                .expect("reset");
            let pair = app.refresh(&user.refresh).expect(200).json();
            app.films(pair["token"].as_str().expect("token"))
                .expect(200);
            app.films(&user.access).expect_problem(401, "token-invalid");
            app.refresh(pair["refresh_token"].as_str().expect("token"))
                .expect(200);
        }
    }

    pub(super) fn a_logout_whose_client_hangs_up_is_whole(database: &dyn ServerDatabase) {
        let proxy = Proxy::in_front_of(&database.url());
        let app = through(&proxy);
        for statement in ["BEGIN", "COMMIT"] {
            let user = app.user();
            let held = proxy.hold_back(statement, HELD);
            app.post("/users/v1/logout")
                .bearer(&user.access)
                .hang_up_after(|| held.wait())
                .expect("reset");
            eventually("the session has ended", SOON, || {
                (app.films(&user.access).status == 401).then_some(())
            });
            app.refresh(&user.refresh)
                .expect_problem(401, "token-invalid");
            app.log_in(&user.email, PASSWORD).expect(200);
        }
    }

    pub(super) fn a_suspension_whose_client_hangs_up_is_whole(database: &dyn ServerDatabase) {
        let proxy = Proxy::in_front_of(&database.url());
        let app = through(&proxy);
        let admin = app.admin();
        for statement in ["BEGIN", "COMMIT"] {
            let user = app.user();
            let held = proxy.hold_back(statement, HELD);
            app.put(&format!("/users/v1/{}/suspension", user.id))
                .bearer(&admin.access)
                .hang_up_after(|| held.wait())
                .expect("reset");
            eventually("the account is suspended", SOON, || {
                (app.films(&user.access).status == 401).then_some(())
            });
            app.log_in(&user.email, PASSWORD)
                .expect_problem(403, "account-disabled");
        }
    }

    /// Longer than any time limit of a request.
    pub(super) fn a_server_that_hangs_is_503_in_time_and_all_is_well_when_it_goes_on(
        server: &dyn ServerAlone,
    ) {
        let app = TestApp::with_settings(|settings| {
            settings.set("database.url", &server.url());
        });
        let admin = app.admin();
        let user = app.user();
        let stopped = AtomicBool::new(false);
        let over = AtomicBool::new(false);
        let acknowledged = thread::scope(|scope| {
            let writers: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        let mut ids = Vec::new();
                        while !over.load(Ordering::Relaxed) {
                            let began = Instant::now();
                            let (status, id) = add_subscriber(&app, &admin);
                            let took = began.elapsed();
                            assert!(took < Duration::from_secs(14), "{status} after {took:?}");
                            match status {
                                201 => ids.push(id),
                                503 => assert!(
                                    stopped.load(Ordering::Relaxed),
                                    "503 while all is well"
                                ),
                                other => panic!("{other}"),
                            }
                        }
                        ids
                    })
                })
                .collect();
            thread::sleep(Duration::from_secs(1));
            stopped.store(true, Ordering::Relaxed);
            server.hang();
            thread::sleep(Duration::from_secs(8));
            server.resume();
            let resumed = Instant::now();
            eventually(
                "a login is answered as ever",
                Duration::from_secs(2),
                || (app.log_in(&user.email, PASSWORD).status == 409).then_some(()),
            );
            eventually(
                "the embedded store is trusted",
                Duration::from_secs(2),
                || (app.films(&user.access).status == 200).then_some(()),
            );
            assert!(resumed.elapsed() < Duration::from_secs(3));
            thread::sleep(Duration::from_secs(6));
            stopped.store(false, Ordering::Relaxed);
            thread::sleep(Duration::from_secs(1));
            over.store(true, Ordering::Relaxed);
            let ids = writers
                .into_iter()
                .flat_map(|writer| writer.join().expect("a writer"));
            ids.collect::<BTreeSet<_>>()
        });
        let stored = exported(&app);
        assert!(!acknowledged.is_empty());
        let lost: Vec<_> = acknowledged.difference(&stored).collect();
        assert!(
            lost.is_empty(),
            "{} of {} are lost",
            lost.len(),
            acknowledged.len()
        );
        app.log_out(&user.access).expect(200);
    }

    /// A pause shorter than the time limit of a request.
    pub(super) fn a_server_that_hangs_for_a_moment_is_waited_for(server: &dyn ServerAlone) {
        let app = TestApp::with_settings(|settings| {
            settings.set("database.url", &server.url());
        });
        let user = app.user();
        server.hang();
        thread::scope(|scope| {
            let login = scope.spawn(|| app.log_in(&user.email, PASSWORD));
            thread::sleep(Duration::from_secs(1));
            server.resume();
            login
                .join()
                .expect("thread")
                .expect_problem(409, "user-already-logged-in");
        });
    }
}

/// The ids of all subscribers, as the command line exports them.
fn exported(app: &TestApp) -> BTreeSet<String> {
    let export = app.run(&["subscribers", "export"], "");
    assert!(
        export.status.success(),
        "{}",
        String::from_utf8_lossy(&export.stderr)
    );
    let lines = String::from_utf8(export.stdout).expect("UTF-8");
    let rows = lines.lines().skip(1);
    rows.filter_map(|line| line.split(',').next())
        .map(|id| id.trim_matches('"').to_owned())
        .collect()
}

const STORM: Duration = Duration::from_secs(20);
const RESETS: usize = 10_000;
const REMOVALS: usize = 10;

/// One at a time: each leaves little of the machine to others.
static STORMS: Mutex<()> = Mutex::new(());

/// Clients that hang up at any moment of a change, beside an admin who adds and removes.
fn a_storm_of_hang_ups_loses_nothing(mut app: TestApp) {
    let _alone = STORMS.lock().unwrap_or_else(PoisonError::into_inner);
    app.start_again();
    let admin = app.admin();
    let users: Vec<User> = (0..3).map(|_| app.user()).collect();
    for user in &users {
        change(&app, user).send().expect(200);
    }
    let descriptors = app.running().descriptors();
    let (resets, over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let began = Instant::now();
    let (added, removed, memory) = thread::scope(|scope| {
        for user in &users {
            let (app, resets, over) = (&app, &resets, &over);
            scope.spawn(move || {
                let request = change(app, user);
                while !over.load(Ordering::Relaxed) {
                    let number = resets.fetch_add(1, Ordering::Relaxed);
                    // From before the request is read until after it is answered.
                    let pause = Duration::from_micros((number as u64 * 37) % 12_000);
                    request
                        .hang_up_after(|| thread::sleep(pause))
                        .expect("reset");
                }
            });
        }
        let (mut added, mut removed) = (BTreeSet::new(), BTreeSet::new());
        let mut memory = None;
        while began.elapsed() < STORM
            || resets.load(Ordering::Relaxed) < RESETS
            || removed.len() < REMOVALS
        {
            assert!(began.elapsed() < 15 * STORM, "the admin does not get on");
            // By then the allocator and the caches of the driver have what they need.
            if resets.load(Ordering::Relaxed) > RESETS / 2 {
                memory.get_or_insert_with(|| app.running().memory());
            }
            let (status, id) = add_subscriber(&app, &admin);
            assert!(matches!(status, 201 | 503), "{status}");
            if status != 201 {
                continue;
            }
            if added.len() % 2 == 0 {
                let answer = app
                    .delete(&format!("/subscribers/v1/{id}"))
                    .bearer(&admin.access)
                    .send();
                assert!(matches!(answer.status, 204 | 503), "{}", answer.text());
                if answer.status == 204 {
                    removed.insert(id.clone());
                }
            }
            added.insert(id);
        }
        over.store(true, Ordering::Relaxed);
        (
            added,
            removed,
            memory.expect("half of the resets were made"),
        )
    });
    // Work that was under way ends.
    thread::sleep(Duration::from_secs(2));
    let stored = exported(&app);
    let kept: BTreeSet<_> = added.difference(&removed).cloned().collect();
    let (lost, undone) = (
        kept.difference(&stored).count(),
        removed.intersection(&stored).count(),
    );
    assert_eq!(
        (lost, undone),
        (0, 0),
        "of {} added and {} removed",
        added.len(),
        removed.len()
    );
    let log = app.log();
    assert!(
        !log.contains("request failed") && !log.contains("panicked"),
        "a 500 in the log"
    );
    for user in &users {
        change(&app, user).send().expect(200);
    }
    let after = app.running().memory();
    assert!(
        after < memory + (32 << 20),
        "memory: {memory} half way, {after} after"
    );
    let after = app.running().descriptors();
    assert!(
        after < descriptors + 30,
        "descriptors: {descriptors} before, {after} after"
    );
}

fn change(app: &TestApp, user: &User) -> crate::helpers::http::Request {
    app.patch(&format!("/users/v1/{}", user.id))
        .bearer(&user.access)
        .json(&json!({ "email": user.email }))
}

mod storm {
    use crate::helpers::stores::cases_on;

    cases_on! { [unstarted_on_sqlite, unstarted_on_postgres, unstarted_on_mariadb] {
        a_storm_of_hang_ups_loses_nothing,
    } }

    mod cases {
        pub(super) use super::super::a_storm_of_hang_ups_loses_nothing;
    }
}

/// A revocation reaches its store even if nobody waits for the answer.
#[test]
fn a_logout_whose_client_hangs_up_is_known_in_redis_at_once() {
    let redis = crate::helpers::redis::RedisServer::start();
    for database in [
        Box::new(postgres::Database::create()) as Box<dyn ServerDatabase>,
        Box::new(mariadb::Database::create()),
    ] {
        let proxy = Proxy::in_front_of(&database.url());
        let app = TestApp::with_settings(|settings| {
            settings
                .set("database.url", proxy.url())
                .set("revocation.backend", "redis")
                .set("revocation.redis_url", &redis.url());
        });
        let user = app.user();
        let held = proxy.hold_back("COMMIT", HELD);
        app.post("/users/v1/logout")
            .bearer(&user.access)
            .hang_up_after(|| held.wait())
            .expect("reset");
        thread::sleep(HELD);
        eventually("the token is refused", Duration::from_millis(400), || {
            (app.films(&user.access).status == 401).then_some(())
        });
    }
}
