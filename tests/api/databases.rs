//! What only the servers PostgreSQL and MariaDB can show: several instances, and a database that goes away.

use std::time::Duration;

use crate::helpers::{
    app::TestApp,
    pgbouncer::PgBouncer,
    postgres,
    stores::{ServerDatabase, cases_on},
    users::PASSWORD,
};

cases_on! { [on_a_postgres_database, on_a_mariadb_database] {
    sign_ups_at_once_leave_one_row,
    two_instances_share_one_database,
    a_lost_table_is_an_error_and_comes_back_by_itself,
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
}

/// It refuses parameters of a start that it does not know.
#[test]
fn pgbouncer_stands_between_in_session_mode() {
    let database = postgres::Database::create();
    let pooler = PgBouncer::in_session_mode(&database.url());
    let app = TestApp::with_settings(|settings| {
        settings.set("database.url", pooler.url());
    });
    let user = app.user();
    let pair = app.refresh(&user.refresh).expect(200).json();
    app.log_out(pair["token"].as_str().expect("token"))
        .expect(200);
    app.log_in(&user.email, PASSWORD).expect(200);
    app.get("/readyz").send().expect(200);
}
