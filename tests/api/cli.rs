//! The command line, and what a start says when something is wrong.

use std::{
    fs::{self, Permissions},
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    process::Output,
    time::Duration,
};

use crate::helpers::{
    app::{ACCESS_SECRET, TestApp},
    contract::CONTRACT,
    users::{PASSWORD, new_email},
};

fn text(output: &Output) -> (String, String) {
    (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[track_caller]
fn succeeds(output: &Output) -> String {
    let (out, err) = text(output);
    assert!(output.status.success(), "{out}{err}");
    out
}

/// Answers what it said; a failure has a status of its own and a message for people.
#[track_caller]
fn fails(output: &Output) -> String {
    let (out, err) = text(output);
    assert!(!output.status.success(), "{out}{err}");
    assert!(output.status.code().is_some(), "ended by a signal");
    assert!(!err.trim().is_empty(), "no word on standard error");
    assert!(!err.contains("panicked"), "{err}");
    err
}

#[test]
fn every_command_has_help() {
    let app = TestApp::not_started(|_| {});
    for command in [
        &["--help"][..],
        &["serve", "--help"],
        &["migrate", "--help"],
        &["routes", "--help"],
        &["openapi", "--help"],
        &["config", "check", "--help"],
        &["users", "create", "--help"],
        &["subscribers", "import", "--help"],
        &["holodules", "import", "--help"],
    ] {
        assert!(
            succeeds(&app.run(command, "")).contains("Usage"),
            "{command:?}"
        );
    }
    fails(&app.run(&["nonsense"], ""));
}

#[test]
fn routes_lists_every_operation() {
    let app = TestApp::not_started(|_| {});
    let routes = succeeds(&app.run(&["routes"], ""));
    for operation in CONTRACT.operations() {
        assert!(
            routes.lines().any(|line| {
                line.contains(&operation.id)
                    && line.contains(&operation.path)
                    && line.contains(&operation.method)
            }),
            "{} is not in:\n{routes}",
            operation.id
        );
    }
}

#[test]
fn openapi_prints_the_contract() {
    let app = TestApp::not_started(|_| {});
    let printed = succeeds(&app.run(&["openapi"], ""));
    assert_eq!(
        printed.trim_end(),
        include_str!("../../openapi.yaml").trim_end()
    );
    let json = succeeds(&app.run(&["openapi", "--format", "json"], ""));
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["paths"], CONTRACT.document()["paths"]);
}

#[test]
fn a_valid_configuration_passes_its_check() {
    let app = TestApp::not_started(|_| {});
    succeeds(&app.run(&["config", "check"], ""));
}

#[test]
fn an_invalid_configuration_names_the_key_and_shows_no_secret() {
    for (key, value, word) in [
        ("server.bind", "nowhere", "server.bind"),
        ("server.public_url", "ftp://x", "server.public_url"),
        ("server.colour", "blue", "colour"),
        ("server.workers", "99999999999999", "server.workers"),
        ("server.drain_seconds", "3601", "at most 3600"),
        (
            "server.shutdown_seconds",
            "18446744073709551615",
            "at most 3600",
        ),
        (
            "database.url",
            "postgres://luke:tiger-7Q@host:notaport/db",
            "database.url",
        ),
        ("servre.bind", "127.0.0.1:1", "servre"),
        ("database.max_connections", "0", "database.max_connections"),
        (
            "database.url",
            "oracle://scott:tiger-7Q@host/db",
            "database.url",
        ),
        ("revocation.backend", "memcached", "revocation.backend"),
        ("revocation.backend", "redis", "revocation.redis_url"),
        ("revocation.timeout_ms", "soon", "revocation.timeout_ms"),
        (
            "tokens.access.secrets",
            "too-short-7Q",
            "tokens.access.secrets",
        ),
        ("tokens.access.hours", "0", "tokens.access.hours"),
        (
            "tokens.refresh.secrets",
            ACCESS_SECRET,
            "tokens.refresh.secrets",
        ),
        ("sessions.absolute_days", "0", "sessions.absolute_days"),
        ("mail.backend", "pigeon", "mail.backend"),
        ("mail.backend", "smtp", "mail.smtp_url"),
        ("mail.from", "not a mailbox", "mail.from"),
        ("passwords.iterations", "0", "passwords.iterations"),
        (
            "passwords.parallelism",
            "4294967295",
            "passwords.parallelism",
        ),
        ("log.format", "xml", "log.format"),
        ("log.filter", "[[[", "log.filter"),
        ("log.filter", "warning", "off, error, warn"),
        ("database.url", "sqlite::memory:", "must name a file"),
        ("ui.enabled", "on and off", "true or false"),
    ] {
        let app = TestApp::not_started(|settings| {
            settings.set(key, value);
        });
        let checked = app.run(&["config", "check"], "");
        assert!(!checked.status.success(), "{key}={value} is accepted");
        let said = fails(&checked);
        assert!(said.contains(word), "{key}={value}: {said}");
        for secret in ["7Q", ACCESS_SECRET] {
            assert!(!said.contains(secret), "{key}: {said}");
        }
        fails(&app.run(&["serve"], ""));
    }
}

#[test]
fn production_wants_its_secrets_given() {
    let app = TestApp::not_started(|settings| {
        settings
            .variable("STARWARS_PROFILE", "production")
            .set("revocation.backend", "embedded")
            .set("mail.backend", "outbox")
            .set("passwords.memory_kib", "19456")
            .set("passwords.iterations", "2")
            .set("server.public_url", "https://api.rebels.example")
            .unset("tokens.email.secrets");
    });
    let said = fails(&app.run(&["config", "check"], ""));
    assert!(said.contains("tokens.email.secrets"), "{said}");
}

#[test]
fn production_wants_addresses_that_others_can_use() {
    let production = |settings: &mut crate::helpers::app::Settings| {
        settings
            .variable("STARWARS_PROFILE", "production")
            .set("revocation.backend", "embedded")
            .set("passwords.memory_kib", "19456")
            .set("passwords.iterations", "2");
    };
    let app = TestApp::not_started(|settings| {
        production(settings);
        settings
            .set("mail.backend", "outbox")
            .unset("server.public_url");
    });
    let said = fails(&app.run(&["config", "check"], ""));
    assert!(said.contains("server.public_url"), "{said}");
    for (url, word) in [
        ("smtp://me:tls=required-7Q@mail.rebels.example", "TLS"),
        ("smtps://me:7Q@mail.rebels.example", "mail.from"),
    ] {
        let app = TestApp::not_started(|settings| {
            production(settings);
            settings
                .set("server.public_url", "https://api.rebels.example")
                .set("mail.backend", "smtp")
                .set("mail.smtp_url", url);
        });
        let said = fails(&app.run(&["config", "check"], ""));
        assert!(said.contains(word) && !said.contains("7Q"), "{said}");
    }
}

#[test]
fn an_unknown_profile_is_refused() {
    let app = TestApp::not_started(|settings| {
        settings.variable("STARWARS_PROFILE", "tatooine");
    });
    let said = fails(&app.run(&["config", "check"], ""));
    assert!(said.contains("tatooine"), "{said}");
}

#[test]
fn a_profile_file_overrides_the_defaults_and_a_variable_the_file() {
    let app = TestApp::not_started(|settings| {
        settings.variable("STARWARS_PROFILE", "hoth");
    });
    let folder = app.folder().join("config");
    fs::create_dir(&folder).unwrap();
    let file = folder.join("hoth.toml");
    fs::write(&file, "[sessions]\nabsolute_days = 0\n").unwrap();
    let said = fails(&app.run(&["config", "check"], ""));
    assert!(said.contains("sessions.absolute_days"), "{said}");
    fs::write(&file, "[sessions]\nabsolute_days = \"many\"\n").unwrap();
    let said = fails(&app.run(&["config", "check"], ""));
    let place = "sessions.absolute_days in config/hoth.toml: expected a whole number";
    assert!(said.contains(place), "{said}");
    fs::write(&file, "[tokens.access]\nhours = 0\n").unwrap();
    let mut app = app;
    app.settings().set("tokens.access.hours", "2");
    succeeds(&app.run(&["config", "check"], ""));
}

#[test]
fn a_port_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let app = TestApp::not_started(|settings| {
        settings.set("server.bind", &address);
    });
    let said = fails(&app.run(&["serve"], ""));
    assert!(said.contains(&address), "{said}");
    assert_eq!(
        said.trim()
            .lines()
            .filter(|line| line.starts_with("error"))
            .count(),
        1
    );
}

