//! The `[redis]` section: what is taken, what is refused with which words, and the names that it had before.

use std::fs;

use crate::helpers::{
    app::{Settings, TestApp},
    redis::RedisServer,
    tls::Authority,
};

/// Runs `config check`; returns whether it takes the settings, and its words.
fn check(change: impl FnOnce(&mut Settings)) -> (bool, String) {
    let app = TestApp::not_started(change);
    let output = app.run(&["config", "check"], "");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.success(), said)
}

#[test]
fn what_does_not_fit_together_is_refused_by_name() {
    let nodes = "redis://one:6379,redis://two:6379";
    for (settings, words) in [
        (
            &[("redis.mode", "sentinel"), ("redis.urls", nodes)][..],
            "redis.sentinel.master must be set",
        ),
        (
            &[("redis.mode", "sentinel"), ("redis.sentinel.master", "m")],
            "redis.urls must have the addresses",
        ),
        (
            &[("redis.mode", "cluster")],
            "redis.urls must have the addresses",
        ),
        (&[("redis.mode", "ring")], "redis.mode: expected"),
        (
            &[("redis.urls", nodes)],
            "redis.urls has several addresses: set redis.mode",
        ),
        (
            &[
                ("redis.mode", "cluster"),
                ("redis.urls", nodes),
                ("redis.database", "1"),
            ],
            "redis.database must be 0",
        ),
        (
            &[
                ("redis.mode", "cluster"),
                ("redis.urls", nodes),
                ("redis.sentinel.master", "m"),
            ],
            "redis.mode is not `sentinel`",
        ),
        (
            &[
                ("redis.mode", "cluster"),
                ("redis.urls", "redis://u:tiger-7Q@one:6379"),
            ],
            "accounts stand in redis.user",
        ),
        (
            &[("redis.mode", "cluster"), ("redis.urls", "redis://one")],
            "redis://host:port",
        ),
        (
            &[("redis.mode", "cluster"), ("redis.urls", "redis://one:1/2")],
            "the database in redis.database",
        ),
        (
            &[
                ("redis.mode", "cluster"),
                ("redis.urls", "redis://one:1,rediss://two:1"),
            ],
            "all be with TLS (rediss://) or all without",
        ),
        (
            &[("redis.urls", "redis://one"), ("redis.user", "crew")],
            "redis.user is set without redis.password",
        ),
        (
            &[
                ("redis.urls", "redis://u:tiger-7Q@one"),
                ("redis.password", "tiger-7Q"),
            ],
            "redis.password is set: remove one",
        ),
        (
            &[("redis.urls", "redis://one/2"), ("redis.database", "3")],
            "redis.database is set: remove one",
        ),
        (
            &[("redis.timeout_ms", "0")],
            "redis.timeout_ms must be from 1",
        ),
        (&[("revocation.backend", "redis")], "redis.urls"),
    ] {
        let (valid, said) = check(|app| {
            for (key, value) in settings {
                app.set(key, value);
            }
        });
        assert!(!valid && said.contains(words), "{settings:?}: {said}");
        assert!(!said.contains("7Q"), "{said}");
    }
}

#[test]
fn the_old_names_still_work_and_may_not_say_something_else() {
    let redis = RedisServer::start();
    let other = "redis://127.0.0.1:1/0";
    for (old, new, valid) in [
        (redis.url(), None, true),
        (redis.url(), Some(redis.url()), true),
        (redis.url(), Some(other.to_owned()), false),
    ] {
        let (taken, said) = check(|settings| {
            settings
                .set("revocation.backend", "redis")
                .set("revocation.redis_url", &old);
            if let Some(new) = &new {
                settings.set("redis.urls", new);
            }
        });
        assert_eq!(taken, valid, "{said}");
        assert!(
            valid || (said.contains("redis.urls and revocation.redis_url")),
            "{said}"
        );
    }
    for (old, new, valid) in [("300", "300", true), ("300", "250", false)] {
        let (taken, said) = check(|settings| {
            settings
                .set("revocation.timeout_ms", old)
                .set("redis.timeout_ms", new);
        });
        assert_eq!(taken, valid, "{said}");
        assert!(
            valid || said.contains("redis.timeout_ms and revocation.timeout_ms"),
            "{said}"
        );
    }
}

#[test]
fn an_account_and_a_database_may_stand_beside_the_address() {
    let redis = RedisServer::with_options(&["--requirepass", "x-wing"]);
    let app = TestApp::with_settings(|settings| {
        settings
            .set("revocation.backend", "redis")
            .set("redis.urls", redis.url().trim_end_matches("/0"))
            .set("redis.password", "x-wing")
            .set("redis.database", "5")
            .set("limits.enabled", "true");
    });
    let user = app.user();
    app.log_out(&user.access).expect(200);
    app.films(&user.access).expect_problem(401, "token-invalid");
    let log = app.log();
    assert!(
        log.contains("database 5") && !log.contains("x-wing"),
        "{log}"
    );
}

#[test]
fn the_examples_of_the_documentation_are_taken() {
    let documentation = include_str!("../../docs/operating.md");
    let section = documentation
        .split("\n## Redis\n")
        .nth(1)
        .expect("a section");
    let section = section.split("\n## ").next().expect("its text");
    let examples: Vec<&str> = section.split("```toml\n").skip(1).collect();
    assert_eq!(examples.len(), 3);
    let authority = Authority::new();
    for example in examples {
        let example = example.split("```").next().expect("an end");
        let app = TestApp::not_started(|settings| {
            settings
                .set("revocation.backend", "redis")
                .set("tls.ca_file", &authority.path("ca.pem"));
        });
        let folder = app.folder().join("config");
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("local.toml"), example).expect("a file");
        let output = app.run(&["config", "check"], "");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{example}: {said}");
    }
}
