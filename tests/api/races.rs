//! Races: a hundred rounds of each with twenty connections, on both kinds of
//! database. After each round, no token that should be dead opens anything.

use serde_json::{Value, json};

use crate::helpers::{
    app::TestApp,
    at_once,
    http::Response,
    stores::cases_on,
    users::{PASSWORD, User, new_email},
};

const ROUNDS: usize = 100;
const CONNECTIONS: usize = 20;

cases_on! { [on_sqlite, on_postgres, on_mariadb] {
    a_login_against_a_suspension,
    a_login_against_a_deletion,
    a_refresh_against_a_logout,
    a_refresh_against_a_new_password,
    a_login_against_a_new_password,
    an_api_token_against_a_suspension,
    a_mailed_password_token_against_itself,
    two_admins_against_each_other,
    an_account_opened_by_many,
    a_change_of_address_against_a_sign_up,
} }

fn target(user: &User, path: &str) -> String {
    format!("/users/v1/{}{path}", user.id)
}

#[track_caller]
fn suspend(app: &TestApp, admin: &User, user: &User) -> Response {
    let target = target(user, "/suspension");
    app.put(&target).bearer(&admin.access).send()
}

#[track_caller]
fn restore(app: &TestApp, admin: &User, user: &User) {
    let target = target(user, "/suspension");
    app.delete(&target).bearer(&admin.access).send().expect(204);
}

#[track_caller]
fn log_in(app: &TestApp, email: &str, password: &str) -> Response {
    let body = json!({ "email": email, "password": password, "replace_session": true });
    app.post("/users/v1/login").json(&body).send()
}

/// The pair of an answer that brought one.
fn pair(answer: &Response) -> Option<(String, String)> {
    if answer.status != 200 {
        return None;
    }
    let body = answer.json();
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    text("token").zip(text("refresh_token"))
}

/// None of the pairs of these answers opens anything.
#[track_caller]
fn assert_dead<'a>(app: &TestApp, answers: impl IntoIterator<Item = &'a Response>) {
    for (access, refresh) in answers.into_iter().filter_map(pair) {
        app.films(&access).expect_problem(401, "token-invalid");
        app.refresh(&refresh).expect_problem(401, "token-invalid");
    }
}

/// The answer was one of these.
#[track_caller]
fn assert_one_of(answer: &Response, allowed: &[(u16, &str)]) {
    let code = if answer.status < 400 {
        String::new()
    } else {
        answer.code()
    };
    assert!(
        allowed.contains(&(answer.status, &code)),
        "{} {}",
        answer.status,
        answer.text()
    );
}

pub mod cases {
    use super::*;

    pub fn a_login_against_a_suspension(app: &TestApp) {
        let admin = app.admin();
        let user = app.made(&admin, "basic");
        for round in 0..ROUNDS {
            // Sooner or later among the others.
            let turn = round % CONNECTIONS;
            let answers = at_once(CONNECTIONS, |number| match number {
                _ if number == turn => suspend(app, &admin, &user).expect(200),
                _ => log_in(app, &user.email, PASSWORD),
            });
            for (number, answer) in answers.iter().enumerate() {
                if number != turn {
                    assert_one_of(answer, &[(200, ""), (403, "account-disabled")]);
                }
            }
            assert_dead(app, &answers);
            restore(app, &admin, &user);
            assert_dead(app, &answers);
        }
    }

    pub fn a_login_against_a_deletion(app: &TestApp) {
        let admin = app.admin();
        for round in 0..ROUNDS {
            let user = app.made(&admin, "basic");
            let turn = round % CONNECTIONS;
            let answers = at_once(CONNECTIONS, |number| match number {
                _ if number == turn => {
                    let target = target(&user, "");
                    let request = app.delete(&target).bearer(&admin.access);
                    request.send().expect(204)
                }
                _ => log_in(app, &user.email, PASSWORD),
            });
            for (number, answer) in answers.iter().enumerate() {
                if number != turn {
                    assert_one_of(answer, &[(200, ""), (401, "credentials-invalid")]);
                }
            }
            assert_dead(app, &answers);
        }
    }

    pub fn a_refresh_against_a_logout(app: &TestApp) {
        let admin = app.admin();
        let email = app.made(&admin, "basic").email;
        for round in 0..ROUNDS {
            let user = app.session(&email);
            let token = [&user.access, &user.refresh][round % 2];
            let logouts = 1 + round % 10;
            let answers = at_once(CONNECTIONS, |number| match number {
                _ if number < logouts => app.log_out(token),
                _ => app.refresh(&user.refresh),
            });
            for answer in &answers {
                assert_one_of(answer, &[(200, ""), (401, "token-invalid")]);
            }
            let (out, renewed) = answers.split_at(logouts);
            app.films(&user.access).expect_problem(401, "token-invalid");
            if out.iter().any(|answer| answer.status == 200) {
                assert_dead(app, renewed);
                app.refresh(&user.refresh)
                    .expect_problem(401, "token-invalid");
            } else {
                // All of them had the same pair, and it lives.
                let mut pairs: Vec<_> = renewed.iter().filter_map(pair).collect();
                pairs.dedup();
                let [(access, _)] = pairs.as_slice() else {
                    panic!("{} pairs", pairs.len());
                };
                app.films(access).expect(200);
            }
        }
    }

