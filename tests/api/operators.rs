//! The features that the files in `deploy/` count on: secrets in files, and a health check without another program.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Output;
use std::time::Duration;

use crate::helpers::app::{ACCESS_SECRET, TestApp};
use crate::helpers::eventually;
use crate::helpers::redis::RedisServer;

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

    app.settings().set("ui.enabled", "true");
    app.start_again();
    app.get("/ui/").send().expect(200);
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
