//! Accounts as admins see and change them, on each kind of database and each kind of revocation store.

use std::{thread, time::Duration};

use serde_json::{Value, json};

use crate::helpers::{
    app::TestApp,
    http::Response,
    stores::cases_on,
    users::{Holder, PASSWORD, User, new_email},
};

cases_on! { [on_sqlite, on_redis, on_postgres, on_mariadb] {
    the_list_is_walked_page_by_page_without_gap_or_repeat,
    a_search_takes_every_character_literally,
    filters_narrow_the_list_down_together,
    an_admin_opens_an_account_for_somebody,
    an_account_opened_unproved_waits_for_its_link,
    an_address_has_one_account,
    an_opened_account_obeys_the_rules_of_a_sign_up,
    the_own_record_is_seen_by_its_owner_and_by_admins,
    a_change_of_role_ends_all_that_the_account_holds,
    the_same_role_again_changes_nothing,
    nobody_without_the_right_changes_a_role,
    the_last_admin_stays,
    an_admin_who_cannot_log_in_does_not_count,
    a_suspension_ends_all_access,
    a_suspension_says_so_only_to_the_right_password,
    a_second_suspension_changes_nothing,
    a_restored_account_starts_afresh,
    a_deletion_leaves_nothing_that_opens,
    an_id_never_comes_back,
    nobodys_id_is_not_found,
} }

/// Asks as this user; with a body where there is one.
#[track_caller]
fn ask(app: &TestApp, user: &User, method: &str, target: &str, body: Option<&Value>) -> Response {
    let request = app.request(method, target).bearer(&user.access);
    match body {
        Some(body) => request.json(body).send(),
        None => request.send(),
    }
}

fn record_of(id: &str) -> String {
    format!("/users/v1/{id}")
}

fn suspension_of(id: &str) -> String {
    format!("/users/v1/{id}/suspension")
}

#[track_caller]
fn set_role(app: &TestApp, admin: &User, id: &str, role: &str) -> Response {
    let body = json!({ "access_role": role });
    ask(app, admin, "PATCH", &record_of(id), Some(&body))
}

#[track_caller]
fn create(app: &TestApp, admin: &User, body: &Value) -> Response {
    ask(app, admin, "POST", "/users/v1/", Some(body))
}

fn someone(email: &str) -> Value {
    json!({ "email": email, "password": PASSWORD, "access_role": "basic", "email_verified": true })
}

#[track_caller]
fn list(app: &TestApp, admin: &User, query: &str) -> Value {
    let target = format!("/users/v1/?{query}");
    ask(app, admin, "GET", &target, None).expect(200).json()
}

fn emails(page: &Value) -> Vec<&str> {
    let results = page["results"].as_array().expect("results");
    results
        .iter()
        .map(|user| user["email"].as_str().expect("email"))
        .collect()
}

fn kinds(app: &TestApp, admin: &User, id: &str) -> Vec<String> {
    let target = format!("/users/v1/{id}/events?page_size=100");
    let events = ask(app, admin, "GET", &target, None).expect(200).json();
    let events = events["results"].as_array().expect("results").iter();
    events
        .map(|event| event["kind"].as_str().expect("kind").to_owned())
        .collect()
}

/// Nothing that was handed out opens anything.
#[track_caller]
fn assert_ended(app: &TestApp, holder: &Holder) {
    app.films(&holder.user.access)
        .expect_problem(401, "token-invalid");
    app.refresh(&holder.user.refresh)
        .expect_problem(401, "token-invalid");
    app.log_out(&holder.user.refresh)
        .expect_problem(401, "token-invalid");
    app.get("/users/v1/me")
        .api_token(&holder.api_token)
        .send()
        .expect_problem(401, "token-invalid");
    app.change_password(&holder.password_token, "two-suns-over-Tatooine")
        .expect_problem(401, "token-invalid");
}

pub mod cases {
    use super::*;

