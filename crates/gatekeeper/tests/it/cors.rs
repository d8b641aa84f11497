//! Cross-origin requests.

use crate::{
    mount::{MANIFEST, SPEC},
    support::{Bench, Got},
};
use actix_web::{http::Method, test::TestRequest};
use gatekeeper::Contract;

const FRIEND: &str = "https://app.example.org";

fn bench() -> Bench {
    Bench::with(SPEC, &MANIFEST, |builder| {
        builder.cors_origins(vec!["http://localhost:3000".to_owned(), FRIEND.to_owned()])
    })
}

async fn preflight(bench: &Bench, origin: &str, uri: &str) -> Got {
    let request = TestRequest::with_uri(uri)
        .method(Method::OPTIONS)
        .insert_header(("origin", origin))
        .insert_header(("access-control-request-method", "POST"));
    bench.send(request).await
}

#[actix_web::test]
async fn a_preflight_from_an_allowed_origin_learns_methods_and_headers_of_the_path() {
    let got = preflight(&bench(), FRIEND, "/list/").await;
    assert_eq!(got.status, 204);
    assert_eq!(got.one("access-control-allow-origin"), FRIEND);
    assert_eq!(
        got.one("access-control-allow-methods"),
        "GET, HEAD, OPTIONS, POST"
    );
    assert_eq!(
        got.one("access-control-allow-headers"),
        "api-token, authorization, content-type, x-trace"
    );
    assert_eq!(got.one("access-control-max-age"), "600");
    assert_eq!(got.one("vary"), "Origin");
}

#[actix_web::test]
async fn a_stranger_learns_nothing() {
    for origin in [
        "https://evil.example.org",
        "https://app.example.org.evil",
        "HTTPS://APP.EXAMPLE.ORG",
        "null",
        "*",
    ] {
        let bench = bench();
        let mut all = vec![preflight(&bench, origin, "/list/").await];
        let request = TestRequest::post()
            .uri("/list/")
            .insert_header(("origin", origin));
        all.push(bench.send(request).await);
        for got in all {
            assert!(
                !got.headers
                    .keys()
                    .any(|name| name.as_str().starts_with("access-control")),
                "{origin}"
            );
            assert_eq!(got.one("vary"), "Origin", "{origin}");
        }
    }
}

#[actix_web::test]
async fn errors_can_be_read_by_allowed_origins_too() {
    let bench = bench();
    for (request, status) in [
        (TestRequest::with_uri("/nowhere"), 404),
        (TestRequest::with_uri("/list/").method(Method::PUT), 405),
        (TestRequest::post().uri("/list/"), 401),
    ] {
        let got = bench.send(request.insert_header(("origin", FRIEND))).await;
        assert_eq!(got.status, status);
        assert_eq!(got.one("access-control-allow-origin"), FRIEND);
        assert_eq!(got.one("vary"), "Origin");
        let exposed = if status == 401 {
            "etag, x-request-id, x-total"
        } else {
            "x-request-id"
        };
        assert_eq!(got.one("access-control-expose-headers"), exposed);
    }
}

#[actix_web::test]
async fn without_configured_origins_there_is_no_cors() {
    let got = preflight(&Bench::new(SPEC, &MANIFEST), FRIEND, "/list/").await;
    assert_eq!(got.status, 204);
    assert!(got.all("vary").is_empty() && got.all("access-control-allow-origin").is_empty());
}

#[test]
fn an_origin_that_no_browser_sends_stops_the_start() {
    let defects = Contract::builder(SPEC)
        .strict()
        .cors_origins(vec!["*".to_owned(), "https://example.org/".to_owned()])
        .build(&MANIFEST)
        .err()
        .unwrap();
    assert_eq!(defects.len(), 2, "{defects}");
    assert!(
        defects.to_string().contains("https://example.org/"),
        "{defects}"
    );
}
