//! Account events: in the log, in SQL and at `/users/v1/{id}/events`.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::{collections::BTreeMap, thread, time::Duration};

use serde_json::{Value, json};

use crate::helpers::{
    app::{ACCESS_SECRET, TestApp},
    eventually,
    http::Response,
    stores::{ServerDatabase, cases_on},
    tokens::Parts,
    users::{PASSWORD, User, new_email},
};

cases_on! { [on_sqlite, on_redis, on_postgres, on_mariadb] {
    each_kind_of_event_is_noted_once,
    a_refusal_is_noted_with_its_reason,
    a_password_that_comes_with_each_request_is_noted_as_a_login,
    only_the_owner_and_admins_see_events,
    events_are_walked_page_by_page,
} }

cases_on! { [on_a_postgres_database, on_a_mariadb_database] {
    without_its_table_refusals_go_on_and_changes_do_not,
} }

const NEW: &str = "two-suns-over-Tatooine";

const WRONG: &str = "not-the-password";

/// The account's events, newest first.
#[track_caller]
fn events(app: &TestApp, caller: &User, id: &str) -> Vec<Value> {
    let target = format!("/users/v1/{id}/events?page_size=100");
    let page = app.get(&target).bearer(&caller.access).send().expect(200);
    page.json()["results"].as_array().expect("results").clone()
}

/// The same, when there are so many: refusals are stored a moment later.
#[track_caller]
fn events_when(app: &TestApp, caller: &User, id: &str, count: usize) -> Vec<Value> {
    eventually(&format!("{count} events"), Duration::from_secs(10), || {
        let events = events(app, caller, id);
        (events.len() >= count).then_some(events)
    })
}

/// The audit's lines of the log.
fn lines(app: &TestApp) -> Vec<Value> {
    app.log()
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|line| line.get("event").is_some())
        .collect()
}

/// The id of the answer's request.
#[track_caller]
fn request(answer: &Response) -> String {
    answer
        .header("x-request-id")
        .expect("X-Request-Id")
        .to_owned()
}

/// The expectations of an event.
struct Expected {
    kind: &'static str,
    actor: Actor,
    /// `None`: by no request, or by one that is over.
    request: Option<String>,
}

#[derive(Clone, Copy, PartialEq)]
enum Actor {
    Owner,
    Admin,
    Nobody,
    /// The bearer of a mailed link may be told as its owner or as nobody.
    Link,
}

pub mod cases {
    use super::*;

