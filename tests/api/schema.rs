//! Instances of one release and of the next share a database, in both orders of starting.

use std::{collections::BTreeMap, fs, path::PathBuf};

use sha2::{Digest as _, Sha256};

use crate::helpers::{
    app::TestApp,
    mariadb, postgres,
    redis::RedisServer,
    stores::{self, ServerDatabase},
    users::PASSWORD,
};

/// The checksums of the migrations of the last release, as `sha256sum` writes them.
const RELEASED: &str = include_str!("../../docs/releases/migrations.sha256");

/// The name of each migration's file, with its text.
fn migrations() -> BTreeMap<String, String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("crates/database/src/migrations");
    let files = fs::read_dir(folder).expect("migrations").flatten();
    files
        .map(|file| (file.file_name().into_string().expect("UTF-8"), file.path()))
        .filter(|(name, _)| name.starts_with("m0"))
        .map(|(name, path)| (name, fs::read_to_string(path).expect("a migration")))
        .collect()
}

fn released() -> BTreeMap<&'static str, &'static str> {
    let lines = RELEASED.lines().filter_map(|line| line.split_once("  "));
    lines.map(|(sum, name)| (name, sum)).collect()
}

#[test]
fn a_migration_that_was_released_stays_as_it_is() {
    let present = migrations();
    for (name, sum) in released() {
        let text = present.get(name).map_or("", String::as_str);
        let found: String = Sha256::digest(text)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(
            found, sum,
            "{name} was released: put right by a new migration what is wrong with it"
        );
    }
}

/// The changes that `up` may not make while instances of the release before run on the same tables.
#[test]
fn a_new_migration_takes_nothing_away_from_the_release_before() {
    let released = released();
    for (name, text) in migrations() {
        if released.contains_key(name.as_str()) {
            continue;
        }
        let up = text.split("async fn down").next().unwrap_or_default();
        let lower = up.to_lowercase();
        for word in ["drop", "rename", "modify_column", "truncate", "delete_from"] {
            assert!(
                !lower.contains(word),
                "{name}: `{word}` breaks instances of the release before; see \"Changes of the tables\" in CONTRIBUTING.md"
            );
        }
        for statement in up.split(';').filter(|text| text.contains("add_column")) {
            assert!(
                !statement.contains("not_null") || statement.contains("default"),
                "{name}: the release before does not fill a new column that must not be null"
            );
        }
    }
}

/// The case of an instance of the release before that is started again after the first of the next one has migrated.
#[test]
fn an_instance_starts_on_tables_that_a_later_release_has_changed() {
    let later = "insert into seaql_migrations (version, applied_at) values ('m9999_later', 1)";
    let (postgres, mariadb) = (postgres::Database::create(), mariadb::Database::create());
    let servers: [&dyn ServerDatabase; 2] = [&postgres, &mariadb];
    for server in servers {
        let mut app = TestApp::with_database(server);
        app.kill();
        server.sql(later);
        app.start_again();
        app.user();
    }
    let mut app = TestApp::start();
    app.kill();
    stores::sqlite(&app, later);
    app.start_again();
    app.user();
}

/// Requests would fail one by one, under a readiness that knows nothing of it.
#[test]
fn an_instance_that_may_not_migrate_refuses_tables_of_an_earlier_release() {
    let older = "delete from seaql_migrations where version = 'm0013_clients'";
    let (postgres, mariadb) = (postgres::Database::create(), mariadb::Database::create());
    let servers: [Option<&dyn ServerDatabase>; 3] = [None, Some(&postgres), Some(&mariadb)];
    for server in servers {
        let mut app = TestApp::not_started(|settings| {
            settings.set("database.migrate_on_start", "false");
            if let Some(server) = server {
                settings.set("database.url", &server.url());
            }
        });
        let refuses = |app: &TestApp| {
            for command in [&["serve"][..], &["users", "list"]] {
                let output = app.run(command, "");
                let words = String::from_utf8_lossy(&output.stderr);
                assert!(!output.status.success(), "{command:?}: {words}");
                assert!(words.contains("run `starwars-api migrate`"), "{words}");
            }
        };
        refuses(&app);
        assert!(app.run(&["migrate"], "").status.success());
        app.start_again();
        app.user();
        app.kill();
        match server {
            Some(server) => drop(server.sql(older)),
            None => stores::sqlite(&app, older),
        }
        refuses(&app);
    }
}

/// `scripts/test.sh` builds the program of the last release and names it.
#[test]
fn the_release_before_and_this_one_share_a_database() {
    let Some(program) = std::env::var_os("PREVIOUS_RELEASE").filter(|path| !path.is_empty()) else {
        eprintln!("there is no earlier release, or PREVIOUS_RELEASE does not name its program");
        return;
    };
    let (database, redis) = (postgres::Database::create(), RedisServer::start());
    let not_started = || {
        TestApp::not_started(|settings| {
            settings
                .set("database.url", &database.url())
                .set("revocation.backend", "redis")
                .set("revocation.redis_url", &redis.url());
        })
    };
    let mut before = not_started().of_program(program.into());
    before.start_again();
    let admin = before.admin();
    let users = [before.user(), before.user()];
    let mut present = not_started();
    present.start_again();
    // Each takes what the other made, and knows what the other ended.
    for (one, other) in [(&before, &present), (&present, &before)] {
        let user = one.made(&admin, "basic");
        other.films(&user.access).expect(200);
        let pair = other.refresh(&user.refresh).expect(200).json();
        one.films(&user.access).expect_problem(401, "token-invalid");
        let access = pair["token"].as_str().expect("token");
        one.log_out(access).expect(200);
        other.films(access).expect_problem(401, "token-invalid");
        one.user();
    }
    // An upgrade alarms nobody.
    let told = present.log();
    assert!(!told.contains("another Redis was used"), "{told}");
    // An instance of the release before is started again, and takes over alone.
    before.kill();
    before.start_again();
    present.kill();
    for user in &users {
        before.films(&user.access).expect(200);
        before.log_out(&user.access).expect(200);
        before.log_in(&user.email, PASSWORD).expect(200);
    }
}
