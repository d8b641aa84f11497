//! The schedule of streams, over HTTP and at the command line.

use serde_json::{Value, json};
use std::fs;

use crate::helpers::{app::TestApp, at_once, http::Response, stores::cases_on, users::User};

cases_on! { [on_sqlite, on_postgres, on_mariadb] {
    a_stream_is_entered_shown_changed_and_removed,
    a_day_is_newest_first_and_those_of_one_time_go_by_key,
    what_cannot_be_kept_is_refused_by_its_member,
    of_twenty_who_enter_one_key_at_once_one_makes_it,
    an_import_refuses_by_line_and_enters_the_rest,
    a_day_holds_two_hundred_streams,
    imports_that_run_at_once_both_end_well,
} }

fn stream(datetime: &str) -> Value {
    json!({
        "video_id": "dQw4w9WgXcQ",
        "datetime": datetime,
        "name": "Cantina Band",
        "title": "Live from Mos Eisley",
        "url": "https://video.example/watch?v=dQw4w9WgXcQ",
        "description": "Two sets\nand a break.",
    })
}

fn keyed(key: &str, datetime: &str) -> Value {
    let mut stream = stream(datetime);
    stream["key"] = key.into();
    stream
}

fn changed(member: &str, value: impl Into<Value>) -> Value {
    let mut stream = stream("2026-05-04T20:00:00Z");
    stream[member] = value.into();
    stream
}

#[track_caller]
fn put(app: &TestApp, admin: &User, key: &str, stream: &Value) -> Response {
    app.put(&format!("/holodules/v1/items/{key}"))
        .bearer(&admin.access)
        .json(stream)
        .send()
}

#[track_caller]
fn delete(app: &TestApp, admin: &User, key: &str) -> Response {
    app.delete(&format!("/holodules/v1/items/{key}"))
        .bearer(&admin.access)
        .send()
}

#[track_caller]
fn day(app: &TestApp, user: &User, date: &str) -> Response {
    app.get(&format!("/holodules/v1/{date}"))
        .bearer(&user.access)
        .send()
}

#[track_caller]
fn keys(app: &TestApp, user: &User, date: &str) -> Vec<Value> {
    let list = day(app, user, date).expect(200).json();
    let streams = list["holodules"].as_array().expect("holodules");
    assert_eq!(list["result"], streams.len());
    streams.iter().map(|stream| stream["key"].clone()).collect()
}

#[test]
fn a_date_that_no_calendar_has_is_refused_in_the_shape_of_the_contract() {
    let app = TestApp::start();
    let user = app.user();
    for date in [
        "20260231", "20250229", "20260431", "20261301", "2026051", "today",
    ] {
        let problem = day(&app, &user, date)
            .expect_problem(400, "validation-failed")
            .json();
        assert_eq!(problem["errors"][0]["in"], "path", "{date}");
        assert_eq!(problem["errors"][0]["pointer"], "/date", "{date}");
    }
    for date in ["20240229", "00000101", "99991231"] {
        day(&app, &user, date).expect_problem(404, "not-found");
    }
}

#[test]
fn only_admins_change_the_schedule() {
    let app = TestApp::start();
    let (user, admin) = (app.user(), app.admin());
    let now = stream("2026-05-04T20:00:00Z");
    put(&app, &user, "HL1", &now).expect_problem(401, "authorisation-required");
    put(&app, &admin, "HL1", &now).expect(201);
    delete(&app, &user, "HL1").expect_problem(401, "authorisation-required");
    assert_eq!(keys(&app, &user, "20260504"), ["HL1"]);
}