    pub fn each_kind_of_event_is_noted_once(app: &TestApp) {
        let admin = app.admin();
        let mut expected = Vec::new();
        let mut note = |kind, actor, request| {
            expected.push(Expected {
                kind,
                actor,
                request,
            });
        };
        let log_in = |email: &str, password: &str| {
            let answer = app.log_in(email, password).expect(200);
            (request(&answer), answer.json())
        };
        let text = |value: &Value, name: &str| value[name].as_str().expect(name).to_owned();

        let email = new_email();
        let signed_up = app.sign_up(&email).expect(202);
        note("signed-up", Actor::Nobody, Some(request(&signed_up)));
        let link = app.mail_number(1, &email).token().expect("a link");
        let verified = app.verify(&link).expect(200);
        note("email-verified", Actor::Link, Some(request(&verified)));
        let refused = app.log_in(&email, WRONG).expect(401);
        note("refused", Actor::Nobody, Some(request(&refused)));
        let (id, login) = log_in(&email, PASSWORD);
        note("logged-in", Actor::Owner, Some(id));
        let user = text(&login, "user_id");

        let first = text(&login, "refresh_token");
        let renewed = app.refresh(&first).expect(200);
        note("refreshed", Actor::Owner, Some(request(&renewed)));
        let second = text(&renewed.json(), "refresh_token");
        let renewed = app.refresh(&second).expect(200);
        note("refreshed", Actor::Owner, Some(request(&renewed)));
        let reused = app.refresh(&first).expect_problem(401, "token-invalid");
        note("refresh-token-reused", Actor::Owner, Some(request(&reused)));
        note("refused", Actor::Nobody, Some(request(&reused)));

        let (id, login) = log_in(&email, PASSWORD);
        note("logged-in", Actor::Owner, Some(id));
        let ended = app.log_out(&text(&login, "token")).expect(200);
        note("logged-out", Actor::Owner, Some(request(&ended)));

        let (id, login) = log_in(&email, PASSWORD);
        note("logged-in", Actor::Owner, Some(id));
        let ended = app
            .delete(&format!("/users/v1/{user}/sessions"))
            .bearer(&text(&login, "token"))
            .send()
            .expect(204);
        note("sessions-ended", Actor::Owner, Some(request(&ended)));

        let token = app.password_token(&email);
        note("password-token-requested", Actor::Nobody, None);
        let changed = app.change_password(&token, NEW).expect(200);
        note("password-changed", Actor::Owner, Some(request(&changed)));

        let (id, login) = log_in(&email, NEW);
        note("logged-in", Actor::Owner, Some(id));
        let access = text(&login, "token");
        let reset = app
            .put("/users/v1/password_reset")
            .bearer(&access)
            .json(&json!({ "old_password": NEW, "new_password": PASSWORD }))
            .send()
            .expect(200);
        note("password-reset", Actor::Owner, Some(request(&reset)));

        let address = new_email();
        let asked = app
            .patch(&format!("/users/v1/{user}"))
            .bearer(&access)
            .json(&json!({ "email": address }))
            .send()
            .expect(200);
        note(
            "email-change-requested",
            Actor::Owner,
            Some(request(&asked)),
        );
        let link = app.mail_number(1, &address).token().expect("a link");
        let confirmed = app.verify(&link).expect(200);
        note("email-changed", Actor::Link, Some(request(&confirmed)));
        // The same link again changes nothing.
        app.verify(&link).expect(200);

        let made = app
            .post("/auth/v1/api_tokens")
            .bearer(&access)
            .json(&json!({ "name": "astromech" }))
            .send()
            .expect(201);
        note("api-token-created", Actor::Owner, Some(request(&made)));
        let gone = app
            .delete(&format!(
                "/auth/v1/api_tokens/{}",
                text(&made.json(), "api_token_id")
            ))
            .bearer(&access)
            .send()
            .expect(204);
        note("api-token-deleted", Actor::Owner, Some(request(&gone)));

        let refresh = text(&login, "refresh_token");
        let revoked = app
            .post("/auth/v1/revoke")
            .bearer(&refresh)
            .form(&[("token", &refresh)])
            .send()
            .expect(200);
        note("token-revoked", Actor::Owner, Some(request(&revoked)));

        let minted = app.run(&["token", "mint", &user, "--kind", "password"], "");
        assert!(minted.status.success(), "{minted:?}");
        note("token-minted", Actor::Nobody, None);

        let by_admin = |method: &str, rest: &str, body: Option<Value>| {
            let request = app.request(method, &format!("/users/v1/{user}{rest}"));
            let request = request.bearer(&admin.access);
            let answer = match body {
                Some(body) => request.json(&body).send(),
                None => request.send(),
            };
            assert!(answer.status < 300, "{answer:?}");
            Some(
                answer
                    .header("x-request-id")
                    .expect("X-Request-Id")
                    .to_owned(),
            )
        };
        let role = by_admin("PATCH", "", Some(json!({ "access_role": "admin" })));
        note("role-changed", Actor::Admin, role);
        let suspended = by_admin("PUT", "/suspension", None);
        note("suspended", Actor::Admin, suspended);
        // Once is enough.
        by_admin("PUT", "/suspension", None);
        let restored = by_admin("DELETE", "/suspension", None);
        note("restored", Actor::Admin, restored);
        let deleted = by_admin("DELETE", "", None);
        note("deleted", Actor::Admin, deleted);

        let mut found = events_when(app, &admin, &user, expected.len());
        found.reverse();
        assert_noted(app, &found, &expected, &user, &admin.id);

        let opened = app
            .post("/users/v1/")
            .bearer(&admin.access)
            .json(&json!({
                "email": new_email(),
                "password": PASSWORD,
                "access_role": "basic",
                "email_verified": true,
            }))
            .send()
            .expect(201);
        let other = text(&opened.json(), "user_id");
        let created = Expected {
            kind: "user-created",
            actor: Actor::Admin,
            request: Some(request(&opened)),
        };
        let found = events(app, &admin, &other);
        assert_noted(app, &found, &[created], &other, &admin.id);
    }

