//! Traces: by OTLP to a collector, and by `traceparent` in the log.

use std::{thread, time::Duration};

use serde_json::{Value, json};

use crate::helpers::{
    app::TestApp,
    collector::{Collector, SILENCE, attribute, has_failed, hex},
    eventually,
    metrics::Metrics,
    process::free_port,
    redis::RedisServer,
    tls::Authority,
    users::{PASSWORD, new_email},
};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

fn traceparent(trace: &str, flags: &str) -> String {
    format!("00-{trace}-{PARENT}-{flags}")
}

/// The lines of the log that are about a request.
fn lines(app: &TestApp, request_id: &str) -> Vec<Value> {
    eventually("a line of the log", Duration::from_secs(10), || {
        let log = app.log();
        let lines = log.lines().filter(|line| line.contains(request_id));
        let lines: Vec<_> = lines
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect();
        (!lines.is_empty()).then_some(lines)
    })
}

/// W3C Trace Context, section 4.3: what is well-formed is taken over, whatever else is ignored.
#[test]
fn the_trace_of_the_caller_stands_in_each_line_of_the_log() {
    let app = TestApp::start();
    let films = |traceparent: &str| {
        let request = app.get("/films/v1/").bearer("bad");
        let answer = request
            .header("traceparent", traceparent)
            .send()
            .expect(401);
        let id = answer.header("x-request-id").expect("an id").to_owned();
        lines(&app, &id)
    };
    let told = films(&traceparent(TRACE, "00"));
    // The refusal of the token, and that of the request.
    assert_eq!(told.len(), 2, "{told:?}");
    for line in told {
        assert_eq!(line["trace_id"], TRACE, "{line}");
        assert_eq!(line["operation"], "get_films", "{line}");
    }
    for bad in [
        traceparent(&"0".repeat(32), "01"),
        traceparent(&TRACE.to_uppercase(), "01"),
        format!("{}-more", traceparent(TRACE, "01")),
        "00-1-2-3".to_owned(),
    ] {
        for line in films(&bad) {
            assert_eq!(line.get("trace_id"), None, "{bad}: {line}");
        }
    }
}

