//! Entity tags of single users, subscribers and streams, and changes that depend on them (RFC 9110, section 13).

use serde_json::{Value, json};

use crate::helpers::{
    app::TestApp,
    at_once,
    http::{Client, Request, Response},
    nginx::Front,
    stores::cases_on,
    users::{PASSWORD, User, new_email},
};

cases_on! { [on_sqlite, on_postgres, on_mariadb] {
    a_change_is_made_only_to_what_was_read,
    of_eight_who_change_what_they_read_at_once_one_succeeds,
    of_eight_who_enter_a_stream_that_must_be_new_one_does,
    a_stream_that_is_not_there_matches_no_tag,
} }

/// Something that has a tag and can be changed.
struct Thing {
    target: String,
    method: &'static str,
    /// Bodies, each of which changes what the one before has made.
    change: fn(usize) -> Value,
}

impl Thing {
    fn change(&self, app: &TestApp, admin: &User, number: usize) -> Request {
        app.request(self.method, &self.target)
            .bearer(&admin.access)
            .json(&(self.change)(number))
    }

    fn delete(&self, app: &TestApp, admin: &User) -> Request {
        app.delete(&self.target).bearer(&admin.access)
    }

    #[track_caller]
    fn tag(&self, app: &TestApp, admin: &User) -> String {
        tag_of(
            &app.get(&self.target)
                .bearer(&admin.access)
                .send()
                .expect(200),
        )
    }
}

#[track_caller]
fn tag_of(answer: &Response) -> String {
    let tag = answer.header("etag").expect("ETag");
    assert!(tag.starts_with('"'), "not strong: {tag}");
    tag.to_owned()
}

#[track_caller]
fn changed_meanwhile(answer: Response) {
    answer.expect_problem(412, "precondition-failed");
}

fn stream(number: usize) -> Value {
    json!({
        "video_id": "dQw4w9WgXcQ",
        "datetime": "2026-05-04T20:00:00Z",
        "name": "Cantina Band",
        "title": format!("Set {number}"),
        "url": "https://video.example/a1",
        "description": "",
    })
}

fn account(app: &TestApp, admin: &User) -> Thing {
    let made = app
        .post("/users/v1/")
        .bearer(&admin.access)
        .json(&json!({ "email": new_email(), "password": PASSWORD, "access_role": "basic", "email_verified": true }))
        .send()
        .expect(201);
    let thing = Thing {
        target: target_of(app, &made),
        method: "PATCH",
        change: |number| json!({ "access_role": if number % 2 == 0 { "admin" } else { "basic" } }),
    };
    assert_eq!(tag_of(&made), thing.tag(app, admin));
    thing
}

fn subscriber(app: &TestApp, admin: &User) -> Thing {
    let made = app
        .post("/subscribers/v1/")
        .bearer(&admin.access)
        .json(&json!({ "full_name": "Biggs", "email": new_email() }))
        .send()
        .expect(201);
    let thing = Thing {
        target: target_of(app, &made),
        method: "PUT",
        change: |number| json!({ "full_name": format!("Biggs {number}"), "email": new_email() }),
    };
    assert_eq!(tag_of(&made), thing.tag(app, admin));
    thing
}

fn entered(app: &TestApp, admin: &User, key: &str) -> Thing {
    let thing = Thing {
        target: format!("/holodules/v1/items/{key}"),
        method: "PUT",
        change: stream,
    };
    thing.change(app, admin, 100).send().expect(201);
    thing
}

fn things(app: &TestApp, admin: &User) -> [Thing; 3] {
    [
        account(app, admin),
        subscriber(app, admin),
        entered(app, admin, &new_email().replace(['@', '.'], "-")),
    ]
}

fn target_of(app: &TestApp, made: &Response) -> String {
    let location = made.header("location").expect("Location");
    location
        .strip_prefix(&app.public_url())
        .expect("a URL of this service")
        .to_owned()
}

pub mod cases {
    use super::*;

