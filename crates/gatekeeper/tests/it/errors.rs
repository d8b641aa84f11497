//! Failures in the form of the contract instead of `application/problem+json`.

use crate::support::{Bench, Got};
use actix_web::{http::Method, test::TestRequest};
use gatekeeper::{Manifest, Problem, Refusal, RefusalKind, Rendered, Rendering};
use serde_json::json;

const SPEC: &str = r##"
openapi: 3.0.3
info: {title: Films, version: "1"}
paths:
  /films/{id}:
    post:
      operationId: add
      security: [{jwt: []}]
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      responses:
        "200": {description: Good}
        "400": {$ref: "#/components/responses/Error"}
        "422":
          description: An error of a media type of its own.
          content: {application/vnd.films+json: {schema: {$ref: "#/components/schemas/Error"}}}
        default: {$ref: "#/components/responses/Error"}
components:
  securitySchemes:
    jwt: {type: http, scheme: bearer, x-bearerInfoFunc: auth.decode_token}
  responses:
    Error:
      description: An error of the contract's own.
      content: {application/json: {schema: {$ref: "#/components/schemas/Error"}}}
  schemas:
    Error: {type: object, required: [message], properties: {message: {type: string}}}
"##;

const MANIFEST: Manifest = Manifest {
    operations: &["add"],
    hooks: &[("jwt", "auth.decode_token")],
};

/// A body as generated code has it.
enum ErrorBody {
    Error(String),
    Bad,
    Unsent,
}

impl From<ErrorBody> for Rendering {
    fn from(body: ErrorBody) -> Self {
        let json = |body| Self::json("application/json", Some("Error"), &body);
        match body {
            ErrorBody::Error(message) => json(json!({ "message": message })),
            ErrorBody::Bad => json(json!({})),
            ErrorBody::Unsent => Self::json(
                "application/json",
                None,
                &std::collections::HashMap::from([((), ())]),
            ),
        }
    }
}

fn render(refusal: &Refusal<'_>) -> Option<Rendering> {
    let place = refusal.operation().unwrap_or("nowhere");
    let schema = refusal.schema().unwrap_or("none");
    let message = format!("{:?} {place} {schema} {}", refusal.kind(), refusal.code());
    let body = Rendered::from(match refusal.context().user_agent() {
        Some("bad") => ErrorBody::Bad,
        Some("unsent") => ErrorBody::Unsent,
        Some("problem") => return None,
        Some("people") => ErrorBody::Error(refusal.summary().into_owned()),
        _ => ErrorBody::Error(message),
    });
    let rendered = match refusal.kind() {
        RefusalKind::Invalid => body.status(422),
        RefusalKind::BodyTooLarge => body.status(200),
        _ => body,
    };
    Some(rendered.into_rendering())
}

fn bench() -> Bench {
    let mut bench = Bench::open(SPEC, &MANIFEST, |builder| builder.validate_replies(true));
    bench.fake.render = Some(render);
    bench
}

fn post() -> TestRequest {
    TestRequest::post()
        .uri("/films/1")
        .insert_header(("authorization", "Bearer jwt.leia.1"))
}

fn message(got: &Got) -> String {
    got.json()["message"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn every_refusal_is_rendered_and_keeps_its_headers() {
    let bench = bench();
    let at = |method, uri| TestRequest::with_uri(uri).method(method);
    for (request, status, message_is, header) in [
        (
            at(Method::POST, "/films/1"),
            401,
            "CredentialsMissing add Error token-missing",
            Some(("www-authenticate", "Bearer realm=\"test\"")),
        ),
        (
            at(Method::GET, "/films/1"),
            405,
            "MethodNotAllowed nowhere none method-not-allowed",
            Some(("allow", "OPTIONS, POST")),
        ),
        (
            at(Method::GET, "/nowhere"),
            404,
            "NotFound nowhere none not-found",
            None,
        ),
        (
            at(Method::POST, "/films/1").insert_header(("authorization", "Bearer down")),
            503,
            "Unavailable add Error service-unavailable",
            Some(("retry-after", "7")),
        ),
        (
            post().set_payload("{}"),
            415,
            "UnsupportedMediaType add Error unsupported-media-type",
            None,
        ),
    ] {
        let got = bench.send(request).await;
        assert_eq!((got.status, message(&got).as_str()), (status, message_is));
        assert_eq!(got.one("content-type"), "application/json");
        assert_eq!(got.one("cache-control"), "no-store");
        assert_eq!(got.all("x-request-id").len(), 1);
        if let Some((name, value)) = header {
            assert_eq!(got.one(name), value);
        }
        assert_eq!(bench.told().status, status);
    }
}

#[actix_web::test]
async fn a_rendering_may_have_another_status_and_the_media_type_declared_for_it() {
    let got = bench().send(post().set_json(1)).await;
    assert_eq!(got.status, 422);
    assert_eq!(got.one("content-type"), "application/vnd.films+json");
    assert_eq!(message(&got), "Invalid add Error validation-failed");
}

#[actix_web::test]
async fn a_failure_of_the_operation_is_rendered_too() {
    let bench = bench().answering(|_| Err(Problem::new(409, "conflict", "There is one.")));
    let got = bench.send(post().set_json(json!({}))).await;
    assert_eq!(
        (got.status, message(&got).as_str()),
        (409, "Failed add Error conflict")
    );
}

#[actix_web::test]
async fn a_rendering_that_breaks_the_contract_is_a_500() {
    for agent in ["bad", "unsent"] {
        let request = TestRequest::post()
            .uri("/films/1")
            .insert_header(("user-agent", agent));
        let bench = bench();
        let got = bench.send(request).await;
        assert_eq!(got.status, 500, "{agent}");
        assert_eq!(got.one("content-type"), "application/problem+json");
        assert!(
            bench
                .told()
                .reason
                .is_some_and(|reason| reason.contains("rendered failure"))
        );
    }
    // A failure is no success, whatever the renderer says.
    let got = bench().send(post().set_json("a".repeat(70_000))).await;
    assert_eq!(
        (got.status, message(&got).as_str()),
        (500, "Internal add Error internal-error")
    );
}

#[actix_web::test]
async fn a_form_without_a_list_says_every_violation() {
    let ask = |request: TestRequest| request.insert_header(("user-agent", "people"));
    let got = bench().send(ask(post().uri("/films/x"))).await;
    assert_eq!(message(&got), "path /id must be an integer");
    let got = bench().send(ask(post().set_json(1))).await;
    assert_eq!(message(&got), "body must be an object");
    let got = bench().send(ask(post().uri("/nowhere"))).await;
    assert_eq!(message(&got), "There is nothing at this path.");
}

#[actix_web::test]
async fn what_is_not_rendered_is_a_problem() {
    let request = TestRequest::post()
        .uri("/films/1")
        .insert_header(("user-agent", "problem"));
    let got = bench().send(request).await;
    assert_eq!((got.status, got.code().as_str()), (401, "token-missing"));
}