    pub fn a_refresh_against_a_new_password(app: &TestApp) {
        let admin = app.admin();
        let email = app.made(&admin, "basic").email;
        let mut password = PASSWORD.to_owned();
        for round in 0..ROUNDS {
            let login = log_in(app, &email, &password).expect(200);
            let (access, refresh) = pair(&login).expect("a pair");
            let token = app.password_token(&email);
            password = format!("two-suns-over-Tatooine-{round}");
            let turn = round % CONNECTIONS;
            let answers = at_once(CONNECTIONS, |number| match number {
                _ if number == turn => app.change_password(&token, &password).expect(200),
                _ => app.refresh(&refresh),
            });
            for answer in &answers {
                assert_one_of(answer, &[(200, ""), (401, "token-invalid")]);
            }
            let renewed = answers.iter().enumerate();
            let renewed = renewed.filter(|(number, _)| *number != turn);
            assert_dead(app, renewed.map(|(_, answer)| answer).chain([&login]));
            app.films(&access).expect_problem(401, "token-invalid");
            app.change_password(&token, PASSWORD)
                .expect_problem(401, "token-invalid");
        }
    }

    pub fn a_login_against_a_new_password(app: &TestApp) {
        let admin = app.admin();
        let email = app.made(&admin, "basic").email;
        let mut password = PASSWORD.to_owned();
        for round in 0..ROUNDS {
            let token = app.password_token(&email);
            let old = std::mem::replace(&mut password, format!("two-suns-over-Tatooine-{round}"));
            let turn = round % CONNECTIONS;
            let answers = at_once(CONNECTIONS, |number| match number {
                _ if number == turn => app.change_password(&token, &password).expect(200),
                _ => log_in(app, &email, &old),
            });
            let logins = answers.iter().enumerate();
            let logins = logins.filter(|(number, _)| *number != turn);
            for (_, answer) in logins.clone() {
                assert_one_of(answer, &[(200, ""), (401, "credentials-invalid")]);
            }
            assert_dead(app, logins.map(|(_, answer)| answer));
            log_in(app, &email, &old).expect_problem(401, "credentials-invalid");
        }
    }

    pub fn an_api_token_against_a_suspension(app: &TestApp) {
        let admin = app.admin();
        let email = app.made(&admin, "basic").email;
        for round in 0..ROUNDS {
            let user = app.session(&email);
            let turn = round % CONNECTIONS;
            let answers = at_once(CONNECTIONS, |number| match number {
                _ if number == turn => suspend(app, &admin, &user).expect(200),
                _ => app
                    .post("/auth/v1/api_tokens")
                    .bearer(&user.access)
                    .json(&json!({ "name": "astromech" }))
                    .send(),
            });
            let made: Vec<_> = answers
                .iter()
                .filter(|answer| answer.status == 201)
                .map(Response::json)
                .collect();
            let assert_dead = || {
                for token in &made {
                    app.get("/users/v1/me")
                        .api_token(token["value"].as_str().expect("value"))
                        .send()
                        .expect_problem(401, "token-invalid");
                }
            };
            assert_dead();
            restore(app, &admin, &user);
            assert_dead();
            for (number, answer) in answers.iter().enumerate() {
                if number != turn {
                    assert_one_of(answer, &[(201, ""), (401, "token-invalid")]);
                }
            }
        }
    }

    pub fn a_mailed_password_token_against_itself(app: &TestApp) {
        let admin = app.admin();
        let email = app.made(&admin, "basic").email;
        for _ in 0..ROUNDS {
            let token = app.password_token(&email);
            let chosen = |number: usize| format!("two-suns-over-Tatooine-{number}");
            let answers = at_once(CONNECTIONS, |number| {
                app.change_password(&token, &chosen(number))
            });
            for answer in &answers {
                assert_one_of(answer, &[(200, ""), (401, "token-invalid")]);
            }
            let won: Vec<_> = answers
                .iter()
                .enumerate()
                .filter(|(_, answer)| answer.status == 200)
                .map(|(number, _)| number)
                .collect();
            let [winner] = won.as_slice() else {
                panic!("{} uses of one token", won.len());
            };
            log_in(app, &email, &chosen(*winner)).expect(200);
            let loser = chosen((winner + 1) % CONNECTIONS);
            log_in(app, &email, &loser).expect_problem(401, "credentials-invalid");
        }
    }

