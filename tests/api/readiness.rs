//! `/readyz` tells the truth: what requests need is there, or it names what is missing.

use std::time::Duration;

use crate::helpers::{
    app::TestApp, eventually, mariadb, postgres, redis::RedisServer, stores::ServerDatabase,
    users::PASSWORD,
};

/// The commands that an account in Redis must be allowed, as `docs/operating.md` has them.
const COMMANDS: &str = "+ping +hello +select +info +get +mget +set +del +watch +unwatch +multi \
                        +exec +evalsha +script|load +time +xadd +xrange +role";

/// The keys that stand there.
const KEYS: &str = "~starwars:*";

#[track_caller]
fn assert_not_ready(app: &TestApp, words: &str) {
    eventually("it is not ready", Duration::from_secs(5), || {
        let answer = app.get("/readyz").send();
        (answer.status == 503 && answer.text().contains(words)).then_some(())
    });
    assert!(app.log().contains("not ready"), "nothing in the log");
    app.get("/healthz").send().expect(200);
}

#[track_caller]
fn assert_ready_again(app: &TestApp) {
    eventually("it is ready again", Duration::from_secs(10), || {
        (app.get("/readyz").send().status == 200).then_some(())
    });
    assert!(app.log().contains("ready again"), "nothing in the log");
}

#[test]
fn a_postgres_that_became_read_only_is_not_ready() {
    let database = postgres::Database::create();
    let app = TestApp::with_postgres(&database);
    app.get("/readyz").send().expect(200);
    let turn = |value: &str| {
        database.sql(&format!(
            "begin; set transaction read write; do $$ begin execute format(\
             'alter database %I set default_transaction_read_only = {value}', current_database()); end $$; commit"
        ));
        // A connection has the setting that it began with.
        database.sql(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity \
             where datname = current_database() and pid <> pg_backend_pid()",
        );
    };
    turn("on");
    assert_not_ready(&app, "takes no changes");
    assert!(
        app.log().contains("read-only transaction"),
        "no cause in the log"
    );
    turn("off");
    assert_ready_again(&app);
}

#[test]
fn a_mariadb_that_became_read_only_is_not_ready() {
    // For the server as a whole, and not for an account that may do everything.
    let server = mariadb::Alone::start();
    server.sql(
        "create user crew@'127.0.0.1' identified by 'x-wing'; \
         grant all on *.* to crew@'127.0.0.1'; revoke read_only admin, super on *.* from crew@'127.0.0.1'",
    );
    let url = server.url().replace("root@", "crew:x-wing@");
    let app = TestApp::with_settings(|settings| {
        settings.set("database.url", &url);
    });
    app.get("/readyz").send().expect(200);
    server.sql("set global read_only = 1");
    assert_not_ready(&app, "takes no changes");
    server.sql("set global read_only = 0");
    assert_ready_again(&app);
}

#[test]
fn a_sqlite_file_that_is_opened_for_reading_is_not_ready() {
    let mut app = TestApp::start();
    let email = app.verified_user();
    app.kill();
    app.settings()
        .set("database.url", "sqlite://var/starwars.db?mode=ro")
        .set("database.migrate_on_start", "false");
    app.start_again();
    assert_not_ready(&app, "takes no changes");
    app.log_in(&email, PASSWORD)
        .expect_problem(503, "service-unavailable");
}

fn with_account(redis: &RedisServer, rules: &str, backend: &str) -> TestApp {
    let rules = format!("ACL SETUSER crew reset on >x-wing {rules}");
    let words: Vec<&str> = rules.split_whitespace().collect();
    assert_eq!(redis.command(&words), "+OK", "{rules}");
    let url = redis.url().replace("redis://", "redis://crew:x-wing@");
    TestApp::with_settings(|settings| {
        settings
            .set("revocation.backend", backend)
            .set("revocation.redis_url", &url)
            .set("limits.enabled", "true");
    })
}

#[test]
fn the_commands_that_the_documentation_names_suffice_in_redis() {
    let documentation = include_str!("../../docs/operating.md");
    for command in COMMANDS.split_whitespace().chain([KEYS]) {
        assert!(
            documentation.contains(command),
            "{command} is missing in docs/operating.md"
        );
    }
    let redis = RedisServer::start();
    for backend in ["redis", "redis-replica"] {
        let app = with_account(&redis, &format!("{KEYS} {COMMANDS}"), backend);
        app.get("/readyz").send().expect(200);
        let user = app.user();
        let pair = app.refresh(&user.refresh).expect(200).json();
        let access = pair["token"].as_str().expect("token");
        app.films(access).expect(200);
        app.log_out(access).expect(200);
        app.films(access).expect_problem(401, "token-invalid");
        let log = app.log();
        assert!(
            !log.contains("NOPERM") && !log.contains("permission"),
            "{log}"
        );
    }
}

#[test]
fn an_account_in_redis_that_lacks_a_command_is_not_ready() {
    for (lacking, words) in [
        ("+time", "Tries"),
        ("+set", "revocation"),
        ("+xadd", "revocation"),
        ("+mget", "revocation"),
        ("+role", "revocation"),
    ] {
        let redis = RedisServer::start();
        let commands = COMMANDS.replace(lacking, "");
        let app = with_account(&redis, &format!("{KEYS} {commands}"), "redis");
        assert_not_ready(&app, words);
    }
}
