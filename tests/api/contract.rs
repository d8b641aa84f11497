//! A walk over `openapi.yaml`: what holds for every operation is asked of every operation, so a
//! new one is covered before anyone writes a test for it.

use serde_json::Value;

use crate::helpers::{
    app::{ACCESS_SECRET, EMAIL_SECRET, PASSWORD_SECRET, REFRESH_SECRET, TestApp},
    contract::{CONTRACT, Operation},
    http::{Request, Response},
    tokens::{GARBAGE, Parts},
    users::User,
};

/// The request that the contract's examples make of an operation.
fn example(app: &TestApp, operation: &Operation) -> Request {
    let request = app.request(&operation.method, &operation.example_target());
    match operation.example_body() {
        Some(body) => request.json(&body),
        None => request,
    }
}

fn secured() -> impl Iterator<Item = &'static Operation> {
    CONTRACT
        .operations()
        .iter()
        .filter(|operation| operation.is_secured())
}

/// The kinds of token with the claims and the secret of each; those a session has come from a login.
fn token_of_kind(user: &User, scheme: &str) -> String {
    match scheme {
        "jwt" => user.access.clone(),
        "jwt_refresh" => user.refresh.clone(),
        "jwt_password" => Parts::of(&user.access)
            .without_claim("standard_claim")
            .without_claim("sid")
            .claim("password_claim", true)
            .sign(PASSWORD_SECRET),
        other => panic!("no token for scheme {other}: teach this test"),
    }
}

fn assert_challenge(answer: &Response, operation: &Operation, error: Option<&str>) {
    let challenges = answer.headers("www-authenticate");
    let bearer = challenges
        .iter()
        .find(|challenge| challenge.starts_with("Bearer realm=\"starwars-api\""))
        .unwrap_or_else(|| panic!("{}: {challenges:?}", operation.id));
    match error {
        Some(error) => assert!(
            bearer.contains(&format!("error=\"{error}\"")),
            "{}: {bearer}",
            operation.id
        ),
        None => assert!(!bearer.contains("error"), "{}: {bearer}", operation.id),
    }
}

#[test]
fn the_contract_has_operations_and_each_has_a_name_of_its_own() {
    let mut ids: Vec<_> = CONTRACT.operations().iter().map(|op| &op.id).collect();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
    assert!(count >= 16, "{count} operations");
    assert!(secured().count() >= 5);
}

/// RFC 6750, section 3: a request without credentials is told no error code.
#[test]
fn without_credentials_every_secured_operation_is_401() {
    let app = TestApp::start();
    for operation in secured() {
        let answer = example(&app, operation)
            .send()
            .expect_problem(401, "token-missing");
        assert_eq!(answer.json()["detail"], "No authorization token provided");
        assert_challenge(&answer, operation, None);
    }
}

#[test]
fn security_comes_before_path_query_and_body() {
    let app = TestApp::start();
    for operation in secured() {
        let target = format!("{}?nonsense=1", operation.path.replace(['{', '}'], "!"));
        let request = app.request(&operation.method, &target);
        request
            .clone()
            .send_unchecked()
            .expect_problem(401, "token-missing");
        request
            .body("text/nonsense", "{")
            .send_unchecked()
            .expect_problem(401, "token-missing");
    }
}

#[test]
fn garbage_for_a_token_is_invalid_everywhere() {
    let app = TestApp::start();
    for operation in secured() {
        for garbage in GARBAGE {
            let answer = example(&app, operation)
                .bearer(garbage)
                .send()
                .expect_problem(401, "token-invalid");
            assert_challenge(&answer, operation, Some("invalid_token"));
        }
    }
}

#[test]
fn an_expired_token_is_told_so_everywhere() {
    let app = TestApp::start();
    let user = app.user();
    for operation in secured() {
        for (scheme, token, secret) in [
            ("jwt", &user.access, ACCESS_SECRET),
            ("jwt_refresh", &user.refresh, REFRESH_SECRET),
        ] {
            if operation.takes(scheme) {
                let answer = example(&app, operation)
                    .bearer(&Parts::of(token).expired().sign(secret))
                    .send()
                    .expect_problem(401, "token-expired");
                assert_challenge(&answer, operation, Some("invalid_token"));
            }
        }
    }
}

