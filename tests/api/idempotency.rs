//! Creations that are repeated with `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): made once, whatever
//! becomes of the first request.

use std::{collections::BTreeSet, fs, thread, time::Duration};

use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;

use crate::helpers::{
    app::TestApp,
    at_once, eventually,
    http::{Request, Response},
    proxy::Proxy,
    stores::{self, ServerDatabase, cases_on},
    users::{PASSWORD, User, new_email},
};

cases_on! { [on_sqlite, on_postgres, on_mariadb] {
    a_repeated_request_gets_the_first_reply_and_makes_nothing,
    another_body_with_a_key_is_refused,
    of_twenty_who_send_one_key_at_once_one_makes_something,
    a_refusal_is_not_kept,
    a_form_pressed_often_is_answered_as_the_first_press_was,
} }

cases_on! { [unstarted_on_sqlite, unstarted_on_postgres, unstarted_on_mariadb] {
    whenever_the_service_is_killed_a_repeated_request_makes_one_thing,
} }

cases_on! { [on_a_postgres_database, on_a_mariadb_database] {
    a_request_whose_client_hung_up_can_be_repeated,
    of_two_instances_with_one_key_one_makes_something,
    a_key_that_has_expired_counts_no_more,
} }

/// Longer than anything takes that goes on behind a client that has hung up.
const SOON: Duration = Duration::from_secs(15);

fn key() -> String {
    format!("\"{}\"", Uuid::new_v4())
}

fn subscribe(app: &TestApp, user: &User, key: &str, email: &str) -> Request {
    app.post("/subscribers/v1/")
        .bearer(&user.access)
        .header("Idempotency-Key", key)
        .json(&json!({ "full_name": "Wedge Antilles", "email": email }))
}

fn subscribers(app: &TestApp, admin: &User) -> Value {
    let list = app.get("/subscribers/v1/").bearer(&admin.access).send();
    list.expect(200).json()["count"].clone()
}

/// The request of each operation that takes a key, by an admin, without the key.
fn creations(app: &TestApp, admin: &User) -> Vec<(u16, Request, Value)> {
    let account =
        |email: String| json!({ "email": email, "password": PASSWORD, "access_role": "basic" });
    let subscriber = |email: String| json!({ "full_name": "Wedge Antilles", "email": email });
    let by_admin = |target| app.post(target).bearer(&admin.access);
    vec![
        (202, app.post("/users/v1/signup"), account(new_email())),
        (201, by_admin("/users/v1/"), account(new_email())),
        (
            201,
            by_admin("/auth/v1/api_tokens"),
            json!({ "name": "R2" }),
        ),
        (201, by_admin("/subscribers/v1/"), subscriber(new_email())),
    ]
}

/// The part of a reply that repetitions share: all but what belongs to the one exchange.
fn seen(reply: &Response) -> (u16, Vec<Option<&str>>, String) {
    let names = ["location", "etag", "content-type", "cache-control"];
    let headers = names.map(|name| reply.header(name)).to_vec();
    (reply.status, headers, reply.text())
}

mod cases {
    use super::*;

    pub(super) fn a_repeated_request_gets_the_first_reply_and_makes_nothing(app: &TestApp) {
        let admin = app.admin();
        let counts = || {
            ["/users/v1/", "/auth/v1/api_tokens", "/subscribers/v1/"].map(|list| {
                let list = app.get(list).bearer(&admin.access).send();
                list.expect(200).json()["count"].clone()
            })
        };
        // One key for all: it counts for one operation.
        let key = key();
        for (status, request, body) in creations(app, &admin) {
            let request = request.header("Idempotency-Key", &key);
            let first = request.clone().json(&body).send().expect(status);
            let before = counts();
            // The same content, written in another way.
            let spaced = serde_json::to_string_pretty(&body).expect("JSON");
            for again in [
                request.clone().json(&body),
                request.clone().body("application/json", spaced),
            ] {
                assert_eq!(seen(&again.send()), seen(&first));
            }
            assert_eq!(counts(), before);
            if let Some(email) = body["email"]
                .as_str()
                .filter(|_| body["password"] != Value::Null)
            {
                app.mail_number(1, email);
                assert_eq!(app.mails_to(email).len(), 1);
            }
            if let Some(secret) = first.json()["value"].as_str() {
                app.get("/users/v1/me").api_token(secret).send().expect(200);
            }
        }
    }

