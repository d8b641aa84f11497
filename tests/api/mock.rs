//! `mock`: the contract's examples behind the real gatekeeper.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::helpers::{
    app::TestApp,
    contract::{CONTRACT, Operation},
    http::{FORM, Request},
    users::PASSWORD,
};

/// Answered as the service does, not with examples.
const REAL: [&str; 7] = [
    "get_error",
    "get_errors",
    "get_metrics",
    "get_openapi_json",
    "get_openapi_yaml",
    "get_ui",
    "get_ui_asset",
];

/// The output at start: by role, the credential for each scheme.
type Printed = HashMap<String, HashMap<String, String>>;

fn start() -> (TestApp, Printed) {
    let app = TestApp::of_command(&["mock"]);
    let mut printed = Printed::new();
    let mut role = String::new();
    for line in app.log().lines() {
        if let Some(name) = line.strip_prefix("role ") {
            role = name.trim_end_matches(':').to_owned();
        } else if let Some((scheme, value)) =
            line.strip_prefix("  ").and_then(|l| l.split_once(' '))
        {
            let of_role = printed.entry(role.clone()).or_default();
            of_role.insert(scheme.to_owned(), value.trim().to_owned());
        }
    }
    let schemes = CONTRACT.components("securitySchemes").len();
    for role in ["basic", "admin"] {
        assert_eq!(
            printed[role].len(),
            schemes,
            "a scheme without a line in `MockUser::credentials` of src/mock/users.rs"
        );
    }
    (app, printed)
}

fn example(app: &TestApp, operation: &Operation) -> Request {
    let request = app.request(&operation.method, &operation.example_target());
    match operation.example_body() {
        Some(body) if operation.media_type() == Some(FORM) => {
            let members: Vec<(String, String)> = body
                .as_object()
                .expect("members")
                .iter()
                .map(|(name, value)| (name.clone(), value.as_str().expect("text").to_owned()))
                .collect();
            let members: Vec<_> = members
                .iter()
                .map(|(n, v)| (n.as_str(), v.as_str()))
                .collect();
            request.form(&members)
        }
        Some(body) => request.json(&body),
        None => request,
    }
}

/// The example of the first success, read without the service's code; none when it is not JSON.
fn documented(operation: &Operation) -> (u16, Option<Value>) {
    let (status, response) = operation
        .responses
        .iter()
        .min_by_key(|(status, _)| status.parse::<u16>().expect("a status"))
        .expect("a response");
    let json = &response["content"]["application/json"];
    let example = match json.get("example") {
        Some(example) => Some(example.clone()),
        None => CONTRACT.resolve(&json["schema"]).get("example").cloned(),
    };
    (status.parse().expect("a status"), example)
}

/// Tokens and the host differ from start to start.
fn alike(mut value: Value, host: &str) -> Value {
    match &mut value {
        Value::String(text) if text.starts_with("eyJ") => "a token".into(),
        Value::String(text) if text.starts_with("starwars_") => "an API token".into(),
        Value::String(text) => text.replace(host, "http://127.0.0.1:5003").into(),
        Value::Array(values) => values.drain(..).map(|value| alike(value, host)).collect(),
        Value::Object(members) => std::mem::take(members)
            .into_iter()
            .map(|(name, value)| (name, alike(value, host)))
            .collect(),
        _ => value,
    }
}

#[test]
fn every_operation_answers_its_example_to_every_scheme_that_opens_it() {
    let (app, printed) = start();
    let host = app.public_url();
    for operation in CONTRACT.operations() {
        if REAL.contains(&&*operation.id) {
            continue;
        }
        let (status, documented) = documented(operation);
        let mut requests: Vec<Request> = operation
            .schemes()
            .into_iter()
            .map(|scheme| example(&app, operation).credential(scheme, &printed["admin"][scheme]))
            .collect();
        if !operation.is_secured() {
            requests.push(example(&app, operation));
        }
        for request in requests {
            let answer = request.send().expect(status);
            match &documented {
                Some(documented) => {
                    let documented = alike(documented.clone(), &host);
                    assert_eq!(alike(answer.json(), &host), documented, "{}", operation.id);
                }
                None => assert_eq!(answer.body.is_empty(), status == 204, "{}", operation.id),
            }
        }
    }
}

