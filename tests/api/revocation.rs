//! Ended sessions stay ended, whatever happens to the store that says so.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::helpers::{
    app::{ACCESS_SECRET, TestApp},
    eventually,
    metrics::Metrics,
    postgres::Database,
    process::Folder,
    redis::RedisServer,
    stores::{ServerDatabase, cases_on, sqlite},
    tokens::Parts,
    users::{PASSWORD, User},
};

/// Longer than any recovery may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// A session that is over and one that is not.
struct Sessions {
    ended: User,
    live: User,
}

impl Sessions {
    fn of(app: &TestApp) -> Self {
        let (ended, live) = (app.user(), app.user());
        app.log_out(&ended.access).expect(200);
        let sessions = Self { ended, live };
        sessions.assert_truth(app);
        sessions
    }

    #[track_caller]
    fn assert_truth(&self, app: &TestApp) {
        app.films(&self.ended.access)
            .expect_problem(401, "token-invalid");
        app.films(&self.live.access).expect(200);
    }

    /// Checks an answer while the store is in trouble: the truth or 503, and within two seconds.
    #[track_caller]
    fn assert_truth_or_503(&self, app: &TestApp) {
        for (token, truth) in [(&self.ended.access, 401), (&self.live.access, 200)] {
            let started = Instant::now();
            let answer = app.films(token);
            assert!(
                started.elapsed() < Duration::from_secs(2),
                "an answer took {:?}",
                started.elapsed()
            );
            if answer.status != truth {
                answer.expect_problem(503, "service-unavailable");
            }
        }
    }

    /// The truth comes back by itself, and nothing else is said on the way.
    #[track_caller]
    fn assert_recovery(&self, app: &TestApp) {
        eventually("the store works again", PATIENCE, || {
            let ended = app.films(&self.ended.access);
            assert_ne!(ended.status, 200, "a revoked token was let in");
            let live = app.films(&self.live.access);
            assert_ne!(live.status, 401, "a good token was called bad");
            let ready = app.get("/readyz").send();
            ((ended.status, live.status, ready.status) == (401, 200, 200)).then_some(())
        });
    }
}

fn on_redis() -> (RedisServer, TestApp, Sessions) {
    let redis = RedisServer::start();
    let app = TestApp::with_redis(&redis);
    let sessions = Sessions::of(&app);
    (redis, app, sessions)
}

#[track_caller]
fn assert_unavailable(app: &TestApp, token: &str) {
    let answer = app.films(token).expect_problem(503, "service-unavailable");
    assert!(answer.header("retry-after").is_some());
}

#[test]
fn a_killed_redis_closes_secured_operations_and_no_others() {
    let (mut redis, app, sessions) = on_redis();
    redis.kill();
    for _ in 0..5 {
        assert_unavailable(&app, &sessions.ended.access);
        assert_unavailable(&app, &sessions.live.access);
        sessions.assert_truth_or_503(&app);
    }
    app.films("a.b.c").expect_problem(401, "token-invalid");
    app.get("/films/v1/")
        .send()
        .expect_problem(401, "token-missing");
    app.get("/healthz").send().expect(200);
    let readiness = app
        .get("/readyz")
        .send()
        .expect_problem(503, "service-unavailable");
    assert!(
        readiness.text().contains("revocation"),
        "{}",
        readiness.text()
    );
    redis.restart();
    sessions.assert_recovery(&app);
}

#[test]
fn a_redis_that_comes_back_empty_at_once_lets_no_revoked_token_in() {
    let (mut redis, app, sessions) = on_redis();
    redis.restart();
    for _ in 0..50 {
        assert_ne!(app.films(&sessions.ended.access).status, 200);
    }
    sessions.assert_recovery(&app);
}

#[test]
fn a_hung_redis_is_not_waited_for() {
    let (redis, app, sessions) = on_redis();
    redis.hang();
    for _ in 0..5 {
        sessions.assert_truth_or_503(&app);
    }
    assert_unavailable(&app, &sessions.live.access);
    redis.resume();
    sessions.assert_recovery(&app);
}

