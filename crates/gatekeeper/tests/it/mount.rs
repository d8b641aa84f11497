//! Routing of requests to operations.

use crate::support::{Bench, Fake};
use actix_web::{
    App, HttpRequest,
    http::Method,
    test::{self, TestRequest},
    web::{Data, Payload},
};
use gatekeeper::{Gate, Manifest, Reply, Routes};
use std::sync::Arc;

pub(crate) const SPEC: &str = include_str!("../fixtures/accepted/paths.yaml");
pub(crate) const MANIFEST: Manifest = Manifest {
    operations: &[
        "a_var", "a_var_c", "a_b_var", "a_b", "list", "create", "remove",
    ],
    hooks: &[("key", "auth.decode_key")],
};

/// Routes that answer with the name of their operation.
fn naming() -> Routes {
    let mut routes = Routes::new();
    for &operation in MANIFEST.operations {
        routes.add(
            operation,
            move |gate: Data<Gate<Fake>>, request: HttpRequest, payload: Payload| async move {
                let mut exchange = gate.begin(operation, &request);
                let outcome = async {
                    exchange.admit(payload).await?;
                    Ok(Reply::new(200).body("text/plain", operation))
                }
                .await;
                exchange.respond(outcome)
            },
        );
    }
    routes
}

async fn reached(bench: &Bench, method: Method, uri: &str) -> (u16, String) {
    let gate = Data::new(Gate::new(Arc::clone(&bench.contract), bench.fake.clone()));
    let app = App::new().app_data(gate).configure(|config| {
        gatekeeper::mount::<Fake>(config, &bench.contract, naming()).unwrap();
    });
    let app = test::init_service(app).await;
    let request = TestRequest::with_uri(uri).method(method).to_request();
    let response = test::call_service(&app, request).await;
    let status = response.status().as_u16();
    (
        status,
        String::from_utf8(test::read_body(response).await.to_vec()).unwrap(),
    )
}

#[actix_web::test]
async fn literal_segments_win_over_templated_ones() {
    let bench = Bench::with(SPEC, &MANIFEST, |builder| builder.validate_replies(false));
    for (uri, operation) in [
        ("/a/b", "a_b"),
        ("/a/z", "a_var"),
        ("/a/b/z", "a_b_var"),
        ("/a/b/c", "a_b_var"),
        ("/a/z/c", "a_var_c"),
        ("/a/%62", "a_b"),
        ("/a/x%2Fy", "a_var"),
    ] {
        assert_eq!(
            reached(&bench, Method::GET, uri).await,
            (200, operation.to_owned()),
            "{uri}"
        );
    }
}

#[actix_web::test]
async fn the_trailing_slash_of_the_contract_may_be_left_out_and_no_other_added() {
    let bench = Bench::with(SPEC, &MANIFEST, |builder| builder.validate_replies(false));
    for uri in ["/list", "/list/", "/list?", "/list/?"] {
        assert_eq!(
            reached(&bench, Method::GET, uri).await,
            (200, "list".to_owned()),
            "{uri}"
        );
    }
    for uri in ["/list/1", "/list/1/", "/li%73t/1", "/list/%31%2f"] {
        assert_eq!(
            reached(&bench, Method::DELETE, uri).await,
            (200, "remove".to_owned()),
            "{uri}"
        );
    }
    for uri in [
        "/a/b/",
        "/a/",
        "/a",
        "/",
        "//list",
        "/list//",
        "/LIST",
        "/a/z/d",
        "/list/../a/b",
    ] {
        assert_eq!(reached(&bench, Method::GET, uri).await.0, 404, "{uri}");
    }
}

#[actix_web::test]
async fn a_wrong_method_is_405_with_the_methods_of_the_path() {
    // RFC 9110 section 15.5.6
    let bench = Bench::new(SPEC, &MANIFEST);
    for (method, uri, allow) in [
        (Method::PUT, "/list/", "GET, HEAD, OPTIONS, POST"),
        (Method::DELETE, "/list", "GET, HEAD, OPTIONS, POST"),
        (Method::GET, "/list/1/", "DELETE, OPTIONS"),
        (Method::HEAD, "/list/1", "DELETE, OPTIONS"),
        (Method::TRACE, "/a/b", "GET, HEAD, OPTIONS"),
        (
            Method::from_bytes(b"BREW").unwrap(),
            "/a/b",
            "GET, HEAD, OPTIONS",
        ),
    ] {
        let got = bench
            .send(TestRequest::with_uri(uri).method(method.clone()))
            .await;
        assert_eq!(
            (got.status, got.code().as_str()),
            (405, "method-not-allowed"),
            "{method} {uri}"
        );
        assert_eq!(got.one("allow"), allow, "{method} {uri}");
    }
}

#[actix_web::test]
async fn options_tells_the_methods_and_asks_for_no_credentials() {
    // RFC 9110 section 9.3.7
    let bench = Bench::new(SPEC, &MANIFEST);
    for (uri, allow) in [
        ("/list/", "GET, HEAD, OPTIONS, POST"),
        ("/list/1", "DELETE, OPTIONS"),
        ("*", "DELETE, GET, HEAD, OPTIONS, POST"),
    ] {
        let got = bench
            .send(TestRequest::with_uri(uri).method(Method::OPTIONS))
            .await;
        assert_eq!((got.status, got.body.len()), (204, 0), "{uri}");
        assert_eq!(got.one("allow"), allow, "{uri}");
    }
    assert_eq!(
        bench
            .send(TestRequest::with_uri("/x").method(Method::OPTIONS))
            .await
            .status,
        404
    );
    assert!(bench.asked().is_empty());
}

#[actix_web::test]
async fn head_is_served_wherever_get_is() {
    let bench = Bench::with(SPEC, &MANIFEST, |builder| builder.validate_replies(false));
    assert_eq!(reached(&bench, Method::HEAD, "/list").await.0, 200);
}

#[actix_web::test]
async fn an_unknown_path_is_a_problem_like_any_other() {
    let bench = Bench::new(SPEC, &MANIFEST);
    let got = bench.send(TestRequest::with_uri("/nowhere")).await;
    assert_eq!((got.status, got.code().as_str()), (404, "not-found"));
    assert_eq!(got.one("content-type"), "application/problem+json");
    assert_eq!(got.one("x-content-type-options"), "nosniff");
    assert_eq!(bench.told().operation, None);
}

#[actix_web::test]
async fn operations_and_routes_must_match() {
    let bench = Bench::new(SPEC, &MANIFEST);
    let mut routes = Routes::new();
    for operation in [
        "a_var", "a_var", "a_var_c", "a_b_var", "list", "create", "remove", "extra",
    ] {
        routes.add(operation, || async { "" });
    }
    let defects = routes.check(&bench.contract).unwrap_err().to_string();
    let mut lines: Vec<&str> = defects.lines().collect();
    lines.sort_unstable();
    let expected = [
        "operation a_b: has no route; add one",
        "operation a_var: has more than one route",
        "route extra: is of no operation of the contract; remove it",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn operations_are_described_for_listings() {
    let bench = Bench::new(SPEC, &MANIFEST);
    let create = bench
        .contract
        .operations()
        .find(|operation| operation.id == "create")
        .unwrap();
    assert_eq!(
        (create.method.as_str(), create.path.as_str()),
        ("POST", "/list/")
    );
    assert_eq!(create.alternatives[0][0].hook, "auth.decode_key");
    assert_eq!(create.statuses, [200, 400, 401]);
    assert_eq!(
        create.parameters,
        [(gatekeeper::In::Header, "X-Trace".to_owned())]
    );
    assert!(!create.has_body);
}