#[test]
fn a_database_that_cannot_be_opened_is_named_without_its_password() {
    for (url, word) in [
        ("sqlite:///proc/nowhere/starwars.db", "/proc/nowhere"),
        (
            "postgres://luke:password-7Q@127.0.0.1:9/starwars",
            "127.0.0.1",
        ),
    ] {
        let app = TestApp::not_started(|settings| {
            settings.set("database.url", url);
        });
        let said = fails(&app.run(&["serve"], ""));
        assert!(said.contains(word) && !said.contains("7Q"), "{said}");
        fails(&app.run(&["migrate"], ""));
    }
}

#[test]
fn migrate_makes_the_schema_and_may_be_repeated() {
    let mut app = TestApp::not_started(|settings| {
        settings.set("database.migrate_on_start", "false");
    });
    succeeds(&app.run(&["migrate"], ""));
    succeeds(&app.run(&["migrate"], ""));
    app.start_again();
    app.user();
}

#[test]
fn users_create_makes_the_first_admin() {
    let app = TestApp::start();
    let admin = app.admin();
    let me = app
        .get("/users/v1/me")
        .bearer(&admin.access)
        .send()
        .expect(200)
        .json();
    assert_eq!(me["access_role"], "admin");
    assert_eq!(me["email_verified"], true);
}

