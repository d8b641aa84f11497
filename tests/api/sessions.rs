//! Sessions as their owners and admins see and end them, over HTTP and at the command line.

use std::{thread, time::Duration};

use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::helpers::{
    app::TestApp,
    at_once, eventually,
    http::Response,
    postgres::Database,
    redis::RedisServer,
    stores::{ServerDatabase, cases_on},
    tokens::Parts,
    users::{PASSWORD, User},
};

cases_on! { [on_sqlite, on_redis, on_redis_replica, on_postgres, on_mariadb] {
    a_session_is_listed_with_its_times_and_its_client,
    a_renewal_moves_the_last_use_but_not_the_absolute_end,
    only_live_sessions_are_listed,
    an_owner_ends_the_calling_session_and_keeps_the_api_tokens,
    an_admin_ends_the_sessions_of_somebody,
    an_owner_sees_who_uses_the_account,
    one_session_ends_by_its_id_and_no_other,
    eight_who_end_one_session_at_once_end_it_once,
} }

#[track_caller]
fn sessions_of(app: &TestApp, caller: &User, id: &str) -> Value {
    app.get(&format!("/users/v1/{id}/sessions"))
        .bearer(&caller.access)
        .send()
        .expect(200)
        .json()
}

#[track_caller]
fn end_sessions(app: &TestApp, caller: &User, id: &str) {
    app.delete(&format!("/users/v1/{id}/sessions"))
        .bearer(&caller.access)
        .send()
        .expect(204);
}

#[track_caller]
fn end_session(app: &TestApp, access: &str, id: &str, session: &str) -> Response {
    app.delete(&format!("/users/v1/{id}/sessions/{session}"))
        .bearer(access)
        .send()
}

/// The events that tell of ended sessions of a user.
#[track_caller]
fn ended(app: &TestApp, admin: &User, user: &User) -> Vec<Value> {
    let target = format!("/users/v1/{}/events?page_size=100", user.id);
    let list = app.get(&target).bearer(&admin.access).send().expect(200);
    let events = list.json()["results"].as_array().expect("events").clone();
    let ended = events.into_iter();
    ended
        .filter(|event| event["kind"] == "sessions-ended")
        .collect()
}

/// The one session of the caller.
#[track_caller]
fn own(app: &TestApp, user: &User) -> Value {
    let list = sessions_of(app, user, &user.id);
    assert_eq!(list["count"], 1);
    list["results"][0].clone()
}

fn time(session: &Value, name: &str) -> OffsetDateTime {
    OffsetDateTime::parse(session[name].as_str().expect(name), &Rfc3339).expect("RFC 3339")
}

/// Logs in with these headers, and tells how the session is listed.
fn seen_with(app: &TestApp, email: &str, headers: &[(&str, &str)]) -> Value {
    let body = json!({ "email": email, "password": PASSWORD, "replace_session": true });
    let mut request = app.post("/users/v1/login").json(&body);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let login = request.send().expect(200).json();
    let target = format!(
        "/users/v1/{}/sessions",
        login["user_id"].as_str().expect("user_id")
    );
    let list = app
        .get(&target)
        .bearer(login["token"].as_str().expect("token"))
        .send()
        .expect(200)
        .json();
    list["results"][0].clone()
}

pub mod cases {
    use super::*;

    pub fn a_session_is_listed_with_its_times_and_its_client(app: &TestApp) {
        let email = app.verified_user();
        let session = seen_with(app, &email, &[("User-Agent", "X-Wing/1.0 (R2)")]);
        assert_eq!(session["user_agent"], "X-Wing/1.0 (R2)");
        assert_eq!(session["current"], true);
        let started = time(&session, "started_at");
        assert!((OffsetDateTime::now_utc() - started).abs() < time::Duration::seconds(30));
        assert_eq!(time(&session, "last_used_at"), started);
        let hours = |name: &str| (time(&session, name) - started).whole_hours();
        assert_eq!(hours("expires_at"), 24);
        assert_eq!(hours("absolute_end"), 30 * 24);

        let user = app.session(&email);
        let session = own(app, &user);
        assert_eq!(session["session_id"], Parts::of(&user.access).claims["sid"]);
        assert_eq!(session["user_agent"], Value::Null);
        let admin = app.admin();
        let seen = sessions_of(app, &admin, &user.id)["results"][0].clone();
        assert_eq!(seen["current"], false);
        assert_eq!(seen["session_id"], session["session_id"]);
    }