    #[track_caller]
    fn assert_noted(
        app: &TestApp,
        found: &[Value],
        expected: &[Expected],
        user: &str,
        admin: &str,
    ) {
        let kinds = |events: &[Value]| -> Vec<String> {
            let kinds = events.iter().map(|event| event["kind"].as_str());
            kinds.map(|kind| kind.expect("kind").to_owned()).collect()
        };
        let wanted: Vec<_> = expected.iter().map(|event| event.kind).collect();
        assert_eq!(kinds(found), wanted);
        let lines = lines(app);
        for (event, expected) in found.iter().zip(expected) {
            assert_eq!(event["user_id"], user, "{event}");
            assert_eq!(
                event["request_id"].as_str(),
                expected.request.as_deref(),
                "{event}"
            );
            let actor = event["actor_id"].as_str();
            match expected.actor {
                Actor::Owner => assert_eq!(actor, Some(user), "{event}"),
                Actor::Admin => assert_eq!(actor, Some(admin), "{event}"),
                Actor::Nobody => assert_eq!(actor, None, "{event}"),
                Actor::Link => assert!(actor.is_none() || actor == Some(user), "{event}"),
            }
            // A command of the command line has a log of its own.
            if expected.kind == "token-minted" {
                continue;
            }
            let logged: Vec<_> = lines
                .iter()
                .filter(|line| line["event_id"] == event["event_id"])
                .collect();
            assert_eq!(logged.len(), 1, "{event}: {logged:?}");
            let line = logged[0];
            assert_eq!(line["event"], event["kind"]);
            for name in ["user_id", "actor_id", "request_id", "detail"] {
                let value = event[name].as_str().unwrap_or("-");
                assert_eq!(line[name], value, "{name} of {line}");
            }
        }
    }

    /// ASVS 16.3.1: a client that sends the password with each request leaves a trace as one that logs in, and no flood.
    pub fn a_password_that_comes_with_each_request_is_noted_as_a_login(app: &TestApp) {
        let user = app.user();
        let before = events(app, &user, &user.id).len();
        let me = || app.get("/users/v1/me").basic(&user.email, PASSWORD);
        let first = me().send().expect(200);
        for _ in 0..3 {
            me().send().expect(200);
        }
        let found = events_when(app, &user, &user.id, before + 1);
        let expected = Expected {
            kind: "logged-in",
            actor: Actor::Owner,
            request: Some(request(&first)),
        };
        assert_noted(app, &found[..1], &[expected], &user.id, "");
        assert_eq!(found[0]["detail"], "HTTP Basic");
        let answer = app.log_in(&user.email, WRONG).expect(401);
        let found = events_when(app, &user, &user.id, before + 2);
        assert_eq!(found.len(), before + 2, "{found:?}");
        assert_eq!(found[0]["request_id"], request(&answer));
        let security = app.get("/users/v1/me/security").bearer(&user.access).send();
        let security = security.expect(200).json();
        let shown = security["events"].as_array().expect("events");
        assert!(shown.iter().any(|event| event["detail"] == "HTTP Basic"));
    }

