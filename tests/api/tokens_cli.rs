//! Tokens and accounts at the command line: the same as over HTTP, for the operator.

use std::{process::Output, time::Duration};

use serde_json::{Value, json};

use crate::helpers::{
    app::{ACCESS_SECRET, REFRESH_SECRET, TestApp},
    eventually,
    postgres::Database,
    redis::RedisServer,
    stores::ServerDatabase,
    tokens::{GARBAGE, Parts},
    users::{PASSWORD, User, new_email},
};

const NEW: &str = "two-suns-over-Tatooine";

/// The output of a command.
struct Said {
    code: i32,
    out: String,
    err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let said = Self {
            code: output.status.code().expect("ended by itself"),
            out: text(&output.stdout),
            err: text(&output.stderr),
        };
        assert!(!said.err.contains("panicked"), "{}", said.err);
        said
    }
}

impl Said {
    #[track_caller]
    fn done(self) -> String {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        self.out
    }

    /// A failure says why, on standard error alone.
    #[track_caller]
    fn failed(self) -> String {
        assert_ne!(self.code, 0, "{}", self.out);
        assert!(!self.err.trim().is_empty(), "no word on standard error");
        self.err
    }

    #[track_caller]
    fn json(self) -> Value {
        let out = self.done();
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"))
    }
}

#[track_caller]
fn run(app: &TestApp, arguments: &[&str]) -> Said {
    app.run(arguments, "").into()
}

#[track_caller]
fn mint(app: &TestApp, whom: &str, more: &[&str]) -> Said {
    run(app, &[&["token", "mint", whom], more].concat())
}

/// A token and nothing else on standard output.
#[track_caller]
fn minted(app: &TestApp, whom: &str, more: &[&str]) -> String {
    let out = mint(app, whom, more).done();
    let token = out.strip_suffix('\n').expect("a line").to_owned();
    assert!(
        token.starts_with("eyJ") && !token.contains(char::is_whitespace),
        "{out}"
    );
    token
}

#[track_caller]
fn inspect(app: &TestApp, token: &str, more: &[&str]) -> Said {
    let arguments = [&["token", "inspect"], more].concat();
    let said = Said::from(app.run(&arguments, &format!("{token}\n")));
    for text in [&said.out, &said.err] {
        assert!(
            token.len() < 20 || !text.contains(token),
            "the token is shown: {text}"
        );
        for secret in [ACCESS_SECRET, REFRESH_SECRET] {
            assert!(!text.contains(secret), "{text}");
        }
    }
    said
}

/// The refusal of a token: the check that failed, and the verdict.
#[track_caller]
fn refused(app: &TestApp, token: &str) -> (String, String) {
    let said = inspect(app, token, &["--output", "json"]);
    assert_eq!(said.code, 1, "{}{}", said.out, said.err);
    let report: Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!(report["accepted"], false);
    let checks = report["checks"].as_array().expect("checks");
    let failed: Vec<_> = checks
        .iter()
        .filter(|check| check["outcome"] == "failed")
        .collect();
    assert_eq!(failed.len(), 1, "{report}");
    let at = checks.iter().position(|check| check["outcome"] == "failed");
    let (before, after) = checks.split_at(at.expect("a failed check"));
    assert!(
        before.iter().all(|check| check["outcome"] == "ok"),
        "{report}"
    );
    assert!(
        after[1..].iter().all(|check| check["outcome"] == "skipped"),
        "{report}"
    );
    (
        failed[0]["check"].as_str().expect("check").to_owned(),
        report["verdict"].as_str().expect("verdict").to_owned(),
    )
}

#[track_caller]
fn accepted(app: &TestApp, token: &str, kind: &str) {
    let report = inspect(app, token, &["--output", "json"]).json();
    assert_eq!(
        (&report["accepted"], &report["kind"]),
        (&json!(true), &json!(kind))
    );
    let checks = report["checks"].as_array().expect("checks");
    assert!(
        checks.iter().all(|check| check["outcome"] == "ok"),
        "{report}"
    );
}

fn users(app: &TestApp, arguments: &[&str]) -> Said {
    run(app, &[&["users"], arguments].concat())
}