    /// RFC 9110, section 13.1.1.
    pub fn a_change_is_made_only_to_what_was_read(app: &TestApp) {
        let admin = app.admin();
        for thing in things(app, &admin) {
            let change = |number, tags: &str| {
                let request = thing.change(app, &admin, number).header("If-Match", tags);
                request.send()
            };
            let read = thing.tag(app, &admin);
            change(0, &read).expect(200);
            changed_meanwhile(change(1, &read));
            let delete = |tags: &str| thing.delete(app, &admin).header("If-Match", tags).send();
            changed_meanwhile(delete(&read));
            let current = thing.tag(app, &admin);
            assert_ne!(current, read, "{}", thing.target);
            // The comparison is strong (section 8.8.3.2).
            changed_meanwhile(change(1, &format!("W/{current}")));
            assert_eq!(thing.tag(app, &admin), current);
            change(1, &format!("W/{current}, \"a,b\",,{current}")).expect(200);
            change(2, "*").expect(200);
            let last = thing.change(app, &admin, 3).send().expect(200);
            // Section 9.3.4: what a PUT has stored is not what was sent, byte by byte.
            match thing.method {
                "PATCH" => assert_eq!(tag_of(&last), thing.tag(app, &admin)),
                _ => assert_eq!(last.header("etag"), None),
            }
            delete(&thing.tag(app, &admin)).expect(204);
            // Section 13.2.1: without the condition it would be 404.
            delete("*").expect_problem(404, "not-found");
        }
    }

    pub fn of_eight_who_change_what_they_read_at_once_one_succeeds(app: &TestApp) {
        let admin = app.admin();
        for thing in things(app, &admin) {
            for some_delete in [false, true] {
                let read = thing.tag(app, &admin);
                let statuses = at_once(8, |number| {
                    let request = if some_delete && number % 2 == 0 {
                        thing.delete(app, &admin)
                    } else {
                        // All of them change the role of the account alike, and the first alone does.
                        let turn = match (thing.method, some_delete) {
                            ("PATCH", _) => usize::from(some_delete),
                            (_, false) => number,
                            (_, true) => 8 + number,
                        };
                        thing.change(app, &admin, turn)
                    };
                    request.header("If-Match", &read).send().status
                });
                let done = statuses.iter().filter(|&&status| status < 300).count();
                assert_eq!(done, 1, "{} {statuses:?}", thing.target);
                let refused = |status| [200, 204, 404, 412].contains(status);
                assert!(
                    statuses.iter().all(refused),
                    "{} {statuses:?}",
                    thing.target
                );
            }
        }
    }

    /// RFC 9110, section 13.1.2.
    pub fn of_eight_who_enter_a_stream_that_must_be_new_one_does(app: &TestApp) {
        let admin = app.admin();
        let target = "/holodules/v1/items/HL1";
        let put = |number: usize, tags: &str| {
            let request = app.put(target).bearer(&admin.access).json(&stream(number));
            request.header("If-None-Match", tags).send()
        };
        let mut statuses = at_once(8, |number| put(number, "*").status);
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 412, 412, 412, 412, 412, 412, 412]);
        let tag = tag_of(&app.get(target).bearer(&admin.access).send().expect(200));
        changed_meanwhile(put(9, &tag));
        changed_meanwhile(put(9, &format!("\"0\",W/{tag}")));
        put(9, "\"0\"").expect(200);
    }

    pub fn a_stream_that_is_not_there_matches_no_tag(app: &TestApp) {
        let admin = app.admin();
        let target = "/holodules/v1/items/HL1";
        for tags in ["*", "\"5f1c0b7a9d3e4f60\""] {
            let put = app.put(target).bearer(&admin.access).json(&stream(0));
            changed_meanwhile(put.header("If-Match", tags).send());
        }
        let missing = app.get(target).bearer(&admin.access).send();
        missing.expect_problem(404, "not-found");
        let put = app.put(target).bearer(&admin.access).json(&stream(0));
        put.header("If-None-Match", "*").send().expect(201);
    }
}

/// RFC 9110, section 13.1.2.
#[test]
fn what_the_caller_holds_is_not_sent_again() {
    let app = TestApp::start();
    let admin = app.admin();
    for thing in things(&app, &admin) {
        let get = |tags: &str| {
            let request = app.get(&thing.target).bearer(&admin.access);
            request.header("If-None-Match", tags).send()
        };
        let tag = thing.tag(&app, &admin);
        for held in [tag.as_str(), "*", &format!("\"0\", W/{tag}")] {
            let answer = get(held).expect(304);
            assert_eq!(tag_of(&answer), tag);
            assert!(answer.body.is_empty());
            assert!(answer.header("cache-control").is_some());
        }
        get("\"0\"").expect(200);
        thing.change(&app, &admin, 0).send().expect(200);
        get(&tag).expect(200);
    }
}