    /// Both are admins and there is no third; whoever is left gets the other one back for the next round.
    pub fn two_admins_against_each_other(app: &TestApp) {
        let first = app.admin();
        let mut admins = [app.made(&first, "admin"), first];
        for round in 0..ROUNDS {
            let answers = at_once(CONNECTIONS, |number| {
                let (actor, victim) = (&admins[number % 2], &admins[1 - number % 2]);
                // Each kind against itself, then all against all.
                let kind = if round % 4 == 3 { number / 2 } else { round };
                match kind % 3 {
                    0 => suspend(app, actor, victim),
                    1 => app
                        .patch(&target(victim, ""))
                        .bearer(&actor.access)
                        .json(&json!({ "access_role": "basic" }))
                        .send(),
                    _ => {
                        let request = app.delete(&target(victim, ""));
                        request.bearer(&actor.access).send()
                    }
                }
            });
            for answer in &answers {
                assert_one_of(
                    answer,
                    &[
                        (200, ""),
                        (204, ""),
                        (401, "token-invalid"),
                        (403, "forbidden"),
                        (404, "not-found"),
                    ],
                );
            }
            let may = |user: &User| {
                let request = app.get("/users/v1/?access_role=admin&disabled=false");
                request.bearer(&user.access).send()
            };
            let lists = [may(&admins[0]), may(&admins[1])];
            let statuses = lists.each_ref().map(|answer| answer.status);
            let winner = match statuses {
                [200, 401] => 0,
                [401, 200] => 1,
                other => panic!("round {round}: {other:?}"),
            };
            assert_eq!(lists[winner].json()["count"], 1);
            let (winner, loser) = (admins[winner].clone(), admins[1 - winner].clone());
            lists[usize::from(winner.id == admins[0].id)]
                .clone()
                .expect_problem(401, "token-invalid");
            app.refresh(&loser.refresh)
                .expect_problem(401, "token-invalid");
            admins = [raised(app, &winner, &loser), winner];
        }
    }

    /// The loser as an admin again, whatever was done to it.
    fn raised(app: &TestApp, winner: &User, loser: &User) -> User {
        let record = app.get(&target(loser, "")).bearer(&winner.access).send();
        if record.status == 404 {
            return app.made(winner, "admin");
        }
        let record = record.expect(200).json();
        if record["disabled"] == true {
            restore(app, winner, loser);
        }
        if record["access_role"] == "basic" {
            app.patch(&target(loser, ""))
                .bearer(&winner.access)
                .json(&json!({ "access_role": "admin" }))
                .send()
                .expect(200);
        }
        app.session(&loser.email)
    }

    pub fn an_account_opened_by_many(app: &TestApp) {
        let admin = app.admin();
        for _ in 0..ROUNDS {
            let email = new_email();
            let answers = at_once(CONNECTIONS, |number| {
                let body = json!({
                    "email": email,
                    "password": format!("two-suns-over-Tatooine-{number}"),
                    "access_role": "basic",
                    "email_verified": true,
                });
                app.post("/users/v1/")
                    .bearer(&admin.access)
                    .json(&body)
                    .send()
            });
            let mut ids: Vec<Value> = Vec::new();
            for (number, answer) in answers.iter().enumerate() {
                assert_one_of(answer, &[(201, ""), (409, "user-already-exists")]);
                if answer.status == 201 {
                    ids.push(answer.json()["user_id"].clone());
                    let password = format!("two-suns-over-Tatooine-{number}");
                    let login = log_in(app, &email, &password).expect(200);
                    assert_eq!(login.json()["user_id"], ids[0]);
                }
            }
            assert_eq!(ids.len(), 1, "{email} has {ids:?}");
        }
    }

    /// Two links for one address, both good: one of them wins, and the address has one account.
    pub fn a_change_of_address_against_a_sign_up(app: &TestApp) {
        let admin = app.admin();
        let user = app.made(&admin, "basic");
        let link = |email: &str, known: usize| {
            let what = "a link is mailed";
            let patience = std::time::Duration::from_secs(15);
            crate::helpers::eventually(what, patience, || {
                let mails = app.mails_to(email);
                mails.iter().filter_map(|mail| mail.token()).nth(known)
            })
        };
        for round in 0..ROUNDS {
            let wanted = new_email();
            app.patch(&target(&user, ""))
                .bearer(&user.access)
                .json(&json!({ "email": wanted }))
                .send()
                .expect(200);
            let change = link(&wanted, 0);
            app.sign_up(&wanted).expect(202);
            let sign_up = link(&wanted, 1);
            let links = [&change, &sign_up];
            let answers = at_once(CONNECTIONS, |number| app.verify(links[number % 2]));
            let mut won = [0, 1].map(|side| {
                let mut sides = answers.iter().skip(side).step_by(2);
                sides.any(|answer| answer.status == 200)
            });
            for answer in &answers {
                assert_one_of(answer, &[(200, ""), (401, "token-invalid")]);
            }
            let owners = app
                .get(&format!("/users/v1/?search={wanted}"))
                .bearer(&admin.access)
                .send()
                .expect(200)
                .json();
            assert_eq!(owners["count"], 1, "round {round}: {owners}");
            assert_eq!(owners["results"][0]["email_verified"], true);
            let has_it = owners["results"][0]["user_id"] == user.id;
            assert_eq!(app.me(&user)["email"] == wanted, has_it);
            if !has_it {
                won.reverse();
            }
            assert_eq!(won, [true, false], "round {round}: both links worked");
        }
    }
}
