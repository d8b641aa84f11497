//! Texts as keyboards, shells and spreadsheets write them.

use std::fs;

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, Version};
use serde_json::{Value, json};

use crate::helpers::{
    app::TestApp,
    http::Response,
    postgres::Database,
    stores::{ServerDatabase, cases_on},
    users::{PASSWORD, new_email},
};

/// U+FEFF, which Windows puts in front of what it calls UTF-8.
const MARK: &str = "\u{feff}";

/// One password in pieces and composed, with other spaces (RFC 8265, section 4.2.2).
const IN_PIECES: &str = "Zo\u{308}e\u{a0}and Ame\u{301}lie\u{3000}77";
const COMPOSED: &str = "Z\u{f6}e and Am\u{e9}lie 77";

cases_on! { [on_sqlite, on_postgres] {
    a_password_is_the_same_however_a_keyboard_sends_it,
    an_internationalised_domain_is_one_account_in_all_its_forms,
} }

#[track_caller]
fn get_in(app: &TestApp, email: &str, password: &str) {
    app.post("/users/v1/login")
        .json(&json!({ "email": email, "password": password, "replace_session": true }))
        .send()
        .expect(200);
    app.post("/auth/v1/token")
        .json(&json!({ "username": email, "password": password, "replace_session": true }))
        .send()
        .expect(200);
    app.get("/users/v1/me")
        .basic(email, password)
        .send()
        .expect(200);
}

fn create(app: &TestApp, email: &str, input: &[u8]) -> (bool, String) {
    let arguments = ["users", "create", email, "--verified", "--password-stdin"];
    let output = app.run(&arguments, input);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.success(), said)
}

mod cases {
    use super::*;

    pub fn a_password_is_the_same_however_a_keyboard_sends_it(app: &TestApp) {
        let admin = app.admin();
        for (set, given) in [(IN_PIECES, COMPOSED), (COMPOSED, IN_PIECES)] {
            let email = new_email();
            app.post("/users/v1/signup")
                .json(&json!({ "email": email, "password": set }))
                .send()
                .expect(202);
            let token = app.mail_number(1, &email).token().expect("a token");
            app.verify(&token).expect(200);
            get_in(app, &email, given);
            get_in(app, &email, set);

            let token = app.password_token(&email);
            app.change_password(&token, set).expect(200);
            get_in(app, &email, given);

            let session = app.log_in(&email, given);
            let session = match session.status {
                409 => app
                    .post("/users/v1/login")
                    .json(&json!({ "email": email, "password": given, "replace_session": true }))
                    .send(),
                _ => session,
            };
            let access = session.expect(200).json()["token"]
                .as_str()
                .expect("a token")
                .to_owned();
            let new = format!("{set}!");
            app.put("/users/v1/password_reset")
                .bearer(&access)
                .json(&json!({ "old_password": given, "new_password": new }))
                .send()
                .expect(200);
            get_in(app, &email, &format!("{given}!"));

            let email = new_email();
            app.post("/users/v1/")
                .bearer(&admin.access)
                .json(&json!({
                    "email": email,
                    "password": set,
                    "access_role": "basic",
                    "email_verified": true,
                }))
                .send()
                .expect(201);
            get_in(app, &email, given);

            let email = new_email();
            let (success, said) = create(app, &email, set.as_bytes());
            assert!(success, "{said}");
            get_in(app, &email, given);
        }
    }

    pub fn an_internationalised_domain_is_one_account_in_all_its_forms(app: &TestApp) {
        let admin = app.admin();
        let normal = "zoe@xn--mnchen-3ya.example";
        let made = app
            .post("/users/v1/")
            .bearer(&admin.access)
            .json(&json!({
                "email": "Zoe@M\u{fc}nchen.example",
                "password": PASSWORD,
                "access_role": "basic",
                "email_verified": true,
            }))
            .send()
            .expect(201)
            .json();
        assert_eq!(made["email"], normal);
        for form in [
            "zoe@m\u{fc}nchen.example",
            "zoe@mu\u{308}nchen.example",
            "ZOE@M\u{dc}NCHEN.EXAMPLE",
            normal,
        ] {
            get_in(app, form, PASSWORD);
            app.post("/users/v1/")
                .bearer(&admin.access)
                .json(&json!({ "email": form, "password": PASSWORD, "access_role": "basic" }))
                .send()
                .expect_problem(409, "user-already-exists");
            let shown = app.run(&["users", "show", form, "--output", "json"], "");
            let shown: Value = serde_json::from_slice(&shown.stdout).expect("JSON");
            assert_eq!(shown["email"], normal);
        }
        for search in ["m%C3%BCnchen", "zoe@mu%CC%88nchen.example", "xn--mnchen"] {
            let found = app
                .get(&format!("/users/v1/?search={search}"))
                .bearer(&admin.access)
                .send()
                .expect(200)
                .json();
            assert_eq!(found["count"], 1, "{search}");
        }

        let signed_up = "amelie@m\u{fc}nchen.example";
        app.sign_up(signed_up).expect(202);
        let mail = app.mail_number(1, "amelie@xn--mnchen-3ya.example");
        app.verify(&mail.token().expect("a token")).expect(200);
        get_in(app, signed_up, PASSWORD);

        let joined = app
            .post("/subscribers/v1/")
            .bearer(&admin.access)
            .json(&json!({ "full_name": "Zo\u{eb}", "email": "zoe@m\u{fc}nchen.example" }))
            .send()
            .expect(201)
            .json();
        assert_eq!(joined["email"], normal);
    }
}