    pub fn the_list_is_walked_page_by_page_without_gap_or_repeat(app: &TestApp) {
        let admin = app.admin();
        // Accounts are dated to the second.
        thread::sleep(Duration::from_millis(1100));
        for _ in 0..7 {
            create(app, &admin, &someone(&new_email())).expect(201);
        }
        let whole = list(app, &admin, "page_size=100");
        assert_eq!(whole["count"], 8);
        assert_eq!(whole["next"], Value::Null);
        assert_eq!(whole["previous"], Value::Null);
        assert_eq!(emails(&whole)[0], admin.email);
        let opened = whole["results"].as_array().expect("results").iter();
        let opened: Vec<_> = opened.map(|user| user["created_at"].as_str()).collect();
        assert!(opened.is_sorted(), "{opened:?}");

        let follow = |url: &Value| {
            let url = url.as_str()?;
            let target = url.strip_prefix(&app.public_url()).expect("public URL");
            Some(ask(app, &admin, "GET", target, None).expect(200).json())
        };
        let mut pages = vec![list(app, &admin, "page_size=3")];
        while let Some(page) = follow(&pages[pages.len() - 1]["next"]) {
            pages.push(page);
        }
        assert_eq!(pages.len(), 3);
        let walked: Vec<_> = pages.iter().flat_map(|page| emails(page)).collect();
        assert_eq!(walked, emails(&whole));
        assert!(pages.iter().all(|page| page["count"] == 8));
        for pair in pages.windows(2) {
            assert_eq!(follow(&pair[1]["previous"]).as_ref(), Some(&pair[0]));
        }
        // Behind the end there is nothing, and a way back.
        let behind = list(app, &admin, "page_size=3&page=9");
        assert_eq!((emails(&behind), &behind["next"]), (vec![], &Value::Null));
        assert_eq!(follow(&behind["previous"]).as_ref(), pages.last());
        list(app, &admin, "page_size=100&page=1000000");
    }

    pub fn a_search_takes_every_character_literally(app: &TestApp) {
        let admin = app.admin();
        for email in ["a_b@hoth.example", "axb@hoth.example", "a%b@hoth.example"] {
            create(app, &admin, &someone(email)).expect(201);
        }
        for (search, found) in [
            ("a_b", vec!["a_b@hoth.example"]),
            ("a%25b", vec!["a%b@hoth.example"]),
            ("%25", vec!["a%b@hoth.example"]),
            ("_", vec!["a_b@hoth.example"]),
            ("XB@Hoth", vec!["axb@hoth.example"]),
            ("%5C", vec![]),
            ("%5C_", vec![]),
            ("'", vec![]),
            ("a_b@hoth.example%20", vec![]),
        ] {
            let page = list(app, &admin, &format!("search={search}"));
            assert_eq!(emails(&page), found, "{search}");
            assert_eq!(page["count"], found.len(), "{search}");
        }
        // The next page is of the same search.
        let page = list(app, &admin, "search=%25b%40hoth&page_size=1&page=2");
        assert_eq!(page["count"], 1);
        let previous = page["previous"].as_str().expect("previous");
        assert!(previous.contains("search=%25b%40hoth"), "{previous}");
    }

    pub fn filters_narrow_the_list_down_together(app: &TestApp) {
        let admin = app.admin();
        let [basic, suspended] = [(); 2].map(|()| app.made(&admin, "basic"));
        let other = app.made(&admin, "admin");
        ask(app, &admin, "PUT", &suspension_of(&suspended.id), None).expect(200);
        for (query, mut found) in [
            ("access_role=admin", vec![&admin, &other]),
            ("access_role=basic", vec![&basic, &suspended]),
            ("disabled=true", vec![&suspended]),
            ("disabled=false", vec![&admin, &basic, &other]),
            ("disabled=false&access_role=basic", vec![&basic]),
            ("disabled=true&access_role=admin", vec![]),
        ] {
            let page = list(app, &admin, query);
            let mut listed = emails(&page);
            listed.sort_unstable();
            found.sort_by(|one, other| one.email.cmp(&other.email));
            let found: Vec<_> = found.iter().map(|user| user.email.as_str()).collect();
            assert_eq!(listed, found, "{query}");
            assert_eq!(page["count"], found.len(), "{query}");
        }
        let query = format!(
            "disabled=false&access_role=basic&search={}",
            suspended.email
        );
        assert_eq!(list(app, &admin, &query)["count"], 0);
        for query in [
            "access_role=jedi",
            "disabled=maybe",
            "page=0",
            "page_size=101",
        ] {
            ask(app, &admin, "GET", &format!("/users/v1/?{query}"), None)
                .expect_problem(400, "validation-failed");
        }
    }