#[test]
fn every_command_has_help() {
    let app = TestApp::not_started(|_| {});
    for command in [
        &["token"][..],
        &["token", "mint"],
        &["token", "inspect"],
        &["token", "revoke"],
        &["users"],
        &["users", "list"],
        &["users", "show"],
        &["users", "set-role"],
        &["users", "suspend"],
        &["users", "restore"],
        &["users", "delete"],
        &["users", "end-sessions"],
        &["users", "events"],
        &["mail", "templates"],
    ] {
        let help = run(&app, &[command, &["--help"]].concat()).done();
        assert!(help.contains("Usage"), "{command:?}");
    }
    // What is said wrongly ends with clap's own code, and what goes wrong with another.
    assert_eq!(run(&app, &["token", "forge"]).code, 2);
    assert_eq!(
        run(&app, &["users", "set-role", "luke@rebels.example", "jedi"]).code,
        2
    );
    assert_eq!(
        run(&app, &["users", "show", "nobody@rebels.example"]).code,
        1
    );
}

#[test]
fn a_minted_token_is_like_one_of_a_login() {
    let app = TestApp::start();
    let email = app.verified_user();
    let access = minted(&app, &email, &["--kind", "access"]);
    app.films(&access).expect(200);
    accepted(&app, &access, "access");
    // One session at a time, also here.
    let said = mint(&app, &email, &["--kind", "refresh"]).failed();
    assert!(said.contains("--replace-session"), "{said}");
    app.log_in(&email, PASSWORD)
        .expect_problem(409, "user-already-logged-in");
    let refresh = minted(&app, &email, &["--kind", "refresh", "--replace-session"]);
    eventually("the old session ends", Duration::from_secs(2), || {
        (app.films(&access).status == 401).then_some(())
    });
    accepted(&app, &refresh, "refresh");
    let renewed = app.refresh(&refresh).expect(200).json();
    let id = renewed["user_id"].as_str().expect("id");
    let session = app
        .get(&format!("/users/v1/{id}/sessions"))
        .bearer(renewed["token"].as_str().expect("token"))
        .send()
        .expect(200)
        .json();
    assert_eq!(session["count"], 1);
    // By id as by address.
    minted(&app, id, &["--kind", "access", "--replace-session"]);
}

#[test]
fn a_minted_token_lives_as_long_as_it_is_told() {
    let app = TestApp::start();
    let email = app.verified_user();
    for (kind, hours) in [
        ("access", 3),
        ("refresh", 50),
        ("access", 48),
        ("password", 2),
    ] {
        let mut more = vec!["--kind", kind];
        let told = hours.to_string();
        more.extend(["--hours", &told]);
        if kind != "password" {
            more.push("--replace-session");
        }
        let token = minted(&app, &email, &more);
        let claims = Parts::of(&token).claims;
        let life = claims["exp"].as_i64().expect("exp") - claims["iat"].as_i64().expect("iat");
        assert_eq!(life, hours * 3600, "{kind}");
        accepted(&app, &token, kind);
    }
    for hours in ["0", "-1", "soon", "99999999"] {
        mint(&app, &email, &["--kind", "access", "--hours", hours]).failed();
    }
}

#[test]
fn a_mailed_token_can_be_minted_instead() {
    let app = TestApp::start();
    let waiting = new_email();
    app.sign_up(&waiting).expect(202);
    let mailed = app.mail_number(1, &waiting).token().expect("a link");
    // Without its address proved it has no session.
    mint(&app, &waiting, &["--kind", "access"]).failed();
    let link = minted(&app, &waiting, &["--kind", "email"]);
    accepted(&app, &link, "email");
    app.verify(&mailed).expect_problem(401, "token-invalid");
    app.verify(&link).expect(200);
    mint(&app, &waiting, &["--kind", "email"]).failed();

    let mailed = app.password_token(&waiting);
    let token = minted(&app, &waiting, &["--kind", "password"]);
    let change = |token: &str| app.change_password(token, NEW);
    change(&mailed).expect_problem(401, "token-invalid");
    change(&token).expect(200);
    app.log_in(&waiting, NEW).expect(200);
}

#[test]
fn nothing_is_minted_for_nobody() {
    let app = TestApp::start();
    let admin = app.admin();
    let user = app.user();
    users(&app, &["suspend", &user.email]).done();
    for kind in ["access", "refresh", "password", "email"] {
        for whom in [
            "nobody@rebels.example",
            "neither",
            &uuid::Uuid::new_v4().to_string(),
            &user.email,
        ] {
            let said = mint(&app, whom, &["--kind", kind]);
            assert!(said.out.is_empty(), "{}", said.out);
            said.failed();
        }
    }
    mint(&app, &admin.email, &["--kind", "jedi"]).failed();
    mint(&app, &admin.email, &[]).failed();
    app.films(&admin.access).expect(200);
}

