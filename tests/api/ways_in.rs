//! The other ways in: Basic, API tokens, Flask-JWT's words; and what services ask and give back.

use std::{fs, thread, time::Duration};

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::helpers::{
    app::{ACCESS_SECRET, EMAIL_SECRET, PASSWORD_SECRET, REFRESH_SECRET, TestApp},
    eventually,
    http::Response,
    postgres::Database,
    redis::RedisServer,
    stores::{ServerDatabase, cases_on},
    tokens::Parts,
    users::{Holder, PASSWORD, User, new_email},
};

cases_on! { [on_sqlite, on_redis, on_redis_replica, on_postgres, on_mariadb] {
    a_pair_opens_what_takes_it,
    a_wrong_pair_is_answered_like_an_unknown_one,
    a_pair_of_an_account_that_is_not_ready_says_so,
    a_password_of_any_characters_makes_a_pair,
    an_api_token_is_shown_once_and_works_until_it_is_deleted,
    an_api_token_ends_when_it_was_said_to,
    an_api_token_tells_when_it_was_used,
    an_api_token_outlives_sessions_but_no_suspension,
    api_tokens_are_the_owners_alone,
    the_flask_login_opens_a_session,
    a_token_may_be_called_jwt,
    introspection_tells_what_a_good_token_is,
    introspection_tells_nothing_of_a_bad_one,
    introspection_changes_nothing,
    introspection_is_for_admins,
    an_access_token_given_back_ends_alone,
    a_refresh_token_given_back_ends_its_session,
    any_token_of_ones_own_can_be_given_back,
    anothers_token_stays,
    an_admin_gives_back_anybodys_token,
    a_dead_token_is_given_back_in_vain,
} }

const NEW: &str = "two-suns-over-Tatooine";

#[track_caller]
fn me(app: &TestApp, api_token: &str) -> Response {
    app.get("/users/v1/me").api_token(api_token).send()
}

#[track_caller]
fn make(app: &TestApp, user: &User, body: &Value) -> Response {
    app.post("/auth/v1/api_tokens")
        .bearer(&user.access)
        .json(body)
        .send()
}

#[track_caller]
fn listed(app: &TestApp, user: &User) -> Vec<Value> {
    let page = app
        .get("/auth/v1/api_tokens?page_size=100")
        .bearer(&user.access)
        .send()
        .expect(200);
    page.json()["results"].as_array().expect("results").clone()
}