#[test]
fn a_redis_that_was_emptied_is_filled_again_before_anybody_is_answered() {
    let (redis, app, sessions) = on_redis();
    for _ in 0..3 {
        assert_eq!(redis.command(&["FLUSHALL"]), "+OK");
        for _ in 0..20 {
            assert_ne!(app.films(&sessions.ended.access).status, 200);
        }
        sessions.assert_recovery(&app);
    }
}

#[test]
fn dropped_connections_are_made_again() {
    let (redis, app, sessions) = on_redis();
    for _ in 0..3 {
        redis.command(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]);
        sessions.assert_truth_or_503(&app);
        sessions.assert_recovery(&app);
    }
}

/// A snapshot is older than the last revocations, though its data look complete.
#[test]
fn a_redis_that_comes_back_with_old_data_lets_no_revoked_token_in() {
    let mut redis = RedisServer::start();
    let app = TestApp::with_redis(&redis);
    let (ended, live) = (app.user(), app.user());
    app.films(&ended.access).expect(200);
    assert_eq!(redis.command(&["SAVE"]), "+OK");
    app.log_out(&ended.access).expect(200);
    let sessions = Sessions { ended, live };
    redis.restart();
    for _ in 0..50 {
        assert_ne!(app.films(&sessions.ended.access).status, 200);
    }
    sessions.assert_recovery(&app);
}

#[test]
fn a_redis_that_still_loads_lets_no_revoked_token_in() {
    let (mut redis, app, sessions) = on_redis();
    redis.command(&[
        "EVAL",
        "for i = 1, 2000 do redis.call('SET', 'filler:' .. i, string.rep('x', 1000)) end",
        "0",
    ]);
    assert_eq!(redis.command(&["SAVE"]), "+OK");
    redis.restart_loading();
    while redis.command(&["PING"]).starts_with("-LOADING") {
        sessions.assert_truth_or_503(&app);
    }
    sessions.assert_recovery(&app);
}

/// Writes fail, reads go on: a logout must not be acknowledged and forgotten.
#[track_caller]
fn a_fault_of_writing(break_it: &[&[&str]], repair_it: &[&[&str]]) {
    let (redis, app, sessions) = on_redis();
    for words in break_it {
        assert_eq!(redis.command(words), "+OK", "{words:?}");
    }
    sessions.assert_truth_or_503(&app);
    let leaving = &sessions.live;
    let answer = app.log_out(&leaving.access);
    assert!(matches!(answer.status, 200 | 503), "{}", answer.text());
    // Told 503, it is in the database, or nobody is let in.
    for _ in 0..20 {
        assert_ne!(app.films(&leaving.access).status, 200, "a logout");
    }
    assert_ne!(app.films(&sessions.ended.access).status, 200);
    for words in repair_it {
        assert_eq!(redis.command(words), "+OK", "{words:?}");
    }
    eventually("logging out works again", PATIENCE, || {
        matches!(app.log_out(&leaving.access).status, 200 | 401).then_some(())
    });
    for _ in 0..20 {
        app.films(&leaving.access)
            .expect_problem(401, "token-invalid");
    }
    app.log_in(&leaving.email, PASSWORD).expect(200);
}

#[test]
fn a_redis_that_refuses_writes_forgets_no_logout() {
    a_fault_of_writing(
        &[&["CONFIG", "SET", "min-replicas-to-write", "1"]],
        &[&["CONFIG", "SET", "min-replicas-to-write", "0"]],
    );
}

#[test]
fn a_redis_that_became_a_replica_forgets_no_logout() {
    a_fault_of_writing(
        &[&["REPLICAOF", "127.0.0.1", "1"]],
        &[&["REPLICAOF", "NO", "ONE"]],
    );
}

#[test]
fn a_full_redis_forgets_no_logout() {
    a_fault_of_writing(
        &[
            &["CONFIG", "SET", "maxmemory-policy", "noeviction"],
            &["CONFIG", "SET", "maxmemory", "1"],
        ],
        &[&["CONFIG", "SET", "maxmemory", "0"]],
    );
}