#[test]
fn users_create_refuses_what_a_sign_up_refuses() {
    let app = TestApp::start();
    let create = |email: &str, password: &str| {
        app.run(&["users", "create", email, "--password-stdin"], password)
    };
    let email = new_email();
    fails(&create("not an address", PASSWORD));
    fails(&create(&email, "tiny"));
    fails(&create(&email, "password"));
    fails(&create(&email, ""));
    succeeds(&create(&email, PASSWORD));
    let said = fails(&create(&email, PASSWORD));
    assert!(!said.contains(PASSWORD));
    fails(&app.run(&["users", "create", &new_email()], PASSWORD));
    fails(&app.run(
        &[
            "users",
            "create",
            &new_email(),
            "--role",
            "emperor",
            "--password-stdin",
        ],
        PASSWORD,
    ));
}

/// An account made without `--verified` is mailed its link by the running service.
#[test]
fn users_create_without_verified_mails_a_link() {
    let app = TestApp::start();
    let email = new_email();
    succeeds(&app.run(&["users", "create", &email, "--password-stdin"], PASSWORD));
    app.log_in(&email, PASSWORD)
        .expect_problem(403, "email-unverified");
    let token = app.mail_number(1, &email).token().expect("a token");
    app.verify(&token).expect(200);
    app.log_in(&email, PASSWORD).expect(200);
}

/// A newcomer's start: nothing is set but the port.
#[test]
fn a_first_start_makes_secrets_that_only_the_owner_reads_and_keeps_them() {
    let mut app = TestApp::not_started(|settings| {
        for kind in ["access", "refresh", "email", "password"] {
            settings.unset(&format!("tokens.{kind}.secrets"));
        }
    });
    app.start_again();
    let user = app.user();
    let file = app.folder().join("var/secrets.toml");
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    app.kill();
    app.start_again();
    app.films(&user.access).expect(200);
    let secrets = fs::read_to_string(&file).unwrap();
    for secret in secrets.split('"').filter(|part| part.len() >= 32) {
        if !secret.contains('#') {
            assert!(!app.log().contains(secret), "the log shows a secret");
        }
    }
}

/// ASVS 5.0, 13.3.2: access to secrets is of least privilege.
#[test]
fn generated_secrets_that_others_can_read_are_told_until_they_cannot() {
    let mut app = TestApp::not_started(|settings| {
        settings.unset("tokens.access.secrets");
    });
    app.start_again();
    let file = app.folder().join("var/secrets.toml");
    for (mode, is_told) in [(0o644, true), (0o640, true), (0o600, false)] {
        fs::set_permissions(&file, Permissions::from_mode(mode)).expect("a file of ours");
        app.start_again();
        let log = app.log();
        let start = log.rsplit("Swagger UI: ").nth(1).expect("a start");
        let said = succeeds(&app.run(&["config", "check"], ""));
        for words in [start, &said] {
            assert_eq!(words.contains("chmod 600"), is_told, "{mode:o}: {words}");
        }
    }
    // Who gives secrets has nothing to hide in that file.
    fs::set_permissions(&file, Permissions::from_mode(0o644)).expect("a file of ours");
    app.settings().set("tokens.access.secrets", ACCESS_SECRET);
    assert!(!succeeds(&app.run(&["config", "check"], "")).contains("chmod"));
}

#[test]
fn what_the_log_is_told_to_leave_out_is_left_out_of_a_first_start_as_well() {
    let app = TestApp::not_started(|settings| {
        settings.set("log.filter", "error");
    });
    let arguments = ["users", "create", &new_email(), "--password-stdin"];
    let output = app.run(&arguments, PASSWORD);
    succeeds(&output);
    assert_eq!(text(&output).1, "");
}

#[test]
fn a_signal_ends_the_service_cleanly() {
    for signal in ["TERM", "INT"] {
        let mut app = TestApp::start();
        app.process().signal(signal);
        let status = app.process().wait(Duration::from_secs(15));
        assert!(status.success(), "{signal}: {status}");
        let log = app.log();
        assert!(!log.contains("WARN") && !log.contains("ERROR"), "{log}");
    }
}

#[test]
fn the_start_says_where_the_viewer_is_and_which_store_answers() {
    let app = TestApp::start();
    let log = app.log();
    assert!(log.contains(&format!("{}/ui/", app.public_url())), "{log}");
    assert!(log.contains("embedded"), "{log}");
}