    pub fn a_renewal_moves_the_last_use_but_not_the_absolute_end(app: &TestApp) {
        let mut user = app.user();
        let before = own(app, &user);
        thread::sleep(Duration::from_millis(2100));
        let renewed = app.refresh(&user.refresh).expect(200).json();
        user.access = renewed["token"].as_str().expect("token").to_owned();
        let after = own(app, &user);
        for name in ["session_id", "started_at", "absolute_end"] {
            assert_eq!(before[name], after[name], "{name}");
        }
        for name in ["last_used_at", "expires_at"] {
            assert!(time(&before, name) < time(&after, name), "{name}");
        }
    }

    pub fn only_live_sessions_are_listed(app: &TestApp) {
        let admin = app.admin();
        let user = app.user();
        app.log_out(&user.access).expect(200);
        assert_eq!(sessions_of(app, &admin, &user.id)["count"], 0);
        let user = app.session(&user.email);
        let again = app.session(&user.email);
        let session = own(app, &again);
        assert_eq!(
            session["session_id"],
            Parts::of(&again.access).claims["sid"]
        );
        let target = format!("/users/v1/{}/sessions?page=2&page_size=1", user.id);
        let behind = app.get(&target).bearer(&admin.access).send().expect(200);
        assert_eq!(behind.json()["results"], json!([]));
        assert_eq!(behind.json()["count"], 1);
    }

    pub fn an_owner_ends_the_calling_session_and_keeps_the_api_tokens(app: &TestApp) {
        let holder = app.holder(app.user());
        let user = &holder.user;
        end_sessions(app, user, &user.id);
        app.films(&user.access).expect_problem(401, "token-invalid");
        app.refresh(&user.refresh)
            .expect_problem(401, "token-invalid");
        app.get("/users/v1/me")
            .api_token(&holder.api_token)
            .send()
            .expect(200);
        // Without `replace_session`: none is live.
        app.log_in(&user.email, PASSWORD).expect(200);
    }

    pub fn an_admin_ends_the_sessions_of_somebody(app: &TestApp) {
        let (admin, user, other) = (app.admin(), app.user(), app.user());
        // A second time there is nothing to end.
        for _ in 0..2 {
            end_sessions(app, &admin, &user.id);
            app.films(&user.access).expect_problem(401, "token-invalid");
            assert_eq!(sessions_of(app, &admin, &user.id)["count"], 0);
        }
        app.films(&admin.access).expect(200);
        app.films(&other.access).expect(200);
        app.log_in(&user.email, PASSWORD).expect(200);
    }

    /// OWASP ASVS 5.0, 7.5.2.
    pub fn an_owner_sees_who_uses_the_account(app: &TestApp) {
        let email = app.verified_user();
        let log_in = |password: &str, client: &str| {
            let body = json!({ "email": email, "password": password });
            let login = app.post("/users/v1/login").header("User-Agent", client);
            login.json(&body).send()
        };
        let login = log_in(PASSWORD, "X-Wing/1.0").expect(200).json();
        log_in("not-the-password", "TIE/9.9").expect_problem(401, "credentials-invalid");
        let renewed = app
            .post("/users/v1/generate_tokens")
            .bearer(login["refresh_token"].as_str().expect("token"))
            .header("User-Agent", "Falcon/2.0")
            .send()
            .expect(200)
            .json();
        let access = renewed["token"].as_str().expect("token");
        let seen = || {
            let page = app
                .get("/users/v1/me/security")
                .bearer(access)
                .send()
                .expect(200);
            assert_eq!(page.header("cache-control"), Some("no-store"));
            page.json()
        };
        let by = |page: &Value, kind: &str| {
            let events = page["events"].as_array().expect("events").clone();
            events.into_iter().find(|event| event["kind"] == kind)
        };
        // Refusals are stored later.
        let patience = Duration::from_secs(30);
        let refused = eventually("the refusal is stored", patience, || by(&seen(), "refused"));
        assert_eq!(refused["user_agent"], "TIE/9.9");
        assert_eq!(refused["client_address"], "127.0.0.0/24");
        let page = seen();
        assert_eq!(
            by(&page, "logged-in").expect("a login")["user_agent"],
            "X-Wing/1.0"
        );
        assert_eq!(by(&page, "refreshed"), None);
        let session = &page["sessions"][0];
        assert_eq!(session["current"], true);
        assert_eq!(session["user_agent"], "X-Wing/1.0");
        assert_eq!(session["last_user_agent"], "Falcon/2.0");
        assert_eq!(session["last_client_address"], "127.0.0.0/24");

        for number in 0..21 {
            let made = app.post("/auth/v1/api_tokens").bearer(access);
            made.json(&json!({ "name": format!("astromech {number}") }))
                .send()
                .expect(201);
        }
        let page = seen();
        assert_eq!(page["events"].as_array().expect("events").len(), 20);
        assert_eq!(page["events"][19]["kind"], "api-token-created");

        // Whoever got in cannot push that out of sight by refusals, which need no more than the address.
        let body = json!({ "email": email, "password": PASSWORD, "replace_session": true });
        let login = app.post("/users/v1/login").json(&body).send().expect(200);
        let login = login.json();
        let newest = login["token"].as_str().expect("token").to_owned();
        for _ in 0..25 {
            log_in("not-the-password", "TIE/9.9").expect_problem(401, "credentials-invalid");
        }
        let events = eventually("the refusals are stored", patience, || {
            let page = app.get("/users/v1/me/security").bearer(&newest).send();
            let events = page.expect(200).json()["events"].as_array()?.clone();
            let refused = events.iter().filter(|event| event["kind"] == "refused");
            (refused.count() == 10).then_some(events)
        });
        assert_eq!(events.len(), 20);
        assert_eq!(events[10]["kind"], "logged-in", "{events:#?}");
        let ids: Vec<_> = events
            .iter()
            .map(|event| event["event_id"].as_str())
            .collect();
        assert!(ids.is_sorted_by(|newer, older| newer > older), "{ids:?}");
    }