    pub(super) fn another_body_with_a_key_is_refused(app: &TestApp) {
        let admin = app.admin();
        for (status, request, body) in creations(app, &admin) {
            let request = request.header("Idempotency-Key", &key());
            request.clone().json(&body).send().expect(status);
            for member in body.as_object().expect("an object").keys() {
                let mut other = body.clone();
                other[member] = match member.as_str() {
                    "email" => new_email().into(),
                    "access_role" if status == 202 => continue,
                    "access_role" => "admin".into(),
                    _ => "two-suns-over-Tatooine".into(),
                };
                let answer = request.clone().json(&other).send();
                let answer = answer.expect_problem(422, "idempotency-key-reused");
                assert!(!answer.text().contains("Tatooine"));
            }
            request.json(&body).send().expect(status);
        }
    }

    pub(super) fn of_twenty_who_send_one_key_at_once_one_makes_something(app: &TestApp) {
        let admin = app.admin();
        for (status, request, body) in creations(app, &admin) {
            let request = request.header("Idempotency-Key", &key()).json(&body);
            let replies = at_once(20, |_| request.clone().send());
            let mut made = BTreeSet::new();
            for reply in replies {
                if reply.status == status {
                    made.insert(reply.text());
                } else {
                    reply.expect_problem(409, "idempotency-key-in-use");
                }
            }
            assert_eq!(made.len(), 1, "{made:?}");
            let last = request.send().expect(status);
            assert!(made.contains(&last.text()));
        }
        assert_eq!(subscribers(app, &admin), 1);
    }

    pub(super) fn a_refusal_is_not_kept(app: &TestApp) {
        let admin = app.admin();
        let (key, email) = (key(), new_email());
        let taken = subscribe(app, &admin, "first", &email).send().expect(201);
        subscribe(app, &admin, &key, &email)
            .send()
            .expect_problem(409, "subscriber-already-exists");
        let id = taken.json()["id"].as_str().expect("an id").to_owned();
        app.delete(&format!("/subscribers/v1/{id}"))
            .bearer(&admin.access)
            .send()
            .expect(204);
        let made = subscribe(app, &admin, &key, &email).send().expect(201);
        assert_ne!(made.json()["id"], id);
        // Nor does the deletion undo the reply.
        let first = subscribe(app, &admin, "first", &email).send().expect(201);
        assert_eq!(seen(&first), seen(&taken));
        assert_eq!(subscribers(app, &admin), 1);
    }

    /// A browser shows the answer to the last press: nobody is sent to a mailbox to which no mail goes.
    pub(super) fn a_form_pressed_often_is_answered_as_the_first_press_was(app: &TestApp) {
        for (password, status) in [("12345678", 400), (PASSWORD, 202)].repeat(3) {
            let (key, email) = (Uuid::new_v4().to_string(), new_email());
            let form = [("email", &*email), ("password", password), ("key", &key)];
            let press = app.post("/pages/v1/signup").form(&form);
            for answer in at_once(8, |_| press.clone().header("Accept", "text/html").send()) {
                answer.expect(status);
            }
            if status == 202 {
                app.mail_number(1, &email);
            }
            assert_eq!(app.mails_to(&email).len(), usize::from(status == 202));
        }
    }

    /// The thing and its key are written by one transaction: no crash leaves one of them, or a key that nobody holds.
    pub(super) fn whenever_the_service_is_killed_a_repeated_request_makes_one_thing(
        mut app: TestApp,
    ) {
        app.start_again();
        let admin = app.admin();
        for (number, pause) in [1, 2, 4, 8, 16].into_iter().enumerate() {
            let request = subscribe(&app, &admin, &key(), &new_email());
            let first = thread::spawn({
                let request = request.clone();
                move || request.try_send().ok()
            });
            thread::sleep(Duration::from_millis(pause));
            app.kill();
            let first = first.join().expect("thread");
            app.start_again();
            let again = request.send().expect(201);
            if let Some(first) = first.filter(|first| first.status == 201) {
                assert_eq!(seen(&again), seen(&first));
            }
            assert_eq!(subscribers(&app, &admin), number + 1, "after {pause} ms");
        }
    }

