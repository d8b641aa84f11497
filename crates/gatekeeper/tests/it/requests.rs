//! Parameters and bodies through the whole gate.

use crate::support::{Fake, Got};
use actix_web::{
    App, HttpRequest, HttpResponse,
    dev::Service,
    test::{self, TestRequest},
    web::{Data, Payload},
};
use gatekeeper::{Contract, Gate, Manifest, Problem, Reply, Routes};
use serde_json::{Value, json};
use std::sync::Arc;

const SPEC: &str = include_str!("../fixtures/accepted/things.yaml");
const MANIFEST: Manifest = Manifest {
    operations: &["put_thing"],
    hooks: &[],
};

/// Answers what it was given.
async fn echo(gate: Data<Gate<Fake>>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let mut exchange = gate.begin("put_thing", &request);
    let outcome: Result<Reply, Problem> = async {
        let mut validated = exchange.admit(payload).await?;
        let understood = json!({
            "thing_id": validated.path::<i64>("thing_id")?,
            "options": validated.query::<Option<Value>>("options")?,
            "tag": validated.query::<Option<Vec<String>>>("tag")?,
            "page": validated.query::<i32>("page")?,
            "trace": validated.header::<Option<String>>("X-Trace")?,
            "theme": validated.cookie::<Option<String>>("theme")?,
            "body": validated.body::<Value>()?,
        });
        Ok(Reply::new(200).json(understood.into())?)
    }
    .await;
    exchange.respond(outcome)
}

async fn send(request: TestRequest) -> Got {
    let contract = Contract::builder(SPEC)
        .strict()
        .validate_replies(true)
        .build(&MANIFEST)
        .unwrap_or_else(|defects| panic!("{defects}"));
    let contract = Arc::new(contract);
    let gate = Data::new(Gate::new(contract.clone(), Fake::default()));
    let app = App::new().app_data(gate).configure(|config| {
        let mut routes = Routes::new();
        routes.add("put_thing", echo);
        gatekeeper::mount::<Fake>(config, &contract, routes).unwrap();
    });
    let app = test::init_service(app).await;
    let response = app.call(request.to_request()).await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = test::read_body(response).await.to_vec();
    Got {
        status,
        headers,
        body,
    }
}

fn put(target: &str, media_type: &str, body: &str) -> TestRequest {
    TestRequest::put()
        .uri(target)
        .insert_header(("content-type", media_type))
        .insert_header(("content-length", body.len().to_string()))
        .set_payload(body.to_owned())
}

fn put_json(target: &str, body: &str) -> TestRequest {
    put(target, "application/json", body)
}

#[actix_web::test]
async fn a_good_request_arrives_typed() {
    let trace = "123e4567-e89b-42d3-a456-426614174000";
    let request = put_json(
        "/things/v1/7?options[characters]=false&tag=a+b&tag=c&page=2",
        r#"{"name": "R2", "size": 1.5, "colours": ["red"], "made": "1977-05-25"}"#,
    )
    .insert_header(("x-trace", trace))
    .insert_header(("cookie", "other=1; theme=dark"));
    let got = send(request).await;
    assert_eq!(got.status, 200, "{:?}", String::from_utf8(got.body));
    assert_eq!(
        got.json(),
        json!({
            "thing_id": 7, "options": {"characters": false}, "tag": ["a b", "c"], "page": 2, "trace": trace, "theme": "dark",
            "body": {"name": "R2", "size": 1.5, "colours": ["red"], "made": "1977-05-25"},
        })
    );
}

#[actix_web::test]
async fn what_is_left_out_is_its_default_or_absent() {
    let got = send(put_json("/things/v1/7", r#"{"name": "R2"}"#)).await;
    assert_eq!(
        got.json(),
        json!({
            "thing_id": 7, "options": null, "tag": null, "page": 1, "trace": null, "theme": null, "body": {"name": "R2"},
        })
    );
}

#[actix_web::test]
async fn a_form_is_read_as_the_same_model() {
    let form = "name=R2+D2&size=1.5&colours=red&colours=green";
    let got = send(put(
        "/things/v1/7",
        "application/x-www-form-urlencoded",
        form,
    ))
    .await;
    assert_eq!(
        got.json()["body"],
        json!({"name": "R2 D2", "size": 1.5, "colours": ["red", "green"]})
    );
}

#[actix_web::test]
async fn each_bad_request_is_told_every_violation() {
    let good = r#"{"name": "R2"}"#;
    for (request, violations) in [
        (
            put_json("/things/v1/x", good),
            vec!["path /thing_id must be an integer"],
        ),
        (
            put_json("/things/v1/0", good),
            vec!["path /thing_id must be at least 1"],
        ),
        (
            put_json(
                "/things/v1/7?options[charcters]=false&page=0&tag=a&tag=b&tag=c&tag=d",
                good,
            ),
            vec![
                "query /options[charcters] unknown parameter; did you mean `options[characters]`?",
                "query /page must be at least 1",
                "query /tag must have at most 3 items",
            ],
        ),
        (
            put_json("/things/v1/7", good)
                .insert_header(("x-trace", "7"))
                .insert_header(("cookie", "theme=grey")),
            vec![
                "cookie /theme must be one of `light`, `dark`",
                "header /X-Trace must be a UUID such as 123e4567-e89b-42d3-a456-426614174000",
            ],
        ),
        (
            put_json(
                "/things/v1/7",
                r#"{"nam": "R2", "size": 0, "colours": ["red", "red", "blue"], "made": "yesterday"}"#,
            ),
            vec![
                "body /colours must not hold the same item twice",
                "body /colours/2 must be one of `red`, `green`",
                "body /made must be a date such as 1977-05-25 (RFC 3339)",
                "body /nam unknown property; did you mean `name`?",
                "body /name is required",
                "body /size must be greater than 0",
            ],
        ),
        (
            put_json("/things/v1/7", r#"{"name": "R2", "name": "R2"}"#),
            vec!["body /name is in the object more than once"],
        ),
        (
            TestRequest::put().uri("/things/v1/7"),
            vec!["body  a body is required"],
        ),
    ] {
        let got = send(request).await;
        let problem = got.json();
        assert_eq!(got.status, 400, "{problem}");
        let errors = problem["errors"].as_array().unwrap();
        let text = |error: &Value, member: &str| error[member].as_str().unwrap().to_owned();
        let mut found: Vec<String> = errors
            .iter()
            .map(|error| {
                format!(
                    "{} {} {}",
                    text(error, "in"),
                    text(error, "pointer"),
                    text(error, "message")
                )
            })
            .collect();
        found.sort_unstable();
        assert_eq!(found, violations);
        assert_eq!(got.one("content-type"), "application/problem+json");
    }
}

#[actix_web::test]
async fn a_body_of_another_type_or_too_large_is_told_by_status() {
    let got = send(put("/things/v1/7", "text/plain", "R2")).await;
    assert_eq!(
        (got.status, got.code().as_str()),
        (415, "unsupported-media-type")
    );
    let large = format!(r#"{{"name": "{}"}}"#, "a".repeat(64 * 1024));
    let got = send(put_json("/things/v1/7", &large)).await;
    assert_eq!(
        (got.status, got.code().as_str()),
        (413, "payload-too-large")
    );
}

#[actix_web::test]
async fn parameters_are_checked_before_the_body_is_read() {
    let got = send(put("/things/v1/x", "text/plain", "R2")).await;
    assert_eq!(got.status, 400);
}