/// OpenTelemetry, semantic conventions for HTTP spans; W3C Trace Context for the parent and `tracestate`.
#[test]
fn a_sign_up_is_traced_with_the_clients_span_as_its_parent() {
    let collector = Collector::start();
    let app = collector.app();
    let email = new_email();
    let answer = app
        .post("/users/v1/signup")
        .json(&json!({ "email": email, "password": PASSWORD }))
        .header("traceparent", &traceparent(TRACE, "01"))
        .header("tracestate", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE")
        .send()
        .expect(202);
    let spans = collector.trace(TRACE);
    let request = spans
        .iter()
        .find(|span| span.kind == 2)
        .expect("a server's");
    assert_eq!(request.name, "POST /users/v1/signup");
    assert_eq!(hex(&request.parent_span_id), PARENT);
    assert_eq!(
        request.trace_state,
        "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"
    );
    let of_request = |name| attribute(&request.attributes, name);
    assert_eq!(of_request("http.request.method").as_deref(), Some("POST"));
    assert_eq!(
        of_request("http.route").as_deref(),
        Some("/users/v1/signup")
    );
    assert_eq!(
        of_request("http.response.status_code").as_deref(),
        Some("202")
    );
    assert_eq!(
        of_request("starwars.request_id").as_deref(),
        answer.header("x-request-id")
    );
    assert!(!has_failed(request));
    assert!(request.start_time_unix_nano < request.end_time_unix_nano);
    let mut parts: Vec<_> = spans.iter().filter(|span| span.kind != 2).collect();
    parts.sort_by_key(|span| span.start_time_unix_nano);
    let names: Vec<&str> = parts.iter().map(|span| span.name.as_str()).collect();
    assert!(
        names.contains(&"hash password") && names.contains(&"sqlite"),
        "{names:?}"
    );
    for part in parts {
        assert_eq!(part.parent_span_id, request.span_id, "{}", part.name);
    }
    let service = collector.resources();
    assert_eq!(
        attribute(&service, "service.name").as_deref(),
        Some("starwars-api")
    );
    assert_eq!(
        attribute(&service, "service.version").as_deref(),
        Some(env!("CARGO_PKG_VERSION"))
    );
    let head = &collector.heads()[0];
    assert!(head.starts_with("POST /v1/traces HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("application/x-protobuf"), "{head}");
}

#[test]
fn a_request_without_a_parent_has_a_trace_of_its_own_which_the_log_names() {
    let collector = Collector::start();
    let app = collector.app();
    let answer = app.get("/films/v1/?secret=hunter2").send().expect(401);
    let line = lines(&app, answer.header("x-request-id").expect("an id")).remove(0);
    let trace = line["trace_id"].as_str().expect("an id");
    let spans = collector.trace(trace);
    assert_eq!(spans.len(), 1, "{spans:?}");
    assert_eq!(spans[0].name, "GET /films/v1/");
    assert!(spans[0].parent_span_id.is_empty());
    assert_eq!(
        attribute(&spans[0].attributes, "error.type").as_deref(),
        Some("token-missing")
    );
    // A client's mistake is none of the server's.
    assert!(!has_failed(&spans[0]));

    // What a client wrote is in no span: it may be a secret.
    for target in ["/nowhere/hunter2?hunter2", "/films/v1/hunter2"] {
        app.get(target)
            .header("user-agent", "hunter2")
            .send_unchecked();
    }
    app.log_in("hunter2@rebels.example", "hunter2").expect(401);
    eventually("all spans", Duration::from_secs(20), || {
        let spans = collector.spans();
        (spans.iter().filter(|span| span.kind == 2).count() >= 4).then_some(())
    });
    let all = format!("{:?}", collector.spans());
    assert!(
        !all.contains("hunter2") && !all.contains("127.0.0.1"),
        "{all}"
    );
}

#[test]
fn the_callers_flag_decides_and_then_the_ratio() {
    let collector = Collector::start();
    let app = TestApp::with_settings(|settings| {
        settings
            .set("tracing.otlp_endpoint", &collector.url())
            .set("tracing.sample_ratio", "0")
            .set("log.filter", "off")
            .variable("OTEL_BSP_SCHEDULE_DELAY", "100");
    });
    let health = |flags: Option<&str>, trace: &str| {
        let mut request = app.get("/healthz");
        if let Some(flags) = flags {
            request = request.header("traceparent", &traceparent(trace, flags));
        }
        request.send().expect(200);
    };
    health(None, "");
    health(Some("00"), &TRACE.replace('0', "1"));
    // Nothing is logged, and yet this one is traced.
    health(Some("01"), TRACE);
    collector.trace(TRACE);
    assert_eq!(collector.spans().len(), 1);
}

#[test]
fn a_failure_of_the_service_is_a_failed_span() {
    let collector = Collector::start();
    let mut redis = RedisServer::start();
    let url = redis.url();
    let app = TestApp::with_settings(|settings| {
        settings
            .set("tracing.otlp_endpoint", &collector.url())
            .set("revocation.backend", "redis")
            .set("revocation.redis_url", &url)
            .variable("OTEL_BSP_SCHEDULE_DELAY", "100");
    });
    let user = app.user();
    redis.kill();
    let films = app.get("/films/v1/").bearer(&user.access);
    films
        .header("traceparent", &traceparent(TRACE, "01"))
        .send()
        .expect(503);
    let spans = collector.trace(TRACE);
    assert!(has_failed(&spans[0]), "{spans:?}");
    assert_eq!(
        attribute(&spans[0].attributes, "error.type").as_deref(),
        Some("service-unavailable")
    );
}

#[test]
fn a_collector_that_fails_is_logged_once_and_keeps_no_request_waiting() {
    let collector = Collector::start();
    collector.answer(500);
    let nobody = format!("http://127.0.0.1:{}", free_port());
    thread::scope(|scope| {
        for url in [nobody, collector.url()] {
            scope.spawn(move || {
                let app = TestApp::with_settings(|settings| {
                    settings
                        .set("tracing.otlp_endpoint", &url)
                        .variable("OTEL_BSP_SCHEDULE_DELAY", "50");
                });
                for _ in 0..5 {
                    app.get("/healthz").send().expect(200);
                    thread::sleep(Duration::from_millis(200));
                }
                let told = || {
                    let log = app.log();
                    log.lines()
                        .filter(|line| line.contains("traces cannot be sent"))
                        .count()
                };
                eventually("a line", Duration::from_secs(20), || {
                    (told() > 0).then_some(())
                });
                thread::sleep(Duration::from_millis(500));
                assert_eq!(told(), 1, "{}", app.log());
            });
        }
    });
}

#[test]
fn a_collector_that_comes_back_gets_spans_again() {
    let collector = Collector::start();
    collector.answer(500);
    let app = collector.app();
    app.get("/healthz").send().expect(200);
    eventually("the fault is logged", Duration::from_secs(20), || {
        app.log().contains("traces cannot be sent").then_some(())
    });
    collector.answer(200);
    eventually("spans", Duration::from_secs(20), || {
        app.get("/healthz").send().expect(200);
        (!collector.spans().is_empty()).then_some(())
    });
    eventually("the end is logged", Duration::from_secs(10), || {
        app.log()
            .contains("traces are sent to the collector again")
            .then_some(())
    });
}

/// 20,000 requests are ten times what may wait.
#[test]
fn a_silent_collector_costs_bounded_memory_and_delays_no_stop() {
    let collector = Collector::start();
    collector.answer(SILENCE);
    let mut app = collector.app();
    let flood = || {
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..2_500 {
                        app.get("/healthz").send_unchecked().expect(200);
                    }
                });
            }
        });
        Metrics::of(&app)
            .value("process_resident_memory_bytes", &[])
            .expect("memory")
    };
    let before = flood();
    let after = flood();
    assert!(after < before + 8e6, "{before} became {after}");
    app.process().signal("TERM");
    let status = app.process().wait(Duration::from_secs(20));
    assert!(status.success(), "{status}: {}", app.log());
    assert!(
        app.log().contains("the last traces were not sent"),
        "{}",
        app.log()
    );
}