    pub fn an_admin_opens_an_account_for_somebody(app: &TestApp) {
        let admin = app.admin();
        for role in ["basic", "admin"] {
            let email = new_email();
            let body = json!({
                "email": format!(" {} ", email.to_uppercase()),
                "password": PASSWORD,
                "access_role": role,
                "email_verified": true,
            });
            let answer = create(app, &admin, &body).expect(201);
            let made = answer.json();
            assert_eq!(made["email"], email);
            assert_eq!(made["access_role"], role);
            assert_eq!(made["email_verified"], true);
            assert_eq!(made["disabled"], false);
            let location = answer.header("location").expect("Location");
            let target = location.strip_prefix(&app.public_url());
            let target = target.expect("public URL");
            let seen = ask(app, &admin, "GET", target, None).expect(200);
            assert_eq!(seen.json(), made);
            let user = app.session(&email);
            assert_eq!(app.me(&user), made);
            let status = ask(app, &user, "GET", "/users/v1/", None).status;
            assert_eq!(status, if role == "admin" { 200 } else { 401 });
        }
    }

    pub fn an_account_opened_unproved_waits_for_its_link(app: &TestApp) {
        let admin = app.admin();
        let email = new_email();
        let body = json!({ "email": email, "password": PASSWORD, "access_role": "basic" });
        let made = create(app, &admin, &body).expect(201).json();
        assert_eq!(made["email_verified"], false);
        app.log_in(&email, PASSWORD)
            .expect_problem(403, "email-unverified");
        let link = app.mail_number(1, &email).token().expect("a link");
        app.verify(&link).expect(200);
        app.log_in(&email, PASSWORD).expect(200);
    }

    pub fn an_address_has_one_account(app: &TestApp) {
        let admin = app.admin();
        let verified = app.verified_user();
        let waiting = new_email();
        app.sign_up(&waiting).expect(202);
        for taken in [&verified, &verified.to_uppercase(), &waiting, &admin.email] {
            create(app, &admin, &someone(taken)).expect_problem(409, "user-already-exists");
        }
        app.log_in(&verified, PASSWORD).expect(200);
        assert_eq!(list(app, &admin, "")["count"], 3);
    }

    pub fn an_opened_account_obeys_the_rules_of_a_sign_up(app: &TestApp) {
        let admin = app.admin();
        let email = new_email();
        for (member, value) in [
            ("password", json!("iloveyou")),
            ("password", json!("short")),
            ("email", json!("nobody")),
            ("email", json!("a..b@rebels.example")),
            ("access_role", json!("jedi")),
            ("email_verified", json!("yes")),
        ] {
            let mut body = someone(&email);
            body[member] = value;
            let answer = create(app, &admin, &body).expect_problem(400, "validation-failed");
            let pointer = format!("/{member}");
            assert_eq!(answer.json()["errors"][0]["pointer"], pointer);
        }
        assert_eq!(list(app, &admin, "")["count"], 1);
    }

    pub fn the_own_record_is_seen_by_its_owner_and_by_admins(app: &TestApp) {
        let admin = app.admin();
        let user = app.user();
        let record = record_of(&user.id);
        let own = ask(app, &user, "GET", &record, None).expect(200).json();
        assert_eq!(own, app.me(&user));
        let seen = ask(app, &admin, "GET", &record, None).expect(200).json();
        assert_eq!(seen, own);
        let capitals = record_of(&user.id.to_uppercase());
        let seen = ask(app, &user, "GET", &capitals, None).expect(200).json();
        assert_eq!(seen, own);
        ask(app, &user, "GET", &record_of(&admin.id), None).expect_problem(404, "not-found");
    }