/// RFC 9110, section 8.8.3.3: each coding has a tag of its own, so what is changed by its tag is sent in one coding.
#[test]
fn a_tag_is_one_however_it_is_read() {
    let app = TestApp::start();
    let admin = app.admin();
    let thing = entered(&app, &admin, "HL1");
    let mut long = stream(1);
    long["description"] = "la ".repeat(600).into();
    let put = app.put(&thing.target).bearer(&admin.access).json(&long);
    put.send().expect(200);
    let get = app.get(&thing.target).bearer(&admin.access);
    let read = get.header("Accept-Encoding", "gzip, br").send().expect(200);
    assert_eq!(read.header("content-encoding"), None);
    let change = thing
        .change(&app, &admin, 2)
        .header("If-Match", &tag_of(&read));
    change.send().expect(200);
}

/// RFC 9110, section 8.8.3.2. A proxy that compresses weakens the tags that pass (nginx: `gzip on`), and who sends one back
/// would read and fail again and again.
#[test]
fn a_tag_that_a_proxy_has_weakened_is_told_apart_from_a_stale_one() {
    let app = TestApp::start();
    let front = Front::reserve();
    let _nginx = front.start_with(
        "gzip on; gzip_types *; gzip_min_length 1;",
        &[app.address(); 3],
    );
    let outside = Client(front.address());
    let admin = app.admin();
    let thing = entered(&app, &admin, "HL1");
    let read = |coding: &str| {
        let get = outside.get(&thing.target).bearer(&admin.access);
        let read = get.header("Accept-Encoding", coding).send().expect(200);
        read.header("etag").expect("a tag").to_owned()
    };
    let change = |tag: &str| {
        let put = outside.put(&thing.target).bearer(&admin.access);
        put.json(&stream(1)).header("If-Match", tag).send()
    };
    let weak = read("gzip");
    assert!(weak.starts_with("W/"), "{weak}");
    let refused = change(&weak).expect_problem(412, "precondition-failed");
    let detail = refused.json()["detail"].to_string();
    assert!(detail.contains("Accept-Encoding: identity"), "{detail}");
    change(&read("identity")).expect(200);
    let refused = change(&weak).expect_problem(412, "precondition-failed");
    let detail = refused.json()["detail"].to_string();
    assert!(detail.contains("read it again"), "{detail}");
}

#[test]
fn what_is_no_list_of_tags_is_refused_by_its_header() {
    let app = TestApp::start();
    let admin = app.admin();
    let thing = entered(&app, &admin, "HL1");
    let long = format!("\"{}\"", "x".repeat(10_000));
    for broken in [
        "",
        "5f1c",
        "\"5f1c",
        "\"a\" \"b\"",
        "w/\"a\"",
        "*, \"a\"",
        "\"a\"b",
        "\"a b\"",
        &long,
    ] {
        for (name, request) in [
            ("If-Match", thing.change(&app, &admin, 1)),
            ("If-Match", thing.delete(&app, &admin)),
            ("If-None-Match", thing.change(&app, &admin, 1)),
        ] {
            let answer = request.header(name, broken).send();
            let problem = answer.expect_problem(400, "validation-failed").json();
            assert_eq!(problem["errors"][0]["in"], "header", "{broken}");
            assert_eq!(
                problem["errors"][0]["pointer"],
                format!("/{name}"),
                "{broken}"
            );
        }
    }
    thing.delete(&app, &admin).send().expect(204);
}

/// RFC 9110, section 5.3.
#[test]
fn tags_in_several_lines_are_one_list() {
    let app = TestApp::start();
    let admin = app.admin();
    let thing = entered(&app, &admin, "HL1");
    let tag = thing.tag(&app, &admin);
    let lines = |first: &str, second: &str| {
        let request = thing.change(&app, &admin, 1).header("If-Match", first);
        request.header("If-Match", second).send()
    };
    changed_meanwhile(lines("\"0\"", "\"1\""));
    lines("\"0\"", &tag).expect(200);
}