    pub fn a_refusal_is_noted_with_its_reason(app: &TestApp) {
        let admin = app.admin();
        let user = app.user();
        let mut refusals: Vec<Response> = Vec::new();
        let mut note = |answer: Response| refusals.push(answer);

        note(app.log_in(&user.email, WRONG).expect(401));
        note(
            app.get("/users/v1/me")
                .basic(&user.email, WRONG)
                .send()
                .expect(401),
        );
        note(
            app.post("/auth/v1/token")
                .json(&json!({ "username": user.email, "password": WRONG }))
                .send()
                .expect(401),
        );
        note(
            app.put("/users/v1/password_reset")
                .bearer(&user.access)
                .json(&json!({ "old_password": WRONG, "new_password": NEW }))
                .send()
                .expect(401),
        );
        let expired = Parts::of(&user.access).expired().sign(ACCESS_SECRET);
        note(app.films(&expired).expect_problem(401, "token-expired"));
        app.log_out(&user.access).expect(200);
        note(app.films(&user.access).expect_problem(401, "token-invalid"));
        note(
            app.refresh(&user.refresh)
                .expect_problem(401, "token-invalid"),
        );
        let older = app.password_token(&user.email);
        app.password_token(&user.email);
        note(
            app.change_password(&older, NEW)
                .expect_problem(401, "token-invalid"),
        );
        app.put(&format!("/users/v1/{}/suspension", user.id))
            .bearer(&admin.access)
            .send()
            .expect(200);
        note(app.log_in(&user.email, PASSWORD).expect(403));
        note(app.log_in(&user.email, WRONG).expect(401));

        let found = eventually("each refusal is stored", Duration::from_secs(10), || {
            let mut events = events(app, &admin, &user.id);
            events.retain(|event| event["kind"] == "refused");
            (events.len() >= refusals.len()).then_some(events)
        });
        let noted: BTreeMap<_, _> = found
            .iter()
            .map(|event| (event["request_id"].as_str().expect("id").to_owned(), event))
            .collect();
        let reasons: Vec<_> = refusals
            .iter()
            .map(|answer| {
                let event = noted.get(&request(answer));
                let event = event.unwrap_or_else(|| panic!("{answer:?} was not noted"));
                event["detail"].as_str().expect("a reason").to_owned()
            })
            .collect();
        assert_eq!(found.len(), refusals.len(), "{found:?}");
        assert!(reasons[..4].iter().all(|reason| reason == "wrong password"));
        for (index, word) in [
            (4, "expired"),
            (5, "revoked"),
            (7, "newer"),
            (8, "suspended"),
        ] {
            assert!(reasons[index].contains(word), "{word}: {reasons:?}");
        }

        // Those of nobody's are in the log, and all of them in the metrics.
        let nobody = app.log_in(&new_email(), WRONG).expect(401);
        let garbage = app.films("a.b.c").expect(401);
        for answer in [nobody, garbage] {
            let id = request(&answer);
            let lines = lines(app);
            let line = lines.iter().find(|line| line["request_id"] == *id);
            let line = line.unwrap_or_else(|| panic!("{answer:?} is not in the log"));
            assert_eq!(
                (&line["event"], &line["user_id"]),
                (&json!("refused"), &json!("-"))
            );
        }
        let counted = |reason: &str| {
            let start = format!("starwars_refused_credentials_total{{reason=\"{reason}\"}} ");
            let metrics = app.get("/metrics").send().expect(200).text();
            let line = metrics.lines().find_map(|line| line.strip_prefix(&start));
            line.map(|count| count.parse::<f64>().expect("a number"))
        };
        assert_eq!(counted("wrong password"), Some(5.0));
        assert_eq!(counted("unknown address"), Some(1.0));
        assert_eq!(counted("revoked"), Some(2.0));
    }