#[test]
fn a_stop_sends_what_is_left() {
    let collector = Collector::start();
    let mut app = TestApp::with_settings(|settings| {
        settings
            .set("tracing.otlp_endpoint", &collector.url())
            .variable("OTEL_BSP_SCHEDULE_DELAY", "600000");
    });
    let health = app
        .get("/healthz")
        .header("traceparent", &traceparent(TRACE, "01"));
    health.send().expect(200);
    assert!(collector.spans().is_empty());
    app.process().signal("TERM");
    assert!(app.process().wait(Duration::from_secs(20)).success());
    let spans = collector.spans();
    assert!(
        spans.iter().any(|span| hex(&span.trace_id) == TRACE),
        "{spans:?}"
    );
}

#[test]
fn a_collector_proves_itself_by_a_certificate_of_tls_ca_file() {
    let collector = Collector::start();
    let authority = Authority::new();
    let url = format!("https://{}", authority.front(collector.address()));
    let app = |ca_file: &str| {
        let app = TestApp::with_settings(|settings| {
            settings
                .set("tracing.otlp_endpoint", &url)
                .set("tls.ca_file", ca_file)
                .variable("OTEL_BSP_SCHEDULE_DELAY", "100");
        });
        let health = app.get("/healthz");
        let health = health.header("traceparent", &traceparent(TRACE, "01"));
        health.send().expect(200);
        app
    };
    let stranger = app("");
    eventually("the refusal", Duration::from_secs(20), || {
        let log = stranger.log();
        log.contains("traces cannot be sent").then_some(())
    });
    assert!(collector.heads().is_empty());
    let _friend = app(&authority.path("ca.pem"));
    collector.trace(TRACE);
}

#[test]
fn settings_of_traces_that_make_no_sense_are_refused() {
    for (key, value, told) in [
        (
            "tracing.otlp_endpoint",
            "collector:4318",
            "tracing.otlp_endpoint must be",
        ),
        (
            "tracing.otlp_endpoint",
            "http://me:hunter2@collector",
            "OTEL_EXPORTER_OTLP_HEADERS",
        ),
        (
            "tracing.otlp_endpoint",
            "http://collector/?x=1",
            "tracing.otlp_endpoint must be",
        ),
        (
            "tracing.sample_ratio",
            "1.5",
            "tracing.sample_ratio must be from 0 to 1",
        ),
        ("tracing.sample_ratio", "NaN", "tracing.sample_ratio"),
    ] {
        let app = TestApp::not_started(|settings| {
            settings.set(key, value);
        });
        let output = app.run(&["config", "check"], "");
        let said = String::from_utf8(output.stderr).expect("text");
        assert!(
            !output.status.success() && said.contains(told),
            "{key}={value}: {said}"
        );
        assert!(!said.contains("hunter2"), "{said}");
    }
}