#[test]
fn a_token_of_the_wrong_kind_is_invalid_everywhere() {
    let app = TestApp::start();
    let user = app.user();
    let email = Parts::of(&user.access)
        .without_claim("standard_claim")
        .without_claim("sid")
        .claim("email_claim", user.email.clone())
        .sign(EMAIL_SECRET);
    for operation in secured() {
        example(&app, operation)
            .bearer(&email)
            .send()
            .expect_problem(401, "token-invalid");
        for scheme in CONTRACT.components("securitySchemes").keys() {
            if !operation.takes(scheme) {
                example(&app, operation)
                    .bearer(&token_of_kind(&user, scheme))
                    .send()
                    .expect_problem(401, "token-invalid");
            }
        }
    }
}

#[test]
fn a_token_of_an_ended_session_is_invalid_everywhere() {
    let app = TestApp::start();
    let user = app.user();
    app.log_out(&user.access).expect(200);
    for operation in secured() {
        for token in [&user.access, &user.refresh] {
            example(&app, operation)
                .bearer(token)
                .send()
                .expect_problem(401, "token-invalid");
        }
    }
}

#[test]
fn a_role_below_the_operations_is_refused_everywhere() {
    let app = TestApp::start();
    let user = app.user();
    for operation in secured() {
        let role = operation
            .role
            .as_deref()
            .unwrap_or_else(|| panic!("{} names no role", operation.id));
        // Nobody has a role below `basic`, so the token is made by hand.
        for (scheme, token, secret) in [
            ("jwt", &user.access, ACCESS_SECRET),
            ("jwt_refresh", &user.refresh, REFRESH_SECRET),
        ] {
            if operation.takes(scheme) {
                let low = Parts::of(token).claim("access_role", 0).sign(secret);
                let answer = example(&app, operation)
                    .bearer(&low)
                    .send()
                    .expect_problem(401, "authorisation-required");
                assert_eq!(answer.json()["required_role"], role);
                assert_challenge(&answer, operation, Some("insufficient_scope"));
            }
        }
    }
}

/// RFC 9110, section 15.5.6.
#[test]
fn an_undeclared_method_is_405_and_allow_lists_the_others() {
    let app = TestApp::start();
    for (path, methods) in CONTRACT.paths() {
        let target = CONTRACT
            .operations()
            .iter()
            .find(|operation| operation.path == path)
            .map(Operation::example_target)
            .expect("an operation of this path");
        let target = target.split('?').next().expect("path");
        let mut expected: Vec<&str> = methods.clone();
        if methods.contains(&"GET") {
            expected.push("HEAD");
        }
        expected.push("OPTIONS");
        expected.sort_unstable();
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"] {
            if methods.contains(&method) {
                continue;
            }
            let answer = app
                .request(method, target)
                .send()
                .expect_problem(405, "method-not-allowed");
            let mut allowed: Vec<&str> = answer
                .header("allow")
                .expect("Allow")
                .split(',')
                .map(str::trim)
                .collect();
            allowed.sort_unstable();
            assert_eq!(allowed, expected, "{method} {target}");
        }
    }
}

#[test]
fn an_unknown_query_name_is_refused_everywhere() {
    let app = TestApp::start();
    let email = app.verified_user();
    for operation in CONTRACT.operations() {
        let user = app.session(&email);
        let target = operation.example_target();
        let mark = if target.contains('?') { '&' } else { '?' };
        let request = app.request(&operation.method, &format!("{target}{mark}nonsense=1"));
        let request = match operation.example_body() {
            Some(body) => request.json(&body),
            None => request,
        };
        let request = match operation.security.first().and_then(|all| all.first()) {
            Some(scheme) => request.bearer(&token_of_kind(&user, scheme)),
            None => request,
        };
        let answer = request.send().expect_problem(400, "validation-failed");
        let problem = answer.json();
        let errors = problem["errors"].as_array().expect("errors");
        assert!(
            errors
                .iter()
                .any(|error| error["in"] == "query" && error["pointer"] == "/nonsense"),
            "{}: {errors:?}",
            operation.id
        );
    }
}

#[test]
fn the_nearest_known_query_name_is_named() {
    let app = TestApp::start();
    let answer = app
        .get("/users/v1/email_verification?tokem=x")
        .send()
        .expect_problem(400, "validation-failed");
    assert!(answer.json()["errors"].to_string().contains("token"));
}