    pub fn only_the_owner_and_admins_see_events(app: &TestApp) {
        let admin = app.admin();
        let (user, other) = (app.user(), app.user());
        let of = |caller: &User, id: &str| {
            app.get(&format!("/users/v1/{id}/events"))
                .bearer(&caller.access)
                .send()
        };
        assert_eq!(events(app, &user, &user.id), events(app, &admin, &user.id));
        of(&other, &user.id).expect_problem(404, "not-found");
        of(&other, &uuid::Uuid::new_v4().to_string()).expect_problem(404, "not-found");
        of(&admin, &uuid::Uuid::new_v4().to_string()).expect_problem(404, "not-found");
        let holder = app.holder(other);
        app.get(&format!("/users/v1/{}/events", holder.user.id))
            .api_token(&holder.api_token)
            .send()
            .expect_problem(401, "token-missing");
    }

    pub fn events_are_walked_page_by_page(app: &TestApp) {
        let user = app.user();
        for _ in 0..5 {
            app.log_in(&user.email, WRONG).expect(401);
        }
        let all = events_when(app, &user, &user.id, 8);
        let moments: Vec<_> = all
            .iter()
            .map(|event| event["happened_at"].as_str().expect("moment"))
            .collect();
        assert!(
            moments.is_sorted_by(|newer, older| newer >= older),
            "{moments:?}"
        );
        let read = |target: &str| {
            app.get(target)
                .bearer(&user.access)
                .send()
                .expect(200)
                .json()
        };
        let mut page = read(&format!("/users/v1/{}/events?page_size=3", user.id));
        assert_eq!(page["previous"], Value::Null);
        let mut walked = Vec::new();
        loop {
            assert_eq!(page["count"], all.len());
            walked.extend(page["results"].as_array().expect("results").clone());
            let Some(next) = page["next"].as_str() else {
                break;
            };
            page = read(next.strip_prefix(&app.public_url()).expect("public URL"));
        }
        assert_eq!(walked, all);
        for query in ["page=0", "page_size=101", "page_size=x", "kind=refused"] {
            app.get(&format!("/users/v1/{}/events?{query}", user.id))
                .bearer(&user.access)
                .send()
                .expect_problem(400, "validation-failed");
        }
    }

    /// A refusal waits for no table, and a change whose event cannot be stored is not made.
    pub(super) fn without_its_table_refusals_go_on_and_changes_do_not(
        database: &dyn ServerDatabase,
    ) {
        let app = TestApp::with_database(database);
        let admin = app.admin();
        let user = app.user();
        database.sql("alter table events rename to events_away");
        let mut ids = Vec::new();
        for _ in 0..5 {
            let began = std::time::Instant::now();
            let refused = app
                .log_in(&user.email, WRONG)
                .expect_problem(401, "credentials-invalid");
            assert!(began.elapsed() < Duration::from_secs(1));
            ids.push(request(&refused));
        }
        let lines = lines(&app);
        for id in ids {
            assert!(lines.iter().any(|line| line["request_id"] == *id), "{id}");
        }
        eventually("the loss is counted", Duration::from_secs(10), || {
            let metrics = app.get("/metrics").send().expect(200).text();
            metrics
                .contains("starwars_audit_dropped_total 5")
                .then_some(())
        });
        let suspension = format!("/users/v1/{}/suspension", user.id);
        let answer = app.put(&suspension).bearer(&admin.access).send();
        assert!(matches!(answer.status, 500 | 503), "{answer:?}");
        app.films(&user.access).expect(200);
        assert_eq!(app.me(&user)["disabled"], false);
        let answer = app.log_in(&user.email, PASSWORD);
        assert_eq!(
            answer.status, 409,
            "no session is opened, and none was ended: {answer:?}"
        );
        database.sql("alter table events_away rename to events");
        app.put(&suspension)
            .bearer(&admin.access)
            .send()
            .expect(200);
        app.films(&user.access).expect_problem(401, "token-invalid");
    }
}

/// A dead link is a refused credential like any other.
#[test]
fn a_refused_link_is_noted() {
    let app = TestApp::start();
    let email = new_email();
    app.sign_up(&email).expect(202);
    let older = app.mail_number(1, &email).token().expect("a link");
    app.put("/users/v1/resend_email_verification")
        .json(&json!({ "email": email }))
        .send()
        .expect(202);
    app.mail_number(2, &email);
    let refused = app.verify(&older).expect_problem(401, "token-invalid");
    let id = request(&refused);
    let noted = |line: &Value| line["request_id"] == *id && line["event"] == "refused";
    assert!(lines(&app).iter().any(noted), "no event of request {id}");
}

