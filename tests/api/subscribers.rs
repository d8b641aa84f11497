//! The mailing list, over HTTP and at the command line.

use serde_json::{Value, json};
use std::{collections::HashSet, process::Output};

use crate::helpers::{
    app::TestApp,
    at_once,
    http::Response,
    stores::cases_on,
    users::{PASSWORD, User, new_email},
};

cases_on! { [on_sqlite, on_postgres, on_mariadb] {
    a_subscriber_is_added_shown_changed_and_removed,
    a_taken_address_is_a_conflict_however_it_is_written,
    of_twenty_who_give_one_address_at_once_one_joins,
    pages_follow_the_order_of_joining_without_gap_or_repeat,
    an_import_refuses_by_line_and_the_rest_is_on_the_list,
} }

const LIST: &str = "/subscribers/v1/";
const HEADER: &str = "id,full_name,email\r\n";

fn somebody(name: &str, email: &str) -> Value {
    json!({ "full_name": name, "email": email })
}

#[track_caller]
fn join(app: &TestApp, caller: &User, name: &str, email: &str) -> Response {
    app.post(LIST)
        .bearer(&caller.access)
        .json(&somebody(name, email))
        .send()
}

#[track_caller]
fn page(app: &TestApp, admin: &User, target: &str) -> Value {
    let answer = app.get(target).bearer(&admin.access).send().expect(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.json()
}

#[track_caller]
fn export(app: &TestApp, admin: &User) -> String {
    let answer = app
        .get(LIST)
        .bearer(&admin.access)
        .header("Accept", "text/csv")
        .send()
        .expect(200);
    assert_eq!(
        answer.header("content-type"),
        Some("text/csv; charset=utf-8")
    );
    assert!(answer.headers("vary").contains(&"Accept"));
    answer.text()
}

fn target_of(app: &TestApp, url: &str) -> String {
    let target = url.strip_prefix(&app.public_url());
    target.expect("an absolute URL of this service").to_owned()
}

#[test]
fn only_admins_see_and_change_the_list() {
    let app = TestApp::start();
    let (user, admin) = (app.user(), app.admin());
    let made = join(&app, &user, "Luke", "luke@rebels.example").expect(201);
    let target = target_of(&app, made.header("location").expect("Location"));
    for request in [
        app.get(LIST),
        app.get(LIST).header("Accept", "text/csv"),
        app.get(&target),
        app.put(&target).json(&somebody("L", "l@rebels.example")),
        app.delete(&target),
    ] {
        for request in [
            request.clone().bearer(&user.access),
            request.basic(&user.email, PASSWORD),
        ] {
            let answer = request.send().expect_problem(401, "authorisation-required");
            assert_eq!(answer.json()["required_role"], "admin");
        }
    }
    assert_eq!(page(&app, &admin, LIST)["count"], 1);
}

#[test]
fn what_is_no_name_or_no_address_is_refused() {
    let app = TestApp::start();
    let user = app.user();
    for (name, email, pointer) in [
        ("", "luke@rebels.example", "/full_name"),
        (" \u{3000}", "luke@rebels.example", "/full_name"),
        ("Luke\u{0}", "luke@rebels.example", "/full_name"),
        ("Luke\nSkywalker", "luke@rebels.example", "/full_name"),
        (&"L".repeat(201), "luke@rebels.example", "/full_name"),
        ("Luke", "luke", "/email"),
        ("Luke", "luke@localhost", "/email"),
        ("Luke", "luke@rebels..example", "/email"),
        ("Luke", "luke@rebels.example\r\nBcc: x@y.example", "/email"),
    ] {
        let problem = join(&app, &user, name, email)
            .expect_problem(400, "validation-failed")
            .json();
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{name} {email}");
    }
}

#[test]
fn accept_chooses_between_json_and_csv() {
    let app = TestApp::start();
    let admin = app.admin();
    for (accept, media_type) in [
        ("text/csv", "text/csv; charset=utf-8"),
        (
            "application/json;q=0.5, text/csv",
            "text/csv; charset=utf-8",
        ),
        ("*/*", "application/json"),
        ("image/png", "application/json"),
        ("text/csv;q=x", "application/json"),
    ] {
        for method in ["GET", "HEAD"] {
            let answer = app
                .request(method, LIST)
                .bearer(&admin.access)
                .header("Accept", accept)
                .send()
                .expect(200);
            assert_eq!(answer.header("content-type"), Some(media_type), "{accept}");
        }
    }
    assert_eq!(export(&app, &admin), HEADER);
}

/// OWASP, CSV injection.
#[test]
fn no_cell_of_the_export_is_a_formula() {
    let app = TestApp::start();
    let (user, admin) = (app.user(), app.admin());
    join(&app, &user, "=cmd|' /C calc'!A0", "-luke@rebels.example").expect(201);
    join(&app, &user, "Skywalker, \"Luke\"", "luke@rebels.example").expect(201);
    let text = export(&app, &admin);
    let lines: Vec<&str> = text
        .strip_prefix(HEADER)
        .expect("a header")
        .split_terminator("\r\n")
        .map(|line| line.split_once(',').expect("an id").1)
        .collect();
    assert_eq!(
        lines,
        [
            "'=cmd|' /C calc'!A0,'-luke@rebels.example",
            "\"Skywalker, \"\"Luke\"\"\",luke@rebels.example",
        ]
    );
}

fn outputs(output: &Output) -> (bool, String, String) {
    (
        output.status.success(),
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[track_caller]
fn import(app: &TestApp, csv: &str) -> (bool, String, String) {
    let output = app.run(&["subscribers", "import", "-"], csv);
    assert!(output.status.code().is_some(), "ended by a signal");
    outputs(&output)
}

#[test]
fn a_quote_that_is_never_closed_is_told_by_its_line() {
    let app = TestApp::start();
    let file = "full_name,email\nWedge,w@x.example\n\"Biggs,b@x.example\nLuke,l@x.example\n";
    let (success, out, err) = import(&app, file);
    assert!(!success);
    assert_eq!(out, "1 new, 0 on the list before, 1 refused\n");
    let words = "line 3: has a quote that is never closed";
    assert!(err.lines().any(|line| line == words), "{err}");
}

#[test]
fn a_long_list_is_imported_and_exported_whole_and_again() {
    let app = TestApp::start();
    let admin = app.admin();
    let mut file = String::from("full_name,email\n");
    for number in 0..2500 {
        file.push_str(&format!("=Pilot {number},pilot{number}@x.example\n"));
    }
    let (success, out, err) = import(&app, &file);
    assert!(success, "{err}");
    assert_eq!(out, "2500 new, 0 on the list before, 0 refused\n");
    // No terminal, no progress.
    assert_eq!(
        err.lines().filter(|line| line.contains("records")).count(),
        0,
        "{err}"
    );

    let text = export(&app, &admin);
    let ids: HashSet<&str> = text
        .lines()
        .filter_map(|line| line.split(',').next())
        .collect();
    assert_eq!(ids.len(), 2501);
    for (number, line) in text.lines().skip(1).enumerate() {
        let end = format!(",'=Pilot {number},pilot{number}@x.example");
        assert!(line.ends_with(&end), "{line}");
    }
    let (success, out, _) = outputs(&app.run(&["subscribers", "export"], ""));
    assert!(success);
    assert_eq!(out, text);

    // What was exported is what was imported, formulas included.
    let other = TestApp::not_started(|_| {});
    let (success, out, err) = import(&other, &text);
    assert!(success, "{err}");
    assert_eq!(out, "2500 new, 0 on the list before, 0 refused\n");
    let (_, copy, _) = outputs(&other.run(&["subscribers", "export"], ""));
    let without_ids = |text: &str| -> Vec<String> {
        text.lines()
            .filter_map(|line| Some(line.split_once(',')?.1.to_owned()))
            .collect()
    };
    assert_eq!(without_ids(&copy), without_ids(&text));
}

#[test]
fn a_file_that_cannot_be_imported_is_said_so() {
    let app = TestApp::not_started(|_| {});
    let email = new_email();
    for (file, word) in [
        (format!("Luke,{email}\n"), "full_name"),
        (format!("full_name,email,{email}\n"), "other columns"),
        (String::new(), "full_name"),
    ] {
        let (success, out, err) = import(&app, &file);
        assert!(!success && out.is_empty(), "{out}");
        assert!(err.contains(word) && !err.contains(&email), "{err}");
    }
    let missing = app.run(&["subscribers", "import", "no-such.csv"], "");
    let (success, _, err) = outputs(&missing);
    assert!(!success && err.contains("no-such.csv"), "{err}");
}

mod cases {
    use super::*;

    pub fn a_subscriber_is_added_shown_changed_and_removed(app: &TestApp) {
        let (user, admin) = (app.user(), app.admin());
        let made = app
            .post(LIST)
            .basic(&user.email, PASSWORD)
            .json(&somebody("Biggs Darklighter", " Biggs@Rebels.Example\t"))
            .send()
            .expect(201);
        let record = made.json();
        let id = record["id"].as_str().expect("id").to_owned();
        assert_eq!(record["full_name"], "Biggs Darklighter");
        assert_eq!(record["email"], "biggs@rebels.example");
        let target = target_of(app, made.header("location").expect("Location"));
        assert_eq!(target, format!("{LIST}{id}"));

        let shown = app
            .get(&target)
            .basic(&admin.email, PASSWORD)
            .send()
            .expect(200);
        assert_eq!(shown.json(), record);
        let changed = app
            .put(&target)
            .bearer(&admin.access)
            .json(&somebody("Biggs D.", "BIGGS@rebels.example"))
            .send()
            .expect(200)
            .json();
        assert_eq!(
            changed,
            json!({ "id": id, "full_name": "Biggs D.", "email": "biggs@rebels.example" })
        );
        assert_eq!(page(app, &admin, &target), changed);

        let delete = || app.delete(&target).bearer(&admin.access).send();
        delete().expect(204);
        delete().expect_problem(404, "not-found");
        for gone in [
            app.get(&target),
            app.put(&target).json(&somebody("B", "b@x.example")),
        ] {
            gone.bearer(&admin.access)
                .send()
                .expect_problem(404, "not-found");
        }
        // The address is free again.
        join(app, &user, "Biggs", "biggs@rebels.example").expect(201);
    }

    pub fn a_taken_address_is_a_conflict_however_it_is_written(app: &TestApp) {
        let (user, admin) = (app.user(), app.admin());
        join(app, &user, "Luke", "luke@rebels.example").expect(201);
        join(app, &user, "Another", " LUKE@rebels.example")
            .expect_problem(409, "subscriber-already-exists");
        let wedge = join(app, &user, "Wedge", "wedge@rebels.example").expect(201);
        let target = target_of(app, wedge.header("location").expect("Location"));
        app.put(&target)
            .bearer(&admin.access)
            .json(&somebody("Wedge", "Luke@Rebels.example"))
            .send()
            .expect_problem(409, "subscriber-already-exists");
        assert_eq!(page(app, &admin, &target)["email"], "wedge@rebels.example");
    }

    pub fn of_twenty_who_give_one_address_at_once_one_joins(app: &TestApp) {
        let (user, admin) = (app.user(), app.admin());
        let mut statuses = at_once(20, |_| {
            join(app, &user, "Twin", "twin@rebels.example").status
        });
        statuses.sort_unstable();
        assert_eq!(statuses[0], 201);
        assert_eq!(statuses[1..], [409; 19]);
        assert_eq!(page(app, &admin, LIST)["count"], 1);
    }

    pub fn pages_follow_the_order_of_joining_without_gap_or_repeat(app: &TestApp) {
        let (user, admin) = (app.user(), app.admin());
        for number in 0..25 {
            join(app, &user, "Pilot", &format!("red{number}@rebels.example")).expect(201);
        }
        let mut seen = Vec::new();
        let mut target = format!("{LIST}?page_size=10");
        loop {
            let page = page(app, &admin, &target);
            assert_eq!(page["count"], 25);
            let results = page["results"].as_array().expect("results");
            seen.extend(results.iter().map(|one| one["email"].clone()));
            match page["next"].as_str() {
                Some(next) => target = target_of(app, next),
                None => break,
            }
        }
        let expected: Vec<_> = (0..25)
            .map(|number| json!(format!("red{number}@rebels.example")))
            .collect();
        assert_eq!(seen, expected);
        let behind = page(app, &admin, &format!("{LIST}?page=9&page_size=10"));
        assert_eq!(behind["results"], json!([]));
        assert!(
            behind["previous"]
                .as_str()
                .expect("previous")
                .contains("page=3&")
        );
    }

    pub fn an_import_refuses_by_line_and_the_rest_is_on_the_list(app: &TestApp) {
        let (user, admin) = (app.user(), app.admin());
        join(app, &user, "Luke", "luke@rebels.example").expect(201);
        let file = "email,id,full_name\n\
            Biggs@Rebels.Example,7,Biggs\n\
            secret-1@localhost,,Nowhere\n\
            wedge@rebels.example,,\n\
            secret-2@rebels..example,,Dots\n\
            secret-3@rebels.example\n\
            luke@rebels.example,,Luke again\n\
            biggs@rebels.example,,Biggs again\n\
            jek@rebels.example,,Jek\n";
        let (success, out, err) = import(app, file);
        assert!(!success);
        assert_eq!(out, "2 new, 2 on the list before, 4 refused\n");
        let refused: Vec<&str> = err
            .lines()
            // The log goes there, too.
            .filter(|line| !line.starts_with('{'))
            .filter_map(|line| line.split(':').next())
            .collect();
        assert_eq!(
            refused,
            ["line 3", "line 4", "line 5", "line 6", "error"],
            "{err}"
        );
        assert!(
            err.contains("line 3: email must be a mail address"),
            "{err}"
        );
        assert!(!err.contains("secret"), "{err}");
        let emails = |list: &Value| -> Vec<Value> {
            let results = list["results"].as_array().expect("results");
            results.iter().map(|one| one["email"].clone()).collect()
        };
        let list = page(app, &admin, LIST);
        assert_eq!(
            emails(&list),
            [
                "luke@rebels.example",
                "biggs@rebels.example",
                "jek@rebels.example"
            ]
        );
        let (_, out, _) = import(app, file);
        assert_eq!(out, "0 new, 4 on the list before, 4 refused\n");
        assert_eq!(page(app, &admin, LIST), list);
    }
}