#[test]
fn a_tag_stays_while_nothing_that_is_shown_changes() {
    let app = TestApp::start();
    let (admin, user) = (app.admin(), app.user());
    let target = format!("/users/v1/{}", user.id);
    let seen_by =
        |caller: &User| tag_of(&app.get(&target).bearer(&caller.access).send().expect(200));
    let read = seen_by(&admin);
    let user = app.session(&user.email);
    assert_eq!(seen_by(&user), read);
    let suspension = format!("{target}/suspension");
    app.put(&suspension)
        .bearer(&admin.access)
        .send()
        .expect(200);
    let patch = app.patch(&target).bearer(&admin.access);
    let patch = patch
        .json(&json!({ "access_role": "admin" }))
        .header("If-Match", &read);
    changed_meanwhile(patch.send());
    app.delete(&suspension)
        .bearer(&admin.access)
        .send()
        .expect(204);
    assert_eq!(seen_by(&admin), read);
}

/// RFC 9110, section 13.2.1: what would be refused without the condition is refused alike with it.
#[test]
fn a_condition_comes_after_every_other_refusal() {
    let app = TestApp::start();
    let (admin, user) = (app.admin(), app.user());
    let of = |id: &str| format!("/users/v1/{id}");
    let stale = "\"0\"";
    let role = json!({ "access_role": "admin" });
    let own_role = app.patch(&of(&user.id)).bearer(&user.access).json(&role);
    for (request, status, code) in [
        (
            app.delete(&of(&admin.id)).bearer(&admin.access),
            403,
            "forbidden",
        ),
        (own_role, 401, "authorisation-required"),
        (
            app.patch(&of(&admin.id))
                .bearer(&user.access)
                .json(&json!({ "email": "a@b.example" })),
            404,
            "not-found",
        ),
        (
            app.patch(&of(&user.id))
                .bearer(&user.access)
                .json(&json!({ "email": 7 })),
            400,
            "validation-failed",
        ),
        (app.patch(&of(&user.id)).json(&role), 401, "token-missing"),
    ] {
        for tags in [stale, "*"] {
            request
                .clone()
                .header("If-Match", tags)
                .send()
                .expect_problem(status, code);
        }
    }
    let taken = new_email();
    for email in [&taken, &new_email()] {
        let join = app.post("/subscribers/v1/").bearer(&user.access);
        join.json(&json!({ "full_name": "Biggs", "email": email }))
            .send()
            .expect(201);
    }
    let thing = subscriber(&app, &admin);
    let change = app.put(&thing.target).bearer(&admin.access);
    let change = change.json(&json!({ "full_name": "Biggs", "email": taken }));
    // Whether an address is taken is found out by the change itself.
    changed_meanwhile(change.clone().header("If-Match", stale).send());
    let current = thing.tag(&app, &admin);
    let conflict = change.header("If-Match", &current).send();
    conflict.expect_problem(409, "subscriber-already-exists");
    assert_eq!(thing.tag(&app, &admin), current);
}

#[test]
fn a_stale_change_of_address_mails_nobody() {
    let app = TestApp::start();
    let user = app.user();
    let target = format!("/users/v1/{}", user.id);
    let email = new_email();
    let change = app
        .patch(&target)
        .bearer(&user.access)
        .json(&json!({ "email": email }));
    changed_meanwhile(change.clone().header("If-Match", "\"0\"").send());
    assert_eq!(app.me(&user)["pending_email"], Value::Null);
    let answer = change.header("If-Match", "*").send().expect(200);
    assert_eq!(answer.json()["pending_email"], email);
    app.mail_number(1, &email);
}

#[test]
fn browsers_may_send_and_read_tags() {
    let app = TestApp::with_settings(|settings| {
        settings.set("server.cors_origins", "https://rebels.example");
    });
    let admin = app.admin();
    let thing = subscriber(&app, &admin);
    let origin = ("Origin", "https://rebels.example");
    let preflight = app
        .request("OPTIONS", &thing.target)
        .header(origin.0, origin.1)
        .header("Access-Control-Request-Method", "PUT")
        .send_unchecked();
    let allowed = preflight
        .header("access-control-allow-headers")
        .expect("a list");
    for name in ["if-match", "if-none-match"] {
        assert!(
            allowed
                .split(", ")
                .any(|allowed| allowed.eq_ignore_ascii_case(name)),
            "{allowed}"
        );
    }
    let answer = app
        .get(&thing.target)
        .bearer(&admin.access)
        .header(origin.0, origin.1)
        .send();
    let exposed = answer
        .header("access-control-expose-headers")
        .expect("a list");
    assert!(exposed.contains("etag"), "{exposed}");
}