#[test]
fn every_line_of_a_request_says_which_request_operation_and_user_it_was() {
    let app = TestApp::start();
    let admin = app.admin();
    let add = || {
        app.post("/subscribers/v1/")
            .bearer(&admin.access)
            .json(&json!({ "full_name": "Lando", "email": "lando@bespin.example" }))
            .send()
    };
    let (added, refused) = (add().expect(201), add().expect(409));
    let nowhere = app.get("/nowhere").send().expect(404);
    let slow = slowly(&app, &admin.access);
    let lines: Vec<Value> = app
        .log()
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    for (answer, message, operation, user) in [
        (
            &added,
            "subscriber added",
            "create_subscriber",
            Some(&*admin.id),
        ),
        (
            &refused,
            "request refused",
            "create_subscriber",
            Some(&*admin.id),
        ),
        (&nowhere, "request refused", "-", None),
    ] {
        let id = request(answer);
        let line = lines.iter().find(|line| line["request_id"] == *id);
        let line = line.unwrap_or_else(|| panic!("no line of request {id}"));
        assert_eq!(line["message"], message, "{line}");
        assert_eq!(line["operation"], operation, "{line}");
        assert_eq!(line["user"].as_str(), user, "{line}");
    }
    // Whoever holds a body back is authenticated once more, and stands in the line once all the same.
    let log = app.log();
    let line = log.lines().find(|line| line.contains(&slow)).unwrap();
    assert_eq!(line.matches("\"user\":").count(), 1, "{line}");
}

