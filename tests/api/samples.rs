//! The samples of `openapi.yaml`, each run as it is written: by bash and curl, against the service.

use std::{collections::BTreeMap, fs, process::Command};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{
    app::TestApp,
    contract::{CONTRACT, Operation, Sample},
    users::{PASSWORD, User, new_email},
};

/// The address that the samples speak of.
const LUKE: &str = "luke@rebels.example";

/// Of every transfer, after its body: what was asked and the answer's status.
const CURLRC: &str = r#"
silent
show-error
noproxy = "*"
max-time = 20
write-out = "\n%{method} %{url_effective} %{response_code}"
"#;

#[test]
fn every_operation_has_a_sample_and_each_is_answered_as_the_contract_says() {
    let app = TestApp::start();
    let admin = app.admin();
    fs::write(app.folder().join(".curlrc"), CURLRC).expect("a file for curl");
    for operation in CONTRACT.operations() {
        assert!(!operation.samples.is_empty(), "{} has none", operation.id);
        for sample in &operation.samples {
            assert_eq!(sample.lang, "Shell", "{}", operation.id);
            assert!(sample.label.starts_with("curl"), "{}", operation.id);
            run(&app, &admin, operation, sample);
        }
    }
}

/// In a world made for it: a sample may end sessions, change passwords and delete accounts.
fn run(app: &TestApp, admin: &User, operation: &Operation, sample: &Sample) {
    let luke = luke(app, admin);
    stream(app, admin);
    let mut variables = BTreeMap::new();
    for name in variables_of(&sample.source) {
        variables.insert(name, value(app, admin, &luke, operation, name));
    }
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &sample.source])
        .current_dir(app.folder())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("CURL_HOME", app.folder())
        .envs(&variables)
        .output()
        .expect("bash runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let report = format!(
        "{}\n{}\n{text}{}",
        operation.id,
        sample.source,
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "{report}");
    let last: Vec<&str> = text.lines().last().expect(&report).split(' ').collect();
    let [method, url, status] = last[..] else {
        panic!("{report}");
    };
    let target = url.strip_prefix(&app.public_url()).expect(&report);
    let path = target.split('?').next().unwrap_or_default();
    let called = CONTRACT.find(method, path).expect(&report);
    assert_eq!(called.id, operation.id, "{report}");
    assert!(status.starts_with('2'), "{report}");
    assert!(operation.responses.contains_key(status), "{report}");
}

/// Luke as if for the first time, with a session.
fn luke(app: &TestApp, admin: &User) -> User {
    let found = app
        .get("/users/v1/?search=luke@")
        .bearer(&admin.access)
        .send()
        .expect(200)
        .json();
    for account in found["results"].as_array().expect("accounts") {
        let id = account["user_id"].as_str().expect("id");
        app.delete(&format!("/users/v1/{id}"))
            .bearer(&admin.access)
            .send()
            .expect(204);
    }
    account(app, admin, LUKE, true);
    app.session(LUKE)
}

fn account(app: &TestApp, admin: &User, email: &str, email_verified: bool) {
    app.post("/users/v1/")
        .bearer(&admin.access)
        .json(&json!({
            "email": email,
            "password": PASSWORD,
            "access_role": "basic",
            "email_verified": email_verified,
        }))
        .send()
        .expect(201);
}

/// The stream that the samples show and remove.
fn stream(app: &TestApp, admin: &User) {
    let answer = app
        .put("/holodules/v1/items/HL0001")
        .bearer(&admin.access)
        .json(&json!({
            "video_id": "dQw4w9WgXcQ",
            "datetime": "2026-05-04T20:00:00Z",
            "name": "Cantina Band",
            "title": "Live from Mos Eisley",
            "url": "https://video.example/a1",
            "description": "",
        }))
        .send();
    assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
}

/// Names after a dollar sign.
fn variables_of(source: &str) -> impl Iterator<Item = &str> {
    source.split('$').skip(1).map(|rest| {
        let end = rest.find(|letter: char| !letter.is_ascii_uppercase() && letter != '_');
        &rest[..end.unwrap_or(rest.len())]
    })
}

/// Returns the value that the contract gives to a variable.
fn value(
    app: &TestApp,
    admin: &User,
    luke: &User,
    operation: &Operation,
    variable: &str,
) -> String {
    let made = |target: &str, member: &str, body: Value| {
        let answer = app.post(target).bearer(&luke.access).json(&body).send();
        let id = answer.expect(201).json()[member].clone();
        id.as_str().expect(member).to_owned()
    };
    let api_token = |member| {
        made(
            "/auth/v1/api_tokens",
            member,
            json!({ "name": "astromech" }),
        )
    };
    match variable {
        "B" => app.public_url(),
        "TOKEN" if operation.role.as_deref() == Some("admin") => admin.access.clone(),
        "TOKEN" => luke.access.clone(),
        "REFRESH" => luke.refresh.clone(),
        "PASSWORD_TOKEN" => app.password_token(LUKE),
        "EMAIL_TOKEN" => {
            let email = new_email();
            account(app, admin, &email, false);
            app.mail_number(1, &email).token().expect("a link")
        }
        "API_TOKEN" => api_token("value"),
        "API_TOKEN_ID" => api_token("api_token_id"),
        "KEY" => Uuid::new_v4().to_string(),
        "USER_ID" => luke.id.clone(),
        "SESSION_ID" => luke.session_id(),
        "ETAG" => {
            let account = app.get(&format!("/users/v1/{}", luke.id));
            let account = account.bearer(&luke.access).send().expect(200);
            account.header("etag").expect("ETag").to_owned()
        }
        "SUBSCRIBER_ID" => made(
            "/subscribers/v1/",
            "id",
            json!({ "full_name": "Porkins", "email": new_email() }),
        ),
        other => panic!(
            "no value for ${other} in the sample of {}: add it to `value` in tests/api/samples.rs",
            operation.id
        ),
    }
}