    /// OWASP ASVS 5.0, 7.4.5 and 7.5.2.
    pub fn one_session_ends_by_its_id_and_no_other(app: &TestApp) {
        let (admin, user, other) = (app.admin(), app.user(), app.user());
        let session = user.session_id();
        let end = |caller: &User, account: &User, session: &str| {
            end_session(app, &caller.access, &account.id, session)
        };
        for (caller, account) in [
            (&other, &user),
            (&other, &other),
            (&admin, &other),
            (&user, &other),
        ] {
            end(caller, account, &session).expect_problem(404, "not-found");
        }
        end_session(app, &user.refresh, &user.id, &session).expect_problem(401, "token-invalid");
        app.films(&user.access).expect(200);

        end(&user, &user, &session).expect(204);
        app.films(&user.access).expect_problem(401, "token-invalid");
        app.refresh(&user.refresh)
            .expect_problem(401, "token-invalid");
        end(&user, &user, &session).expect_problem(401, "token-invalid");
        // A second time there is nothing to end.
        end(&admin, &user, &session).expect(204);
        let event = ended(app, &admin, &user).remove(0);
        assert_eq!(event["detail"], "one session");
        assert_eq!(event["actor_id"], user.id);

        let user = app.session(&user.email);
        end(&admin, &user, &user.session_id()).expect(204);
        app.films(&user.access).expect_problem(401, "token-invalid");
        app.films(&other.access).expect(200);
        app.films(&admin.access).expect(200);
        // Without `replace_session`: none is live.
        app.log_in(&user.email, PASSWORD).expect(200);
    }

    pub fn eight_who_end_one_session_at_once_end_it_once(app: &TestApp) {
        let (admin, user) = (app.admin(), app.user());
        let session = user.session_id();
        at_once(8, |_| {
            end_session(app, &admin.access, &user.id, &session).expect(204);
            app.films(&user.access).expect_problem(401, "token-invalid");
        });
        assert_eq!(ended(app, &admin, &user).len(), 1);
    }
}

#[test]
fn a_clients_address_is_kept_as_the_operator_wants() {
    for (keep, peer, ipv4, ipv6) in [
        (
            "full",
            json!("127.0.0.1"),
            json!("203.0.113.77"),
            json!("2001:db8:1:2::3"),
        ),
        (
            "network",
            json!("127.0.0.0/24"),
            json!("203.0.113.0/24"),
            json!("2001:db8:1::/48"),
        ),
        ("none", Value::Null, Value::Null, Value::Null),
    ] {
        let app = TestApp::with_settings(|settings| {
            settings
                .set("audit.client_address", keep)
                .set("limits.trusted_proxies", "127.0.0.1");
        });
        let email = app.verified_user();
        for (forwarded, wanted) in [
            (None, &peer),
            (Some("203.0.113.77"), &ipv4),
            // Only what the trusted proxy has added counts.
            (Some("192.0.2.1, 203.0.113.77"), &ipv4),
            (Some("2001:db8:1:2::3"), &ipv6),
        ] {
            let headers: Vec<_> = forwarded
                .map(|address| ("X-Forwarded-For", address))
                .into_iter()
                .collect();
            let session = seen_with(&app, &email, &headers);
            assert_eq!(session["client_address"], *wanted, "{keep} {forwarded:?}");
        }
    }
}