    pub fn a_change_of_role_ends_all_that_the_account_holds(app: &TestApp) {
        let admin = app.admin();
        let mut user = app.user();
        for (role, may_list) in [("admin", 200), ("basic", 401)] {
            let holder = app.holder(user);
            let changed = set_role(app, &admin, &holder.user.id, role).expect(200);
            assert_eq!(changed.json()["access_role"], role);
            assert_ended(app, &holder);
            // Without `replace_session`: the old one is over.
            app.log_in(&holder.user.email, PASSWORD).expect(200);
            user = app.session(&holder.user.email);
            assert_eq!(app.me(&user)["access_role"], role);
            assert_eq!(ask(app, &user, "GET", "/users/v1/", None).status, may_list);
        }
        app.films(&admin.access).expect(200);
    }

    pub fn the_same_role_again_changes_nothing(app: &TestApp) {
        let admin = app.admin();
        let holder = app.holder(app.made(&admin, "basic"));
        set_role(app, &admin, &holder.user.id, "basic").expect(200);
        set_role(app, &admin, &admin.id, "admin").expect(200);
        app.films(&holder.user.access).expect(200);
        app.films(&admin.access).expect(200);
        app.get("/users/v1/me")
            .api_token(&holder.api_token)
            .send()
            .expect(200);
        let kinds = kinds(app, &admin, &holder.user.id);
        assert!(!kinds.contains(&"role-changed".to_owned()), "{kinds:?}");
    }

    pub fn nobody_without_the_right_changes_a_role(app: &TestApp) {
        let user = app.user();
        let before = app.me(&user);
        let other_address = new_email();
        for body in [
            json!({ "access_role": "admin" }),
            json!({ "access_role": "basic" }),
            json!({ "access_role": "admin", "email": other_address }),
        ] {
            let answer = ask(app, &user, "PATCH", &record_of(&user.id), Some(&body))
                .expect_problem(401, "authorisation-required");
            assert_eq!(answer.json()["required_role"], "admin");
        }
        assert_eq!(app.me(&user), before);
        assert!(app.mails_to(&other_address).is_empty());
    }

    pub fn the_last_admin_stays(app: &TestApp) {
        let admin = app.admin();
        app.made(&admin, "basic");
        let own = record_of(&admin.id);
        set_role(app, &admin, &admin.id, "basic").expect_problem(403, "forbidden");
        ask(app, &admin, "DELETE", &own, None).expect_problem(403, "forbidden");
        ask(app, &admin, "PUT", &suspension_of(&admin.id), None).expect_problem(403, "forbidden");
        assert_eq!(app.me(&admin)["access_role"], "admin");
        // With another admin, the role may be given back, but nobody shuts the own account.
        let second = app.made(&admin, "admin");
        ask(app, &admin, "DELETE", &own, None).expect_problem(403, "forbidden");
        ask(app, &admin, "PUT", &suspension_of(&admin.id), None).expect_problem(403, "forbidden");
        set_role(app, &admin, &admin.id, "basic").expect(200);
        app.films(&admin.access)
            .expect_problem(401, "token-invalid");
        set_role(app, &second, &second.id, "basic").expect_problem(403, "forbidden");
        app.films(&second.access).expect(200);
    }

    pub fn an_admin_who_cannot_log_in_does_not_count(app: &TestApp) {
        let admin = app.admin();
        let suspended = app.made(&admin, "admin");
        ask(app, &admin, "PUT", &suspension_of(&suspended.id), None).expect(200);
        let unproved = json!({
            "email": new_email(),
            "password": PASSWORD,
            "access_role": "admin",
        });
        create(app, &admin, &unproved).expect(201);
        set_role(app, &admin, &admin.id, "basic").expect_problem(403, "forbidden");
        // Whoever does not count may go.
        ask(app, &admin, "DELETE", &record_of(&suspended.id), None).expect(204);
    }

    pub fn a_suspension_ends_all_access(app: &TestApp) {
        let admin = app.admin();
        let holder = app.holder(app.user());
        let id = &holder.user.id;
        let suspended = ask(app, &admin, "PUT", &suspension_of(id), None).expect(200);
        assert_eq!(suspended.json()["disabled"], true);
        assert_eq!(suspended.json()["user_id"], *id);
        assert_ended(app, &holder);
        app.log_in(&holder.user.email, PASSWORD)
            .expect_problem(403, "account-disabled");
        app.get("/users/v1/me")
            .basic(&holder.user.email, PASSWORD)
            .send()
            .expect_problem(403, "account-disabled");
        let sessions = ask(
            app,
            &admin,
            "GET",
            &format!("/users/v1/{id}/sessions"),
            None,
        );
        assert_eq!(sessions.expect(200).json()["count"], 0);
    }

