//! What only PostgreSQL can show: several instances, and a database that goes away.

use crate::helpers::{
    app::TestApp,
    at_once, eventually,
    postgres::Database,
    process::Folder,
    users::{PASSWORD, new_email},
};

#[test]
fn sign_ups_at_once_leave_one_row() {
    let database = Database::create();
    let app = TestApp::with_postgres(&database);
    let email = new_email();
    let statuses = at_once(20, |_| app.sign_up(&email).status);
    assert_eq!(statuses, [202; 20]);
    let count = database.sql(&format!(
        "select count(*) from users where email = '{email}'"
    ));
    assert_eq!(count, "1");
}

#[test]
fn two_instances_share_one_database() {
    let database = Database::create();
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
        std::time::Duration::from_secs(2),
        || (second.films(&user.access).status == 401).then_some(()),
    );
}

#[test]
fn a_lost_database_is_503_and_comes_back_by_itself() {
    let database = Database::create();
    let app = TestApp::with_postgres(&database);
    let user = app.user();
    database.sql("alter table users rename to users_away");
    let answer = app.log_in(&user.email, PASSWORD);
    assert!(matches!(answer.status, 500 | 503), "{}", answer.text());
    assert!(!answer.text().contains("users"), "{}", answer.text());
    database.sql("alter table users_away rename to users");
    app.log_in(&user.email, PASSWORD)
        .expect_problem(409, "user-already-logged-in");
}
