//! Answers from the contract's examples, where nothing is written yet.

use crate::support::{Answer, Bench, Fake, Got};
use actix_web::{
    App,
    http::Method,
    test::{self, TestRequest},
    web::Data,
};
use gatekeeper::{Contract, Gate, Manifest, Problem, Rejection, Reply, Routes};
use serde_json::{Value, json};
use std::sync::Arc;

const SPEC: &str = include_str!("../fixtures/accepted/examples.yaml");
const MANIFEST: Manifest = Manifest {
    operations: &["list_droids", "add_droid", "scrap_droid"],
    hooks: &[("key", "auth.decode_key")],
};

/// URLs of the examples begin with another host.
fn edit(value: &mut Value) {
    match value {
        Value::String(text) => *text = text.replace("http://localhost", "https://mock.example"),
        Value::Array(values) => values.iter_mut().for_each(edit),
        Value::Object(members) => members.values_mut().for_each(edit),
        _ => {}
    }
}

fn bench() -> Bench {
    Bench::with(SPEC, &MANIFEST, |builder| {
        builder
            .problem_types("https://mock.example/errors/")
            .examples(edit)
    })
}

/// A service of which nothing is written.
async fn mocked(bench: &Bench, request: TestRequest) -> Got {
    let gate = Data::new(Gate::new(Arc::clone(&bench.contract), bench.fake.clone()));
    let app = App::new().app_data(gate).configure(|config| {
        let routes = Routes::unimplemented::<Fake>(&bench.contract);
        gatekeeper::mount::<Fake>(config, &bench.contract, routes).unwrap();
    });
    let app = test::init_service(app).await;
    Got::of(test::call_service(&app, request.to_request()).await).await
}

fn list() -> TestRequest {
    TestRequest::with_uri("/droids/").insert_header(("api-token", "key.leia.1"))
}

fn add() -> TestRequest {
    TestRequest::post()
        .uri("/droids/")
        .insert_header(("api-token", "key.leia.2"))
        .set_json(json!({ "name": "BB-8" }))
}

#[actix_web::test]
async fn an_admitted_request_is_answered_with_the_example() {
    let bench = bench();
    let got = mocked(&bench, list()).await;
    assert_eq!(got.status, 200);
    let droid = json!({ "name": "R2-D2", "home": "https://mock.example/droids/" });
    let expected = json!({ "results": [droid], "count": 1, "next": null, "order": "asc" });
    assert_eq!(got.json(), expected);
    assert_eq!(got.one("content-type"), "application/json");
    assert_eq!(got.one("etag"), "\"a1\"");
    assert_eq!(got.one("vary"), "Accept");
    // It is optional, and the example of the body is of one page.
    assert!(got.all("link").is_empty());
    let csv = mocked(&bench, list().insert_header(("accept", "text/csv"))).await;
    assert_eq!((csv.status, &*csv.body), (200, &b"name\nR2-D2\n"[..]));
    let gone = mocked(&bench, TestRequest::delete().uri("/droids/oldest")).await;
    assert_eq!((gone.status, gone.body.len()), (204, 0));
}

#[actix_web::test]
async fn the_gate_refuses_what_it_refuses_elsewhere() {
    let bench = bench();
    let none = TestRequest::with_uri("/droids/");
    assert_eq!(mocked(&bench, none).await.code(), "token-missing");
    let bad = TestRequest::with_uri("/droids/").insert_header(("api-token", "x"));
    assert_eq!(mocked(&bench, bad).await.code(), "token-invalid");
    let low = add().insert_header(("api-token", "key.leia.1"));
    assert_eq!(mocked(&bench, low).await.code(), "authorisation-required");
    let body = add().set_json(json!({ "nmae": "BB-8" }));
    assert_eq!(mocked(&bench, body).await.code(), "validation-failed");
    let page = list().uri("/droids/?page=0");
    assert_eq!(mocked(&bench, page).await.code(), "validation-failed");
    let method = list().method(Method::PUT);
    assert_eq!(mocked(&bench, method).await.code(), "method-not-allowed");
}