    pub(super) fn a_request_whose_client_hung_up_can_be_repeated(database: &dyn ServerDatabase) {
        let proxy = Proxy::in_front_of(&database.url());
        let app = TestApp::with_settings(|settings| {
            settings
                .set("database.url", proxy.url())
                .set("database.max_connections", "1");
        });
        let admin = app.admin();
        for statement in ["BEGIN", "COMMIT"] {
            let request = subscribe(&app, &admin, &key(), &new_email());
            let held = proxy.hold_back(statement, Duration::from_secs(2));
            let early = request.clone();
            request
                .clone()
                .hang_up_after(|| {
                    held.wait();
                    early.send().expect_problem(409, "idempotency-key-in-use");
                })
                .expect("reset");
            let reply = eventually("the first request has ended", SOON, || {
                let reply = request.clone().send();
                (reply.status != 409).then_some(reply)
            });
            let id = reply.expect(201).json()["id"]
                .as_str()
                .expect("an id")
                .replace('-', "");
            // The id is text on PostgreSQL and bytes on MariaDB.
            let count = database.sql("select count(*) from subscribers");
            assert_eq!(count, if statement == "BEGIN" { "1" } else { "2" }, "{id}");
        }
    }

    pub(super) fn of_two_instances_with_one_key_one_makes_something(database: &dyn ServerDatabase) {
        let proxy = Proxy::in_front_of(&database.url());
        let slow = TestApp::with_settings(|settings| {
            settings.set("database.url", proxy.url());
        });
        let fast = TestApp::with_settings(|settings| {
            settings
                .set("database.url", &database.url())
                .set("server.public_url", &slow.public_url());
        });
        let admin = slow.admin();
        let (key, email) = (key(), new_email());
        let [one, other] = [&slow, &fast].map(|app| subscribe(app, &admin, &key, &email));
        // Its transaction is open, with the row of the key, when the other instance begins.
        let held = proxy.hold_back("subscribers", Duration::from_secs(1));
        let first = thread::spawn(move || one.send());
        held.wait();
        let second = other.clone().send();
        let first = first.join().expect("thread");
        let replies = [&first, &second].map(seen);
        match (first.status, second.status) {
            (201, 201) => assert_eq!(replies[0], replies[1]),
            (201, 409) | (409, 201) => {}
            _ => panic!("{replies:?}"),
        }
        let again = other.send().expect(201);
        assert!(replies.contains(&seen(&again)));
        assert_eq!(database.sql("select count(*) from subscribers"), "1");

        let apps = [&slow, &fast];
        let [here, there] = apps.map(|app| creations(app, &admin));
        for ((status, here, body), (_, there, _)) in here.into_iter().zip(there) {
            let key = self::key();
            let [here, there] =
                [here, there].map(|request| request.header("Idempotency-Key", &key).json(&body));
            let replies = at_once(20, |number| [&here, &there][number % 2].clone().send());
            let mut made = BTreeSet::new();
            for reply in replies {
                if reply.status == status {
                    made.insert(reply.text());
                } else {
                    reply.expect_problem(409, "idempotency-key-in-use");
                }
            }
            assert_eq!(made.len(), 1, "{made:?}");
        }
    }

    pub(super) fn a_key_that_has_expired_counts_no_more(database: &dyn ServerDatabase) {
        let app = TestApp::with_database(database);
        let admin = app.admin();
        let key = key();
        subscribe(&app, &admin, &key, &new_email())
            .send()
            .expect(201);
        subscribe(&app, &admin, &key, &new_email())
            .send()
            .expect_problem(422, "idempotency-key-reused");
        database.sql("update idempotency_keys set expires_at = '2026-01-01 00:00:00'");
        let email = new_email();
        let made = subscribe(&app, &admin, &key, &email).send().expect(201);
        let again = subscribe(&app, &admin, &key, &email).send().expect(201);
        assert_eq!(seen(&again), seen(&made));
        assert_eq!(database.sql("select count(*) from idempotency_keys"), "1");
    }
}

#[test]
fn a_key_has_expired_after_a_day_and_not_before() {
    let mut app = TestApp::start();
    let admin = app.admin();
    let key = key();
    let email = new_email();
    let first = subscribe(&app, &admin, &key, &email).send().expect(201);
    for (aged, expired) in [("-23 hours", false), ("-2 hours", true)] {
        app.kill();
        stores::sqlite(
            &app,
            &format!(
                "update idempotency_keys set expires_at = \
                 strftime('%Y-%m-%d %H:%M:%S+00:00', expires_at, '{aged}')"
            ),
        );
        app.start_again();
        let again = subscribe(&app, &admin, &key, &email).send();
        if expired {
            again.expect_problem(409, "subscriber-already-exists");
        } else {
            assert_eq!(seen(&again), seen(&first));
        }
    }
}

