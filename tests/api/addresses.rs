//! A change of address: asked for, proved at the new one, told to the old one.

use serde_json::{Value, json};

use crate::helpers::{
    app::TestApp,
    eventually,
    http::Response,
    stores::cases_on,
    users::{PASSWORD, User, new_email},
};

cases_on! { [on_sqlite, on_redis, on_postgres, on_mariadb] {
    an_address_changes_when_the_new_one_is_proved,
    a_session_outlives_the_change_of_address,
    the_old_address_is_told_but_not_where_to,
    a_taken_address_is_answered_like_a_free_one,
    a_change_to_the_present_address_cancels,
    a_newer_change_kills_the_older_link,
    an_address_taken_meanwhile_stays_its_owners,
    an_unproved_sign_up_does_not_hold_an_address,
    what_ends_mailed_tokens_ends_a_change,
    an_admin_changes_the_address_of_somebody,
    what_is_no_address_is_refused,
} }

#[track_caller]
fn change_of(app: &TestApp, caller: &User, id: &str, email: &str) -> Response {
    app.patch(&format!("/users/v1/{id}"))
        .bearer(&caller.access)
        .json(&json!({ "email": email }))
        .send()
}

#[track_caller]
fn change(app: &TestApp, user: &User, email: &str) -> Value {
    change_of(app, user, &user.id, email).expect(200).json()
}

/// Waits for the newest link that came to this address.
fn link_number(app: &TestApp, number: usize, email: &str) -> String {
    eventually(
        "a link is mailed",
        std::time::Duration::from_secs(15),
        || {
            let mails = app.mails_to(email);
            let mut links = mails.iter().filter_map(|mail| mail.token());
            links.nth(number - 1)
        },
    )
}

pub mod cases {
    use super::*;

    pub fn an_address_changes_when_the_new_one_is_proved(app: &TestApp) {
        let user = app.user();
        let new = new_email();
        let asked = change(app, &user, &format!(" {} ", new.to_uppercase()));
        assert_eq!(asked["email"], user.email);
        assert_eq!(asked["pending_email"], new);
        assert_eq!(app.me(&user), asked);
        app.log_in(&new, PASSWORD)
            .expect_problem(401, "credentials-invalid");
        app.log_in(&user.email, PASSWORD)
            .expect_problem(409, "user-already-logged-in");

        let link = link_number(app, 1, &new);
        // Mail scanners open links, too.
        for _ in 0..2 {
            app.verify(&link).expect(200);
            let record = app.me(&user);
            assert_eq!(record["email"], new);
            assert_eq!(record["pending_email"], Value::Null);
            assert_eq!(record["email_verified"], true);
            assert_eq!(record["user_id"], user.id);
        }
        app.log_in(&user.email, PASSWORD)
            .expect_problem(401, "credentials-invalid");
        app.session(&new);
        // The old address is free.
        app.sign_up(&user.email).expect(202);
        let link = link_number(app, 2, &user.email);
        app.verify(&link).expect(200);
        assert_ne!(app.session(&user.email).id, user.id);
    }

    pub fn a_session_outlives_the_change_of_address(app: &TestApp) {
        let holder = app.holder(app.user());
        let new = new_email();
        change(app, &holder.user, &new);
        app.verify(&link_number(app, 1, &new)).expect(200);
        app.films(&holder.user.access).expect(200);
        app.get("/users/v1/me")
            .api_token(&holder.api_token)
            .send()
            .expect(200);
        assert_eq!(
            app.refresh(&holder.user.refresh).expect(200).json()["email"],
            new
        );
        // What was mailed to the old address is dead.
        app.change_password(&holder.password_token, "two-suns-over-Tatooine")
            .expect_problem(401, "token-invalid");
    }

    pub fn the_old_address_is_told_but_not_where_to(app: &TestApp) {
        let user = app.user();
        let new = new_email();
        change(app, &user, &new);
        let told = app.mail_number(2, &user.email);
        app.verify(&link_number(app, 1, &new)).expect(200);
        let done = app.mail_number(3, &user.email);
        for mail in [told, done] {
            assert!(mail.any_token().is_none(), "{mail:?}");
            assert!(!mail.text.contains(&new), "{mail:?}");
            assert!(!mail.head.contains(&new), "{mail:?}");
        }
        assert_eq!(app.mails_to(&new).len(), 1);
    }

    /// ASVS 6.3.8: no enumeration of users.
    pub fn a_taken_address_is_answered_like_a_free_one(app: &TestApp) {
        let (user, taken) = (app.user(), app.verified_user());
        let free = new_email();
        let mut answers = [&free, &taken].map(|email| change(app, &user, email));
        assert_eq!(answers[0]["pending_email"], free);
        assert_eq!(answers[1]["pending_email"], taken);
        for answer in &mut answers {
            answer["pending_email"] = Value::Null;
        }
        assert_eq!(answers[0], answers[1]);
        let note = app.mail_number(2, &taken);
        assert!(note.any_token().is_none(), "{note:?}");
        app.log_in(&taken, PASSWORD).expect(200);
        assert_eq!(app.me(&user)["email"], user.email);
    }

    pub fn a_change_to_the_present_address_cancels(app: &TestApp) {
        let user = app.user();
        let new = new_email();
        change(app, &user, &new);
        let link = link_number(app, 1, &new);
        let cancelled = change(app, &user, &user.email.to_uppercase());
        assert_eq!(cancelled["pending_email"], Value::Null);
        assert_eq!(cancelled["email"], user.email);
        app.verify(&link).expect_problem(401, "token-invalid");
        assert_eq!(app.me(&user), cancelled);
        app.log_in(&user.email, PASSWORD)
            .expect_problem(409, "user-already-logged-in");
    }