/// RFC 6531 would have such addresses; they have no ASCII form to be compared and written to by.
#[test]
fn an_address_that_cannot_be_taken_is_told_what_can() {
    let app = TestApp::start();
    for email in [
        "l\u{fc}ke@rebels.example",
        "luke@a\u{2028}b.example",
        "luke@\u{fc}_.example",
        "luke@rebels",
    ] {
        let problem = app.sign_up(email).expect_problem(400, "validation-failed");
        let problem = problem.json();
        assert_eq!(problem["errors"][0]["pointer"], "/email");
        let message = problem["errors"][0]["message"].as_str().expect("a text");
        for word in ["luke@rebels.example", "ASCII before the @", "domain"] {
            assert!(message.contains(word), "{email:?}: {message}");
        }
    }
}

#[test]
fn a_password_stored_before_there_was_a_normal_form_still_works() {
    let database = Database::create();
    let app = TestApp::with_postgres(&database);
    let email = app.verified_user();
    let params = Params::new(64, 1, 1, None).expect("parameters");
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let stored: PasswordHash = argon2.hash_password(IN_PIECES.as_bytes()).expect("a hash");
    database.sql(&format!(
        "update users set password_hash = '{stored}' where email = '{email}'"
    ));
    app.log_in(&email, COMPOSED)
        .expect_problem(401, "credentials-invalid");
    get_in(&app, &email, IN_PIECES);
    // It was renewed.
    get_in(&app, &email, COMPOSED);
    get_in(&app, &email, IN_PIECES);
}

#[test]
fn the_length_of_a_password_is_that_of_its_normal_form() {
    let app = TestApp::start();
    let sign_up = |password: &str| -> Response {
        app.post("/users/v1/signup")
            .json(&json!({ "email": new_email(), "password": password }))
            .send()
    };
    let letters = "tqxwmzpkvj".replace('z', "e\u{301}").repeat(13);
    let longest: String = letters.chars().take(140).collect();
    assert_eq!(longest.replace("e\u{301}", "e").chars().count(), 128 - 1);
    sign_up(&longest).expect(202);
    for refused in [
        format!("{longest}xy"),
        "u\u{308}m\u{308}p\u{308}x\u{308}q".to_owned(),
        "a\u{301}e\u{301}i\u{301}u\u{301}".to_owned(),
    ] {
        let problem = sign_up(&refused).expect_problem(400, "validation-failed");
        assert_eq!(problem.json()["errors"][0]["pointer"], "/password");
    }
}

#[test]
fn a_long_password_with_a_weak_beginning_is_told_what_is_judged() {
    let app = TestApp::start();
    let body = json!({
        "email": new_email(),
        "password": format!("{}womp-rats-in-my-T16", "k".repeat(72)),
    });
    let problem = app.post("/users/v1/signup").json(&body).send();
    let problem = problem.expect_problem(400, "validation-failed").json();
    let message = problem["errors"][0]["message"].as_str().expect("a text");
    assert!(message.contains("begins with 20 characters"), "{message}");
}

#[test]
fn a_search_finds_a_letter_however_its_accent_is_sent() {
    let app = TestApp::start();
    let user = app.user();
    for query in [
        "search=padme%CC%81",
        "search=padm%C3%A9",
        "search=PADME%CC%81",
        "filters=name:contains:padme%CC%81",
    ] {
        let found = app
            .get(&format!("/characters/v1/?{query}"))
            .bearer(&user.access)
            .send()
            .expect(200)
            .json();
        assert_eq!(found["count"], 1, "{query}");
    }
}