/// Redis evicts without notice: a single revocation would be gone without a trace.
#[test]
fn a_redis_that_may_evict_is_not_trusted() {
    let redis =
        RedisServer::with_options(&["--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"]);
    let app = TestApp::with_redis(&redis);
    app.get("/readyz")
        .send()
        .expect_problem(503, "service-unavailable");
    redis.command(&["CONFIG", "SET", "maxmemory-policy", "noeviction"]);
    eventually("the service trusts Redis", PATIENCE, || {
        (app.get("/readyz").send().status == 200).then_some(())
    });
    Sessions::of(&app);
}

#[test]
fn a_logout_while_redis_is_down_holds_when_it_is_back() {
    let (mut redis, app, sessions) = on_redis();
    redis.kill();
    let answer = app.log_out(&sessions.live.access);
    assert!(matches!(answer.status, 200 | 503), "{}", answer.text());
    let acknowledged = answer.status == 200;
    redis.restart();
    eventually("logging out works again", PATIENCE, || {
        let answer = app.films(&sessions.live.access);
        if acknowledged {
            assert_ne!(answer.status, 200);
        }
        matches!(app.log_out(&sessions.live.access).status, 200 | 401).then_some(())
    });
    app.films(&sessions.live.access)
        .expect_problem(401, "token-invalid");
}

#[test]
fn without_redis_at_start_the_service_waits_for_it() {
    let (mut redis, mut app, sessions) = on_redis();
    app.kill();
    redis.kill();
    app.start_again();
    app.get("/healthz").send().expect(200);
    let readiness = app
        .get("/readyz")
        .send()
        .expect_problem(503, "service-unavailable");
    assert!(
        readiness.text().contains("revocation"),
        "{}",
        readiness.text()
    );
    assert_unavailable(&app, &sessions.live.access);
    sessions.assert_truth_or_503(&app);
    app.get("/films/v1/")
        .send()
        .expect_problem(401, "token-missing");
    redis.restart();
    sessions.assert_recovery(&app);
}

#[test]
fn an_ended_session_stays_ended_over_a_restart() {
    let redis = RedisServer::start();
    for mut app in [TestApp::start(), TestApp::with_redis(&redis)] {
        let sessions = Sessions::of(&app);
        app.kill();
        app.start_again();
        sessions.assert_truth(&app);
    }
}

#[test]
fn a_logout_on_one_instance_holds_on_the_other_at_once() {
    let database = Database::create();
    let redis = RedisServer::start();
    let outbox = Folder::new("outbox");
    let start = || {
        TestApp::with_settings(|settings| {
            settings
                .set("database.url", &database.url())
                .set("revocation.backend", "redis")
                .set("revocation.redis_url", &redis.url())
                .set("mail.outbox_dir", outbox.path().to_str().expect("UTF-8"));
        })
    };
    let (first, second) = (start(), start());
    for _ in 0..5 {
        let user = first.user();
        second.films(&user.access).expect(200);
        first.log_out(&user.access).expect(200);
        second
            .films(&user.access)
            .expect_problem(401, "token-invalid");
    }
    let user = first.user();
    second.refresh(&user.refresh).expect(200);
    first
        .films(&user.access)
        .expect_problem(401, "token-invalid");
}

/// Both instances see that the data are gone; no revoked token slips through either.
#[test]
fn two_instances_fill_an_emptied_redis_again() {
    let database = Database::create();
    let redis = RedisServer::start();
    let outbox = Folder::new("outbox");
    let start = || {
        TestApp::with_settings(|settings| {
            settings
                .set("database.url", &database.url())
                .set("revocation.backend", "redis")
                .set("revocation.redis_url", &redis.url())
                .set("mail.outbox_dir", outbox.path().to_str().expect("UTF-8"));
        })
    };
    let (first, second) = (start(), start());
    let sessions = Sessions::of(&first);
    redis.command(&["FLUSHALL"]);
    thread::scope(|scope| {
        for app in [&first, &second] {
            scope.spawn(|| {
                for _ in 0..30 {
                    assert_ne!(app.films(&sessions.ended.access).status, 200);
                }
                sessions.assert_recovery(app);
            });
        }
    });
}

