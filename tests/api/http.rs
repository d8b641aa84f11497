//! HTTP behaviour common to all operations.

use std::{
    io::{Read, Write},
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::helpers::{
    app::TestApp,
    contract::CONTRACT,
    http::{ByByte, connect, read_response},
    users::new_email,
};

/// RFC 9110, section 9.3.2.
#[test]
fn head_answers_as_get_does_without_the_body() {
    let app = TestApp::start();
    let user = app.user();
    for target in [
        "/films/v1/",
        "/films/v1/1",
        "/healthz",
        "/openapi.yaml",
        "/users/v1/me",
    ] {
        let get = app.get(target).bearer(&user.access).send().expect(200);
        let head = app
            .request("HEAD", target)
            .bearer(&user.access)
            .send()
            .expect(200);
        for name in ["content-type", "content-length", "etag", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {target}");
        }
    }
    let refused = app.request("HEAD", "/films/v1/").send();
    assert_eq!(refused.status, 401);
    assert!(refused.header("www-authenticate").is_some());
}

/// Bytes after a HEAD's head would be taken for the next answer.
#[test]
fn head_sends_no_body_on_a_kept_connection() {
    let app = TestApp::start();
    let mut stream = connect(app.address()).unwrap();
    for _ in 0..2 {
        write!(stream, "HEAD /openapi.yaml HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        assert_eq!(read_response(&mut stream, true).unwrap().status, 200);
    }
    write!(stream, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let answer = read_response(&mut stream, false).unwrap();
    assert_eq!(answer.json(), json!({ "status": "ok" }));
}

#[test]
fn options_lists_the_methods_and_asks_for_no_credentials() {
    let app = TestApp::start();
    for operation in CONTRACT.operations() {
        let target = operation.example_target();
        let answer = app
            .request("OPTIONS", target.split('?').next().unwrap())
            .send();
        assert!(matches!(answer.status, 200 | 204), "{}", operation.id);
        let allowed = answer.header("allow").expect("Allow");
        assert!(
            allowed
                .split(',')
                .any(|method| method.trim() == operation.method),
            "{}: {allowed}",
            operation.id
        );
    }
}

const ORIGIN: &str = "https://app.rebels.example";

#[test]
fn no_origin_is_allowed_by_default() {
    let app = TestApp::start();
    let answer = app.get("/healthz").header("Origin", ORIGIN).send();
    assert_eq!(answer.header("access-control-allow-origin"), None);
    let preflight = app
        .request("OPTIONS", "/films/v1/")
        .header("Origin", ORIGIN)
        .header("Access-Control-Request-Method", "GET")
        .send();
    assert_eq!(preflight.header("access-control-allow-origin"), None);
}

#[test]
fn a_configured_origin_is_allowed_on_answers_errors_and_preflights() {
    let app = TestApp::with_settings(|settings| {
        settings.set(
            "server.cors_origins",
            &format!("{ORIGIN},https://other.example"),
        );
    });
    for (target, status) in [("/healthz", 200), ("/films/v1/", 401), ("/nowhere", 404)] {
        let answer = app
            .get(target)
            .header("Origin", ORIGIN)
            .send()
            .expect(status);
        assert_eq!(answer.header("access-control-allow-origin"), Some(ORIGIN));
        let vary = answer.headers("vary").join(", ").to_lowercase();
        assert!(vary.contains("origin"), "{target}: Vary is `{vary}`");
    }
    let preflight = app
        .request("OPTIONS", "/films/v1/")
        .header("Origin", ORIGIN)
        .header("Access-Control-Request-Method", "GET")
        .header("Access-Control-Request-Headers", "authorization")
        .send();
    assert!(matches!(preflight.status, 200 | 204));
    assert_eq!(
        preflight.header("access-control-allow-origin"),
        Some(ORIGIN)
    );
    let methods = preflight
        .header("access-control-allow-methods")
        .expect("methods");
    assert!(methods.contains("GET"), "{methods}");
    let headers = preflight
        .header("access-control-allow-headers")
        .expect("headers")
        .to_lowercase();
    assert!(headers.contains("authorization"), "{headers}");
    for foreign in [
        "https://evil.example",
        "null",
        "https://app.rebels.example.evil.example",
    ] {
        let answer = app.get("/healthz").header("Origin", foreign).send();
        assert_eq!(
            answer.header("access-control-allow-origin"),
            None,
            "{foreign}"
        );
    }
}

#[test]
fn request_ids_differ_and_are_the_instances_of_problems() {
    let app = TestApp::start();
    let answers = [
        app.get("/healthz").send(),
        app.get("/healthz").send(),
        app.get("/nowhere").send(),
    ];
    let ids: Vec<_> = answers
        .iter()
        .map(|answer| answer.header("x-request-id").expect("id").to_owned())
        .collect();
    assert_ne!(ids[0], ids[1]);
    assert_eq!(
        answers[2].json()["instance"],
        format!("urn:uuid:{}", ids[2])
    );
}

/// RFC 9110, section 15.5.15: also where the target is longer than the library reads.
#[test]
fn an_overlong_target_is_414() {
    let app = TestApp::start();
    for length in [9_000, 65_000, 66_000, 70_000, 130_000] {
        for path in ["/films/v1/?options[characters]=", "/nowhere/"] {
            let target = format!("{path}{}", "x".repeat(length));
            let answer = app.get(&target).send_unchecked();
            answer.expect_problem(414, "uri-too-long");
        }
    }
    // The connection goes on.
    let mut stream = connect(app.address()).unwrap();
    let long = format!("/healthz?{}", "x".repeat(70_000));
    for target in ["/healthz", &long, "/healthz", &long, &long, "/healthz"] {
        write!(stream, "\r\nGET {target} HTTP/1.1\r\nHost: there\r\n\r\n").unwrap();
    }
    for status in [200, 414, 200, 414, 414, 200] {
        let answer = read_response(&mut ByByte(&stream), false).unwrap();
        assert_eq!(answer.status, status, "{answer:?}");
    }
}

#[test]
fn oversized_headers_are_431() {
    let app = TestApp::start();
    let request = app.get("/healthz").header("X-Padding", &"x".repeat(17_000));
    request
        .send_unchecked()
        .expect_problem(431, "header-fields-too-large");
}

#[test]
fn a_length_beyond_the_limit_is_refused_unread() {
    let app = TestApp::start();
    let mut stream = connect(app.address()).unwrap();
    write!(
        stream,
        "POST /users/v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
         Content-Length: 99999999\r\n\r\n{{"
    )
    .unwrap();
    read_response(&mut stream, false)
        .unwrap()
        .expect_problem(413, "payload-too-large");
}

#[test]
fn a_chunked_body_has_the_same_limit() {
    let app = TestApp::start();
    let send = |size: usize| {
        let mut stream = connect(app.address()).unwrap();
        write!(
            stream,
            "POST /users/v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
             Transfer-Encoding: chunked\r\n\r\n"
        )
        .unwrap();
        let body = format!("{{\"email\": \"{}\"}}", "x".repeat(size));
        for part in body.as_bytes().chunks(8000) {
            let sent = write!(stream, "{:x}\r\n", part.len())
                .and_then(|()| stream.write_all(part))
                .and_then(|()| stream.write_all(b"\r\n"));
            if sent.is_err() {
                break;
            }
        }
        // The server may have answered already.
        let _ = stream.write_all(b"0\r\n\r\n");
        read_response(&mut stream, false).unwrap()
    };
    send(100).expect_problem(400, "validation-failed");
    send(66_000).expect_problem(413, "payload-too-large");
}

#[test]
fn a_body_whose_framing_breaks_is_400_with_its_violation() {
    let app = TestApp::start();
    let mut stream = connect(app.address()).unwrap();
    write!(
        stream,
        "POST /users/v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
         Transfer-Encoding: chunked\r\n\r\nZZ\r\n{{}}\r\n0\r\n\r\n"
    )
    .unwrap();
    let answer = read_response(&mut stream, false)
        .unwrap()
        .expect_problem(400, "validation-failed");
    assert_eq!(answer.json()["errors"][0]["in"], "body");
}

/// The body has 15 s, however it trickles in.
#[test]
fn a_body_that_does_not_arrive_in_time_is_408() {
    let app = TestApp::start();
    let started = Instant::now();
    let mut stream = connect(app.address()).unwrap();
    write!(
        stream,
        "POST /users/v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
         Content-Length: 1000\r\n\r\n{{"
    )
    .unwrap();
    let mut writer = stream.try_clone().unwrap();
    let trickle = thread::spawn(move || {
        while started.elapsed() < Duration::from_secs(25) {
            if writer.write_all(b" ").is_err() {
                break;
            }
            thread::sleep(Duration::from_millis(500));
        }
    });
    read_response(&mut stream, false)
        .unwrap()
        .expect_problem(408, "request-timeout");
    drop(stream);
    trickle.join().unwrap();
}

#[test]
fn a_head_that_does_not_arrive_in_time_is_given_up() {
    let app = TestApp::start();
    let mut stream = connect(app.address()).unwrap();
    write!(stream, "GET /healthz HTTP/1.1\r\nHost:").unwrap();
    let mut rest = Vec::new();
    // An answer of 408 or none; what counts is that the connection ends.
    stream.read_to_end(&mut rest).unwrap();
    let text = String::from_utf8_lossy(&rest);
    assert!(
        text.is_empty() || text.starts_with("HTTP/1.1 408"),
        "{text}"
    );
}

#[test]
fn what_is_not_http_is_400_and_the_server_goes_on() {
    let app = TestApp::start();
    for bytes in [
        "\u{16}\u{3}\u{1}\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
    ] {
        let mut stream = connect(app.address()).unwrap();
        stream.write_all(bytes.as_bytes()).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let text = String::from_utf8_lossy(&answer);
        assert!(
            text.is_empty() || text.starts_with("HTTP/1.1 400"),
            "{text}"
        );
    }
    app.get("/healthz").send().expect(200);
}

/// The log is read by people who must not see what they could use.
#[test]
fn the_log_has_no_password_address_or_token() {
    let app = TestApp::start();
    let user = app.user();
    app.films(&user.access).expect(200);
    app.log_in(&user.email, "not-the-password-7Q").expect(401);
    let email = new_email();
    app.post("/users/v1/signup")
        .json(&json!({ "email": email, "password": "tiny-7Q" }))
        .send()
        .expect(400);
    app.films("forged.7Q.token").expect(401);
    let log = app.log();
    assert!(!log.is_empty());
    let mail_token = app.mail_number(1, &user.email).token().expect("a token");
    for secret in [
        user.email.as_str(),
        email.as_str(),
        crate::helpers::users::PASSWORD,
        "not-the-password-7Q",
        "tiny-7Q",
        "forged.7Q.token",
        &user.access,
        &user.refresh,
        &mail_token,
        crate::helpers::app::ACCESS_SECRET,
    ] {
        assert!(!log.contains(secret), "the log says `{secret}`");
    }
}

#[test]
fn the_log_names_the_request_the_operation_and_the_status() {
    let app = TestApp::start();
    let answer = app.get("/films/v1/").send().expect(401);
    let id = answer.header("x-request-id").expect("id").to_owned();
    let line = crate::helpers::eventually("a line in the log", Duration::from_secs(5), || {
        app.log()
            .lines()
            .find(|line| line.contains(&id))
            .map(str::to_owned)
    });
    for word in ["get_films", "401", "token-missing"] {
        assert!(line.contains(word), "{word} is not in {line}");
    }
}

#[test]
fn what_is_switched_off_is_not_there() {
    let app = TestApp::with_settings(|settings| {
        settings
            .set("ui.enabled", "false")
            .set("metrics.enabled", "false");
    });
    for target in ["/ui/", "/ui/swagger-ui.css", "/metrics"] {
        app.get(target).send().expect_problem(404, "not-found");
    }
}

#[test]
fn the_viewer_comes_from_the_binary_and_loads_nothing_from_elsewhere() {
    let app = TestApp::start();
    let page = app.get("/ui/").send().expect(200);
    let policy = page.header("content-security-policy").expect("policy");
    let sources = |directive: &str| {
        policy
            .split(';')
            .find_map(|part| part.trim().strip_prefix(directive))
            .map(str::trim)
    };
    assert!(
        matches!(sources("default-src"), Some("'none'" | "'self'")),
        "{policy}"
    );
    assert!(
        matches!(sources("script-src"), None | Some("'self'")),
        "{policy}"
    );
    assert!(!page.text().contains("://"), "{}", page.text());
    for (asset, media_type) in [
        ("swagger-ui.css", "text/css"),
        ("swagger-ui-bundle.js", "text/javascript"),
        ("initializer.js", "text/javascript"),
        ("login.js", "text/javascript"),
        ("viewer.css", "text/css"),
        ("favicon.png", "image/png"),
    ] {
        let answer = app.get(&format!("/ui/{asset}")).send().expect(200);
        let sent = answer.header("content-type").expect("type");
        assert!(sent.starts_with(media_type), "{asset}: {sent}");
    }
    app.get("/ui/nothing.js")
        .send()
        .expect_problem(404, "not-found");
    app.get("/ui/..%2fsecrets.toml")
        .send_unchecked()
        .expect(400);
    let same = app.get("/ui/?url=https://evil.example/openapi.json").send();
    assert_eq!(same.expect(200).body, page.body);
}

#[test]
fn a_stop_lets_requests_under_way_finish() {
    let mut app = TestApp::start();
    let mut stream = connect(app.address()).unwrap();
    let body =
        json!({ "email": new_email(), "password": crate::helpers::users::PASSWORD }).to_string();
    write!(
        stream,
        "POST /users/v1/signup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    )
    .unwrap();
    thread::sleep(Duration::from_millis(300));
    app.process().signal("TERM");
    thread::sleep(Duration::from_millis(300));
    stream.write_all(body.as_bytes()).unwrap();
    assert_eq!(read_response(&mut stream, false).unwrap().status, 202);
    let status = app.process().wait(Duration::from_secs(15));
    assert!(status.success(), "{status}");
}