#[track_caller]
fn introspect(app: &TestApp, admin: &User, token: &str) -> Value {
    let answer = app
        .post("/auth/v1/introspect")
        .bearer(&admin.access)
        .form(&[("token", token)])
        .send()
        .expect(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.json()
}

#[track_caller]
fn revoke(app: &TestApp, with: &str, token: &str) -> Response {
    app.post("/auth/v1/revoke")
        .bearer(with)
        .form(&[("token", token)])
        .send()
}

#[track_caller]
fn suspend(app: &TestApp, admin: &User, id: &str) {
    app.put(&format!("/users/v1/{id}/suspension"))
        .bearer(&admin.access)
        .send()
        .expect(200);
}

#[track_caller]
fn text(value: &Value, name: &str) -> String {
    value[name].as_str().expect(name).to_owned()
}

fn rfc3339(moment: OffsetDateTime) -> String {
    moment.format(&Rfc3339).expect("a moment")
}

pub mod cases {
    use super::*;

    pub fn a_pair_opens_what_takes_it(app: &TestApp) {
        let email = app.verified_user();
        let pair = |email: &str| app.get("/users/v1/me").basic(email, PASSWORD).send();
        let record = pair(&email).expect(200).json();
        assert_eq!(record["email"], email);
        pair(&format!(" {} ", email.to_uppercase())).expect(200);
        // The scheme's name has no case (RFC 9110, section 11.1).
        let encoded = BASE64_STANDARD.encode(format!("{email}:{PASSWORD}"));
        for scheme in ["basic", "BASIC"] {
            app.get("/users/v1/me")
                .header("Authorization", &format!("{scheme} {encoded}"))
                .send()
                .expect(200);
        }
        // It is no session, and opens nothing that takes only tokens.
        let user = app.log_in(&email, PASSWORD).expect(200).json();
        assert_eq!(user["user_id"], record["user_id"]);
        let films = app.get("/films/v1/").basic(&email, PASSWORD).send();
        assert_eq!(films.status, 401, "{}", films.text());
        let challenge = films.header("www-authenticate").expect("challenge");
        assert!(!challenge.contains("Basic"), "{challenge}");
    }

    /// ASVS 6.3.8.
    pub fn a_wrong_pair_is_answered_like_an_unknown_one(app: &TestApp) {
        let email = app.verified_user();
        let encoded = |bytes: &[u8]| format!("Basic {}", BASE64_STANDARD.encode(bytes));
        let answers: Vec<_> = [
            encoded(format!("{email}:not-the-password").as_bytes()),
            encoded(format!("{email}:").as_bytes()),
            encoded(format!("{email}:{PASSWORD}:").as_bytes()),
            encoded(format!("nobody@rebels.example:{PASSWORD}").as_bytes()),
            encoded(format!("not an address:{PASSWORD}").as_bytes()),
            encoded(format!(":{PASSWORD}").as_bytes()),
            encoded(b":"),
        ]
        .iter()
        .map(|value| {
            let answer = app
                .get("/users/v1/me")
                .header("Authorization", value)
                .send()
                .expect_problem(401, "credentials-invalid");
            let challenges = answer.headers("www-authenticate").join(", ");
            assert!(
                challenges.contains("Basic realm=\"starwars-api\""),
                "{challenges}"
            );
            let mut problem = answer.json();
            problem.as_object_mut().expect("object").remove("instance");
            problem
        })
        .collect();
        assert!(
            answers.iter().all(|answer| *answer == answers[0]),
            "{answers:?}"
        );
        // What is no pair at all (RFC 7617, section 2).
        for value in [
            "Basic",
            "Basic ",
            "Basic !!!!",
            "Basic bm9jb2xvbg==",
            &encoded(format!("{email}\0:{PASSWORD}").as_bytes()),
            &encoded(&[0xff, 0xfe, b':', b'x']),
            &encoded(format!("{email} {PASSWORD}").as_bytes()),
        ] {
            let answer = app
                .get("/users/v1/me")
                .header("Authorization", value)
                .send();
            answer.expect_problem(401, "credentials-invalid");
        }
    }

    pub fn a_pair_of_an_account_that_is_not_ready_says_so(app: &TestApp) {
        let admin = app.admin();
        let waiting = new_email();
        app.sign_up(&waiting).expect(202);
        let suspended = app.user();
        suspend(app, &admin, &suspended.id);
        for (email, code) in [
            (&waiting, "email-unverified"),
            (&suspended.email, "account-disabled"),
        ] {
            for target in ["/users/v1/me", "/auth/v1/introspect"] {
                let ask = |password: &str| {
                    if target.ends_with("me") {
                        app.get(target).basic(email, password).send()
                    } else {
                        let request = app.post(target).basic(email, password);
                        request.form(&[("token", "x")]).send()
                    }
                };
                ask(PASSWORD).expect_problem(403, code);
                ask("not-the-password").expect_problem(401, "credentials-invalid");
            }
        }
    }

    /// RFC 7617, section 2: the first colon parts the pair; the rest is the password's, in UTF-8.
    pub fn a_password_of_any_characters_makes_a_pair(app: &TestApp) {
        let admin = app.admin();
        for password in [
            "with:colons:and more:",
            "  spaces at both ends  ",
            "пароль на Татуине",
            "🌞🌞 over Tatooine",
            "\"quotes\" and \\ and %41",
        ] {
            let email = new_email();
            app.post("/users/v1/")
                .bearer(&admin.access)
                .json(&json!({
                    "email": email,
                    "password": password,
                    "access_role": "basic",
                    "email_verified": true,
                }))
                .send()
                .expect(201);
            let pair = |password: &str| app.get("/users/v1/me").basic(&email, password).send();
            pair(password).expect(200);
            app.log_in(&email, password).expect(200);
            // Not one character more or less.
            let mut shorter = password.to_owned();
            shorter.pop();
            for other in [password.trim(), &shorter, &format!("{password} ")] {
                if other != password {
                    pair(other).expect_problem(401, "credentials-invalid");
                }
            }
        }
    }

    pub fn an_api_token_is_shown_once_and_works_until_it_is_deleted(app: &TestApp) {
        let user = app.user();
        let made = make(app, &user, &json!({ "name": "nightly import" })).expect(201);
        assert_eq!(made.header("cache-control"), Some("no-store"));
        let made = made.json();
        let (id, value) = (text(&made, "api_token_id"), text(&made, "value"));
        assert_eq!(made["expires_at"], Value::Null);
        assert_eq!(me(app, &value).expect(200).json()["user_id"], user.id);
        let list = listed(app, &user);
        assert_eq!(list.len(), 1);
        assert_eq!(list[0]["name"], "nightly import");
        assert_eq!(list[0]["api_token_id"], id);
        assert!(!list[0].to_string().contains(&value), "{list:?}");
        // Another has another value, and both work.
        let second = make(app, &user, &json!({ "name": "nightly import" })).expect(201);
        let second = text(&second.json(), "value");
        assert_ne!(second, value);
        me(app, &second).expect(200);
        // It is no bearer token, and a bearer token is no API token.
        app.films(&value).expect_problem(401, "token-invalid");
        me(app, &user.access).expect_problem(401, "token-invalid");
        app.get("/films/v1/")
            .api_token(&value)
            .send()
            .expect_problem(401, "token-missing");
        // Nearly right is wrong.
        let (head, last) = value.split_at(value.len() - 1);
        let changed = format!("{head}{}", if last == "A" { "B" } else { "A" });
        for wrong in [
            changed.as_str(),
            head,
            &value.to_uppercase(),
            &format!("{value}A"),
            "x",
        ] {
            me(app, wrong).expect_problem(401, "token-invalid");
        }
        let target = format!("/auth/v1/api_tokens/{id}");
        let delete = || app.delete(&target).bearer(&user.access).send();
        delete().expect(204);
        me(app, &value).expect_problem(401, "token-invalid");
        me(app, &second).expect(200);
        delete().expect_problem(404, "not-found");
        assert_eq!(listed(app, &user).len(), 1);
    }

    pub fn an_api_token_ends_when_it_was_said_to(app: &TestApp) {
        let user = app.user();
        let now = OffsetDateTime::now_utc();
        for bad in [
            rfc3339(now - Duration::from_secs(60)),
            rfc3339(now),
            "2001-02-03T04:05:06Z".to_owned(),
        ] {
            let answer = make(app, &user, &json!({ "name": "x", "expires_at": bad }))
                .expect_problem(400, "validation-failed");
            assert_eq!(answer.json()["errors"][0]["pointer"], "/expires_at");
        }
        for bad in [json!("tomorrow"), json!("2099-02-30T00:00:00Z"), json!(4)] {
            make(app, &user, &json!({ "name": "x", "expires_at": bad }))
                .expect_problem(400, "validation-failed");
        }
        for name in ["", &"x".repeat(101)] {
            make(app, &user, &json!({ "name": name })).expect_problem(400, "validation-failed");
        }
        assert!(listed(app, &user).is_empty());

        let soon = now + Duration::from_secs(3);
        let made = make(
            app,
            &user,
            &json!({ "name": "x", "expires_at": rfc3339(soon) }),
        );
        let value = text(&made.expect(201).json(), "value");
        me(app, &value).expect(200);
        thread::sleep(Duration::from_secs(4));
        me(app, &value).expect_problem(401, "token-expired");
        // An hour east of here it is later, but the moment is the same.
        let later = (now + Duration::from_secs(7200)).to_offset(time::macros::offset!(+1));
        let made = make(
            app,
            &user,
            &json!({ "name": "x", "expires_at": rfc3339(later) }),
        );
        let made = made.expect(201).json();
        me(app, &text(&made, "value")).expect(200);
        let told = OffsetDateTime::parse(&text(&made, "expires_at"), &Rfc3339).expect("RFC 3339");
        assert_eq!(told.unix_timestamp(), later.unix_timestamp());
    }

    pub fn an_api_token_tells_when_it_was_used(app: &TestApp) {
        let user = app.user();
        let made = make(app, &user, &json!({ "name": "astromech" })).expect(201);
        let value = text(&made.json(), "value");
        assert_eq!(listed(app, &user)[0]["last_used_at"], Value::Null);
        let before = OffsetDateTime::now_utc() - Duration::from_secs(61);
        me(app, &value).expect(200);
        let used = eventually("the use is noted", Duration::from_secs(5), || {
            let used = listed(app, &user)[0]["last_used_at"].as_str()?.to_owned();
            OffsetDateTime::parse(&used, &Rfc3339).ok()
        });
        assert!(
            used >= before && used <= OffsetDateTime::now_utc(),
            "{used}"
        );
        // A refused use is none.
        let made = make(app, &user, &json!({ "name": "other" })).expect(201);
        me(app, &format!("{}x", text(&made.json(), "value"))).expect(401);
        let list = listed(app, &user);
        let other = list.iter().find(|token| token["name"] == "other");
        assert_eq!(other.expect("listed")["last_used_at"], Value::Null);
    }

    pub fn an_api_token_outlives_sessions_but_no_suspension(app: &TestApp) {
        let admin = app.admin();
        let Holder {
            user, api_token, ..
        } = app.holder(app.user());
        app.put("/users/v1/password_reset")
            .bearer(&user.access)
            .json(&json!({ "old_password": PASSWORD, "new_password": NEW }))
            .send()
            .expect(200);
        me(app, &api_token).expect(200);
        app.delete(&format!("/users/v1/{}/sessions", user.id))
            .bearer(&user.access)
            .send()
            .expect(204);
        me(app, &api_token).expect(200);
        let login = app.log_in(&user.email, NEW).expect(200).json();
        app.log_out(&text(&login, "token")).expect(200);
        me(app, &api_token).expect(200);
        suspend(app, &admin, &user.id);
        me(app, &api_token).expect_problem(401, "token-invalid");
        app.delete(&format!("/users/v1/{}/suspension", user.id))
            .bearer(&admin.access)
            .send()
            .expect(204);
        me(app, &api_token).expect_problem(401, "token-invalid");
    }

    pub fn api_tokens_are_the_owners_alone(app: &TestApp) {
        let admin = app.admin();
        let (holder, other) = (app.holder(app.user()), app.user());
        let target = format!("/auth/v1/api_tokens/{}", holder.api_token_id);
        for stranger in [&other, &admin] {
            assert!(listed(app, stranger).is_empty());
            app.delete(&target)
                .bearer(&stranger.access)
                .send()
                .expect_problem(404, "not-found");
        }
        me(app, &holder.api_token).expect(200);
        // With an API token nobody makes another.
        for request in [
            app.get("/auth/v1/api_tokens"),
            app.post("/auth/v1/api_tokens")
                .json(&json!({ "name": "x" })),
            app.delete(&target),
        ] {
            let request = request.api_token(&holder.api_token);
            request.send().expect_problem(401, "token-missing");
        }
        // Newest first, page by page.
        for name in ["second", "third"] {
            // Times are kept in whole seconds.
            thread::sleep(Duration::from_millis(1100));
            make(app, &holder.user, &json!({ "name": name })).expect(201);
        }
        let page = |query: &str| {
            let target = format!("/auth/v1/api_tokens?{query}");
            let page = app.get(&target).bearer(&holder.user.access).send();
            page.expect(200).json()
        };
        let first = page("page_size=2");
        assert_eq!(first["count"], 3);
        assert_eq!(first["results"][0]["name"], "third");
        assert_eq!(first["results"][1]["name"], "second");
        let next = text(&first, "next");
        let second = page(next.split_once('?').expect("a query").1);
        assert_eq!(second["results"][0]["name"], "astromech");
        assert_eq!(second["next"], Value::Null);
    }

    /// The requests that clients of Flask-JWT send, and the answers they expect.
    pub fn the_flask_login_opens_a_session(app: &TestApp) {
        let email = app.verified_user();
        let log_in = |username: &str, password: &str, replace: Option<bool>| {
            let mut body = json!({ "username": username, "password": password });
            if let Some(replace) = replace {
                body["replace_session"] = json!(replace);
            }
            app.post("/auth/v1/token").json(&body).send()
        };
        let answer = log_in(&email.to_uppercase(), PASSWORD, None).expect(200);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let body = answer.json();
        assert_eq!(body["token_type"], "Bearer");
        assert_eq!(body["expires_in"], 36_000);
        assert_eq!(body.as_object().expect("object").len(), 3, "{body}");
        let first = text(&body, "access_token");
        app.get("/films/v1/")
            .header("Authorization", &format!("JWT {first}"))
            .send()
            .expect(200);
        // It is a session like any other.
        for replace in [None, Some(false)] {
            log_in(&email, PASSWORD, replace).expect_problem(409, "user-already-logged-in");
        }
        app.log_in(&email, PASSWORD)
            .expect_problem(409, "user-already-logged-in");
        let second = log_in(&email, PASSWORD, Some(true)).expect(200).json();
        app.films(&first).expect_problem(401, "token-invalid");
        app.log_out(&text(&second, "access_token")).expect(200);
        for (username, password) in [
            (email.as_str(), "not-the-password"),
            ("nobody@rebels.example", PASSWORD),
            ("not an address", PASSWORD),
            ("", ""),
        ] {
            log_in(username, password, None).expect_problem(401, "credentials-invalid");
        }
        let waiting = new_email();
        app.sign_up(&waiting).expect(202);
        log_in(&waiting, PASSWORD, None).expect_problem(403, "email-unverified");
        app.post("/auth/v1/token")
            .json(&json!({ "email": email, "password": PASSWORD }))
            .send()
            .expect_problem(400, "validation-failed");
    }

    pub fn a_token_may_be_called_jwt(app: &TestApp) {
        let user = app.user();
        for scheme in ["JWT", "jwt", "Bearer", "bEARER"] {
            app.get("/films/v1/")
                .header("Authorization", &format!("{scheme} {}", user.access))
                .send()
                .expect(200);
        }
        let jwt = |target: &str, token: &str| {
            app.post(target)
                .header("Authorization", &format!("JWT {token}"))
                .send()
        };
        // Another name makes no other token of it.
        jwt("/users/v1/generate_tokens", &user.access).expect_problem(401, "token-invalid");
        let renewed = jwt("/users/v1/generate_tokens", &user.refresh).expect(200);
        jwt("/users/v1/logout", &text(&renewed.json(), "token")).expect(200);
        for scheme in ["Token", "JWTs", "JWT,"] {
            let answer = app
                .get("/films/v1/")
                .header("Authorization", &format!("{scheme} {}", user.access))
                .send();
            assert_eq!(answer.status, 401, "{scheme}");
        }
    }

    pub fn introspection_tells_what_a_good_token_is(app: &TestApp) {
        let admin = app.admin();
        let holder = app.holder(app.user());
        let user = &holder.user;
        // A link that waits to be opened.
        let address = new_email();
        app.patch(&format!("/users/v1/{}", user.id))
            .bearer(&user.access)
            .json(&json!({ "email": address }))
            .send()
            .expect(200);
        let change_link = app.mail_number(1, &address).token().expect("a link");
        let waiting = new_email();
        app.sign_up(&waiting).expect(202);
        let link = app.mail_number(1, &waiting).token().expect("a link");
        for (kind, token, email) in [
            ("access", &user.access, &user.email),
            ("refresh", &user.refresh, &user.email),
            ("password", &holder.password_token, &user.email),
            ("email", &link, &waiting),
            ("email", &change_link, &user.email),
        ] {
            let told = introspect(app, &admin, token);
            let claims = Parts::of(token).claims;
            let mut expected = json!({
                "active": true,
                "token_kind": kind,
                "username": email,
                "sub": claims["user_id"],
                "access_role": "basic",
            });
            for claim in ["iss", "jti", "exp", "iat", "nbf"] {
                expected[claim] = claims[claim].clone();
            }
            if let Some(session) = claims.get("sid") {
                expected["sid"] = session.clone();
            }
            assert_eq!(told, expected);
            assert_eq!(
                claims.get("sid").is_some(),
                matches!(kind, "access" | "refresh")
            );
        }
        let told = introspect(app, &admin, &holder.api_token);
        assert_eq!(told["token_kind"], "api");
        assert_eq!(told["sub"], user.id);
        assert_eq!(told["username"], user.email);
        assert_eq!(told["jti"], holder.api_token_id);
        assert!(
            told.get("exp").is_none() && told.get("sid").is_none(),
            "{told}"
        );
        assert_eq!(
            introspect(app, &admin, &admin.access)["access_role"],
            "admin"
        );
        let end = OffsetDateTime::now_utc() + Duration::from_secs(3600);
        let made = make(
            app,
            user,
            &json!({ "name": "x", "expires_at": rfc3339(end) }),
        );
        let told = introspect(app, &admin, &text(&made.expect(201).json(), "value"));
        assert_eq!(told["exp"], end.unix_timestamp());
        // A hint orders the search, and no more (RFC 7662, section 2.1).
        for hint in [
            "access_token",
            "refresh_token",
            "email_token",
            "password_token",
            "api_token",
            "saml2_token",
            "",
        ] {
            for token in [&user.access, &user.refresh, &holder.api_token, &link] {
                let answer = app
                    .post("/auth/v1/introspect")
                    .basic(&admin.email, PASSWORD)
                    .form(&[("token", token), ("token_type_hint", hint)])
                    .send()
                    .expect(200);
                assert_eq!(answer.json(), introspect(app, &admin, token), "{hint}");
            }
        }
    }

    pub fn introspection_tells_nothing_of_a_bad_one(app: &TestApp) {
        let admin = app.admin();
        let inactive = |what: &str, token: &str| {
            let told = introspect(app, &admin, token);
            assert_eq!(told, json!({ "active": false }), "{what}");
        };
        let holder = app.holder(app.user());
        let user = &holder.user;
        for garbage in ["x", "a.b.c", "....", "starwars_", "starwars_AAAA", "null"] {
            inactive("garbage", garbage);
        }
        for (token, secret, other) in [
            (&user.access, ACCESS_SECRET, REFRESH_SECRET),
            (&user.refresh, REFRESH_SECRET, ACCESS_SECRET),
            (&holder.password_token, PASSWORD_SECRET, EMAIL_SECRET),
        ] {
            let parts = Parts::of(token);
            inactive("expired", &parts.clone().expired().sign(secret));
            inactive("another secret", &parts.sign(other));
            let elsewhere = parts.clone().claim("iss", "empire.example").sign(secret);
            inactive("another issuer", &elsewhere);
            let nobody = uuid::Uuid::new_v4().to_string();
            let nobodys = parts
                .clone()
                .claim("user_id", nobody.clone())
                .claim("sub", nobody)
                .sign(secret);
            inactive("nobody's", &nobodys);
            inactive(
                "another role",
                &parts.claim("access_role", "admin").sign(secret),
            );
        }
        let link = app.mail_number(1, &user.email).token().expect("a link");
        inactive("a used link", &link);
        let newer = app.password_token(&user.email);
        inactive("a replaced password token", &holder.password_token);
        // Spent, though a repeat of its exchange would be answered yet.
        let renewed = app.refresh(&user.refresh).expect(200).json();
        inactive("a spent refresh token", &user.refresh);
        inactive("a retired access token", &user.access);
        assert_eq!(
            introspect(app, &admin, &text(&renewed, "token"))["active"],
            true
        );
        app.change_password(&newer, NEW).expect(200);
        inactive("a used password token", &newer);
        inactive("an ended session's", &text(&renewed, "token"));
        inactive("an ended session's", &text(&renewed, "refresh_token"));
        inactive("an ended API token", &holder.api_token);

        let holder = app.holder(app.user());
        let all = [
            &holder.user.access,
            &holder.user.refresh,
            &holder.password_token,
            &holder.api_token,
        ];
        for token in all {
            assert_eq!(introspect(app, &admin, token)["active"], true);
        }
        suspend(app, &admin, &holder.user.id);
        for token in all {
            inactive("a suspended account's", token);
        }
        let holder = app.holder(app.user());
        app.delete(&format!("/users/v1/{}", holder.user.id))
            .bearer(&admin.access)
            .send()
            .expect(204);
        for token in [&holder.user.access, &holder.user.refresh, &holder.api_token] {
            inactive("a deleted account's", token);
        }
    }

    /// A question about a stolen token must not do the thief's work.
    pub fn introspection_changes_nothing(app: &TestApp) {
        let admin = app.admin();
        let holder = app.holder(app.user());
        let first = &holder.user.refresh;
        let second = app.refresh(first).expect(200).json();
        let third = app
            .refresh(&text(&second, "refresh_token"))
            .expect(200)
            .json();
        let before = app
            .get(&format!("/users/v1/{}/events", holder.user.id))
            .bearer(&admin.access)
            .send()
            .expect(200)
            .json();
        for _ in 0..3 {
            for token in [
                first,
                &text(&second, "refresh_token"),
                &text(&third, "refresh_token"),
                &holder.password_token,
                &holder.api_token,
            ] {
                introspect(app, &admin, token);
            }
        }
        let after = app
            .get(&format!("/users/v1/{}/events", holder.user.id))
            .bearer(&admin.access)
            .send()
            .expect(200)
            .json();
        assert_eq!(before, after);
        let access = text(&third, "token");
        app.films(&access).expect(200);
        let owner = User {
            access,
            ..holder.user.clone()
        };
        assert_eq!(listed(app, &owner)[0]["last_used_at"], Value::Null);
        app.refresh(&text(&third, "refresh_token")).expect(200);
        app.change_password(&holder.password_token, NEW).expect(200);
    }

    pub fn introspection_is_for_admins(app: &TestApp) {
        let admin = app.admin();
        let user = app.user();
        let ask = || app.post("/auth/v1/introspect");
        let form = [("token", user.access.as_str())];
        ask()
            .form(&form)
            .send()
            .expect_problem(401, "token-missing");
        for request in [
            ask().bearer(&user.access),
            ask().basic(&user.email, PASSWORD),
        ] {
            let answer = request
                .form(&form)
                .send()
                .expect_problem(401, "authorisation-required");
            assert_eq!(answer.json()["required_role"], "admin");
        }
        ask()
            .bearer(&admin.refresh)
            .form(&form)
            .send()
            .expect_problem(401, "token-invalid");
        let pair = ask().basic(&admin.email, PASSWORD).form(&form).send();
        assert_eq!(pair.expect(200).json()["active"], true);
        ask()
            .bearer(&admin.access)
            .form(&[("token", ""), ("colour", "blue")])
            .send()
            .expect_problem(400, "validation-failed");
        ask()
            .bearer(&admin.access)
            .json(&json!({ "token": user.access }))
            .send()
            .expect_problem(415, "unsupported-media-type");
    }

    /// RFC 7009, section 2.1: the session goes on.
    pub fn an_access_token_given_back_ends_alone(app: &TestApp) {
        let admin = app.admin();
        let user = app.user();
        revoke(app, &user.access, &user.access).expect(200);
        app.films(&user.access).expect_problem(401, "token-invalid");
        assert_eq!(introspect(app, &admin, &user.access)["active"], false);
        app.log_in(&user.email, PASSWORD)
            .expect_problem(409, "user-already-logged-in");
        let renewed = app.refresh(&user.refresh).expect(200).json();
        app.films(&text(&renewed, "token")).expect(200);
        // Given back with the refresh token.
        revoke(
            app,
            &text(&renewed, "refresh_token"),
            &text(&renewed, "token"),
        )
        .expect(200);
        app.films(&text(&renewed, "token"))
            .expect_problem(401, "token-invalid");
        app.refresh(&text(&renewed, "refresh_token")).expect(200);
    }

    pub fn a_refresh_token_given_back_ends_its_session(app: &TestApp) {
        let email = app.verified_user();
        for with_refresh in [false, true] {
            let user = app.session(&email);
            let with = if with_refresh {
                &user.refresh
            } else {
                &user.access
            };
            revoke(app, with, &user.refresh).expect(200);
            app.films(&user.access).expect_problem(401, "token-invalid");
            app.refresh(&user.refresh)
                .expect_problem(401, "token-invalid");
            revoke(app, with, &user.refresh).expect_problem(401, "token-invalid");
            app.log_in(&email, PASSWORD).expect(200);
        }
        // Also by one that was spent: whoever gives it back wants nobody to go on.
        let user = app.session(&email);
        let renewed = app.refresh(&user.refresh).expect(200).json();
        revoke(app, &text(&renewed, "token"), &user.refresh).expect(200);
        app.films(&text(&renewed, "token"))
            .expect_problem(401, "token-invalid");
    }

    pub fn any_token_of_ones_own_can_be_given_back(app: &TestApp) {
        let holder = app.holder(app.user());
        let user = &holder.user;
        let address = new_email();
        app.patch(&format!("/users/v1/{}", user.id))
            .bearer(&user.access)
            .json(&json!({ "email": address }))
            .send()
            .expect(200);
        let link = app.mail_number(1, &address).token().expect("a link");
        for (token, hint) in [
            (&holder.api_token, "access_token"),
            (&holder.password_token, "api_token"),
            (&link, "no_such_hint"),
        ] {
            app.post("/auth/v1/revoke")
                .bearer(&user.access)
                .form(&[("token", token), ("token_type_hint", hint)])
                .send()
                .expect(200);
        }
        me(app, &holder.api_token).expect_problem(401, "token-invalid");
        app.change_password(&holder.password_token, NEW)
            .expect_problem(401, "token-invalid");
        app.verify(&link).expect_problem(401, "token-invalid");
        assert_eq!(app.me(user)["email"], user.email);
        assert!(listed(app, user).is_empty());
        app.films(&user.access).expect(200);
    }

    pub fn anothers_token_stays(app: &TestApp) {
        let (holder, other) = (app.holder(app.user()), app.user());
        for token in [
            &holder.user.access,
            &holder.user.refresh,
            &holder.password_token,
            &holder.api_token,
        ] {
            for with in [&other.access, &other.refresh] {
                revoke(app, with, token).expect_problem(403, "forbidden");
            }
        }
        app.films(&holder.user.access).expect(200);
        me(app, &holder.api_token).expect(200);
        app.refresh(&holder.user.refresh).expect(200);
        app.change_password(&holder.password_token, NEW).expect(200);
        app.post("/auth/v1/revoke")
            .form(&[("token", &holder.user.access)])
            .send()
            .expect_problem(401, "token-missing");
        app.post("/auth/v1/revoke")
            .api_token(&holder.api_token)
            .form(&[("token", &holder.user.access)])
            .send()
            .expect_problem(401, "token-missing");
    }

    pub fn an_admin_gives_back_anybodys_token(app: &TestApp) {
        let admin = app.admin();
        let holder = app.holder(app.user());
        for token in [
            &holder.api_token,
            &holder.password_token,
            &holder.user.access,
            &holder.user.refresh,
        ] {
            revoke(app, &admin.access, token).expect(200);
            assert_eq!(introspect(app, &admin, token)["active"], false);
        }
        app.films(&holder.user.access)
            .expect_problem(401, "token-invalid");
        app.refresh(&holder.user.refresh)
            .expect_problem(401, "token-invalid");
        me(app, &holder.api_token).expect_problem(401, "token-invalid");
        app.change_password(&holder.password_token, NEW)
            .expect_problem(401, "token-invalid");
        app.films(&admin.access).expect(200);
    }

    /// RFC 7009, section 2.2.
    pub fn a_dead_token_is_given_back_in_vain(app: &TestApp) {
        let (user, other) = (app.user(), app.user());
        app.log_out(&other.access).expect(200);
        let expired = Parts::of(&other.access).expired().sign(ACCESS_SECRET);
        for token in ["x", "a.b.c", "starwars_AAAA", &expired] {
            let answer = revoke(app, &user.access, token).expect(200);
            assert_eq!(answer.json(), json!({ "status": "ok" }));
        }
        app.films(&user.access).expect(200);
        app.post("/auth/v1/revoke")
            .bearer(&user.access)
            .form(&[("token_type_hint", "access_token")])
            .send()
            .expect_problem(400, "validation-failed");
    }
}

/// So that nobody fills the table.
#[test]
fn an_account_holds_a_hundred_api_tokens() {
    let app = TestApp::start();
    let user = app.user();
    for number in 0..95 {
        make(&app, &user, &json!({ "name": number.to_string() })).expect(201);
    }
    // Also side by side.
    let mut statuses =
        crate::helpers::at_once(10, |_| make(&app, &user, &json!({ "name": "x" })).status);
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 201, 201, 201, 201, 409, 409, 409, 409, 409]);
    make(&app, &user, &json!({ "name": "x" })).expect_problem(409, "api-token-limit");
    let list = listed(&app, &user);
    assert_eq!(list.len(), 100);
    let target = format!("/auth/v1/api_tokens/{}", text(&list[50], "api_token_id"));
    app.delete(&target).bearer(&user.access).send().expect(204);
    make(&app, &user, &json!({ "name": "x" })).expect(201);
}