#[test]
fn a_byte_order_mark_is_no_part_of_what_the_command_line_reads() {
    let mut app = TestApp::not_started(|settings| {
        settings.unset("tokens.access.secrets");
    });
    let folder = app.folder().to_owned();
    for name in ["config", "words", "var"] {
        fs::create_dir(folder.join(name)).expect("a folder");
    }
    let marked = |name: &str, text: &str| {
        fs::write(folder.join(name), format!("{MARK}{text}")).expect("a file");
    };
    marked(
        "config/local.toml",
        "[mail]\ntemplates_dir = \"words\"\n[catalogue]\nsource = \"data\"\n",
    );
    marked(
        "var/secrets.toml",
        &format!("access = \"{}\"\n", crate::helpers::app::ACCESS_SECRET),
    );
    marked("words/verification.txt", "Subject: Marked\n\n{{ link }}\n");
    fs::create_dir(folder.join("data")).expect("a folder");
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/src/catalogue/data");
    for file in fs::read_dir(data).expect("the data").flatten() {
        let text = fs::read_to_string(file.path()).expect("a file");
        marked(&format!("data/{}", file.file_name().display()), &text);
    }
    app.start_again();

    let email = new_email();
    let (success, said) = create(&app, &email, format!("{MARK}{PASSWORD}\r\n").as_bytes());
    assert!(success, "{said}");
    get_in(&app, &email, PASSWORD);
    let user = app.session(&email);
    app.films(&user.access).expect(200);

    let inspected = app.run(&["token", "inspect"], &format!("{MARK}{}\r\n", user.access));
    assert!(inspected.status.success());
    let revoked = app.run(&["token", "revoke"], &format!("{MARK}{}\n", user.access));
    assert!(revoked.status.success());

    let people = format!("{MARK}email,full_name\nwedge@rebels.example,Wedge\n");
    let streams = format!(
        "{MARK}{}\n",
        json!({
            "key": "20260504-x",
            "video_id": "1",
            "datetime": "2026-05-04T20:00:00Z",
            "name": "A",
            "title": "B",
            "url": "https://rebels.example/x",
            "description": "C",
        })
    );
    marked("people.csv", people.strip_prefix(MARK).expect("a mark"));
    for (arguments, input) in [
        (&["subscribers", "import", "-"][..], &*people),
        (&["subscribers", "import", "people.csv"], ""),
        (&["holodules", "import", "-", "--format", "jsonl"], &streams),
    ] {
        let output = app.run(arguments, input);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {said}");
    }

    let email = new_email();
    app.sign_up(&email).expect(202);
    let mail = app.mail_number(1, &email);
    assert!(mail.head.contains("Subject: Marked"), "{}", mail.head);
}

/// The encoding of Windows PowerShell's output by default.
#[test]
fn a_text_in_utf_16_is_told_so_and_not_repeated() {
    let app = TestApp::not_started(|_| {});
    let utf_16 = |text: &str| -> Vec<u8> {
        let units = [0xfeff].into_iter().chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    };
    let (success, said) = create(&app, &new_email(), &utf_16("tiger-7Q-tiger-7Q\r\n"));
    assert!(!success && said.contains("UTF-16"), "{said}");
    for arguments in [
        &["token", "inspect"][..],
        &["subscribers", "import", "-"],
        &["holodules", "import", "-", "--format", "csv"],
    ] {
        let output = app.run(arguments, &utf_16("tiger-7Q\n"));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            !output.status.success() && said.contains("UTF-16"),
            "{said}"
        );
        assert!(!said.contains("7Q"), "{said}");
    }
    fs::create_dir(app.folder().join("config")).expect("a folder");
    let file = app.folder().join("config/local.toml");
    fs::write(file, utf_16("[sessions]\n")).expect("a file");
    let output = app.run(&["config", "check"], "");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("local.toml") && said.contains("UTF-16"),
        "{said}"
    );
}

#[test]
fn a_table_as_a_spreadsheet_saves_it_is_imported() {
    let app = TestApp::start();
    for (number, file) in [
        "\u{feff}full_name;email\r\nBiggs, Darklighter;b0@rebels.example\r\n",
        "full_name\temail\r\nBiggs, Darklighter\tb1@rebels.example\r\n",
        "sep=;\r\nemail;full_name\r\nb2@rebels.example;Biggs, Darklighter\r\n",
        "\u{feff}sep=,\r\nfull_name,email\r\n\"Biggs, Darklighter\",b3@rebels.example\r\n",
    ]
    .into_iter()
    .enumerate()
    {
        let output = app.run(&["subscribers", "import", "-"], file);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{number}: {said}");
        let out = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(out, "1 new, 0 on the list before, 0 refused\n");
    }
    let list = app.run(&["subscribers", "export"], "");
    let list = String::from_utf8(list.stdout).expect("UTF-8");
    let same = list.matches("\"Biggs, Darklighter\",b").count();
    assert_eq!(same, 4, "{list}");

    let output = app.run(
        &["subscribers", "import", "-"],
        "full_name:email\nBiggs:b@x\n",
    );
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("commas, semicolons or tabs"), "{said}");
    // As Excel saves what it calls CSV, without UTF-8.
    let output = app.run(
        &["subscribers", "import", "-"],
        &b"full_name;email\r\nZo\xeb;zoe@rebels.example\r\n"[..],
    );
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("line 2: is not UTF-8; save the file as CSV UTF-8"),
        "{said}"
    );
}