    pub fn a_suspension_says_so_only_to_the_right_password(app: &TestApp) {
        let admin = app.admin();
        let user = app.user();
        ask(app, &admin, "PUT", &suspension_of(&user.id), None).expect(200);
        app.log_in(&user.email, "not-the-password")
            .expect_problem(401, "credentials-invalid");
        app.get("/users/v1/me")
            .basic(&user.email, "not-the-password")
            .send()
            .expect_problem(401, "credentials-invalid");
    }

    pub fn a_second_suspension_changes_nothing(app: &TestApp) {
        let admin = app.admin();
        let user = app.user();
        let suspend = || ask(app, &admin, "PUT", &suspension_of(&user.id), None).expect(200);
        assert_eq!(suspend().json(), suspend().json());
        let restore = || ask(app, &admin, "DELETE", &suspension_of(&user.id), None).expect(204);
        restore();
        restore();
        let kinds = kinds(app, &admin, &user.id);
        for kind in ["suspended", "restored"] {
            let times = kinds.iter().filter(|known| *known == kind).count();
            assert_eq!(times, 1, "{kind} in {kinds:?}");
        }
    }

    pub fn a_restored_account_starts_afresh(app: &TestApp) {
        let admin = app.admin();
        let holder = app.holder(app.user());
        let suspension = suspension_of(&holder.user.id);
        ask(app, &admin, "PUT", &suspension, None).expect(200);
        ask(app, &admin, "DELETE", &suspension, None).expect(204);
        assert_ended(app, &holder);
        app.log_in(&holder.user.email, PASSWORD).expect(200);
        assert_eq!(app.me(&app.session(&holder.user.email))["disabled"], false);
        assert_ended(app, &holder);
    }

    pub fn a_deletion_leaves_nothing_that_opens(app: &TestApp) {
        let admin = app.admin();
        let holder = app.holder(app.user());
        let record = record_of(&holder.user.id);
        ask(app, &admin, "DELETE", &record, None).expect(204);
        assert_ended(app, &holder);
        app.log_in(&holder.user.email, PASSWORD)
            .expect_problem(401, "credentials-invalid");
        for method in ["GET", "DELETE"] {
            ask(app, &admin, method, &record, None).expect_problem(404, "not-found");
        }
        assert_eq!(list(app, &admin, "")["count"], 1);
        // What happened stays known to admins.
        let kinds = kinds(app, &admin, &holder.user.id);
        let deletions = kinds.iter().filter(|kind| *kind == "deleted").count();
        assert_eq!(deletions, 1, "{kinds:?}");
    }

    pub fn an_id_never_comes_back(app: &TestApp) {
        let admin = app.admin();
        let email = new_email();
        let mut ids = Vec::new();
        let mut gone = Vec::new();
        for _ in 0..5 {
            create(app, &admin, &someone(&email)).expect(201);
            let holder = app.holder(app.session(&email));
            let id = holder.user.id.clone();
            assert!(!ids.contains(&id), "{id} came back");
            for earlier in &gone {
                assert_ended(app, earlier);
            }
            ask(app, &admin, "DELETE", &record_of(&id), None).expect(204);
            ids.push(id);
            gone.push(holder);
        }
    }

    pub fn nobodys_id_is_not_found(app: &TestApp) {
        let admin = app.admin();
        let id = uuid::Uuid::new_v4().to_string();
        let role = json!({ "access_role": "basic" });
        for (method, target, body) in [
            ("GET", record_of(&id), None),
            ("PATCH", record_of(&id), Some(&role)),
            ("DELETE", record_of(&id), None),
            ("PUT", suspension_of(&id), None),
            ("DELETE", suspension_of(&id), None),
            ("GET", format!("/users/v1/{id}/sessions"), None),
            ("DELETE", format!("/users/v1/{id}/sessions"), None),
            ("GET", format!("/users/v1/{id}/events"), None),
        ] {
            ask(app, &admin, method, &target, body).expect_problem(404, "not-found");
        }
    }
}
