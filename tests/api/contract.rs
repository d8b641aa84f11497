//! A walk over `openapi.yaml`: what holds for every operation is asked of every operation, so a
//! new one is covered before anyone writes a test for it.

use serde_json::{Value, json};

use crate::helpers::{
    app::{ACCESS_SECRET, EMAIL_SECRET, PASSWORD_SECRET, REFRESH_SECRET, TestApp},
    contract::{CONTRACT, Operation},
    http::{FORM, Request, Response},
    tokens::{GARBAGE, Parts},
    users::{Holder, PASSWORD, User, new_email},
};

/// The request that the contract's examples make of an operation.
fn example(app: &TestApp, operation: &Operation) -> Request {
    let request = app.request(&operation.method, &operation.example_target());
    with_example_body(request, operation)
}

fn with_example_body(request: Request, operation: &Operation) -> Request {
    match operation.example_body() {
        Some(body) if operation.media_type() == Some(FORM) => {
            let members = body.as_object().expect("members");
            let members: Vec<_> = members
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str().expect("text")))
                .collect();
            request.form(&members)
        }
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

/// Each secured operation with each scheme that opens it.
fn secured_operations() -> impl Iterator<Item = (&'static Operation, &'static str)> {
    secured().flat_map(|operation| {
        let schemes = operation.schemes().into_iter();
        schemes.map(move |scheme| (operation, scheme))
    })
}

/// An admin with a good credential of every scheme: nothing is refused for want of rights.
fn admin_holder(app: &TestApp) -> Holder {
    app.holder(app.admin())
}

/// With the first credential that the operation takes, if it takes any.
fn admitted(holder: &Holder, request: Request, operation: &Operation) -> Request {
    match operation.schemes().first() {
        Some(scheme) => holder.show(request, scheme),
        None => request,
    }
}

/// The tokens of a user as text, with the secret of their kind, for changing them.
fn bearers(holder: &Holder) -> [(&'static str, &str, &'static str); 3] {
    [
        ("jwt", &holder.user.access, ACCESS_SECRET),
        ("jwt_refresh", &holder.user.refresh, REFRESH_SECRET),
        ("jwt_password", &holder.password_token, PASSWORD_SECRET),
    ]
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
    // RFC 7617, section 2.1.
    let basic = challenges.contains(&"Basic realm=\"starwars-api\", charset=\"UTF-8\"");
    assert_eq!(
        basic,
        operation.takes("basic"),
        "{}: {challenges:?}",
        operation.id
    );
}

/// A problem without what differs from request to request.
fn without_instance(answer: &Response) -> (u16, Value) {
    let mut problem = answer.json();
    problem.as_object_mut().expect("object").remove("instance");
    (answer.status, problem)
}