/// Of a request that is repeated, and of a button that is pressed again and again, one mail is sent.
#[test]
fn a_repeated_sign_up_counts_once() {
    let app = TestApp::with_settings(|settings| {
        settings
            .set("limits.enabled", "true")
            .set("limits.mails.recipient", "1");
    });
    let sign_up = |key: &str, email: &str| {
        let request = app.post("/users/v1/signup").header("Idempotency-Key", key);
        let body = json!({ "email": email, "password": PASSWORD });
        request.json(&body).send()
    };
    let (key, email) = (key(), new_email());
    for _ in 0..3 {
        sign_up(&key, &email).expect(202);
    }
    sign_up(&self::key(), &email).expect_problem(429, "too-many-requests");
    let (key, email) = (Uuid::new_v4().to_string(), new_email());
    for _ in 0..3 {
        let form = [("email", &*email), ("password", PASSWORD), ("key", &key)];
        app.post("/pages/v1/signup").form(&form).send().expect(202);
    }
    app.mail_number(1, &email);
}

#[test]
fn a_key_counts_for_one_caller() {
    let app = TestApp::start();
    let (admin, user) = (app.admin(), app.user());
    let key = key();
    let mut ids = BTreeSet::new();
    for caller in [&admin, &user] {
        let made = subscribe(&app, caller, &key, &new_email())
            .send()
            .expect(201);
        ids.insert(made.json()["id"].to_string());
    }
    assert_eq!(ids.len(), 2);
    // One caller with another credential is the same caller.
    let email = new_email();
    let key = self::key();
    let body = json!({ "full_name": "Wedge Antilles", "email": email });
    let made = subscribe(&app, &user, &key, &email).send().expect(201);
    let again = app
        .post("/subscribers/v1/")
        .basic(&user.email, PASSWORD)
        .header("Idempotency-Key", &key)
        .json(&body)
        .send();
    assert_eq!(seen(&again), seen(&made));
}

/// The draft, section 2.1: a string of RFC 8941. Many clients leave the quotation marks out.
#[test]
fn a_key_is_a_string_with_or_without_quotation_marks() {
    let app = TestApp::start();
    let admin = app.admin();
    let bare = Uuid::new_v4().to_string();
    let email = new_email();
    let quoted = subscribe(&app, &admin, &format!("\"{bare}\""), &email);
    let first = quoted.send().expect(201);
    let again = subscribe(&app, &admin, &bare, &email).send();
    assert_eq!(seen(&again), seen(&first));
    let longest = "k".repeat(255);
    for good in [
        &format!("\"{}\"", "q".repeat(255)),
        &longest,
        "\"two words, one key\"",
        "a/b+c==",
    ] {
        subscribe(&app, &admin, good, &new_email())
            .send()
            .expect(201);
    }
    for bad in [
        "",
        "\"\"",
        "\"",
        "\"open",
        "two words",
        "a,b",
        "\"a\", \"b\"",
        "\"a\";b=c",
        "\"a\\\"b\"",
        "\"\u{e9}\"",
        &"k".repeat(256),
        &format!("\"{}\"", "k".repeat(256)),
        &"secret".repeat(1_700),
    ] {
        let answer = subscribe(&app, &admin, bad, &new_email()).send();
        let problem = answer.expect_problem(400, "validation-failed");
        assert_eq!(problem.json()["errors"][0]["in"], "header", "{bad}");
        assert!(!problem.text().contains("secret"), "{}", problem.text());
    }
    let twice = subscribe(&app, &admin, "a", &new_email()).header("Idempotency-Key", "a");
    twice.send().expect_problem(400, "validation-failed");
    let too_large = subscribe(&app, &admin, &"k".repeat(17_000), &new_email());
    assert_eq!(too_large.send_unchecked().status, 431);
}

