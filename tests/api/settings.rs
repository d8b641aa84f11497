//! Settings as operators write them.

use std::{fs, net::SocketAddr, time::Duration};

use crate::helpers::{
    app::TestApp, eventually, mail::MailServer, process::free_port, redis::RedisServer,
    tls::Authority, users::new_email,
};

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
        assert!(said.contains(key) && !said.contains("7Q"), "{said}");
    }
}

/// Redis, on a port for TLS besides its own.
fn redis_of(authority: &Authority) -> (RedisServer, String) {
    let port = free_port();
    let redis = RedisServer::with_options(&[
        "--tls-port",
        &port.to_string(),
        "--tls-cert-file",
        &authority.path("server.pem"),
        "--tls-key-file",
        &authority.path("server.key"),
        "--tls-ca-cert-file",
        &authority.path("ca.pem"),
        "--tls-auth-clients",
        "no",
    ]);
    (redis, format!("rediss://localhost:{port}/0"))
}

#[test]
fn a_redis_of_a_private_authority_is_trusted_when_the_settings_or_the_system_say_so() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let (_redis, url) = redis_of(&authority);
    for (ca_file, of_system, trusted) in [
        (authority.path("ca.pem"), stranger.path("ca.pem"), true),
        (String::new(), authority.path("ca.pem"), true),
        (stranger.path("ca.pem"), stranger.path("ca.pem"), false),
    ] {
        let app = TestApp::with_settings(|settings| {
            settings
                .set("revocation.backend", "redis")
                .set("revocation.redis_url", &url)
                .set("limits.enabled", "true")
                .set("tls.ca_file", &ca_file)
                .variable("SSL_CERT_FILE", &of_system);
        });
        if trusted {
            let user = app.user();
            app.films(&user.access).expect(200);
            app.get("/readyz").send().expect(200);
        } else {
            app.get("/readyz")
                .send()
                .expect_problem(503, "service-unavailable");
            assert!(app.log().contains("UnknownIssuer"), "{}", app.log());
        }
    }
}

#[test]
fn a_mail_server_of_a_private_authority_is_trusted_when_the_settings_say_so() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let server = MailServer::start(SocketAddr::from(([127, 0, 0, 1], free_port())));
    let port = authority.front(server.address).port();
    for (ca_file, trusted) in [(&authority, true), (&stranger, false)] {
        let app = TestApp::with_settings(|settings| {
            settings
                .set("mail.backend", "smtp")
                .set("mail.smtp_url", &format!("smtps://localhost:{port}"))
                .set("tls.ca_file", &ca_file.path("ca.pem"))
                .variable("SSL_CERT_FILE", &stranger.path("ca.pem"));
        });
        let email = new_email();
        app.sign_up(&email).expect(202);
        eventually("a mail, or a reason", Duration::from_secs(45), || {
            let came = !server.mails_to(&email).is_empty();
            let refused = app.log().contains("UnknownIssuer");
            assert!(
                (!came || trusted) && (!refused || !trusted),
                "{}",
                app.log()
            );
            (came || refused).then_some(())
        });
    }
}

#[test]
fn a_file_of_authorities_that_holds_none_is_refused_by_name() {
    let authority = Authority::new();
    let file = authority.file("other.pem");
    let good = fs::read_to_string(authority.file("ca.pem")).expect("a file");
    for (content, is_valid) in [
        (good.clone(), true),
        (format!("\u{feff}{good}{good}"), true),
        (String::new(), false),
        (
            fs::read_to_string(authority.file("server.key")).expect("a file"),
            false,
        ),
        (format!("{good}{}", good.replace("MI", "")), false),
    ] {
        fs::write(&file, content).expect("a file");
        let app = TestApp::not_started(|settings| {
            settings.set("tls.ca_file", file.to_str().expect("UTF-8"));
        });
        let (valid, said) = check(&app);
        assert_eq!(valid, is_valid, "{said}");
        assert!(valid || said.contains("tls.ca_file"), "{said}");
    }
    let app = TestApp::not_started(|settings| {
        settings.set("tls.ca_file", "/nowhere/ca.pem");
    });
    let (valid, said) = check(&app);
    assert!(!valid && said.contains("tls.ca_file"), "{said}");
}