#[test]
fn the_contract_has_operations_and_each_has_a_name_of_its_own() {
    let mut ids: Vec<_> = CONTRACT.operations().iter().map(|op| &op.id).collect();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
    assert!(count >= 35, "{count} operations");
    assert!(secured().count() >= 22);
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

/// RFC 6750 and RFC 7617 say how a credential is sent; one sent for another scheme is no credential.
#[test]
fn a_wrong_pair_or_api_token_is_refused_everywhere() {
    let app = TestApp::start();
    let user = app.user();
    for operation in secured() {
        let code = if operation.takes("basic") {
            "credentials-invalid"
        } else {
            "token-invalid"
        };
        for (email, password) in [
            (user.email.as_str(), "not-the-password"),
            ("nobody@rebels.example", PASSWORD),
            ("", ""),
        ] {
            example(&app, operation)
                .basic(email, password)
                .send()
                .expect_problem(401, code);
        }
        for malformed in ["Basic", "Basic !", "Basic bm8gY29sb24=", "Basic /////w=="] {
            example(&app, operation)
                .header("Authorization", malformed)
                .send()
                .expect_problem(401, code);
        }
        let code = if operation.takes("api_token") {
            "token-invalid"
        } else {
            "token-missing"
        };
        for garbage in ["x", "starwars_x", &user.access] {
            example(&app, operation)
                .api_token(garbage)
                .send()
                .expect_problem(401, code);
        }
    }
}

/// Flask-JWT's word for `Bearer`; those words have no case.
#[test]
fn the_word_jwt_is_as_good_as_bearer_everywhere() {
    let app = TestApp::start();
    let user = app.user();
    for word in ["JWT", "jwt", "bearer", "BEARER"] {
        for operation in secured() {
            example(&app, operation)
                .header("Authorization", &format!("{word} a.b.c"))
                .send()
                .expect_problem(401, "token-invalid");
        }
        app.get("/films/v1/")
            .header("Authorization", &format!("{word} {}", user.access))
            .send()
            .expect(200);
    }
}

/// RFC 9110, section 5.3: `Authorization` is no list, so two lines are two opinions.
#[test]
fn two_authorizations_are_refused_everywhere() {
    let app = TestApp::start();
    let holder = admin_holder(&app);
    for (operation, scheme) in secured_operations() {
        if CONTRACT.is_api_key(scheme) {
            continue;
        }
        let once = holder.show(example(&app, operation), scheme);
        holder
            .show(once, scheme)
            .send()
            .expect_problem(401, "token-invalid");
    }
}

#[test]
fn an_expired_token_is_told_so_everywhere() {
    let app = TestApp::start();
    let holder = app.holder(app.user());
    for operation in secured() {
        for (scheme, token, secret) in bearers(&holder) {
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
    let holder = app.holder(app.user());
    let email = Parts::of(&holder.user.access)
        .without_claim("standard_claim")
        .without_claim("sid")
        .claim("email_claim", holder.user.email.clone())
        .sign(EMAIL_SECRET);
    for operation in secured() {
        example(&app, operation)
            .bearer(&email)
            .send()
            .expect_problem(401, "token-invalid");
        for scheme in CONTRACT.components("securitySchemes").keys() {
            if !operation.takes(scheme) {
                // A header that the operation does not know says nothing.
                let code = if CONTRACT.is_api_key(scheme) {
                    "token-missing"
                } else {
                    "token-invalid"
                };
                holder
                    .show(example(&app, operation), scheme)
                    .send()
                    .expect_problem(401, code);
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

/// The credentials of an account that is suspended, deleted, given another role or another password end there and
/// then, for every operation.
#[test]
fn what_an_ended_account_holds_opens_nothing() {
    let app = TestApp::start();
    let admin = app.admin();
    let as_admin = |method: &str, target: &str| app.request(method, target).bearer(&admin.access);
    type End<'a> = &'a dyn Fn(&Holder);
    let ends: [(End<'_>, Option<(u16, &str)>); 4] = [
        (
            &|holder| {
                let target = format!("/users/v1/{}/suspension", holder.user.id);
                as_admin("PUT", &target).send().expect(200);
            },
            Some((403, "account-disabled")),
        ),
        (
            &|holder| {
                let target = format!("/users/v1/{}", holder.user.id);
                as_admin("DELETE", &target).send().expect(204);
            },
            Some((401, "credentials-invalid")),
        ),
        (
            &|holder| {
                let target = format!("/users/v1/{}", holder.user.id);
                as_admin("PATCH", &target)
                    .json(&json!({ "access_role": "basic" }))
                    .send()
                    .expect(200);
            },
            // The password is as right as before.
            None,
        ),
        (
            &|holder| {
                app.change_password(&holder.password_token, "two-suns-over-Tatooine")
                    .expect(200);
            },
            Some((401, "credentials-invalid")),
        ),
    ];
    for (end, basic) in ends {
        let holder = app.holder(app.made(&admin, "admin"));
        end(&holder);
        for (operation, scheme) in secured_operations() {
            let (status, code) = match scheme {
                "basic" => match basic {
                    Some(refusal) => refusal,
                    None => continue,
                },
                _ => (401, "token-invalid"),
            };
            holder
                .show(example(&app, operation), scheme)
                .send()
                .expect_problem(status, code);
        }
    }
}

/// Of a role below the operation's, `every_scheme_opens_its_operations_to_every_role_that_may` tells.
#[test]
fn a_token_with_a_role_that_is_none_is_refused_everywhere() {
    let app = TestApp::start();
    let holder = app.holder(app.user());
    let unknown = [json!("jedi"), json!(0), json!(2)];
    for operation in secured() {
        for (scheme, token, secret) in bearers(&holder) {
            for role in unknown.iter().filter(|_| operation.takes(scheme)) {
                let token = Parts::of(token).claim("access_role", role.clone());
                let answer = example(&app, operation)
                    .bearer(&token.sign(secret))
                    .send()
                    .expect_problem(401, "token-invalid");
                assert_challenge(&answer, operation, Some("invalid_token"));
            }
        }
    }
}

/// The request of the contract's examples, about things that are there: the caller's own, or for operations of
/// admins somebody else's.
fn example_that_fits(
    app: &TestApp,
    admin: &User,
    operation: &Operation,
    holder: &Holder,
) -> Request {
    let mut target = operation.example_target();
    let mut fill = |name: &str, value: &str| {
        let parameter = operation
            .parameters
            .iter()
            .find(|parameter| parameter["name"] == name)
            .expect(name);
        let example = parameter["example"].as_str().expect("an example");
        target = target.replace(example, value);
    };
    if operation.has_path_parameter("user_id") {
        if operation.role.as_deref() == Some("admin") {
            fill("user_id", &app.made(admin, "basic").id);
        } else {
            fill("user_id", &holder.user.id);
        }
    }
    if operation.has_path_parameter("session_id") {
        fill("session_id", &holder.user.session_id());
    }
    if operation.has_path_parameter("api_token_id") {
        fill("api_token_id", &holder.api_token_id);
    }
    if operation.path.starts_with("/subscribers/") {
        let id = example_subscriber(app, admin);
        if operation.has_path_parameter("subscriber_id") {
            fill("subscriber_id", &id);
        } else {
            let subscriber = app.delete(&format!("/subscribers/v1/{id}"));
            subscriber.bearer(&admin.access).send().expect(204);
        }
    }
    if operation.path.starts_with("/holodules/") {
        example_of(app, admin, "put_holodule");
    }
    with_example_body(app.request(&operation.method, &target), operation)
}

/// The answer to what the contract's examples make of an operation, by an admin.
fn example_of(app: &TestApp, admin: &User, id: &str) -> Response {
    let mut operations = CONTRACT.operations().iter();
    let operation = operations.find(|operation| operation.id == id).expect(id);
    example(app, operation).bearer(&admin.access).send()
}

/// The id of the one subscriber that the walk has, who has the address of the contract's example.
fn example_subscriber(app: &TestApp, admin: &User) -> String {
    example_of(app, admin, "create_subscriber");
    let list = example_of(app, admin, "list_subscribers")
        .expect(200)
        .json();
    assert_eq!(list["count"], 1);
    list["results"][0]["id"].as_str().expect("id").to_owned()
}

/// The advice for an operation that does not succeed with the contract's examples.
fn hint(operation: &Operation, status: u16) -> String {
    match status {
        404 if operation.path.contains('{') => format!(
            "Nothing is at {}. Let `example_that_fits` in tests/api/contract.rs create it and put its id there; \
             docs/adding-a-tag.md says what else needs it.",
            operation.example_target()
        ),
        409 => "The example is there already, from an earlier request. Let `example_that_fits` in \
                tests/api/contract.rs remove it first."
            .to_owned(),
        400 => "The examples in openapi.yaml have to be a request that succeeds.".to_owned(),
        _ => String::new(),
    }
}

#[test]
fn every_scheme_opens_its_operations_to_every_role_that_may() {
    let app = TestApp::start();
    let admin = app.admin();
    for (operation, scheme) in secured_operations() {
        for role in ["basic", "admin"] {
            let holder = app.holder(app.made(&admin, role));
            let request = example_that_fits(&app, &admin, operation, &holder);
            let answer = holder.show(request, scheme).send();
            if role == "basic" && operation.role.as_deref() == Some("admin") {
                let answer = answer.expect_problem(401, "authorisation-required");
                assert_eq!(answer.json()["required_role"], "admin");
                assert_challenge(&answer, operation, Some("insufficient_scope"));
            } else {
                assert!(
                    (200..300).contains(&answer.status),
                    "{} by {scheme} as {role}: {} {}\n{}",
                    operation.id,
                    answer.status,
                    answer.text(),
                    hint(operation, answer.status)
                );
            }
        }
    }
}

/// To whoever may not see it, an account that is there is like one that is not.
#[test]
fn anothers_id_is_answered_like_nobodys() {
    let app = TestApp::start();
    let (user, other) = (app.user(), app.holder(app.user()));
    let session = other.user.session_id();
    let ids = [
        ("user_id", other.user.id.as_str()),
        ("session_id", session.as_str()),
        ("api_token_id", other.api_token_id.as_str()),
    ];
    let mut walked = 0;
    for (parameter, others) in ids {
        for operation in secured().filter(|operation| operation.has_path_parameter(parameter)) {
            let ask = |id: &str| {
                let target = operation.path.replace(&format!("{{{parameter}}}"), id);
                // The other one of a path with two is the caller's own.
                let target = target.replace("{user_id}", &user.id);
                let target = target.replace("{session_id}", &user.session_id());
                let request = app.request(&operation.method, &target).bearer(&user.access);
                with_example_body(request, operation).send()
            };
            let (theirs, nobodys) = (ask(others), ask(&uuid::Uuid::new_v4().to_string()));
            assert_eq!(
                without_instance(&theirs),
                without_instance(&nobodys),
                "{}",
                operation.id
            );
            let names = |answer: &Response| -> Vec<String> {
                let names = answer.headers.iter().map(|(name, _)| name.clone());
                let mut names: Vec<_> = names.collect();
                names.sort();
                names
            };
            assert_eq!(names(&theirs), names(&nobodys), "{}", operation.id);
            match operation.role.as_deref() {
                Some("basic") => theirs.expect_problem(404, "not-found"),
                _ => theirs.expect_problem(401, "authorisation-required"),
            };
            walked += 1;
        }
    }
    assert!(walked >= 9, "{walked} operations");
    // Nothing was done on the way.
    app.films(&other.user.access).expect(200);
    app.get("/users/v1/me")
        .api_token(&other.api_token)
        .send()
        .expect(200);
}

/// The order is the contract's: access token, API token, Basic.
#[test]
fn of_several_good_credentials_the_first_of_the_contract_counts() {
    let app = TestApp::start();
    let [first, second, third] = [(); 3].map(|()| app.holder(app.user()));
    let me = || app.get("/users/v1/me");
    let is = |request: Request, holder: &Holder| {
        let record = request.send().expect(200).json();
        assert_eq!(record["user_id"], holder.user.id);
    };
    is(first.show(second.show(me(), "api_token"), "jwt"), &first);
    is(first.show(second.show(me(), "basic"), "api_token"), &first);
    // One that is not good is none.
    is(me().bearer("a.b.c").api_token(&second.api_token), &second);
    is(me().bearer(&third.user.access).api_token("x"), &third);
    is(
        me().basic(&first.user.email, "not-the-password")
            .api_token(&second.api_token),
        &second,
    );
    is(
        me().basic(&third.user.email, PASSWORD).api_token("x"),
        &third,
    );
    first
        .show(first.show(me(), "basic"), "jwt")
        .send()
        .expect_problem(401, "token-invalid");
}

#[test]
fn every_path_parameter_is_held_to_its_schema() {
    let app = TestApp::start();
    let holder = admin_holder(&app);
    let mut walked = 0;
    for operation in CONTRACT.operations() {
        for parameter in &operation.parameters {
            if parameter["in"] != "path" {
                continue;
            }
            let name = parameter["name"].as_str().expect("name");
            let schema = CONTRACT.resolve(&parameter["schema"]);
            let wrong: &[&str] = match (schema["type"].as_str(), schema["format"].as_str()) {
                (_, Some("uuid")) => &[
                    "x",
                    "5d1a3b0c",
                    "5d1a3b0c7a9e4c6f8b1d2e3f4a5b6c7d",
                    "%7B5d1a3b0c-7a9e-4c6f-8b1d-2e3f4a5b6c7d%7D",
                    "5d1a3b0c-7a9e-4c6f-8b1d-2e3f4a5b6c7d%00",
                    "1",
                ],
                (Some("integer"), _) => &["x", "0", "1.5", "-1", "99999999999999999999"],
                (Some("string"), _) => &["!", "%00", "..%2f..%2fpasswd"],
                other => panic!("{other:?}: teach this test"),
            };
            for wrong in wrong {
                let target = operation.path.replace(&format!("{{{name}}}"), wrong);
                // The others of the path are those of the example.
                let target = operation.parameters.iter().fold(target, |target, other| {
                    let name = other["name"].as_str().expect("name");
                    let example = other["example"].to_string();
                    target.replace(&format!("{{{name}}}"), example.trim_matches('"'))
                });
                let request = app.request(&operation.method, &target);
                let request = with_example_body(request, operation);
                let answer = admitted(&holder, request, operation)
                    .send()
                    .expect_problem(400, "validation-failed");
                let error = &answer.json()["errors"][0];
                assert_eq!(error["in"], "path", "{target}");
                assert_eq!(error["pointer"], format!("/{name}"), "{target}");
            }
            walked += 1;
        }
    }
    assert!(walked >= 11, "{walked} parameters");
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
    let holder = admin_holder(&app);
    for operation in CONTRACT.operations() {
        if operation.ignores_unknown_query {
            continue;
        }
        let target = operation.example_target();
        let mark = if target.contains('?') { '&' } else { '?' };
        let request = app.request(&operation.method, &format!("{target}{mark}nonsense=1"));
        let request = with_example_body(request, operation);
        let answer = admitted(&holder, request, operation)
            .send()
            .expect_problem(400, "validation-failed");
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

/// Links that people open in a browser have query names that mail providers and social networks added.
#[test]
fn names_that_were_added_to_a_link_are_ignored_where_a_browser_opens_it() {
    let app = TestApp::start();
    let mut walked = Vec::new();
    for operation in CONTRACT.operations() {
        if !operation.ignores_unknown_query {
            continue;
        }
        assert_eq!(operation.method, "GET", "{}", operation.id);
        let target = operation.example_target();
        let mark = if target.contains('?') { '&' } else { '?' };
        let plain = app.get(&target).send();
        for tail in [
            "utm_source=mail&utm_medium=a+b&fbclid=IwAR0",
            "utm_source=x&utm_source=y",
            "=&a=%ff&%zz=%",
            "options[x][y]=1",
        ] {
            let with_tail = app.get(&format!("{target}{mark}{tail}")).send();
            assert_eq!(with_tail.status, plain.status, "{target} {tail}");
            if plain.status == 200 {
                assert_eq!(keyless(&with_tail), keyless(&plain), "{target} {tail}");
            }
        }
        walked.push(operation.id.as_str());
    }
    for id in [
        "email_verification",
        "get_ui",
        "get_error",
        "get_entry_point",
        "show_signup",
        "show_mail_request",
        "show_password",
    ] {
        assert!(walked.contains(&id), "{walked:?}");
    }
}

/// Returns the page without the key that is another in each form.
fn keyless(answer: &Response) -> String {
    const KEY: &str = "name=\"key\" value=\"";
    let page = answer.text();
    match page.split_once(KEY) {
        Some((before, rest)) => format!("{before}{KEY}{}", &rest[36..]),
        None => page,
    }
}

#[test]
fn the_nearest_known_query_name_is_named() {
    let app = TestApp::start();
    let user = app.user();
    let answer = app
        .get("/films/v1/?pagesize=1")
        .bearer(&user.access)
        .send()
        .expect_problem(400, "validation-failed");
    assert!(answer.json()["errors"].to_string().contains("page_size"));
}

#[test]
fn every_body_is_held_to_its_media_type_and_size() {
    let app = TestApp::start();
    let holder = admin_holder(&app);
    for operation in CONTRACT.operations() {
        let (Some(body), Some(media_type)) = (&operation.body, operation.media_type()) else {
            continue;
        };
        let request = app.request(&operation.method, &operation.example_target());
        let request = admitted(&holder, request, operation);
        for other in [
            "text/plain",
            "multipart/form-data",
            "application/json",
            FORM,
        ] {
            if other != media_type {
                request
                    .clone()
                    .body(other, "{}")
                    .send()
                    .expect_problem(415, "unsupported-media-type");
            }
        }
        request
            .clone()
            .header("Content-Encoding", "gzip")
            .body(media_type, "{}")
            .send()
            .expect_problem(415, "unsupported-media-type");
        request
            .clone()
            .body(media_type, format!("\"{}\"", "x".repeat(65_536)))
            .send()
            .expect_problem(413, "payload-too-large");
        for broken in broken_bodies(operation, media_type) {
            request
                .clone()
                .body(media_type, broken)
                .send()
                .expect_problem(400, "validation-failed");
        }
        if body["required"] == true {
            assert!(
                matches!(request.send().status, 400 | 415),
                "{} without its body",
                operation.id
            );
        }
    }
}

/// Bodies that no operation takes; the last one says a good member twice.
fn broken_bodies(operation: &Operation, media_type: &str) -> Vec<Vec<u8>> {
    let schema = &operation.body.as_ref().expect("a body")["content"][media_type]["schema"];
    let members = &CONTRACT.resolve(schema)["properties"];
    let member = members.as_object().and_then(|all| all.keys().next());
    let member = member.expect("a member");
    match media_type {
        // Other members are ignored: see `a_form_of_an_rfc_ignores_members_that_nobody_knows`.
        FORM => vec![
            b"nonsense=1".to_vec(),
            format!("{member}=").into_bytes(),
            format!("{member}[]=x").into_bytes(),
            format!("{member}=%ff").into_bytes(),
            b"\xff=x".to_vec(),
            format!("{member}=x&{member}=x").into_bytes(),
        ],
        _ => vec![
            b"{".to_vec(),
            b"[]".to_vec(),
            b"null".to_vec(),
            b"{\"nonsense\": 1}".to_vec(),
            "\u{feff}{}".into(),
            b"{\"\xff\": 1}".to_vec(),
            format!("{{\"{member}\": [1]}}").into_bytes(),
            format!("{{\"{member}\": null}}").into_bytes(),
            format!("{{\"{member}\": \"x\", \"{member}\": \"x\"}}").into_bytes(),
        ],
    }
}

#[test]
fn an_unknown_path_is_404_and_asks_for_nothing() {
    let app = TestApp::start();
    for target in [
        "/films",
        "/films/v1/1/2",
        "/films/v2/",
        "/users/v2/",
        "/auth/v1/",
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

/// The secured ones are opened by `every_scheme_opens_its_operations_to_every_role_that_may`.
#[test]
fn every_example_of_an_open_operation_succeeds() {
    let app = TestApp::start();
    let waiting = new_email();
    app.sign_up(&waiting).expect(202);
    let link = app.mail_number(1, &waiting).token().expect("a token");
    // The account that the examples speak of.
    let made = app.run(
        &[
            "users",
            "create",
            "luke@rebels.example",
            "--verified",
            "--password-stdin",
        ],
        &format!("{PASSWORD}\n"),
    );
    assert!(made.status.success());
    for operation in CONTRACT.operations() {
        if operation.is_secured() {
            continue;
        }
        let password = "two-suns-over-Tatooine";
        let request = match operation.id.as_str() {
            "email_verification" => app.get(&format!("{}?token={link}", operation.path)),
            "confirm_email" => app.post(&operation.path).form(&[("token", &link)]),
            "show_password" => {
                let token = app.password_token(&waiting);
                app.get(&format!("{}?token={token}", operation.path))
            }
            "submit_password" => {
                let token = app.password_token(&waiting);
                let form = [
                    ("token", &*token),
                    ("password", password),
                    ("again", password),
                ];
                app.post(&operation.path).form(&form)
            }
            _ => example(&app, operation),
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
fn the_contract_is_served_as_written_and_read() {
    let app = TestApp::start();
    let yaml = app.get("/openapi.yaml").send().expect(200);
    assert_eq!(yaml.text(), include_str!("../../openapi.yaml"));
    let json = app.get("/openapi.json").send().expect(200);
    // Another library's reading of YAML 1.2 than the one that the gatekeeper, the build and the service share.
    assert_eq!(json.json(), *CONTRACT.document());
}

/// A refusal by a pattern is put into words.
#[test]
fn what_a_pattern_refuses_is_told_in_words() {
    let app = TestApp::start();
    let user = app.user();
    let email = json!({"email": "luke@rebels..example"});
    let name = json!({"name": "night\u{85}ly"});
    for (request, message) in [
        (
            app.put("/users/v1/resend_email_verification").json(&email),
            "must be a mail address like luke@rebels.example, with ASCII before the @ and a domain that has an ASCII form",
        ),
        (
            app.post("/auth/v1/api_tokens").json(&name),
            "has a control character",
        ),
        (
            app.get("/holodules/v1/20260229"),
            "must be a date that the calendar has, as YYYYMMDD",
        ),
        (
            app.post("/auth/v1/api_tokens")
                .json(&json!({"name": "nightly"}))
                .header("Idempotency-Key", "two words"),
            "must be one value of at most 255 characters, such as \"8e03978e-40d5-43dd-bc93-6894a57f9324\", with or without the \
             quotation marks",
        ),
    ] {
        let problem = request
            .bearer(&user.access)
            .send()
            .expect_problem(400, "validation-failed")
            .json();
        assert_eq!(problem["errors"].as_array().map(Vec::len), Some(1));
        assert_eq!(problem["errors"][0]["message"], message);
    }
}

/// Whatever holds free text can be too long for a target.
#[test]
fn operations_with_free_text_in_the_target_declare_414() {
    let app = TestApp::start();
    let text = "x".repeat(9000);
    for target in [
        format!("/users/v1/email_verification?token={text}"),
        format!("/pages/v1/password?token={text}"),
        format!("/users/v1/?search={text}"),
        format!("/characters/v1/?filters={text}"),
        format!("/holodules/v1/{text}"),
        format!("/ui/?url={text}"),
        format!("/ui/{text}.css"),
    ] {
        // `send` holds the answer to the contract.
        app.get(&target).send().expect_problem(414, "uri-too-long");
    }
}