/// The contract and its viewer are what a client is built with.
#[test]
fn what_needs_no_store_is_real_in_the_mock() {
    let (mock, _) = start();
    let app = TestApp::start();
    let targets = [
        "/openapi.json",
        "/openapi.yaml",
        "/ui/",
        "/ui/initializer.js",
        "/ui/code-samples.js",
        "/ui/login.js",
        "/ui/viewer.css",
        "/ui/swagger-ui.css",
        "/ui/swagger-ui-bundle.js",
        "/ui/favicon.png",
        "/ui/nothing.js",
        "/errors/v1/",
        "/errors/v1/not-found",
        "/errors/v1/token-missing",
    ];
    for (target, accept) in targets
        .iter()
        .flat_map(|target| [(target, "*/*"), (target, "text/html")])
    {
        let answer = |app: &TestApp| {
            let answer = app.get(target).header("Accept", accept).send_unchecked();
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            let heads = ["content-type", "content-security-policy", "cache-control"]
                .map(|name| answer.header(name).map(str::to_owned));
            // Pages have the slashes of a URL escaped.
            let text = text.replace(&app.address().to_string(), "here");
            (answer.status, heads, without_instance(&text))
        };
        let (mocked, real) = (answer(&mock), answer(&app));
        assert_eq!(mocked.0, real.0, "{target}");
        assert_eq!(mocked.1, real.1, "{target}");
        assert!(mocked.2 == real.2, "{target} is another");
    }
    mock.get("/errors/v1/nonsense")
        .send_unchecked()
        .expect_problem(400, "validation-failed");
    let metrics = mock.get("/metrics").send().expect(200);
    assert!(metrics.text().contains("http_route=\"/openapi.json\""));
}

/// A problem names the request that it is about.
fn without_instance(text: &str) -> String {
    match text.split_once("\"instance\"") {
        Some((before, _)) => before.to_owned(),
        None => text.to_owned(),
    }
}

#[test]
fn a_location_leads_to_what_the_body_shows() {
    let (app, printed) = start();
    for (operation, path, id) in [
        ("create_user", "/users/v1/", "user_id"),
        ("create_subscriber", "/subscribers/v1/", "id"),
    ] {
        let operation = CONTRACT
            .operations()
            .iter()
            .find(|known| known.id == operation)
            .expect("an operation");
        let request = example(&app, operation);
        let answer = request.credential("jwt", &printed["admin"]["jwt"]).send();
        let answer = answer.expect(201);
        let made = answer.json()[id].as_str().expect("an id").to_owned();
        let location = format!("{}{path}{made}", app.public_url());
        assert_eq!(answer.header("location"), Some(&*location));
    }
}

#[test]
fn the_gate_is_the_real_one() {
    let (app, printed) = start();
    for operation in CONTRACT.operations() {
        let target = operation.example_target();
        let mark = if target.contains('?') { '&' } else { '?' };
        let bad = || app.request(&operation.method, &format!("{target}{mark}nonsense=1"));
        let Some(scheme) = operation.schemes().first().copied() else {
            let answer = bad().send();
            if !operation.ignores_unknown_query {
                answer.expect_problem(400, "validation-failed");
            }
            continue;
        };
        bad().send().expect_problem(401, "token-missing");
        let garbage = if scheme == "basic" {
            "nobody:nothing"
        } else {
            "a.b.c"
        };
        let code = if scheme == "basic" {
            "credentials-invalid"
        } else {
            "token-invalid"
        };
        bad()
            .credential(scheme, garbage)
            .send()
            .expect_problem(401, code);
        let basic = bad().credential(scheme, &printed["basic"][scheme]).send();
        if operation.role.as_deref() == Some("admin") {
            basic.expect_problem(401, "authorisation-required");
        } else {
            basic.expect_problem(400, "validation-failed");
        }
        let admin = |request: Request| request.credential(scheme, &printed["admin"][scheme]);
        admin(bad()).send().expect_problem(400, "validation-failed");
        if operation.body.is_some() {
            let request = || admin(app.request(&operation.method, &target));
            let media_type = operation.media_type().expect("a media type");
            let broken = request().body(media_type, "{\"nonsense\"=1");
            broken.send().expect_problem(400, "validation-failed");
            let other = request().body("text/plain", "x").send();
            other.expect_problem(415, "unsupported-media-type");
        }
    }
    app.get("/nowhere")
        .send_unchecked()
        .expect_problem(404, "not-found");
    let login = app.get("/users/v1/login").send();
    login.expect_problem(405, "method-not-allowed");
}

