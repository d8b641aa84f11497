//! PgBouncer between the service and PostgreSQL, in both of its modes.

use std::{thread, time::Duration};

use serde_json::json;

use crate::helpers::{
    app::TestApp,
    at_once, eventually,
    pgbouncer::PgBouncer,
    postgres,
    stores::ServerDatabase,
    users::{PASSWORD, new_email},
};

fn behind(pooler: &PgBouncer, transaction_pooling: bool) -> TestApp {
    TestApp::not_started(|settings| {
        settings.set("database.url", pooler.url()).set(
            "database.transaction_pooling",
            &transaction_pooling.to_string(),
        );
    })
}

/// From the sign-up to the logout, many at once, before and after a restart of the pooler.
fn sign_up_to_logout(mut pooler: PgBouncer, mut app: TestApp) {
    app.start_again();
    for round in 0..3 {
        at_once(8, |_| {
            let user = app.user();
            let pair = app.refresh(&user.refresh).expect(200).json();
            let access = pair["token"].as_str().expect("token");
            app.films(access).expect(200);
            app.log_out(access).expect(200);
            app.log_in(&user.email, PASSWORD).expect(200);
        });
        app.get("/readyz").send().expect(200);
        if round < 2 {
            pooler.restart();
            // Statements of the background that write by themselves may have lost their connections.
            eventually("it is ready again", Duration::from_secs(20), || {
                (app.get("/readyz").send().status == 200).then_some(())
            });
        }
    }
    let log = app.log();
    assert!(!log.contains("prepared statement"), "{log}");
    assert!(!log.contains("request failed"), "{log}");
}

#[test]
fn pgbouncer_in_session_mode_stands_between() {
    let database = postgres::Database::create();
    let pooler = PgBouncer::in_session_mode(&database.url());
    let app = behind(&pooler, false);
    sign_up_to_logout(pooler, app);
}

#[test]
fn pgbouncer_in_transaction_mode_stands_between() {
    let database = postgres::Database::create();
    let pooler = PgBouncer::in_transaction_mode(&database.url());
    let app = behind(&pooler, true);
    sign_up_to_logout(pooler, app);
    let connections = database.sql(
        "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'starwars-api'",
    );
    assert!(
        connections.parse::<u32>().expect("a number") <= 3,
        "{connections}"
    );
}

/// A connection that two share is no place for what holds until it ends.
#[test]
fn pgbouncer_in_transaction_mode_is_refused_unless_the_settings_say_so() {
    let database = postgres::Database::create();
    let pooler = PgBouncer::in_transaction_mode(&database.url());
    for command in ["migrate", "serve"] {
        let output = behind(&pooler, false).run(&[command], "");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{command}: {said}");
        assert!(
            said.contains("set database.transaction_pooling to true"),
            "{said}"
        );
    }
}

#[test]
fn time_limits_hold_for_each_transaction_and_for_nobody_else_in_transaction_mode() {
    let database = postgres::Database::create();
    let pooler = PgBouncer::in_transaction_mode(&database.url());
    let mut app = behind(&pooler, true);
    app.start_again();
    let admin = app.admin();
    let waiting = || {
        database.sql(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
        )
    };
    thread::scope(|scope| {
        let lock =
            "begin; lock table users, subscribers in exclusive mode; select pg_sleep(12); commit";
        let locked = scope.spawn(|| database.sql(lock));
        thread::sleep(Duration::from_secs(1));
        let statuses = at_once(2, |number| {
            let request = if number == 0 {
                app.post("/users/v1/signup")
                    .json(&json!({ "email": new_email(), "password": PASSWORD }))
            } else {
                let fields = json!({ "full_name": "Wedge", "email": new_email() });
                app.post("/subscribers/v1/")
                    .bearer(&admin.access)
                    .json(&fields)
            };
            request.send().status
        });
        assert_eq!(statuses, [503, 503]);
        // The lock is held for some seconds more; what waited for it was ended.
        eventually("nobody waits for the lock", Duration::from_secs(5), || {
            (waiting() == "0").then_some(())
        });
        assert!(!locked.is_finished(), "the lock was given back before");
        locked.join().expect("thread");
    });
    let limits = at_once(9, |_| pooler.sql("show statement_timeout"));
    assert_eq!(limits, ["0"; 9]);
    app.sign_up(&new_email()).expect(202);
}

#[test]
fn transaction_pooling_is_for_postgres_alone() {
    let app = TestApp::not_started(|settings| {
        settings.set("database.transaction_pooling", "true");
    });
    let output = app.run(&["config", "check"], "");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{said}");
    assert!(
        said.contains("database.transaction_pooling is for PostgreSQL"),
        "{said}"
    );
}
