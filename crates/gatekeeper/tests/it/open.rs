//! Contracts that say nothing of what the gatekeeper answers.

use crate::support::Bench;
use actix_web::test::TestRequest;
use gatekeeper::{Manifest, Problem, Reply};
use serde_json::json;

const SPEC: &str = r##"
openapi: 3.0.3
info: {title: Films, version: "1"}
security: [{jwt: []}]
paths:
  /films:
    post:
      operationId: add
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      responses:
        "200": {description: Good, content: {application/json: {schema: {type: object}}}}
        "401": {$ref: "#/components/responses/Error"}
  /ranges:
    get:
      operationId: ranges
      security: []
      responses:
        "2XX": {description: Good, content: {application/json: {schema: {type: object, required: [a]}}}}
        "404": {$ref: "#/components/responses/Error"}
        4XX: {description: Text, content: {text/*: {schema: {type: string}}}}
        default: {$ref: "#/components/responses/Error"}
  /silent:
    get:
      operationId: silent
      security: []
      responses: {}
components:
  securitySchemes:
    jwt: {type: http, scheme: bearer, x-bearerInfoFunc: auth.decode_token}
  responses:
    Error:
      description: An error of the contract's own.
      content: {application/json: {schema: {type: object, required: [message]}}}
"##;

const MANIFEST: Manifest = Manifest {
    operations: &["add", "ranges", "silent"],
    hooks: &[("jwt", "auth.decode_token")],
};

fn bench() -> Bench {
    Bench::open(SPEC, &MANIFEST, |builder| builder.validate_replies(true))
}

#[actix_web::test]
async fn the_gate_answers_what_the_contract_does_not_declare() {
    let bench = bench();
    let post = || TestRequest::post().uri("/films");
    let good = ("authorization", "Bearer jwt.leia.1");
    for (request, status) in [
        (post(), 401),
        (post().insert_header(good).set_payload("{}"), 415),
        (post().insert_header(good).set_json(1), 400),
        (post().insert_header(good).set_json("a".repeat(70_000)), 413),
    ] {
        let got = bench.send(request).await;
        assert_eq!(got.status, status);
        assert_eq!(got.one("content-type"), "application/problem+json");
    }
}

#[actix_web::test]
async fn a_reply_is_held_to_the_most_specific_response_of_its_status() {
    let cases: [(crate::support::Answer, u16); 9] = [
        (|_| Ok(Reply::new(201).json(json!({"a": 1}).into())?), 201),
        (|_| Ok(Reply::new(201).json(json!({"b": 1}).into())?), 500),
        (
            |_| Ok(Reply::new(404).json(json!({"message": ""}).into())?),
            404,
        ),
        (|_| Ok(Reply::new(404).json(json!({}).into())?), 500),
        (|_| Ok(text(409)), 409),
        (
            |_| Ok(Reply::new(409).json(json!({"message": ""}).into())?),
            500,
        ),
        (
            |_| Ok(Reply::new(503).json(json!({"message": ""}).into())?),
            503,
        ),
        (|_| Ok(text(503)), 500),
        (
            |_| Err(Problem::new(404, "not-found", "Not of this form.")),
            500,
        ),
    ];
    for (index, (answer, status)) in cases.into_iter().enumerate() {
        let got = bench().answering(answer).get("/ranges", "").await;
        assert_eq!(got.status, status, "{index}");
    }
}

#[actix_web::test]
async fn an_operation_without_a_declared_success_may_have_any() {
    let bench = bench().answering(|_| Ok(text(201)));
    assert_eq!(bench.get("/silent", "").await.status, 201);
}

#[actix_web::test]
async fn a_401_of_the_contracts_own_form_has_a_challenge() {
    let bench = bench().answering(|_| Ok(Reply::new(401).json(json!({"message": "?"}).into())?));
    let request = TestRequest::post()
        .uri("/films")
        .insert_header(("authorization", "Bearer jwt.leia.1"));
    let got = bench.send(request.set_json(json!({}))).await;
    assert_eq!((got.status, got.json()), (401, json!({"message": "?"})));
    assert_eq!(got.one("www-authenticate"), "Bearer realm=\"test\"");
}

fn text(status: u16) -> Reply {
    Reply::new(status).body("text/csv; charset=utf-8", "a,b")
}