/// A client that signs up, logs in, reads, renews and logs out, in any order.
#[test]
fn credentials_of_an_answer_are_accepted_by_the_next_operation() {
    let (app, _) = start();
    let pair = json!({ "email": "luke@rebels.example", "password": PASSWORD });
    let session = app
        .post("/users/v1/login")
        .json(&pair)
        .send()
        .expect(200)
        .json();
    let token = |session: &Value, name: &str| session[name].as_str().expect("a token").to_owned();
    app.films(&token(&session, "token")).expect(200);
    let renewed = app
        .post("/users/v1/generate_tokens")
        .bearer(&token(&session, "refresh_token"))
        .send()
        .expect(200)
        .json();
    let access = token(&renewed, "token");
    app.log_out(&access).expect(200);
    // Nothing is kept.
    app.films(&access).expect(200);
    let made = app
        .post("/auth/v1/api_tokens")
        .bearer(&access)
        .json(&json!({ "name": "nightly import" }))
        .send()
        .expect(201);
    let me = app
        .get("/users/v1/me")
        .api_token(&token(&made.json(), "value"));
    me.send().expect(200);
    let flask = json!({ "username": "luke@rebels.example", "password": PASSWORD });
    let flask = app
        .post("/auth/v1/token")
        .json(&flask)
        .send()
        .expect(200)
        .json();
    app.films(&token(&flask, "access_token")).expect(200);
    let film = app
        .get("/films/v1/")
        .bearer(&access)
        .send()
        .expect(200)
        .json();
    let url = film["results"][0]["url"]
        .as_str()
        .expect("a URL")
        .to_owned();
    let target = url
        .strip_prefix(&app.public_url())
        .expect("a URL of the mock");
    app.get(target).bearer(&access).send().expect(200);
}

#[test]
fn a_login_answers_with_the_tokens_of_the_role_that_was_asked_for() {
    let app = TestApp::of_command(&["mock", "--login-as", "admin"]);
    let pair = json!({ "email": "leia@rebels.example", "password": PASSWORD });
    let session = app
        .post("/users/v1/login")
        .json(&pair)
        .send()
        .expect(200)
        .json();
    let token = session["token"].as_str().expect("a token");
    app.get("/users/v1/").bearer(token).send().expect(200);
}

#[test]
fn prefer_picks_the_status() {
    let (app, printed) = start();
    let film = || app.get("/films/v1/1").bearer(&printed["basic"]["jwt"]);
    for (status, code) in [
        (404, "not-found"),
        (500, "internal-error"),
        (503, "service-unavailable"),
    ] {
        let wish = format!("code={status}");
        let answer = film().header("Prefer", &wish).send();
        let answer = answer.expect_problem(status, code);
        assert_eq!(
            answer.json()["type"],
            format!("{}/errors/v1/{code}", app.public_url())
        );
    }
    film().header("Prefer", "code=304").send().expect(304);
    let answer = film().header("Prefer", "code=418").send();
    let answer = answer.expect_problem(400, "validation-failed");
    assert_eq!(answer.json()["errors"][0]["pointer"], "/Prefer");
}

/// So that nobody takes one for the other: neither takes the other's tokens, a mock leaves no file, and production
/// has none.
#[test]
fn a_mock_shares_nothing_with_a_service() {
    let (mock, printed) = start();
    let app = TestApp::start();
    let user = app.user();
    mock.films(&user.access)
        .expect_problem(401, "token-invalid");
    for (scheme, value) in &printed["admin"] {
        if scheme == "jwt" {
            app.films(value).expect_problem(401, "token-invalid");
        }
    }
    let files: Vec<_> = std::fs::read_dir(mock.folder())
        .expect("its folder")
        .map(|file| file.expect("a file").file_name())
        .collect();
    assert_eq!(files, ["service.log"]);

    let production = TestApp::not_started(|settings| {
        settings.variable("STARWARS_PROFILE", "production");
    });
    for arguments in [&["mock"][..], &["mock", "--unimplemented"]] {
        let refused = production.run(arguments, "");
        assert!(!refused.status.success());
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(
            said.contains("the profile `production` refuses it"),
            "{said}"
        );
    }
}

/// The test that adds an operation to the contract shows what an unwritten one answers.
#[test]
fn only_what_is_unimplemented_is_mocked_when_asked() {
    let app = TestApp::of_command(&["mock", "--unimplemented"]);
    let user = app.user();
    let films = app
        .get("/films/v1/")
        .bearer(&user.access)
        .header("Prefer", "code=404")
        .send()
        .expect(200)
        .json();
    assert_eq!(films["count"], 7);
    app.log_out(&user.access).expect(200);
    app.films(&user.access).expect_problem(401, "token-invalid");
}