#[test]
fn inspect_explains_why_a_token_is_refused() {
    let app = TestApp::start();
    let admin = app.admin();
    let holder = app.holder(app.user());
    let user = &holder.user;
    let link = app.mail_number(1, &user.email).token().expect("a link");
    for (token, kind) in [
        (&user.access, "access"),
        (&user.refresh, "refresh"),
        (&holder.password_token, "password"),
    ] {
        accepted(&app, token, kind);
    }
    let report = inspect(&app, &holder.api_token, &["--output", "json"]).json();
    assert_eq!(report["accepted"], true, "{report}");

    let parts = Parts::of(&user.access);
    let nobody = uuid::Uuid::new_v4().to_string();
    for (what, token, check) in [
        ("another secret", parts.sign(REFRESH_SECRET), "signature"),
        (
            "expired",
            parts.clone().expired().sign(ACCESS_SECRET),
            "expiry",
        ),
        (
            "another issuer",
            parts
                .clone()
                .claim("iss", "empire.example")
                .sign(ACCESS_SECRET),
            "issuer",
        ),
        (
            "no header of ours",
            parts.clone().header("alg", "none").sign(ACCESS_SECRET),
            "header",
        ),
        (
            "another role",
            parts
                .clone()
                .claim("access_role", "admin")
                .sign(ACCESS_SECRET),
            "role",
        ),
        (
            "nobody's",
            parts
                .clone()
                .claim("user_id", nobody.clone())
                .claim("sub", nobody)
                .sign(ACCESS_SECRET),
            "account",
        ),
        (
            "too long",
            format!("{}.{}", user.access, "x".repeat(5000)),
            "length",
        ),
        ("a used link", link, "newest of its kind"),
    ] {
        let (failed, verdict) = refused(&app, &token);
        assert_eq!(failed, check, "{what}: {verdict}");
        assert!(verdict.contains("refused"), "{what}: {verdict}");
    }
    for garbage in GARBAGE {
        refused(&app, garbage);
    }
    refused(&app, "starwars_AAAA");
    let removed = parts.header("kid", "0123456789a").sign(ACCESS_SECRET);
    let said = inspect(&app, &removed, &[]).out;
    assert!(said.contains("no secret in tokens.*.secrets"), "{said}");

    // What the service says of it now, this says, too.
    let renewed = app.refresh(&user.refresh).expect(200).json();
    assert_eq!(refused(&app, &user.access).0, "revocation");
    assert_eq!(refused(&app, &user.refresh).0, "session");
    let access = renewed["token"].as_str().expect("token");
    accepted(&app, access, "access");
    app.log_out(access).expect(200);
    assert_eq!(refused(&app, access).0, "revocation");
    users(&app, &["suspend", &user.id]).done();
    assert!(refused(&app, &holder.api_token).1.contains("refused"));
    refused(&app, &holder.password_token);
    // Looking does nothing: the session of a spent token would have ended.
    app.films(&admin.access).expect(200);
}

#[test]
fn inspect_speaks_to_people_and_to_programs() {
    let app = TestApp::start();
    let user = app.user();
    let said = inspect(&app, &user.access, &[]).done();
    assert!(
        said.lines().last().expect("a verdict").contains("accepted"),
        "{said}"
    );
    assert!(said.contains("ok"), "{said}");
    let expired = Parts::of(&user.access).expired().sign(ACCESS_SECRET);
    let said = inspect(&app, &expired, &[]);
    assert_eq!(said.code, 1);
    for word in ["FAILED", "expiry", "ago", "skipped"] {
        assert!(said.out.contains(word), "{word}: {}", said.out);
    }
    app.log_out(&user.access).expect(200);
    // Offline nobody asks what was revoked, and nobody says that it was not.
    let said = inspect(&app, &user.access, &["--offline"]).done();
    assert!(said.contains("not asked"), "{said}");
    assert_eq!(inspect(&app, &expired, &["--offline"]).code, 1);
    // Nothing to look at.
    inspect(&app, "", &[]).failed();
    // An argument would stand in the list of processes.
    let said = Said::from(app.run(&["token", "inspect", &user.access], ""));
    assert_eq!(said.code, 2);
}