/// A token that one instance revokes (RFC 7009) is refused by the other at once.
#[test]
fn what_is_given_back_is_refused_by_every_instance() {
    let redis = RedisServer::start();
    let database = Database::create();
    let start = || {
        TestApp::with_settings(|settings| {
            settings
                .set("revocation.backend", "redis")
                .set("revocation.redis_url", &redis.url())
                .set("database.url", &database.url());
        })
    };
    let (first, second) = (start(), start());
    let admin = first.admin();
    for _ in 0..10 {
        let user = first.made(&admin, "basic");
        let made = make(&first, &user, &json!({ "name": "x" })).expect(201);
        let api_token = text(&made.json(), "value");
        second.films(&user.access).expect(200);
        me(&second, &api_token).expect(200);
        revoke(&first, &user.access, &user.access).expect(200);
        revoke(&first, &user.refresh, &api_token).expect(200);
        second
            .films(&user.access)
            .expect_problem(401, "token-invalid");
        me(&second, &api_token).expect_problem(401, "token-invalid");
    }
}

/// All that a thief of the stores could look for, after everything that makes or takes a secret.
fn full_scenario(app: &TestApp) -> Vec<String> {
    let admin = app.admin();
    let holder = app.holder(app.user());
    let link = app
        .mail_number(1, &holder.user.email)
        .token()
        .expect("a link");
    let renewed = app.refresh(&holder.user.refresh).expect(200).json();
    me(app, &holder.api_token).expect(200);
    app.get("/users/v1/me")
        .basic(&holder.user.email, PASSWORD)
        .send()
        .expect(200);
    app.get("/users/v1/me")
        .basic(&holder.user.email, "not-the-password")
        .send()
        .expect(401);
    let flask = app
        .post("/auth/v1/token")
        .json(&json!({
            "username": holder.user.email,
            "password": PASSWORD,
            "replace_session": true,
        }))
        .send()
        .expect(200)
        .json();
    let flask = text(&flask, "access_token");
    let made = app
        .post("/auth/v1/api_tokens")
        .bearer(&flask)
        .json(&json!({ "name": "ended" }))
        .send()
        .expect(201)
        .json();
    let address = new_email();
    app.patch(&format!("/users/v1/{}", holder.user.id))
        .bearer(&flask)
        .json(&json!({ "email": address }))
        .send()
        .expect(200);
    let change_link = app.mail_number(1, &address).token().expect("a link");
    for token in [&text(&made, "value"), &flask] {
        revoke(app, &flask, token).expect(200);
    }
    introspect(app, &admin, &holder.api_token);
    app.change_password(&holder.password_token, NEW).expect(200);
    let minted = app.run(
        &["token", "mint", &holder.user.email, "--kind", "access"],
        "",
    );
    assert!(minted.status.success(), "{minted:?}");
    let minted = String::from_utf8_lossy(&minted.stdout).trim().to_owned();
    app.films(&minted).expect(200);
    let waiting = app.password_token(&holder.user.email);
    app.log_out(&minted).expect(200);
    vec![
        admin.access,
        admin.refresh,
        holder.user.access,
        holder.user.refresh,
        holder.password_token,
        holder.api_token,
        link,
        text(&renewed, "token"),
        text(&renewed, "refresh_token"),
        flask,
        text(&made, "value"),
        change_link,
        minted,
        waiting,
        PASSWORD.to_owned(),
        NEW.to_owned(),
        "not-the-password".to_owned(),
    ]
}