/// Revocations need no clean-up: each key ends with its token.
#[test]
fn keys_in_redis_expire() {
    let (redis, app, sessions) = on_redis();
    app.refresh(&sessions.live.refresh).expect(200);
    let persistent = redis.command(&[
        "EVAL",
        "local n = 0 for _, key in ipairs(redis.call('KEYS', '*')) do \
         if redis.call('TTL', key) == -1 then n = n + 1 end end return n",
        "0",
    ]);
    // The epoch and the feed are the only keys that stay.
    assert!(matches!(persistent.as_str(), ":1" | ":2"), "{persistent}");
    assert_ne!(redis.command(&["DBSIZE"]), ":0");
}

#[test]
fn the_password_of_redis_is_used_and_not_shown() {
    let redis = RedisServer::with_options(&["--requirepass", "a-password-of-redis"]);
    let with_password = redis
        .url()
        .replace("redis://", "redis://:a-password-of-redis@");
    let app = TestApp::with_settings(|settings| {
        settings
            .set("revocation.backend", "redis")
            .set("revocation.redis_url", &with_password);
    });
    Sessions::of(&app);
    let wrong = TestApp::with_settings(|settings| {
        settings.set("revocation.backend", "redis").set(
            "revocation.redis_url",
            &with_password.replace("a-password", "another-password"),
        );
    });
    wrong
        .get("/readyz")
        .send()
        .expect_problem(503, "service-unavailable");
    for app in [app, wrong] {
        assert!(!app.log().contains("password-of-redis"));
    }
}

cases_on! { [on_a_postgres_database, on_a_mariadb_database] {
    many_revoked_tokens_do_not_keep_the_service_from_starting,
} }

/// The first id of [`many_rows`].
const FIRST: &str = "30303030-3030-3030-3030-303030303031";

/// Copies the one row that is there, with an age that only a start reads. `numbers` has as many rows as are wanted, `id`
/// makes of the number `i` sixteen decimal digits as the bytes of an id.
fn many_rows(numbers: &str, id: &str, age: &str) -> String {
    format!(
        "{numbers} INSERT INTO revocations (id, expires_at, revoked_at, published) \
         SELECT {id}, one.expires_at, {age}, one.published \
         FROM numbers, (SELECT * FROM revocations LIMIT 1) AS one"
    )
}

fn many_rows_on_sqlite(app: &TestApp, count: usize) {
    let numbers = format!(
        "WITH RECURSIVE numbers (i) AS \
         (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {count})"
    );
    let id = "CAST(printf('%016d', i) AS BLOB)";
    let age = "'2020' || substr(one.revoked_at, 5)";
    sqlite(app, &many_rows(&numbers, id, age));
}

/// One token is revoked, by SQL only, the other is good.
#[track_caller]
fn assert_revoked_and_good(app: &TestApp, good: &User) {
    let revoked = Parts::of(&good.access).claim("jti", FIRST);
    app.films(&revoked.sign(ACCESS_SECRET))
        .expect_problem(401, "token-invalid");
    app.films(&good.access).expect(200);
}

fn answers(app: &TestApp, patience: Duration) {
    eventually("the service answers", patience, || {
        let answer = app.get("/healthz").try_send().ok()?;
        (answer.status == 200).then_some(())
    });
}