    pub fn a_newer_change_kills_the_older_link(app: &TestApp) {
        let user = app.user();
        let (first, second) = (new_email(), new_email());
        change(app, &user, &first);
        let older = link_number(app, 1, &first);
        change(app, &user, &second);
        let newer = link_number(app, 1, &second);
        app.verify(&older).expect_problem(401, "token-invalid");
        app.verify(&newer).expect(200);
        assert_eq!(app.me(&user)["email"], second);
        app.verify(&older).expect_problem(401, "token-invalid");
        // The same address twice: the mail that came last counts.
        let third = new_email();
        change(app, &user, &third);
        let older = link_number(app, 1, &third);
        change(app, &user, &third);
        app.mail_number(2, &third);
        let mails = app.mails_to(&third);
        let newer = mails
            .iter()
            .filter_map(|mail| mail.token())
            .find(|token| *token != older);
        app.verify(&older).expect_problem(401, "token-invalid");
        app.verify(&newer.expect("another link")).expect(200);
        assert_eq!(app.me(&user)["email"], third);
    }

    pub fn an_address_taken_meanwhile_stays_its_owners(app: &TestApp) {
        let user = app.user();
        let wanted = new_email();
        change(app, &user, &wanted);
        let link = link_number(app, 1, &wanted);
        app.sign_up(&wanted).expect(202);
        app.verify(&link_number(app, 2, &wanted)).expect(200);
        app.verify(&link).expect_problem(401, "token-invalid");
        let owner = app.session(&wanted);
        assert_ne!(owner.id, user.id);
        assert_eq!(app.me(&user)["email"], user.email);
    }

    pub fn an_unproved_sign_up_does_not_hold_an_address(app: &TestApp) {
        let user = app.user();
        let wanted = new_email();
        app.post("/users/v1/signup")
            .json(&json!({ "email": wanted, "password": "chosen-by-somebody-else" }))
            .send()
            .expect(202);
        let squatters = link_number(app, 1, &wanted);
        change(app, &user, &wanted);
        let link = link_number(app, 2, &wanted);
        app.verify(&link).expect(200);
        assert_eq!(app.me(&user)["email"], wanted);
        app.verify(&squatters).expect_problem(401, "token-invalid");
        app.log_in(&wanted, "chosen-by-somebody-else")
            .expect_problem(401, "credentials-invalid");
        assert_eq!(app.session(&wanted).id, user.id);
    }

    pub fn what_ends_mailed_tokens_ends_a_change(app: &TestApp) {
        let admin = app.admin();
        type End<'a> = &'a dyn Fn(&User);
        let suspend: End<'_> = &|user| {
            let target = format!("/users/v1/{}/suspension", user.id);
            app.put(&target).bearer(&admin.access).send().expect(200);
            app.delete(&target).bearer(&admin.access).send().expect(204);
        };
        let promote: End<'_> = &|user| {
            app.patch(&format!("/users/v1/{}", user.id))
                .bearer(&admin.access)
                .json(&json!({ "access_role": "admin" }))
                .send()
                .expect(200);
        };
        let reset: End<'_> = &|user| {
            app.put("/users/v1/password_reset")
                .bearer(&user.access)
                .json(&json!({
                    "old_password": PASSWORD,
                    "new_password": "two-suns-over-Tatooine",
                }))
                .send()
                .expect(200);
        };
        let forget: End<'_> = &|user| {
            app.change_password(&app.password_token(&user.email), "two-suns-over-Tatooine")
                .expect(200);
        };
        for end in [suspend, promote, reset, forget] {
            let user = app.user();
            let new = new_email();
            change(app, &user, &new);
            let link = link_number(app, 1, &new);
            end(&user);
            app.verify(&link).expect_problem(401, "token-invalid");
            let record = app
                .get(&format!("/users/v1/{}", user.id))
                .bearer(&admin.access)
                .send()
                .expect(200)
                .json();
            assert_eq!(record["email"], user.email);
            assert_eq!(record["pending_email"], Value::Null);
        }
    }

    pub fn an_admin_changes_the_address_of_somebody(app: &TestApp) {
        let (admin, user) = (app.admin(), app.user());
        let new = new_email();
        let asked = change_of(app, &admin, &user.id, &new).expect(200).json();
        assert_eq!(asked["email"], user.email);
        assert_eq!(asked["pending_email"], new);
        app.verify(&link_number(app, 1, &new)).expect(200);
        assert_eq!(app.me(&user)["email"], new);
        assert_eq!(app.me(&admin)["email"], admin.email);
    }

    pub fn what_is_no_address_is_refused(app: &TestApp) {
        let user = app.user();
        for text in [
            "nobody",
            "a..b@rebels.example",
            "luke@rebels.example\r\nBcc: vader@empire.example",
            "luke@rebels.example, vader@empire.example",
            "lük@rebels.example",
            "",
        ] {
            let answer = change_of(app, &user, &user.id, text);
            let answer = answer.expect_problem(400, "validation-failed");
            assert_eq!(answer.json()["errors"][0]["pointer"], "/email", "{text}");
        }
        app.patch(&format!("/users/v1/{}", user.id))
            .bearer(&user.access)
            .json(&json!({}))
            .send()
            .expect_problem(400, "validation-failed");
        assert_eq!(app.me(&user)["pending_email"], Value::Null);
    }
}