/// Adds the subscriber that is there already, with a body that comes late; returns the id of the request.
fn slowly(app: &TestApp, token: &str) -> String {
    let body = r#"{"full_name":"Lando","email":"lando@bespin.example"}"#;
    let mut stream = TcpStream::connect(app.address()).unwrap();
    write!(
        stream,
        "POST /subscribers/v1/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )
    .unwrap();
    thread::sleep(Duration::from_millis(300));
    stream.write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 409 "), "{answer}");
    let line = answer
        .lines()
        .find_map(|line| line.strip_prefix("x-request-id: "));
    line.unwrap_or_else(|| panic!("no id: {answer}")).to_owned()
}

#[test]
fn the_clients_address_is_kept_as_the_operator_wants_it() {
    for (keep, client, kept) in [
        ("full", "192.0.2.77", Some("192.0.2.77")),
        ("network", "192.0.2.77", Some("192.0.2.0/24")),
        ("network", "2001:db8:1:2::3", Some("2001:db8:1::/48")),
        ("none", "192.0.2.77", None),
    ] {
        let app = TestApp::with_settings(|settings| {
            settings
                .set("audit.client_address", keep)
                .set("limits.trusted_proxies", "127.0.0.1");
        });
        let email = app.verified_user();
        let login = app
            .post("/users/v1/login")
            .header("X-Forwarded-For", client)
            .json(&json!({ "email": email, "password": PASSWORD }))
            .send()
            .expect(200)
            .json();
        let (id, token) = (&login["user_id"], login["token"].as_str().expect("token"));
        let page = app
            .get(&format!("/users/v1/{}/events", id.as_str().expect("id")))
            .bearer(token)
            .send()
            .expect(200)
            .json();
        assert_eq!(page["results"][0]["kind"], "logged-in");
        assert_eq!(
            page["results"][0]["client_address"].as_str(),
            kept,
            "{keep}"
        );
        assert!(!app.log().contains(client), "{keep}");
    }
}

/// No credential and nothing that names a person gets into the log, whatever is logged.
#[test]
fn the_log_holds_no_address_password_or_token() {
    for filter in ["info", "trace"] {
        let app = TestApp::with_settings(|settings| {
            settings.set("log.filter", filter);
        });
        let admin = app.admin();
        let holder = app.holder(app.user());
        let link = app
            .mail_number(1, &holder.user.email)
            .token()
            .expect("a link");
        let secrets = [
            &admin.access,
            &admin.refresh,
            &holder.user.access,
            &holder.user.refresh,
            &holder.password_token,
            &holder.api_token,
            &link,
        ];
        app.get("/users/v1/me")
            .api_token(&holder.api_token)
            .send()
            .expect(200);
        app.get("/users/v1/me")
            .basic(&holder.user.email, PASSWORD)
            .send()
            .expect(200);
        app.get("/users/v1/me")
            .basic(&holder.user.email, WRONG)
            .send()
            .expect(401);
        app.get(&format!("/users/v1/?search={}", holder.user.email))
            .bearer(&admin.access)
            .send()
            .expect(200);
        for token in secrets {
            for hint in ["access_token", "api_token"] {
                app.post("/auth/v1/introspect")
                    .bearer(&admin.access)
                    .form(&[("token", token), ("token_type_hint", hint)])
                    .send()
                    .expect(200);
            }
            // Where it does not belong.
            app.films(token);
            app.get("/users/v1/me").api_token(token).send();
            app.verify(token);
            app.get(&format!("/films/v1/?token={token}"))
                .send_unchecked();
            app.get(&format!("/users/v1/{token}"))
                .bearer(&admin.access)
                .send_unchecked();
            app.post("/users/v1/login")
                .json(&json!({ "email": token, "password": PASSWORD, token: token }))
                .send();
        }
        app.change_password(&holder.password_token, NEW).expect(200);
        app.refresh(&admin.refresh).expect(200);
        let log = app.log();
        for email in [&admin.email, &holder.user.email] {
            assert!(!log.contains(email.as_str()), "{email}");
        }
        assert!(!log.contains("@rebels") && !log.contains("%40rebels"));
        for password in [PASSWORD, NEW, WRONG] {
            assert!(!log.contains(password), "{password}");
        }
        for secret in secrets {
            for part in secret.split(['.', '_']).filter(|part| part.len() > 20) {
                // The header is no secret; the same for each token of a kind.
                if !part.starts_with("eyJ0eXAi") && !part.starts_with("eyJhbGci") {
                    assert!(!log.contains(part), "{part}");
                }
            }
        }
    }
}

/// A flood of refusals neither piles up nor keeps anybody waiting.
#[test]
fn a_flood_of_refusals_is_counted_to_the_last() {
    const FLOOD: usize = 3000;
    let app = TestApp::start();
    let user = app.user();
    let expired = Parts::of(&user.access).expired().sign(ACCESS_SECRET);
    crate::helpers::at_once(10, |_| {
        for _ in 0..FLOOD / 10 {
            app.films(&expired).expect_problem(401, "token-expired");
        }
    });
    let value = |name: &str| {
        let metrics = app.get("/metrics").send().expect(200).text();
        let line = metrics.lines().find_map(|line| line.strip_prefix(name));
        line.map_or(0.0, |count| count.trim().parse::<f64>().expect("a number"))
    };
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let flood = FLOOD as f64;
    assert!(
        (value("starwars_refused_credentials_total{reason=\"the token has expired\"}") - flood)
            .abs()
            < 0.5
    );
    eventually(
        "each is stored or counted as lost",
        Duration::from_secs(20),
        || {
            let target = format!("/users/v1/{}/events?page_size=1", user.id);
            let stored = app
                .get(&target)
                .bearer(&user.access)
                .send()
                .expect(200)
                .json();
            let stored = stored["count"].as_f64().expect("count");
            let lost = value("starwars_audit_dropped_total");
            // Three: the sign-up, the link, the login.
            ((stored + lost - flood - 3.0).abs() < 0.5).then_some(())
        },
    );
}