/// Holds a store's bytes against each secret, its parts and the ways in which they may be written.
#[track_caller]
fn assert_holds_none(what: &str, store: &[u8], secrets: &[String]) {
    let holds = |wanted: &str| {
        store
            .windows(wanted.len())
            .any(|window| window.eq_ignore_ascii_case(wanted.as_bytes()))
    };
    // The search finds what there is.
    assert!(holds("rebels.example") || what == "Redis", "{what}");
    for secret in secrets {
        let mut looks = vec![
            secret.clone(),
            BASE64_STANDARD_NO_PAD.encode(secret),
            BASE64_URL_SAFE_NO_PAD.encode(secret),
            secret.bytes().map(|byte| format!("{byte:02x}")).collect(),
        ];
        // Of a token, what follows the header: the claims and the signature, each by itself.
        looks.extend(secret.split('.').skip(1).map(str::to_owned));
        looks.extend(secret.strip_prefix("starwars_").map(str::to_owned));
        for look in looks {
            assert!(!holds(&look), "{what} holds {look} of {secret}");
        }
    }
}

#[test]
fn sqlite_holds_no_secret() {
    let app = TestApp::start();
    let secrets = full_scenario(&app);
    let mut bytes = Vec::new();
    for file in fs::read_dir(app.folder().join("var"))
        .expect("folder")
        .flatten()
    {
        // The outbox is a folder: there the tokens are.
        if file.path().is_file() {
            bytes.extend(fs::read(file.path()).expect("a file"));
        }
    }
    assert_holds_none("SQLite", &bytes, &secrets);
}

#[test]
fn postgres_and_redis_hold_no_secret() {
    let database = Database::create();
    let redis = RedisServer::start();
    let app = TestApp::with_settings(|settings| {
        settings
            .set("database.url", &database.url())
            .set("revocation.backend", "redis")
            .set("revocation.redis_url", &redis.url())
            .set("limits.enabled", "true");
    });
    let secrets = full_scenario(&app);
    let tables = database.sql("select tablename from pg_tables where schemaname = 'public'");
    assert!(tables.contains("users"), "{tables}");
    let rows: String = tables
        .lines()
        .map(|table| {
            database.sql(&format!(
                "select coalesce(string_agg(t::text, ' '), '') from \"{table}\" t"
            ))
        })
        .collect();
    assert_holds_none("PostgreSQL", rows.as_bytes(), &secrets);
    let kept = redis.dump();
    assert!(!kept.is_empty());
    let kept: String = kept
        .into_iter()
        .map(|(key, value)| format!("{key} {value}\n"))
        .collect();
    assert!(!kept.contains("rebels.example"), "{kept}");
    assert_holds_none("Redis", kept.as_bytes(), &secrets);
}
