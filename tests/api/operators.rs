//! The features that the files in `deploy/` count on: secrets in files, and a health check without another program.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Output;
use std::time::Duration;

use crate::helpers::app::{ACCESS_SECRET, TestApp};
use crate::helpers::eventually;
use crate::helpers::redis::RedisServer;

/// Runs a script with the settings of an app, in which `$APP` is the program.
fn bash(app: &TestApp, script: &str) -> Output {
    let mut shell = app.shell();
    shell.env("APP", env!("CARGO_BIN_EXE_starwars-api"));
    shell.arg("-c").arg(script).output().expect("bash runs")
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// Returns an app that reads a folder of secrets, which is there and empty.
fn with_folder() -> TestApp {
    let mut app = TestApp::not_started(|_| {});
    let folder = app.folder().join("secrets");
    fs::create_dir(&folder).expect("a folder");
    let folder = folder.display().to_string();
    app.settings().variable("STARWARS_SECRETS_DIR", &folder);
    app
}

#[test]
fn a_file_named_by_a_key_is_that_setting() {
    let mut app = with_folder();
    let folder = app.folder().join("secrets");
    // As Kubernetes mounts a secret: links to files in a hidden folder.
    fs::create_dir(folder.join("..data")).expect("a folder");
    let kept = folder.join("..data/tokens.access.secrets");
    fs::write(kept, format!("{ACCESS_SECRET}\n")).expect("a file");
    symlink(
        "..data/tokens.access.secrets",
        folder.join("tokens.access.secrets"),
    )
    .expect("a link");
    fs::write(folder.join("ui.enabled"), "false").expect("a file");
    app.settings().unset("tokens.access.secrets");
    app.start_again();
    app.get("/ui/").send().expect_problem(404, "not-found");
    let user = app.user();
    app.films(&user.access).expect(200);

    // A new secret in front of the old one, each on its line.
    let lines = format!("a-new-secret-for-access-tokens-0123\r\n{ACCESS_SECRET}\r\n");
    fs::write(folder.join("..data/tokens.access.secrets"), lines).expect("a file");
    app.settings().set("ui.enabled", "true");
    app.start_again();
    app.get("/ui/").send().expect(200);
    app.films(&user.access).expect(200);
}

#[test]
fn a_secret_that_is_empty_unknown_or_missing_stops_the_start_and_is_not_shown() {
    let mut app = with_folder();
    let folder = app.folder().join("secrets");
    app.settings().unset("tokens.access.secrets");
    for (name, text, words) in [
        ("database.url", "\n", "database.url is empty"),
        ("database.ulr", "hunter2", "unknown field `ulr`"),
        ("database.url", "hunter2", "database.url must be like"),
        ("tokens.access.secrets", "hunter2", "tokens.access.secrets"),
    ] {
        fs::write(folder.join(name), text).expect("a file");
        let output = app.run(&["config", "check"], "");
        let said = said(&output);
        assert!(!output.status.success() && said.contains(words), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
        fs::remove_file(folder.join(name)).expect("a file");
    }
    fs::remove_dir(&folder).expect("a folder");
    let said = said(&app.run(&["config", "check"], ""));
    assert!(said.contains("STARWARS_SECRETS_DIR"), "{said}");
}

#[test]
fn health_tells_by_its_exit_code_whether_the_service_is_ready() {
    let redis = RedisServer::start();
    let mut app = TestApp::with_redis(&redis);
    let output = app.run(&["health"], "");
    assert!(output.status.success(), "{}", said(&output));

    // systemd lets the service alone read its secrets.
    app.settings().variable("STARWARS_SECRETS_DIR", "/nowhere");
    app.settings().variable("STARWARS_PROFILE", "production");
    let output = app.run(&["health"], "");
    assert!(output.status.success(), "{}", said(&output));
    app.settings().variable("STARWARS_SECRETS_DIR", "");
    app.settings().variable("STARWARS_PROFILE", "");

    // The same service, as it is asked when it listens everywhere.
    let port = app.address().port();
    app.settings()
        .set("server.bind", &format!("0.0.0.0:{port}"));
    let output = app.run(&["health"], "");
    assert!(output.status.success(), "{}", said(&output));

    drop(redis);
    let output = eventually("it is not ready", Duration::from_secs(10), || {
        let output = app.run(&["health"], "");
        (!output.status.success()).then_some(output)
    });
    let words = said(&output);
    assert!(
        words.contains("The revocation store does not answer"),
        "{words}"
    );

    app.kill();
    app.settings().set("revocation.backend", "embedded");
    app.spawn();
    let output = app.run(&["health", "--wait", "60"], "");
    assert!(output.status.success(), "{}", said(&output));
    app.kill();
    let output = app.run(&["health"], "");
    assert!(!output.status.success());
    assert!(
        said(&output).contains("nothing answers at"),
        "{}",
        said(&output)
    );
}

#[test]
fn whatever_becomes_of_what_a_command_writes_its_exit_code_is_right() {
    let mut app = TestApp::not_started(|_| {});
    let code = |app: &TestApp, script: &str| bash(app, script).status.code();
    for script in [
        "$APP config check 2>/dev/full",
        "$APP config check <&- >&- 2>&-",
        "set -o pipefail; $APP openapi | head -1",
    ] {
        assert_eq!(code(&app, script), Some(0), "{script}");
    }
    let output = bash(&app, "$APP openapi >/dev/full");
    assert_eq!(output.status.code(), Some(1));
    let words = said(&output);
    assert!(words.contains("standard output"), "{words}");
    app.settings().set("server.bind", "nowhere");
    for script in [
        "$APP config check 2>/dev/full",
        "$APP config check 2>&-",
        "$APP config check 2>&1 >/dev/null | true; exit ${PIPESTATUS[0]}",
    ] {
        assert_eq!(code(&app, script), Some(1), "{script}");
    }
}

#[test]
fn a_variable_that_is_nearly_one_of_ours_stops_the_start() {
    let app = TestApp::not_started(|_| {});
    for (variable, words) in [
        (
            "STARWARS_LIMITS__TRUSTED_PROXIES=10.0.0.1",
            "as in STARWARS__LIMITS__TRUSTED_PROXIES",
        ),
        ("STARWARS_PROFILE=$'production\\xff'", "STARWARS_PROFILE"),
    ] {
        let output = bash(&app, &format!("{variable} $APP config check"));
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{variable}");
        assert!(said.contains(words), "{said}");
    }
    // Set in each pod, for a service `starwars-api` in its namespace.
    let script =
        "STARWARS_API_SERVICE_HOST=10.0.0.1 STARWARS_API_PORT_5003_TCP=x $APP config check";
    let output = bash(&app, script);
    assert!(output.status.success(), "{}", said(&output));
}

/// A file that may not grow stands for a full disk.
#[test]
fn a_first_start_on_a_full_disk_leaves_no_half_of_a_secret() {
    let mut app = TestApp::not_started(|_| {});
    app.settings().unset("tokens.access.secrets");
    let script = "trap '' XFSZ; ulimit -f 0; $APP config check; code=$?; ls -A var; exit $code";
    let output = bash(&app, script);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty(), "{}", said(&output));
    let words = said(&output);
    assert!(words.contains("var/secrets.toml"), "{words}");
    assert!(app.run(&["config", "check"], "").status.success());
}
