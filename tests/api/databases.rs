//! Tests that need a database server: several instances, and a database that goes away.

use std::{
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::helpers::{
    app::TestApp,
    http::Response,
    mariadb,
    stores::{ServerDatabase, cases_on},
    users::PASSWORD,
};

cases_on! { [on_a_postgres_database, on_a_mariadb_database] {
    sign_ups_at_once_leave_one_row,
    two_instances_share_one_database,
    a_lost_table_is_an_error_and_comes_back_by_itself,
    instances_that_start_at_once_on_a_new_database_all_serve,
    a_migration_waits_for_one_that_is_at_work,
} }

cases_on! { [on_sqlite, on_postgres, on_mariadb] {
    text_is_kept_and_compared_as_it_is_written,
    times_are_kept_to_the_end_of_the_year_9999,
} }

mod cases {
    use super::*;
    use crate::helpers::{at_once, eventually, process::Folder, users::new_email};

    pub(super) fn sign_ups_at_once_leave_one_row(database: &dyn ServerDatabase) {
        let app = TestApp::with_database(database);
        let email = new_email();
        let statuses = at_once(20, |_| app.sign_up(&email).status);
        assert_eq!(statuses, [202; 20]);
        let count = database.sql(&format!(
            "select count(*) from users where email = '{email}'"
        ));
        assert_eq!(count, "1");
    }

    pub(super) fn two_instances_share_one_database(database: &dyn ServerDatabase) {
        let outbox = Folder::new("outbox");
        let start = || {
            TestApp::with_settings(|settings| {
                settings
                    .set("database.url", &database.url())
                    .set("mail.outbox_dir", outbox.path().to_str().expect("UTF-8"));
            })
        };
        let (first, second) = (start(), start());
        let user = first.user();
        second.films(&user.access).expect(200);
        second
            .log_in(&user.email, PASSWORD)
            .expect_problem(409, "user-already-logged-in");
        first.log_out(&user.access).expect(200);
        // The embedded store is topped up from the database every second.
        eventually(
            "the other instance learns of the logout",
            Duration::from_secs(2),
            || (second.films(&user.access).status == 401).then_some(()),
        );
    }

    pub(super) fn a_lost_table_is_an_error_and_comes_back_by_itself(database: &dyn ServerDatabase) {
        let app = TestApp::with_database(database);
        let user = app.user();
        database.sql("alter table users rename to users_away");
        let answer = app.log_in(&user.email, PASSWORD);
        assert!(matches!(answer.status, 500 | 503), "{}", answer.text());
        assert!(!answer.text().contains("users"), "{}", answer.text());
        database.sql("alter table users_away rename to users");
        app.log_in(&user.email, PASSWORD)
            .expect_problem(409, "user-already-logged-in");
    }

    pub(super) fn instances_that_start_at_once_on_a_new_database_all_serve(
        database: &dyn ServerDatabase,
    ) {
        let apps = at_once(4, |_| TestApp::with_database(database));
        for app in &apps {
            app.sign_up(&new_email()).expect(202);
        }
        assert_eq!(database.sql("select count(*) from users"), "4");
    }

    /// However long that takes: no time limit of a request holds for it.
    pub(super) fn a_migration_waits_for_one_that_is_at_work(database: &dyn ServerDatabase) {
        let lock = if database.url().starts_with("mysql") {
            "do get_lock(concat('starwars-api migrate ', md5(database())), 1); do sleep(8)"
        } else {
            "begin; select pg_advisory_xact_lock(91634223040817); select pg_sleep(8)"
        };
        thread::scope(|scope| {
            scope.spawn(|| database.sql(lock));
            thread::sleep(Duration::from_secs(1));
            let began = Instant::now();
            let app = TestApp::with_database(database);
            assert!(began.elapsed() > Duration::from_secs(5), "it did not wait");
            app.sign_up(&new_email()).expect(202);
        });
    }

    /// Those of MySQL's `TIMESTAMP` end on 19 January 2038.
    pub(super) fn times_are_kept_to_the_end_of_the_year_9999(app: &TestApp) {
        let admin = app.admin();
        for moment in [
            "1970-01-01T00:00:00Z",
            "2038-01-19T03:14:08Z",
            "2200-05-04T20:00:00Z",
            "9999-12-31T23:59:59Z",
        ] {
            let stream = json!({
                "video_id": "v", "datetime": moment, "name": "Cantina Band", "title": "Live",
                "url": "https://video.example/1", "description": "",
            });
            for expected in [201, 200] {
                let put = app.put("/holodules/v1/items/HL1").bearer(&admin.access);
                let kept = put.json(&stream).send().expect(expected).json();
                assert_eq!(kept["datetime"], moment);
            }
            let day = moment[..10].replace('-', "");
            let day = app.get(&format!("/holodules/v1/{day}"));
            let list = day.bearer(&admin.access).send().expect(200).json();
            assert_eq!(list["result"], 1, "{moment}: {list}");
            assert_eq!(list["holodules"][0]["datetime"], moment);
            let remove = app.delete("/holodules/v1/items/HL1");
            remove.bearer(&admin.access).send().expect(204);
        }
        for end in ["2100-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
            let made = app
                .post("/auth/v1/api_tokens")
                .bearer(&admin.access)
                .json(&json!({ "name": "carbonite", "expires_at": end }))
                .send()
                .expect(201)
                .json();
            assert_eq!(made["expires_at"], end);
            let value = made["value"].as_str().expect("value");
            app.get("/users/v1/me").api_token(value).send().expect(200);
            let tokens = app.get("/auth/v1/api_tokens").bearer(&admin.access);
            let tokens = tokens.send().expect(200).json();
            let kept = tokens["results"].as_array().expect("results");
            assert!(
                kept.iter().any(|token| token["expires_at"] == end),
                "{tokens}"
            );
        }
    }

    /// Case, accents, spaces at the end, an emoji: no letter is taken for another one on any database.
    pub(super) fn text_is_kept_and_compared_as_it_is_written(app: &TestApp) {
        let user = app.user();
        let admin = app.admin();
        for key in ["hlA", "hla", "HLA"] {
            let name = format!("Padm\u{e9} Amidala \u{1f6f8} {key} ");
            let stream = json!({
                "video_id": "dQw4w9WgXcQ",
                "datetime": "2026-05-04T20:00:00Z",
                "name": name,
                "title": "\u{130}\u{df}\u{3a3} \u{1f469}\u{200d}\u{1f680}",
                "url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
                "description": "\u{1f3b7}",
            });
            let target = format!("/holodules/v1/items/{key}");
            let put = app.put(&target).bearer(&admin.access).json(&stream).send();
            put.expect(201);
            let shown = app
                .get("/holodules/v1/20260504")
                .bearer(&user.access)
                .send()
                .expect(200)
                .json();
            assert!(
                shown.to_string().contains(&name),
                "{name} is missing: {shown}"
            );
        }
        let fields = |email: &str, name: &str| json!({ "full_name": name, "email": email });
        for (email, name) in [
            ("padme@naboo.example", "Padme"),
            ("padm-@naboo.example", "Padm\u{e9} \u{1f451}"),
        ] {
            let made = app
                .post("/subscribers/v1/")
                .bearer(&admin.access)
                .json(&fields(email, name))
                .send()
                .expect(201)
                .json();
            assert_eq!(made["full_name"], name);
        }
    }
}

/// Statements that change tables are committed one by one there, so that any number of them may have been done.
#[test]
fn a_migration_that_is_killed_at_any_moment_is_ended_by_the_next_one() {
    let clean = mariadb::Database::create();
    drop(TestApp::with_database(&clean));
    let expected = structure(&clean);
    for moment in 0..25 {
        let database = mariadb::Database::create();
        let mut app = TestApp::not_started(|settings| {
            settings.set("database.url", &database.url());
        });
        app.spawn_command(&["migrate"]);
        thread::sleep(Duration::from_millis(5 + moment * 16));
        app.kill();
        let outcome = app.run(&["migrate"], "");
        assert!(
            outcome.status.success(),
            "killed after {} ms: {}",
            5 + moment * 16,
            String::from_utf8_lossy(&outcome.stderr)
        );
        assert_eq!(structure(&database), expected);
    }
}

/// Whatever a step has done already, it can be done again.
#[test]
fn each_step_of_a_migration_can_be_repeated() {
    let database = mariadb::Database::create();
    let app = TestApp::with_database(&database);
    let expected = structure(&database);
    let steps = database.sql("select version from seaql_migrations order by version");
    for step in steps.lines() {
        database.sql(&format!(
            "delete from seaql_migrations where version >= '{step}'"
        ));
        let outcome = app.run(&["migrate"], "");
        let said = String::from_utf8_lossy(&outcome.stderr);
        assert!(outcome.status.success(), "{step}: {said}");
        assert_eq!(structure(&database), expected, "{step}");
    }
}

/// A database that was made before its character set was said.
#[test]
fn an_older_database_comes_to_utf8_with_what_it_holds() {
    let database = mariadb::Database::create();
    let mut app = TestApp::with_database(&database);
    let expected = structure(&database);
    let user = app.user();
    app.kill();
    let tables = "users sessions revocations mails api_tokens events subscribers holodules";
    for table in tables.split(' ') {
        database.sql(&format!(
            "alter table {table} convert to character set latin1 collate latin1_swedish_ci"
        ));
    }
    database.sql(
        "alter table users modify password_hash text not null; \
         alter table holodules modify description text not null; \
         create index ix_revocations_published on revocations (published); \
         drop index ix_revocations_unpublished on revocations; \
         insert into subscribers values (unhex(md5('padme')), 'Padm\u{e9}', 'padme@naboo.example'); \
         delete from seaql_migrations where version > 'm0008'",
    );
    assert_ne!(structure(&database), expected);
    app.start_again();
    // `key` had a character set of its own, which is no other for what it holds.
    assert_eq!(
        structure(&database).replace("utf8mb4_bin", "-"),
        expected
            .replace("ascii_bin", "-")
            .replace("utf8mb4_bin", "-")
    );
    let name = database.sql("select full_name from subscribers");
    assert_eq!(name, "Padm\u{e9}");
    app.films(&user.access).expect(200);
}

/// Columns and indexes of all tables.
fn structure(database: &mariadb::Database) -> String {
    database.sql(
        "select table_name, column_name, column_type, is_nullable, collation_name \
         from information_schema.columns where table_schema = database() \
         and table_name <> 'seaql_migrations' order by 1, 2; \
         select table_name, index_name, seq_in_index, column_name, non_unique \
         from information_schema.statistics where table_schema = database() order by 1, 2, 3; \
         select constraint_name, delete_rule from information_schema.referential_constraints \
         where constraint_schema = database() order by 1",
    )
}

fn log_in_again(app: &TestApp, email: &str) -> Response {
    app.post("/users/v1/login")
        .json(&json!({ "email": email, "password": PASSWORD, "replace_session": true }))
        .send()
}

/// MariaDB says 1969 when a statement takes longer than it may.
#[test]
fn a_statement_that_takes_too_long_is_503() {
    let server = mariadb::Alone::start();
    let user = TestApp::with_database(&server).user();
    server.sql("set global max_statement_time = 0.5");
    let app = TestApp::with_database(&server);
    thread::scope(|scope| {
        scope.spawn(|| {
            server.sql("set max_statement_time = 0; lock tables users read; do sleep(4)")
        });
        thread::sleep(Duration::from_secs(1));
        log_in_again(&app, &user.email).expect_problem(503, "service-unavailable");
    });
    log_in_again(&app, &user.email).expect(200);
}