/// The outcome, standard output and standard error.
#[track_caller]
fn import(app: &TestApp, arguments: &[&str], input: &str) -> (bool, String, String) {
    let command = [&["holodules", "import"], arguments].concat();
    let output = app.run(&command, input);
    assert!(output.status.code().is_some(), "ended by a signal");
    (
        output.status.success(),
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[test]
fn csv_and_json_lines_are_told_by_the_ending() {
    let app = TestApp::start();
    let user = app.user();
    let csv = "description,url,title,name,datetime,video_id,key\r\n\
        \"Two sets,\r\nand a break.\",https://video.example/1,Live,Band,2026-05-04T20:00:00+00:00,v1,HL1\r\n";
    fs::write(app.folder().join("streams.CSV"), csv).expect("file");
    let lines = format!("{}\n", keyed("HL2", "2026-05-04T21:00:00Z"));
    fs::write(app.folder().join("streams.jsonl"), lines).expect("file");
    for (file, first, again) in [
        (
            "streams.CSV",
            "1 new, 0 replaced, 0 refused\n",
            "0 new, 1 replaced, 0 refused\n",
        ),
        (
            "streams.jsonl",
            "1 new, 0 replaced, 0 refused\n",
            "0 new, 1 replaced, 0 refused\n",
        ),
    ] {
        for expected in [first, again] {
            let (success, out, err) = import(&app, &[file], "");
            assert!(success, "{err}");
            assert_eq!(out, expected);
        }
    }
    let list = day(&app, &user, "20260504").expect(200).json();
    assert_eq!(
        list["holodules"][1]["description"],
        "Two sets,\r\nand a break."
    );
    assert_eq!(keys(&app, &user, "20260504"), ["HL2", "HL1"]);
    for unclear in ["-", "streams.txt"] {
        let (success, _, err) = import(&app, &[unclear], "");
        assert!(!success && err.contains("--format"), "{err}");
    }
}

mod cases {
    use super::*;

    pub fn a_stream_is_entered_shown_changed_and_removed(app: &TestApp) {
        let (user, admin) = (app.user(), app.admin());
        let made = put(app, &admin, "HL1", &stream("2026-05-04T23:30:00.75-02:00")).expect(201);
        // The day is that of UTC.
        assert_eq!(made.json(), keyed("HL1", "2026-05-05T01:30:00Z"));
        day(app, &user, "20260504").expect_problem(404, "not-found");
        let list = day(app, &user, "20260505").expect(200).json();
        assert_eq!(list, json!({ "result": 1, "holodules": [made.json()] }));

        let replaced = put(app, &admin, "HL1", &stream("2026-05-04T00:00:00Z")).expect(200);
        assert_eq!(replaced.json(), keyed("HL1", "2026-05-04T00:00:00Z"));
        day(app, &user, "20260505").expect_problem(404, "not-found");
        assert_eq!(keys(app, &user, "20260504"), ["HL1"]);

        delete(app, &admin, "HL1").expect(204);
        delete(app, &admin, "HL1").expect_problem(404, "not-found");
        day(app, &user, "20260504").expect_problem(404, "not-found");
    }

    pub fn a_day_is_newest_first_and_those_of_one_time_go_by_key(app: &TestApp) {
        let (user, admin) = (app.user(), app.admin());
        for (key, time) in [
            ("b", "2026-05-04T12:00:00Z"),
            ("first", "2026-05-04T00:00:00Z"),
            ("B", "2026-05-04T12:00:00Z"),
            ("last", "2026-05-04T23:59:59Z"),
            ("a_b", "2026-05-04T12:00:00Z"),
            ("before", "2026-05-03T23:59:59Z"),
            ("after", "2026-05-05T00:00:00Z"),
        ] {
            put(app, &admin, key, &stream(time)).expect(201);
        }
        assert_eq!(
            keys(app, &user, "20260504"),
            ["last", "B", "a_b", "b", "first"]
        );
    }

    pub fn what_cannot_be_kept_is_refused_by_its_member(app: &TestApp) {
        let admin = app.admin();
        for (member, value) in [
            ("datetime", json!("2026-02-30T20:00:00Z")),
            ("datetime", json!("2026-05-04 20:00")),
            ("datetime", json!("1969-12-31T23:59:59Z")),
            ("datetime", json!("9999-12-31T23:00:00-01:00")),
            ("datetime", json!("0000-01-01T00:00:00+01:00")),
            ("title", json!("a\u{0}b")),
            ("title", json!("")),
            ("name", json!(" ")),
            ("description", json!("\u{0}")),
            ("description", json!("x".repeat(5_001))),
            ("url", json!("javascript:alert(1)")),
            ("url", json!("https://video.example/a b")),
            ("video_id", json!("a b")),
            ("key", json!("HL1")),
        ] {
            let problem = put(app, &admin, "HL1", &changed(member, value.clone()))
                .expect_problem(400, "validation-failed")
                .json();
            let pointer = format!("/{member}");
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{value}");
        }
        for member in ["description", "title", "name"] {
            let longest = match member {
                "description" => 5_000,
                "title" => 500,
                _ => 200,
            };
            // Four bytes each.
            let text = "\u{1f3b7}".repeat(longest);
            let kept = put(app, &admin, "HL1", &changed(member, text.clone()));
            assert_eq!(kept.json()[member], text, "{member}");
        }
    }

    pub fn of_twenty_who_enter_one_key_at_once_one_makes_it(app: &TestApp) {
        let (user, admin) = (app.user(), app.admin());
        let statuses = at_once(20, |minute| {
            let stream = stream(&format!("2026-05-04T20:{minute:02}:00Z"));
            put(app, &admin, "HL1", &stream).status
        });
        let made = statuses.iter().filter(|status| **status == 201).count();
        let replaced = statuses.iter().filter(|status| **status == 200).count();
        assert_eq!((made, replaced), (1, 19), "{statuses:?}");
        assert_eq!(keys(app, &user, "20260504"), ["HL1"]);
    }

    pub fn an_import_refuses_by_line_and_enters_the_rest(app: &TestApp) {
        let (user, admin) = (app.user(), app.admin());
        put(app, &admin, "HL1", &stream("2026-05-04T10:00:00Z")).expect(201);
        let file = [
            keyed("HL1", "2026-05-04T20:00:00Z").to_string(),
            String::new(),
            keyed("HL2", "2026-05-04T21:00:00Z").to_string(),
            keyed("no such key", "2026-05-04T22:00:00Z").to_string(),
            stream("2026-05-04T22:00:00Z").to_string(),
            keyed("HL3", "yesterday").to_string(),
            keyed("HL3", "1960-01-01T00:00:00Z").to_string(),
            "{\"key\":".to_owned(),
            keyed("HL2", "2026-05-04T19:00:00Z").to_string(),
        ]
        .join("\n");
        let (success, out, err) = import(app, &["--format", "jsonl", "-"], &file);
        assert!(!success);
        assert_eq!(out, "1 new, 2 replaced, 5 refused\n");
        let refused: Vec<&str> = err
            .lines()
            // The log goes there, too.
            .filter(|line| !line.starts_with('{'))
            .filter_map(|line| line.split(':').next())
            .collect();
        assert_eq!(
            refused,
            ["line 4", "line 5", "line 6", "line 7", "line 8", "error"],
            "{err}"
        );
        assert!(err.contains("line 5: key is required"), "{err}");
        assert_eq!(keys(app, &user, "20260504"), ["HL1", "HL2"]);
    }

    pub fn imports_that_run_at_once_both_end_well(app: &TestApp) {
        let lines: Vec<String> = (0..600)
            .map(|number| {
                let time = format!("20{:02}-05-04T20:00:00Z", number % 90 + 10);
                keyed(&format!("HL{number}"), &time).to_string()
            })
            .collect();
        let files = [
            lines.join("\n"),
            lines.iter().rev().cloned().collect::<Vec<_>>().join("\n"),
            lines[300..]
                .iter()
                .chain(&lines[..300])
                .cloned()
                .collect::<Vec<_>>()
                .join("\n"),
        ];
        let outcomes = at_once(3, |number| {
            import(app, &["--format", "jsonl", "-"], &files[number])
        });
        let mut made = 0;
        for (success, out, err) in outcomes {
            assert!(success, "{out}{err}");
            let new = out
                .split(' ')
                .next()
                .and_then(|new| new.parse::<u32>().ok());
            made += new.expect("a number of new records");
        }
        assert_eq!(made, 600);
    }

    pub fn a_day_holds_two_hundred_streams(app: &TestApp) {
        let (user, admin) = (app.user(), app.admin());
        let mut file = String::new();
        for number in 0..201 {
            let time = format!("2026-05-04T{:02}:{:02}:00Z", number / 60, number % 60);
            file.push_str(&format!("{}\n", keyed(&format!("HL{number}"), &time)));
        }
        let (success, out, err) = import(app, &["--format", "jsonl", "-"], &file);
        assert!(!success);
        assert_eq!(out, "200 new, 0 replaced, 1 refused\n");
        assert!(err.contains("line 201: "), "{err}");
        assert_eq!(keys(app, &user, "20260504").len(), 200);

        let that_day = stream("2026-05-04T23:59:00Z");
        put(app, &admin, "HL0200", &that_day).expect_problem(409, "holodule-limit");
        put(app, &admin, "HL7", &that_day).expect(200);
        put(app, &admin, "HL0200", &stream("2026-05-05T00:00:00Z")).expect(201);
        put(app, &admin, "HL0200", &that_day).expect_problem(409, "holodule-limit");
        delete(app, &admin, "HL8").expect(204);
        put(app, &admin, "HL0200", &that_day).expect(200);
    }
}