#[test]
fn every_body_is_held_to_its_media_type_and_size() {
    let app = TestApp::start();
    let user = app.user();
    for operation in CONTRACT.operations() {
        let Some(body) = &operation.body else {
            continue;
        };
        let request = app.request(&operation.method, &operation.example_target());
        let request = match operation.security.first().and_then(|all| all.first()) {
            Some(scheme) => request.bearer(&token_of_kind(&user, scheme)),
            None => request,
        };
        request
            .clone()
            .body("text/plain", "{}")
            .send()
            .expect_problem(415, "unsupported-media-type");
        request
            .clone()
            .body("application/json", format!("\"{}\"", "x".repeat(65_536)))
            .send()
            .expect_problem(413, "payload-too-large");
        for broken in ["{", "[]", "null", "{\"nonsense\": 1}", "\u{feff}{}"] {
            request
                .clone()
                .body("application/json", broken)
                .send()
                .expect_problem(400, "validation-failed");
        }
        request
            .clone()
            .body("application/json", b"{\"\xff\": 1}".to_vec())
            .send()
            .expect_problem(400, "validation-failed");
        if body["required"] == true {
            assert!(
                matches!(request.send().status, 400 | 415),
                "{} without its body",
                operation.id
            );
        }
    }
}

#[test]
fn an_unknown_path_is_404_and_asks_for_nothing() {
    let app = TestApp::start();
    for target in [
        "/",
        "/films",
        "/films/v1/1/2",
        "/films/v2/",
        "/users/v1/",
        "//films/v1/",
        "/FILMS/v1/",
        "/films/v1/../../healthz",
    ] {
        for method in ["GET", "POST"] {
            app.request(method, target)
                .send_unchecked()
                .expect_problem(404, "not-found");
        }
    }
}

#[test]
fn a_path_that_ends_in_a_slash_is_served_without_it() {
    let app = TestApp::start();
    let user = app.user();
    let with = app.films(&user.access).expect(200);
    let without = app.get("/films/v1").bearer(&user.access).send().expect(200);
    assert_eq!(with.body, without.body);
    app.get("/ui").send().expect(200);
    app.get("/films/v1/1/")
        .bearer(&user.access)
        .send()
        .expect_problem(404, "not-found");
}

/// Holds each example to the schema beside it, wherever the two stand.
fn check_examples(value: &Value, place: &str, count: &mut usize) {
    match value {
        Value::Object(members) => {
            if let Some(example) = members.get("example") {
                let schema = members.get("schema").unwrap_or(value);
                if schema.is_object() && !place.ends_with("/properties") {
                    *count += 1;
                    let faults: Vec<_> = CONTRACT
                        .validator(schema)
                        .iter_errors(example)
                        .map(|fault| fault.to_string())
                        .collect();
                    assert!(faults.is_empty(), "example at {place}: {faults:?}");
                }
            }
            for (name, member) in members {
                if name != "example" {
                    check_examples(member, &format!("{place}/{name}"), count);
                }
            }
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                check_examples(value, &format!("{place}/{index}"), count);
            }
        }
        _ => {}
    }
}

#[test]
fn every_documented_example_fits_its_schema() {
    let mut count = 0;
    check_examples(CONTRACT.document(), "", &mut count);
    assert!(count > 20, "{count} examples");
}

#[test]
fn every_operation_and_schema_is_described_and_every_schema_has_an_example() {
    for operation in CONTRACT.operations() {
        assert!(
            operation
                .description
                .as_deref()
                .is_some_and(|text| !text.is_empty()),
            "{}",
            operation.id
        );
        if operation.is_secured() {
            assert!(operation.responses.contains_key("401"), "{}", operation.id);
        }
    }
    for (name, schema) in CONTRACT.components("schemas") {
        assert!(
            schema["description"].is_string(),
            "{name} has no description"
        );
        assert!(schema.get("example").is_some(), "{name} has no example");
    }
}

#[test]
fn every_example_request_succeeds() {
    let app = TestApp::start();
    let email = app.verified_user();
    for operation in CONTRACT.operations() {
        if operation.id == "email_verification" || operation.id == "login" {
            continue;
        }
        let user = app.session(&email);
        let request = example(&app, operation);
        let request = match operation.security.first().and_then(|all| all.first()) {
            Some(scheme) => request.bearer(&token_of_kind(&user, scheme)),
            None => request,
        };
        let answer = request.send();
        assert!(
            (200..300).contains(&answer.status),
            "{}: {} {}",
            operation.id,
            answer.status,
            answer.text()
        );
    }
}

#[test]
fn the_contract_is_served_as_written() {
    let app = TestApp::start();
    let yaml = app.get("/openapi.yaml").send().expect(200);
    assert_eq!(yaml.text(), include_str!("../../openapi.yaml"));
    let json = app.get("/openapi.json").send().expect(200);
    assert_eq!(json.json()["paths"], CONTRACT.document()["paths"]);
}
