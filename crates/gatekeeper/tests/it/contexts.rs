//! The request context that hooks are given, and rate limits.

use crate::{
    security::{MANIFEST, SPEC},
    support::Bench,
};
use actix_web::test::TestRequest;
use gatekeeper::{Begun, Limits, Observer, Served};
use std::sync::{Arc, Mutex};

fn throttled(user_agent: &str) -> TestRequest {
    TestRequest::with_uri("/throttled").insert_header(("user-agent", user_agent))
}

#[actix_web::test]
async fn every_hook_is_told_of_the_same_visit() {
    let bench = Bench::with(SPEC, &MANIFEST, |builder| {
        builder.trusted_proxies(vec!["10.0.0.0/8".parse().unwrap()])
    });
    let request = throttled("calm")
        .insert_header(("authorization", "Bearer jwt.leia.1"))
        .insert_header(("x-forwarded-for", "192.0.2.1, 198.51.100.1"))
        .peer_addr("10.0.0.1:4000".parse().unwrap());
    let got = bench.send(request).await;
    assert_eq!(got.status, 200);
    let context = (got.one("x-request-id"), "198.51.100.1".parse().unwrap());
    assert_eq!(bench.visits(), [context.clone(), context]);
    assert_eq!(bench.asked(), ["throttle throttled", "jwt"]);
}

#[actix_web::test]
async fn no_proxy_is_trusted_by_default() {
    let bench = Bench::new(SPEC, &MANIFEST);
    let request = throttled("calm")
        .insert_header(("x-forwarded-for", "198.51.100.1"))
        .peer_addr("127.0.0.1:4000".parse().unwrap());
    bench.send(request).await;
    assert_eq!(bench.visits()[0].1.to_string(), "127.0.0.1");
}

#[actix_web::test]
async fn an_operation_that_declares_no_429_is_not_throttled() {
    let bench = Bench::new(SPEC, &MANIFEST);
    let request = TestRequest::with_uri("/inherited")
        .insert_header(("user-agent", "hasty"))
        .insert_header(("authorization", "Bearer jwt.leia.1"));
    assert_eq!(bench.send(request).await.status, 200);
    assert_eq!(bench.asked(), ["jwt"]);
}

#[actix_web::test]
async fn a_request_that_has_to_wait_hears_nothing_of_its_credentials() {
    let bench = Bench::new(SPEC, &MANIFEST);
    for authorization in ["Bearer jwt.leia.1", "Bearer garbage", "Bearer"] {
        let request = throttled("hasty").insert_header(("authorization", authorization));
        let got = bench.send(request).await;
        assert_eq!(
            (got.status, got.code().as_str()),
            (429, "too-many-requests")
        );
        assert_eq!(got.one("retry-after"), "7");
        assert!(got.all("www-authenticate").is_empty());
        assert_eq!(bench.asked(), ["throttle throttled"]);
    }
}

#[actix_web::test]
async fn an_open_operation_is_throttled_too() {
    let bench = Bench::new(SPEC, &MANIFEST);
    let request = |user_agent: &str| {
        TestRequest::with_uri("/throttled_open").insert_header(("user-agent", user_agent))
    };
    assert_eq!(bench.send(request("hasty")).await.status, 429);
    assert_eq!(bench.send(request("calm")).await.status, 200);
    assert_eq!(bench.asked(), ["throttle throttled_open"; 2]);
}

#[actix_web::test]
async fn a_rate_that_cannot_be_told_is_never_a_yes() {
    let bench = Bench::new(SPEC, &MANIFEST);
    let request = throttled("down").insert_header(("authorization", "Bearer jwt.leia.1"));
    let got = bench.send(request).await;
    assert_eq!(
        (got.status, got.code().as_str()),
        (503, "service-unavailable")
    );
    assert_eq!(got.one("retry-after"), "7");
    assert_eq!(bench.asked(), ["throttle throttled"]);
}

#[actix_web::test]
async fn a_head_beyond_its_caps_is_not_counted() {
    let bench = Bench::with(SPEC, &MANIFEST, |builder| {
        builder.limits(Limits {
            head: 200,
            ..Limits::default()
        })
    });
    let request = throttled("hasty").insert_header(("a", "b".repeat(200)));
    assert_eq!(bench.send(request).await.status, 431);
    assert!(bench.asked().is_empty());
}

#[actix_web::test]
async fn the_contract_says_which_operations_can_be_throttled() {
    let bench = Bench::new(SPEC, &MANIFEST);
    let can: Vec<&str> = bench
        .contract
        .operations()
        .filter(|operation| operation.statuses.contains(&429))
        .map(|operation| operation.id.as_str())
        .collect();
    assert_eq!(can, ["throttled", "throttled_open"]);
}

/// The words that an observer is told at the beginning and at the end.
#[derive(Default)]
struct Both(Mutex<Vec<String>>);

impl Observer for Both {
    fn begun(&self, begun: &Begun<'_>) {
        let trace = begun.context.trace_parent().map(|parent| parent.parent_id);
        self.0.lock().unwrap().push(format!(
            "{} {:?} {:?} {trace:?} {:?}",
            begun.method,
            begun.operation,
            begun.route,
            begun.context.trace_state()
        ));
    }

    fn served(&self, served: &Served<'_>) {
        let told = format!("{:?} {}", served.route, served.status);
        self.0.lock().unwrap().push(told);
    }
}

/// W3C Trace Context, section 4.3.
#[actix_web::test]
async fn the_observer_sees_a_request_begin_with_the_callers_trace() {
    let seen = Arc::new(Both::default());
    let bench = Bench::with(SPEC, &MANIFEST, |builder| builder.observer(seen.clone()));
    let traced = |uri: &str| {
        TestRequest::with_uri(uri)
            .insert_header((
                "traceparent",
                "00-0af7651916cd43dd8448eb211c80319c-000000000000002a-01",
            ))
            .insert_header(("tracestate", "a=1"))
    };
    bench.send(traced("/open")).await;
    bench.send(traced("/nowhere")).await;
    bench.send(TestRequest::with_uri("/open")).await;
    let seen = seen.0.lock().unwrap();
    assert_eq!(
        *seen,
        [
            r#"GET Some("open") Some("/open") Some(42) Some("a=1")"#,
            r#"Some("/open") 200"#,
            r#"GET None None Some(42) Some("a=1")"#,
            "None 404",
            r#"GET Some("open") Some("/open") None None"#,
            r#"Some("/open") 200"#,
        ]
    );
}