/// A database that is not there is not an answer about the token.
#[test]
fn inspect_does_not_guess_without_a_database() {
    let app = TestApp::not_started(|settings| {
        settings.set("database.url", "postgres://nobody@127.0.0.1:1/nothing");
    });
    let said = Said::from(app.run(&["token", "inspect", "--offline"], "a.b.c\n"));
    assert_eq!(said.code, 1);
    let said = Said::from(app.run(&["token", "inspect"], "a.b.c\n"));
    assert!(!said.out.contains("accepted"), "{}", said.out);
    said.failed();
}

#[test]
fn the_operator_ends_any_token() {
    let app = TestApp::start();
    let holder = app.holder(app.user());
    let revoke = |token: &str| {
        let said = Said::from(app.run(&["token", "revoke"], &format!("{token}\n"))).done();
        assert!(!said.contains(token), "{said}");
    };
    let gone = |what: &str, status: &dyn Fn() -> u16| {
        eventually(what, Duration::from_secs(2), || {
            (status() == 401).then_some(())
        });
    };
    revoke(&holder.user.access);
    gone("the access token ends", &|| {
        app.films(&holder.user.access).status
    });
    let renewed = app.refresh(&holder.user.refresh).expect(200).json();
    let text = |name: &str| renewed[name].as_str().expect(name);
    app.films(text("token")).expect(200);
    revoke(text("refresh_token"));
    gone("the session ends", &|| app.films(text("token")).status);
    app.refresh(text("refresh_token"))
        .expect_problem(401, "token-invalid");
    revoke(&holder.api_token);
    gone("the API token ends", &|| {
        app.get("/users/v1/me")
            .api_token(&holder.api_token)
            .send()
            .status
    });
    revoke(&holder.password_token);
    app.change_password(&holder.password_token, NEW)
        .expect_problem(401, "token-invalid");
    // What is dead is left alone.
    revoke(text("token"));
    revoke("a.b.c");
    Said::from(app.run(&["token", "revoke"], "")).failed();
}

/// A session that the command line ended is let in by no instance, not for a moment.
#[test]
fn redis_is_told_at_once() {
    let redis = RedisServer::start();
    let database = Database::create();
    let app = TestApp::with_settings(|settings| {
        settings
            .set("revocation.backend", "redis")
            .set("revocation.redis_url", &redis.url())
            .set("database.url", &database.url());
    });
    let admin = app.admin();
    let revoke = |app: &TestApp, user: &User| {
        Said::from(app.run(&["token", "revoke"], &user.refresh)).done();
    };
    let replace = |app: &TestApp, user: &User| {
        minted(app, &user.email, &["--kind", "access", "--replace-session"]);
    };
    let suspend = |app: &TestApp, user: &User| {
        users(app, &["suspend", &user.email]).done();
    };
    let role = |app: &TestApp, user: &User| {
        users(app, &["set-role", &user.email, "admin"]).done();
    };
    let end = |app: &TestApp, user: &User| {
        users(app, &["end-sessions", &user.id]).done();
    };
    let delete = |app: &TestApp, user: &User| {
        users(app, &["delete", &user.email, "--yes"]).done();
    };
    let ends: [fn(&TestApp, &User); 6] = [revoke, replace, suspend, role, end, delete];
    for (number, end) in ends.iter().enumerate() {
        let user = app.made(&admin, "basic");
        app.films(&user.access).expect(200);
        end(&app, &user);
        assert_eq!(app.films(&user.access).status, 401, "way {number}");
        assert_eq!(app.refresh(&user.refresh).status, 401, "way {number}");
    }
    app.films(&admin.access).expect(200);
}

/// Without Redis the change is made all the same, and the operator is warned.
#[test]
fn without_redis_the_operator_is_warned() {
    let mut redis = RedisServer::start();
    let app = TestApp::with_redis(&redis);
    let admin = app.admin();
    let user = app.made(&admin, "basic");
    redis.kill();
    let said = users(&app, &["suspend", &user.email]);
    assert!(said.err.contains("Redis"), "{}", said.err);
    said.done();
    redis.restart();
    eventually("the token is refused", Duration::from_secs(15), || {
        (app.films(&user.access).status == 401).then_some(())
    });
}