#[actix_web::test]
async fn prefer_picks_another_status_or_example() {
    let bench = bench();
    let prefer = |request: TestRequest, wish: &'static str| request.insert_header(("prefer", wish));
    let first = mocked(&bench, add()).await;
    assert_eq!(first.json(), json!({ "name": "R5-D4" }));
    let named = mocked(&bench, prefer(add(), "example=protocol")).await;
    assert_eq!(named.json()["name"], "C-3PO");
    let made = mocked(&bench, prefer(add(), "code=201")).await;
    assert_eq!(
        (made.status, made.json()["name"].as_str()),
        (201, Some("R2-D2"))
    );
    assert_eq!(made.one("location"), "https://mock.example/droids/1");

    let missing = mocked(&bench, prefer(list(), "code=404")).await;
    let id = missing.one("x-request-id");
    assert_eq!(missing.status, 404);
    assert_eq!(
        missing.json(),
        json!({
            "type": "https://mock.example/errors/not-found", "title": "Not Found", "status": 404,
            "detail": "Gone.", "instance": format!("urn:uuid:{id}"), "code": "not-found",
        })
    );

    for (wish, message) in [
        // 401 has no example.
        (
            "code=401",
            "asks for a status without example; there are 200, 201, 400, 413, 415",
        ),
        (
            "example=pilot",
            "asks for an example that is not there; there are astromech, protocol",
        ),
        (
            "code=201, example=protocol",
            "asks for an example that is not there; there are astromech, protocol",
        ),
    ] {
        let got = mocked(&bench, prefer(add(), wish)).await;
        assert_eq!(got.code(), "validation-failed", "{wish}");
        let error = json!({ "in": "header", "pointer": "/Prefer", "message": message });
        assert_eq!(got.json()["errors"], json!([error]), "{wish}");
    }
}

/// Half of the service is written.
fn half(caller: Option<crate::support::Caller>) -> Result<Reply, Problem> {
    match caller {
        Some(caller) if caller.level > 1 => {
            Ok(Reply::new(200).json(json!({ "name": "real" }).into())?)
        }
        _ => Err(Rejection::NotImplemented.into()),
    }
}

#[actix_web::test]
async fn what_is_written_answers_itself_and_only_what_is_not_is_mocked() {
    let answer: Answer = half;
    let with = bench().answering(answer);
    assert_eq!(with.send(add()).await.json(), json!({ "name": "real" }));
    assert_eq!(with.send(list()).await.json()["count"], 1);
    let without = Bench::new(SPEC, &MANIFEST).answering(answer);
    let got = without.send(list()).await;
    assert_eq!((got.status, got.code().as_str()), (501, "not-implemented"));
}

#[actix_web::test]
async fn browsers_may_send_prefer_where_examples_are_served() {
    let preflight = |bench: Bench| async move {
        let request = TestRequest::with_uri("/droids/")
            .method(Method::OPTIONS)
            .insert_header(("origin", "http://localhost:3000"))
            .insert_header(("access-control-request-method", "GET"));
        bench
            .send(request)
            .await
            .one("access-control-allow-headers")
    };
    let origin = || vec!["http://localhost:3000".to_owned()];
    let with = Bench::with(SPEC, &MANIFEST, |builder| {
        builder.cors_origins(origin()).examples(edit)
    });
    let allowed = preflight(with).await;
    assert_eq!(allowed, "api-token, authorization, content-type, prefer");
    let without = Bench::with(SPEC, &MANIFEST, |builder| builder.cors_origins(origin()));
    let allowed = preflight(without).await;
    assert_eq!(allowed, "api-token, authorization, content-type");
}

#[test]
fn an_operation_without_whole_example_and_one_that_breaks_its_schema_stop_the_start() {
    for (changes, defect) in [
        (
            &[
                (
                    "count: {type: integer, example: 1}",
                    "count: {type: integer}",
                ),
                (", example: \"name\\nR2-D2\\n\"", ""),
            ][..],
            "paths./droids/.get: has no success with a whole example; give its content (or schema) and its required \
             headers an `example`",
        ),
        (
            &[("{value: {name: C-3PO,", "{value: {nmae: C-3PO,")],
            "paths./droids/.post.responses.200.content.application/json: its example breaks its schema: /name is \
             required",
        ),
    ] {
        let mut spec = SPEC.to_owned();
        for (from, to) in changes {
            assert!(spec.contains(from), "{from}");
            spec = spec.replace(from, to);
        }
        let builder = || {
            Contract::builder(&spec)
                .strict()
                .roles(&[("basic", 1), ("admin", 2)])
        };
        assert!(builder().build(&MANIFEST).is_ok());
        let defects = builder().examples(edit).build(&MANIFEST).err();
        let defects = defects.map_or_else(String::new, |defects| defects.to_string());
        assert!(defects.lines().any(|line| line == defect), "{defects}");
    }
}
