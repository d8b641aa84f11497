//! Texts as shells and spreadsheets write them.

use std::fs;

use serde_json::json;

use crate::helpers::{
    app::TestApp,
    users::{PASSWORD, new_email},
};

/// U+FEFF, which Windows puts in front of what it calls UTF-8.
const MARK: &str = "\u{feff}";

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

/// What Windows PowerShell writes unless told otherwise.
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