#[test]
fn accounts_are_managed_without_http() {
    let app = TestApp::start();
    let admin = app.admin();
    let user = app.user();
    let as_json =
        |arguments: &[&str]| users(&app, &[arguments, &["--output", "json"]].concat()).json();
    let over_http = |target: &str| {
        let answer = app.get(target).bearer(&admin.access).send();
        answer.expect(200).json()
    };
    // The shape of an answer over HTTP.
    assert_eq!(as_json(&["list"]), over_http("/users/v1/"));
    assert_eq!(
        as_json(&["list", "--page", "2", "--page-size", "1"]),
        over_http("/users/v1/?page=2&page_size=1")
    );
    for (arguments, count) in [
        (&["--role", "admin"][..], 1),
        (&["--search", &user.email.to_uppercase()], 1),
        (&["--search", "%"], 0),
        (&["--disabled", "true"], 0),
        (&["--disabled", "false"], 2),
    ] {
        let list = as_json(&[&["list"], arguments].concat());
        assert_eq!(list["count"], count, "{arguments:?}");
    }
    let record = format!("/users/v1/{}", user.id);
    assert_eq!(as_json(&["show", &user.email]), over_http(&record));
    assert_eq!(as_json(&["show", &user.id]), over_http(&record));
    let table = users(&app, &["list"]).done();
    assert!(
        table.contains(&user.email) && table.contains(&admin.id),
        "{table}"
    );

    assert_eq!(as_json(&["suspend", &user.email])["disabled"], true);
    eventually("the session ends", Duration::from_secs(2), || {
        (app.films(&user.access).status == 401).then_some(())
    });
    app.log_in(&user.email, PASSWORD)
        .expect_problem(403, "account-disabled");
    assert_eq!(as_json(&["restore", &user.email])["disabled"], false);
    let session = app.session(&user.email);
    users(&app, &["end-sessions", &user.email]).done();
    eventually("the session ends", Duration::from_secs(2), || {
        (app.films(&session.access).status == 401).then_some(())
    });
    assert_eq!(
        as_json(&["set-role", &user.id, "admin"])["access_role"],
        "admin"
    );
    assert_eq!(over_http(&record)["access_role"], "admin");

    let events = as_json(&["events", &user.email, "--page-size", "100"]);
    assert_eq!(events, over_http(&format!("{record}/events?page_size=100")));
    assert_eq!(events["results"][0]["kind"], "role-changed");
    assert_eq!(events["results"][0]["request_id"], Value::Null);
    assert_eq!(events["results"][0]["actor_id"], Value::Null);

    // Nobody can be asked: it has to be said.
    let said = users(&app, &["delete", &user.email]).failed();
    assert!(said.contains("--yes"), "{said}");
    over_http(&record);
    users(&app, &["delete", &user.email, "--yes"]).done();
    let gone = app.get(&record).bearer(&admin.access).send();
    gone.expect_problem(404, "not-found");
    let events = as_json(&["events", &user.id]);
    assert_eq!(events["results"][0]["kind"], "deleted");
    for command in ["show", "suspend", "restore", "end-sessions", "events"] {
        let said = users(&app, &[command, &user.email]).failed();
        assert!(said.contains("no account"), "{command}: {said}");
    }
}

#[test]
fn the_last_admin_stays() {
    let app = TestApp::start();
    let admin = app.admin();
    for arguments in [
        &["suspend", &admin.email][..],
        &["delete", &admin.email, "--yes"],
        &["set-role", &admin.email, "basic"],
    ] {
        let said = users(&app, arguments).failed();
        assert!(said.contains("admin"), "{arguments:?}: {said}");
    }
    app.films(&admin.access).expect(200);
    let second = app.made(&admin, "admin");
    users(&app, &["suspend", &admin.email]).done();
    users(&app, &["suspend", &second.email]).failed();
}

/// A reader that goes away early, like `head`, is no error, and a broken database is one.
#[test]
fn a_failure_has_a_code_of_its_own() {
    let app = TestApp::not_started(|settings| {
        settings.set(
            "database.url",
            "postgres://luke:tiger-7Q@127.0.0.1:1/nothing",
        );
    });
    for command in [
        &["users", "list"][..],
        &["users", "suspend", "luke@rebels.example"],
        &["token", "mint", "luke@rebels.example", "--kind", "access"],
    ] {
        let said = run(&app, command);
        assert_eq!(said.code, 1, "{}", said.err);
        assert!(said.out.is_empty(), "{}", said.out);
        assert!(!said.failed().contains("tiger-7Q"));
    }
}