#[test]
fn nobody_but_a_trusted_proxy_says_whose_a_request_is() {
    let app = TestApp::start();
    let email = app.verified_user();
    let session = seen_with(&app, &email, &[("X-Forwarded-For", "203.0.113.77")]);
    assert_eq!(session["client_address"], "127.0.0.0/24");
}

#[test]
fn a_user_agent_is_cut_and_never_interpreted() {
    let app = TestApp::start();
    let email = app.verified_user();
    let long = "x".repeat(1000);
    let session = seen_with(&app, &email, &[("User-Agent", &long)]);
    assert_eq!(session["user_agent"], long[..256]);
    let markup = "<script>'; drop table users; --";
    let session = seen_with(&app, &email, &[("User-Agent", markup)]);
    assert_eq!(session["user_agent"], markup);
    let session = seen_with(&app, &email, &[("User-Agent", "Falke-Ä")]);
    assert_eq!(session["user_agent"], Value::Null);
}

#[track_caller]
fn run(app: &TestApp, arguments: &[&str]) {
    let output = app.run(arguments, "");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The sessions that the command line ends, by the command that ends them.
const ENDINGS: [&[&str]; 4] = [
    &["users", "suspend"],
    &["users", "set-role"],
    &["users", "end-sessions"],
    &["users", "delete"],
];

fn arguments<'a>(ending: &[&'a str], user: &'a User) -> Vec<&'a str> {
    let mut arguments = [ending, &[user.email.as_str()]].concat();
    match ending.last() {
        Some(&"set-role") => arguments.push("admin"),
        Some(&"delete") => arguments.push("--yes"),
        _ => {}
    }
    arguments
}

#[test]
fn what_the_command_line_ends_a_running_service_knows_within_two_seconds() {
    let app = TestApp::start();
    for ending in ENDINGS {
        let user = app.user();
        app.films(&user.access).expect(200);
        run(&app, &arguments(ending, &user));
        // The row decides on a refresh, whatever the embedded store has heard.
        app.refresh(&user.refresh)
            .expect_problem(401, "token-invalid");
        eventually("the service learns of it", Duration::from_secs(2), || {
            (app.films(&user.access).status == 401).then_some(())
        });
    }
}

#[test]
fn what_the_command_line_ends_every_instance_on_redis_knows_at_once() {
    let (database, redis) = (Database::create(), RedisServer::start());
    let [first, second] = [(); 2].map(|()| {
        TestApp::with_settings(|settings| {
            settings
                .set("database.url", &database.url())
                .set("revocation.backend", "redis")
                .set("revocation.redis_url", &redis.url());
        })
    });
    for ending in ENDINGS {
        let user = first.user();
        second.films(&user.access).expect(200);
        run(&first, &arguments(ending, &user));
        for app in [&first, &second] {
            app.films(&user.access).expect_problem(401, "token-invalid");
            app.refresh(&user.refresh)
                .expect_problem(401, "token-invalid");
        }
    }
}

#[test]
fn what_one_instance_on_redis_ends_the_other_knows_at_once() {
    let (database, redis) = (Database::create(), RedisServer::start());
    let [first, second] = [(); 2].map(|()| {
        TestApp::with_settings(|settings| {
            settings
                .set("database.url", &database.url())
                .set("revocation.backend", "redis")
                .set("revocation.redis_url", &redis.url());
        })
    });
    let admin = first.admin();
    for (method, path, body) in [
        ("PUT", "/suspension", None),
        ("DELETE", "/sessions", None),
        ("PATCH", "", Some(json!({ "access_role": "admin" }))),
        ("DELETE", "", None),
    ] {
        let user = first.made(&admin, "basic");
        second.films(&user.access).expect(200);
        let target = format!("/users/v1/{}{path}", user.id);
        let request = first.request(method, &target).bearer(&admin.access);
        let answer = match &body {
            Some(body) => request.json(body).send(),
            None => request.send(),
        };
        assert!(matches!(answer.status, 200 | 204), "{}", answer.text());
        second
            .films(&user.access)
            .expect_problem(401, "token-invalid");
    }
}