/// With `--nocapture` it says how much memory a revoked token takes.
#[test]
fn a_million_revoked_tokens_do_not_keep_the_service_from_starting() {
    const COUNT: usize = 1_000_000;
    let mut app = TestApp::start();
    let (good, ended) = (app.user(), app.user());
    app.log_out(&ended.access).expect(200);
    app.kill();
    app.start_again();
    app.films(&good.access).expect(200);
    let before = app.process().memory();
    app.kill();
    many_rows_on_sqlite(&app, COUNT);
    app.spawn();
    answers(&app, Duration::from_secs(120));
    assert_revoked_and_good(&app, &good);
    let count = u64::try_from(COUNT).expect("a number");
    let bytes = app.process().memory().saturating_sub(before) / count;
    eprintln!("{bytes} bytes for each revoked token");
    assert!(bytes <= 64, "{bytes} bytes for each revoked token");
    let log = app.log();
    let progress = log.matches("reading revoked tokens").count();
    assert!((9..=11).contains(&progress), "{progress} lines:\n{log}");
    // The copy stays fresh beside the readings of the whole table.
    for _ in 0..30 {
        app.films(&good.access).expect(200);
        thread::sleep(Duration::from_millis(100));
    }
}

/// Rows that another kind of store left unpublished, and those that Redis loses later.
#[test]
fn many_revoked_tokens_are_loaded_into_redis_however_long_it_takes() {
    const COUNT: usize = 110_000;
    let mut app = TestApp::start();
    let (good, ended) = (app.user(), app.user());
    app.log_out(&ended.access).expect(200);
    app.kill();
    many_rows_on_sqlite(&app, COUNT);
    let redis = RedisServer::start();
    app.settings()
        .set("revocation.backend", "redis")
        .set("revocation.redis_url", &redis.url());
    app.spawn();
    answers(&app, Duration::from_secs(60));
    let filled = |app: &TestApp| {
        eventually("Redis is filled", Duration::from_secs(120), || {
            (app.films(&good.access).status == 200).then_some(())
        });
        assert_revoked_and_good(app, &good);
        app.films(&ended.access)
            .expect_problem(401, "token-invalid");
    };
    filled(&app);
    redis.command(&["FLUSHALL"]);
    filled(&app);
    assert!(app.log().contains("loading revoked tokens into Redis"));
    // Until the instance holds nothing back itself.
    eventually("Redis was told of all", Duration::from_secs(120), || {
        let labels = [("backend", "redis")];
        let held = Metrics::of(&app).value("starwars_revocations_held", &labels);
        (held == Some(0.0)).then_some(())
    });
    // Again while it is loaded: what came first is gone, and what comes last says nothing about it.
    redis.command(&["FLUSHALL"]);
    eventually("Redis is being filled", Duration::from_secs(60), || {
        let size = redis.command(&["DBSIZE"]);
        let size: usize = size.trim_start_matches(':').parse().expect("a number");
        (size > 1_000).then_some(())
    });
    redis.command(&["FLUSHALL"]);
    filled(&app);
    app.kill();
    app.settings().set("revocation.backend", "redis-replica");
    app.spawn();
    answers(&app, Duration::from_secs(60));
    eventually("the copy is trusted", Duration::from_secs(120), || {
        app.log().contains("looked up in memory").then_some(())
    });
    filled(&app);
}

mod cases {
    use super::*;

    pub(super) fn many_revoked_tokens_do_not_keep_the_service_from_starting(
        database: &dyn ServerDatabase,
    ) {
        let mut app = TestApp::with_database(database);
        let (good, ended) = (app.user(), app.user());
        app.log_out(&ended.access).expect(200);
        app.kill();
        database.sql(&if database.url().starts_with("mysql") {
            let id = "CAST(lpad(seq, 16, '0') AS BINARY)";
            many_rows("", id, "one.revoked_at - INTERVAL 1 YEAR")
                .replace("numbers", "seq_1_to_200000")
        } else {
            many_rows(
                "WITH numbers (i) AS (SELECT generate_series(1, 200000))",
                "encode(convert_to(lpad(i::text, 16, '0'), 'UTF8'), 'hex')::uuid",
                "one.revoked_at - INTERVAL '1 year'",
            )
        });
        app.spawn();
        answers(&app, Duration::from_secs(60));
        assert_revoked_and_good(&app, &good);
        assert!(app.log().contains("reading revoked tokens"));
    }
}