/// OWASP ASVS 14.2: what is stored of a reply does not tell the secret that it shows once, nor the password that was sent.
#[test]
fn no_stored_reply_tells_a_secret() {
    let mut app = TestApp::start();
    let admin = app.admin();
    let key = key();
    let create = |app: &TestApp| {
        app.post("/auth/v1/api_tokens")
            .bearer(&admin.access)
            .header("Idempotency-Key", &key)
            .json(&json!({ "name": "astromech" }))
            .send()
            .expect(201)
    };
    let made = create(&app);
    let secret = made.json()["value"].as_str().expect("a secret").to_owned();
    app.kill();
    for file in fs::read_dir(app.folder().join("var"))
        .expect("files")
        .flatten()
    {
        let Ok(bytes) = fs::read(file.path()) else {
            continue;
        };
        for plain in [
            secret.as_bytes(),
            key.trim_matches('"').as_bytes(),
            PASSWORD.as_bytes(),
        ] {
            let found = bytes.windows(plain.len()).any(|window| window == plain);
            assert!(!found, "{:?}", file.path());
        }
    }
    assert!(!app.log().contains(&secret));
    // A secret of the service that was replaced is still read.
    app.settings().set(
        "tokens.refresh.secrets",
        &format!(
            "the-next-secret-of-the-tests-9876543210,{}",
            crate::helpers::app::REFRESH_SECRET
        ),
    );
    app.start_again();
    assert_eq!(seen(&create(&app)), seen(&made));
    // One that is gone is not told as another body, after which one would do it again with another key.
    let newest = "the-next-secret-of-the-tests-9876543210";
    app.settings().set("tokens.refresh.secrets", newest);
    app.start_again();
    let again = app.post("/auth/v1/api_tokens").bearer(&admin.access);
    let again = again.header("Idempotency-Key", &key);
    let refused = again.json(&json!({ "name": "astromech" })).send();
    let refused = refused.expect_problem(422, "idempotency-key-reused");
    let detail = refused.json()["detail"].to_string();
    assert!(detail.contains("Look whether that was done"), "{detail}");
}

/// The token lived for two seconds; the reply about it is told for a day.
#[test]
fn the_reply_about_an_api_token_is_repeated_after_its_end() {
    let app = TestApp::start();
    let user = app.user();
    let end = OffsetDateTime::now_utc() + Duration::from_secs(2);
    let create = |key: &str, name: &str| {
        let end = end.format(&Rfc3339).expect("a time");
        app.post("/auth/v1/api_tokens")
            .bearer(&user.access)
            .header("Idempotency-Key", key)
            .json(&json!({ "name": name, "expires_at": end }))
            .send()
    };
    let key = key();
    let first = create(&key, "astromech").expect(201);
    eventually("the token has ended", SOON, || {
        (OffsetDateTime::now_utc() > end + Duration::from_secs(1)).then_some(())
    });
    assert_eq!(seen(&create(&key, "astromech")), seen(&first));
    create(&key, "protocol").expect_problem(422, "idempotency-key-reused");
    create(&self::key(), "astromech").expect_problem(400, "validation-failed");
}

/// OWASP ASVS 15.2.2: nobody fills the table of the replies.
#[test]
fn an_account_stores_so_many_replies_and_no_more() {
    let app = TestApp::with_settings(|settings| {
        settings
            .set("limits.enabled", "true")
            .set("limits.idempotency_keys.requests", "3");
    });
    let (admin, user) = (app.admin(), app.user());
    for number in 0..3 {
        let (status, request, body) = creations(&app, &admin).remove(1 + number);
        let request = request.header("Idempotency-Key", &key());
        request.json(&body).send().expect(status);
    }
    for (status, request, body) in creations(&app, &admin) {
        let with_key = request.clone().header("Idempotency-Key", &key());
        let answer = with_key.json(&body).send();
        // A sign-up is nobody's; it is counted by its mail.
        if status == 202 {
            answer.expect(202);
            continue;
        }
        let answer = answer.expect_problem(429, "too-many-requests");
        let wait: u64 = answer
            .header("retry-after")
            .expect("Retry-After")
            .parse()
            .expect("seconds");
        assert!((1..=28_800).contains(&wait), "{wait}");
        let policy = answer.header("ratelimit-policy");
        assert_eq!(policy, Some(r#""idempotency-key";q=3;w=86400"#));
        request.json(&body).send().expect(status);
    }
    subscribe(&app, &user, &key(), &new_email())
        .send()
        .expect(201);
}

/// A caller whose session has ended learns nothing by a key.
#[test]
fn a_repeated_request_needs_a_credential_that_is_good_now() {
    let app = TestApp::start();
    let user = app.user();
    let request = app
        .post("/auth/v1/api_tokens")
        .bearer(&user.access)
        .header("Idempotency-Key", &key())
        .json(&json!({ "name": "astromech" }));
    request.clone().send().expect(201);
    app.log_out(&user.access).expect(200);
    request.send().expect_problem(401, "token-invalid");
}
