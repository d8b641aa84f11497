//! The metrics: names and labels by OpenTelemetry's semantic conventions, each label bounded.

use std::{
    collections::BTreeSet,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use crate::helpers::{
    app::TestApp, eventually, metrics::Metrics, process::program, users::new_email,
};

const REQUESTS: &str = "http_server_request_duration_seconds_count";

fn count(metrics: &Metrics, method: &str, route: &str, status: &str) -> Option<f64> {
    let wanted = [
        ("http_request_method", method),
        ("http_route", route),
        ("http_response_status_code", status),
    ];
    metrics.value(REQUESTS, &wanted)
}

/// OpenTelemetry, semantic conventions for HTTP metrics: `http.server.request.duration`.
#[test]
fn requests_are_measured_by_method_route_and_status() {
    let app = TestApp::start();
    let user = app.user();
    for id in ["1", "2", "99"] {
        let film = app.get(&format!("/films/v1/{id}")).bearer(&user.access);
        film.send();
    }
    app.films("bad").expect(401);
    app.request("HEAD", "/healthz").send_unchecked().expect(200);
    app.get("/healthz").send().expect(200);
    app.get("/nowhere").send_unchecked().expect(404);
    let metrics = Metrics::of(&app);
    let film = "/films/v1/{film_id}";
    assert_eq!(count(&metrics, "GET", film, "200"), Some(2.0));
    assert_eq!(count(&metrics, "GET", film, "404"), Some(1.0));
    assert_eq!(count(&metrics, "GET", "/films/v1/", "401"), Some(1.0));
    assert_eq!(count(&metrics, "HEAD", "/healthz", "200"), Some(1.0));
    assert_eq!(count(&metrics, "GET", "", "404"), Some(1.0));
    let bounds: Vec<&str> = metrics
        .series("http_server_request_duration_seconds_bucket")
        .filter(|series| series.has(&[("http_route", film), ("http_response_status_code", "200")]))
        .filter_map(|series| series.label("le"))
        .collect();
    let asked = [
        "0.005", "0.01", "0.025", "0.05", "0.075", "0.1", "0.25", "0.5", "0.75", "1", "2.5", "5",
        "7.5", "10", "+Inf",
    ];
    assert_eq!(bounds, asked);
}

/// Whatever a client makes up, it makes no new series.
#[test]
fn clients_cannot_make_series() {
    let app = TestApp::start();
    let series = || -> BTreeSet<Vec<(String, String)>> {
        let metrics = Metrics::of(&app);
        let series = metrics.series(REQUESTS);
        series.map(|series| series.labels.clone()).collect()
    };
    let send = |round: usize| {
        for part in 0..5 {
            let path = format!("/nowhere/{round}/{part}");
            app.get(&path).send_unchecked().expect(404);
            app.get(&format!("/films/v1/{round}-{part}?a={round}"))
                .send_unchecked();
            app.request(&format!("BREW{}", "X".repeat(round + part)), "/films/v1/")
                .send_unchecked();
        }
    };
    send(1);
    // The first look is counted in the second.
    series();
    let first = series();
    send(2);
    assert_eq!(series(), first);
    assert!(first.iter().any(|labels| {
        labels.contains(&("http_request_method".to_owned(), "_OTHER".to_owned()))
    }));
}

#[test]
fn pools_queues_mails_revocations_and_the_process_are_measured() {
    let app = TestApp::start();
    let user = app.user();
    app.post("/users/v1/logout")
        .bearer(&user.access)
        .send()
        .expect(200);
    let requests = ("db_client_connection_pool_name", "requests");
    let sent = eventually("the mail is sent", Duration::from_secs(20), || {
        let metrics = Metrics::of(&app);
        let sent = metrics.value("starwars_mails_total", &[("outcome", "sent")]);
        sent.filter(|sent| *sent >= 1.0).map(|_| metrics)
    });
    let value = |name: &str, labels: &[(&str, &str)]| {
        let value = sent.value(name, labels);
        value.unwrap_or_else(|| panic!("no {name} {labels:?} in {}", sent.text()))
    };
    assert_eq!(value("db_client_connection_max", &[requests]), 10.0);
    assert_eq!(
        value("db_client_connection_pending_requests", &[requests]),
        0.0
    );
    let idle = value(
        "db_client_connection_count",
        &[requests, ("db_client_connection_state", "idle")],
    );
    assert!((1.0..=10.0).contains(&idle), "{idle}");
    assert_eq!(value("starwars_password_hashing_running", &[]), 0.0);
    assert_eq!(value("starwars_password_hashing_waiting", &[]), 0.0);
    assert!(value("starwars_password_hashing_seconds_count", &[]) >= 2.0);
    assert_eq!(value("starwars_audit_waiting", &[]), 0.0);
    assert_eq!(value("starwars_audit_dropped_total", &[]), 0.0);
    assert!(value("starwars_mails_waiting", &[]) >= 0.0);
    assert_eq!(
        value("starwars_mails_total", &[("outcome", "given_up")]),
        0.0
    );
    assert!(value("starwars_revocations_held", &[("backend", "embedded")]) >= 1.0);
    assert_eq!(
        value("starwars_revocations_publish_failures_total", &[]),
        0.0
    );
    assert!(value("process_resident_memory_bytes", &[]) > 1e6);
    assert!(value("process_open_fds", &[]) > 5.0);
    assert!(value("process_start_time_seconds", &[]) > 1.7e9);
    let version = ("service_version", env!("CARGO_PKG_VERSION"));
    assert_eq!(
        value("target_info", &[("service_name", "starwars-api"), version]),
        1.0
    );
    // Counters end in `_total`, times are in seconds, and each name is explained.
    for line in sent.text().lines() {
        let Some(name) = line
            .strip_prefix("# TYPE ")
            .and_then(|rest| rest.strip_suffix(" counter"))
        else {
            continue;
        };
        assert!(name.ends_with("_total"), "{name}");
        assert!(sent.text().contains(&format!("# HELP {name} ")), "{name}");
    }
}

#[test]
fn a_burst_of_logins_is_seen_in_the_queue_of_hashing() {
    let app = TestApp::with_settings(|settings| {
        settings
            .set("passwords.memory_kib", "65536")
            .set("passwords.iterations", "8")
            .set("passwords.threads", "1");
    });
    // The first answer waits until the contract has been read, here in the test.
    Metrics::of(&app);
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| app.log_in(&new_email(), "no such password").expect(401));
        }
        eventually("a queue", Duration::from_secs(20), || {
            let metrics = Metrics::of(&app);
            let running = metrics.value("starwars_password_hashing_running", &[])?;
            let waiting = metrics.value("starwars_password_hashing_waiting", &[])?;
            assert!(running <= 1.0 && waiting <= 6.0, "{running}, {waiting}");
            (running == 1.0 && waiting >= 1.0).then_some(())
        });
    });
}

/// The unit of systemd hides what of `/proc` is no process (`ProcSubset=pid`).
#[test]
fn the_start_of_the_process_is_known_where_the_rest_of_proc_is_hidden() {
    let app = TestApp::not_started(|_| {});
    let script = format!(
        "#!/bin/sh\nexec unshare --user --map-root-user --mount sh -c \
         'mount --bind /dev/null /proc/stat && exec \"$0\" \"$@\"' {} \"$@\"\n",
        env!("CARGO_BIN_EXE_starwars-api")
    );
    let program = program(app.folder(), &script);
    let mut app = app.of_program(program);
    app.start_again();
    let start = Metrics::of(&app).value("process_start_time_seconds", &[]);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("now");
    let age = now.as_secs_f64() - start.expect("a start");
    assert!((-1.0..120.0).contains(&age), "{age}");
}
