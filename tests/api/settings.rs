//! Settings as operators write them.

use std::fs;

use crate::helpers::app::TestApp;

/// Each key of the file that describes them, as `section.key`.
fn keys() -> Vec<String> {
    let mut section = String::new();
    let mut keys = Vec::new();
    for line in include_str!("../../config/default.toml").lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            section = name.to_owned();
        } else if let Some((key, value)) = line.split_once(" = ") {
            if line.starts_with('#') {
                continue;
            }
            if value.starts_with('{') {
                keys.push(format!("{section}.{key}.requests"));
                keys.push(format!("{section}.{key}.seconds"));
            } else {
                keys.push(format!("{section}.{key}"));
            }
        }
    }
    assert!(keys.len() > 50, "{keys:?}");
    keys
}

fn check(app: &TestApp) -> (bool, String) {
    let output = app.run(&["config", "check"], "");
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8(said).expect("UTF-8"),
    )
}

#[test]
fn an_empty_variable_is_as_if_it_were_not_set() {
    let app = TestApp::not_started(|settings| {
        for key in keys() {
            settings.set(&key, "");
        }
        settings.variable("STARWARS_PROFILE", "");
        settings.variable("RUST_LOG", "");
    });
    let (valid, said) = check(&app);
    assert!(valid, "{said}");
    let mut app = TestApp::not_started(|settings| {
        settings.set("ui.enabled", "");
    });
    fs::create_dir(app.folder().join("config")).expect("a folder");
    let file = app.folder().join("config/local.toml");
    fs::write(file, "[ui]\nenabled = false\n").expect("a file");
    app.start_again();
    app.get("/ui/").send().expect_problem(404, "not-found");
}

#[test]
fn a_name_can_be_listened_on_and_is_what_urls_begin_with() {
    let mut app = TestApp::not_started(|_| {});
    let port = app.address().port();
    app.settings()
        .set("server.bind", &format!("localhost:{port}"));
    app.start_again();
    let problem = app.get("/films/v1/").send();
    let problem = problem.expect_problem(401, "token-missing").json();
    assert_eq!(
        problem["type"],
        format!("http://localhost:{port}/errors/v1/token-missing")
    );
    assert!(!app.log().contains("server.public_url"), "{}", app.log());

    app.settings().set("server.bind", "nowhere.invalid:5003");
    let output = app.run(&["serve"], "");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    assert!(said.contains("nowhere.invalid:5003"), "{said}");
}

#[test]
fn whoever_listens_everywhere_is_told_to_say_what_clients_call() {
    let mut app = TestApp::not_started(|_| {});
    let port = app.address().port();
    app.settings()
        .set("server.bind", &format!("0.0.0.0:{port}"));
    let (valid, said) = check(&app);
    assert!(valid && said.contains("server.public_url"), "{said}");
    app.start_again();
    assert!(app.log().contains("server.public_url"), "{}", app.log());
    let problem = app.get("/films/v1/").send();
    let problem = problem.expect_problem(401, "token-missing").json();
    assert_eq!(
        problem["type"],
        format!("http://127.0.0.1:{port}/errors/v1/token-missing")
    );

    app.settings()
        .set("server.public_url", "https://api.rebels.example");
    let (valid, said) = check(&app);
    assert!(valid && !said.contains("server.public_url"), "{said}");
}

#[test]
fn a_parameter_that_nobody_knows_is_refused_in_every_url() {
    for (key, url) in [
        ("mail.smtp_url", "smtp://luke:tiger-7Q@host?encryption=tls"),
        ("mail.smtp_url", "smtp://luke:tiger-7Q@host?tls=yes"),
        (
            "revocation.redis_url",
            "redis://luke:tiger-7Q@host/?ssl=true",
        ),
        (
            "revocation.redis_url",
            "rediss://luke:tiger-7Q@host/#insecure",
        ),
        ("database.url", "sqlite://var/tiger-7Q.db?journal_mode=wal"),
        ("database.url", "postgres://luke:tiger-7Q@host/db?ssl=true"),
        ("database.url", "mysql://luke:tiger-7Q@host/db?useSSL=true"),
        ("server.public_url", "https://api.rebels.example?tiger-7Q"),
        ("server.cors_origins", "https://rebels.example?x"),
    ] {
        let app = TestApp::not_started(|settings| {
            settings.set(key, url);
        });
        let (valid, said) = check(&app);
        assert!(!valid, "{key} {url}: {said}");
        let names_it = said.contains(key) || said.contains("CORS origin");
        assert!(names_it && !said.contains("7Q"), "{said}");
    }
}
