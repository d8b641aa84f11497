//! The edges of HTTP: what proxies, browsers, mail programs and other languages' clients send.

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::helpers::{
    app::TestApp,
    browser::Browser,
    contract::CONTRACT,
    eventually,
    http::{FORM, Response, connect, read_response},
    prefix::{PREFIX, PrefixProxy},
    users::{PASSWORD, new_email},
};

const BROWSER: &str =
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

fn send(stream: &mut TcpStream, head: &str, body: &str) -> Response {
    write!(stream, "{head}\r\nHost: x\r\n\r\n{body}").unwrap();
    read_response(stream, false).unwrap()
}

/// RFC 9110, section 7.8: a server may ignore `Upgrade`. The request is then one like any other, and what becomes of the
/// connection is said.
#[test]
fn an_upgrade_that_is_not_given_is_an_ordinary_request() {
    let app = TestApp::start();
    let body = json!({ "email": new_email(), "password": PASSWORD }).to_string();
    let length = body.len();
    for lines in [
        "Connection: upgrade",
        "Connection: Keep-Alive, Upgrade\r\nUpgrade: h2c",
        "Connection: Upgrade\r\nUpgrade: websocket",
        "Upgrade: websocket",
        "Upgrade: h2c",
    ] {
        let login = format!(
            "POST /users/v1/login HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{lines}"
        );
        for (head, body, status) in [
            (format!("GET /healthz HTTP/1.1\r\n{lines}"), "", 200),
            (login, body.as_str(), 401),
        ] {
            let mut stream = connect(app.address()).unwrap();
            let started = Instant::now();
            let first = send(&mut stream, &head, body);
            assert_eq!(first.status, status, "{lines}: {}", first.text());
            assert!(started.elapsed() < Duration::from_secs(5), "{lines}");
            let said = first.header("connection").unwrap_or_default().to_owned();
            assert!(!said.contains("upgrade"), "{lines}: {said}");
            if said == "close" {
                let mut rest = Vec::new();
                stream.read_to_end(&mut rest).unwrap();
                assert_eq!(rest, b"", "{lines}");
            } else {
                assert_eq!(send(&mut stream, &head, body).status, status, "{lines}");
            }
        }
    }
    // A body that nobody reads is not taken for a request.
    let mut stream = connect(app.address()).unwrap();
    let refused = send(
        &mut stream,
        "POST /healthz HTTP/1.1\r\nContent-Length: 30\r\nConnection: upgrade",
        "GET /metrics HTTP/1.1\r\nHost: x",
    );
    assert_eq!(
        (refused.status, refused.header("connection")),
        (405, Some("close"))
    );
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    assert_eq!(rest, b"");
}

/// RFC 9110, section 10.1.1: a request that is refused from its head is refused at once, and its body is not asked for.
#[test]
fn a_body_is_not_asked_for_when_the_head_is_refused() {
    let app = TestApp::start();
    let admin = app.admin();
    let post = |path: &str, token: &str, length: usize| {
        let mut stream = connect(app.address()).unwrap();
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\nExpect: 100-continue\r\n\r\n"
        )
        .unwrap();
        stream
    };
    for (path, token, length, status, code) in [
        ("/users/v1/", "bad", 100, 401, "token-invalid"),
        (
            "/users/v1/?x=1",
            admin.access.as_str(),
            100,
            400,
            "validation-failed",
        ),
        (
            "/users/v1/",
            admin.access.as_str(),
            99_999,
            413,
            "payload-too-large",
        ),
        ("/nowhere", "bad", 100, 404, "not-found"),
        ("/healthz", "bad", 100, 405, "method-not-allowed"),
    ] {
        let mut stream = post(path, token, length);
        let answer = read_response(&mut stream, false).unwrap();
        let answer = answer.expect_problem(status, code);
        assert_eq!(answer.header("connection"), Some("close"), "{path}");
    }
    let body =
        json!({ "email": new_email(), "password": PASSWORD, "access_role": "basic" }).to_string();
    let mut stream = post("/users/v1/", &admin.access, body.len());
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(body.as_bytes()).unwrap();
    read_response(&mut stream, false).unwrap().expect(201);
    // The connection goes on, and a body that is sent without being asked for is taken as well.
    let body =
        json!({ "email": new_email(), "password": PASSWORD, "access_role": "basic" }).to_string();
    write!(
        stream,
        "POST /users/v1/ HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\n\r\n{body}",
        admin.access,
        body.len()
    )
    .unwrap();
    // Whether 100 is said then is left open: the body is there (RFC 9110, section 10.1.1).
    let mut told = Vec::new();
    let mut part = [0; 4096];
    while !String::from_utf8_lossy(&told).contains("\r\n\r\n{") {
        let count = stream.read(&mut part).unwrap();
        assert!(count > 0, "{}", String::from_utf8_lossy(&told));
        told.extend_from_slice(&part[..count]);
    }
    let told = String::from_utf8_lossy(&told).into_owned();
    let told = told
        .strip_prefix("HTTP/1.1 100 Continue\r\n\r\n")
        .unwrap_or(&told);
    assert!(told.starts_with("HTTP/1.1 201"), "{told}");
}

/// RFC 6750, section 3.1: no error code where no bearer token was sent.
#[test]
fn credentials_of_another_scheme_are_no_invalid_token() {
    let app = TestApp::start();
    for other in [
        "Token x",
        "token",
        "Digest username=\"x\"",
        "Basic bGVpYTp4",
    ] {
        let answer = app
            .get("/films/v1/")
            .header("Authorization", other)
            .send()
            .expect(401);
        assert_eq!(
            answer.header("www-authenticate"),
            Some("Bearer realm=\"starwars-api\""),
            "{other}"
        );
    }
}

/// RFC 9110, sections 5.6.6 and 8.3.1.
#[test]
fn a_media_type_may_have_quoted_parameters() {
    let app = TestApp::start();
    let body = json!({ "email": new_email(), "password": PASSWORD }).to_string();
    for media_type in [
        "application/json; profile=\"a;b\"",
        "application/json; profile=\"a\\\"b,c\"; charset=\"utf-8\"",
        "application/json;charset=utf8",
        "Application/JSON ; Charset=US-ASCII",
    ] {
        app.post("/users/v1/login")
            .body(media_type, body.as_str())
            .send()
            .expect_problem(401, "credentials-invalid");
    }
    for media_type in [
        "application/json; profile=\"a;b",
        "application/json; charset=utf-16",
        "application/json; charset=\"utf-16\"",
    ] {
        app.post("/users/v1/login")
            .body(media_type, body.as_str())
            .send()
            .expect_problem(415, "unsupported-media-type");
    }
    let page = app
        .get("/errors/v1/")
        .header(
            "Accept",
            "application/json;q=0.1, text/html;charset=\"utf\\-8\"",
        )
        .send();
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
}

/// Python's requests sends `False`.
#[test]
fn a_boolean_is_read_as_common_languages_write_it() {
    let app = TestApp::start();
    let user = app.user();
    let films = |value: &str| {
        app.get(&format!("/films/v1/?options[characters]={value}"))
            .bearer(&user.access)
            .send()
    };
    let (without, with) = (films("false").expect(200), films("true").expect(200));
    assert_ne!(without.body, with.body);
    for value in ["False", "FALSE"] {
        assert_eq!(films(value).expect(200).body, without.body, "{value}");
    }
    for value in ["True", "TRUE"] {
        assert_eq!(films(value).expect(200).body, with.body, "{value}");
    }
    for value in ["0", "no", "fALSE", "", "%20false"] {
        films(value).expect_problem(400, "validation-failed");
    }
}

#[test]
fn a_value_that_its_format_takes_is_stored_or_refused_at_its_place() {
    let app = TestApp::start();
    let admin = app.admin();
    let put = |datetime: &str| {
        app.put("/holodules/v1/items/edges")
            .bearer(&admin.access)
            .json(&json!({
                "video_id": "x",
                "datetime": datetime,
                "name": "x",
                "title": "x",
                "url": "https://video.example/x",
                "description": "",
            }))
            .send()
    };
    for good in [
        "2026-05-04T20:00:00Z",
        "2026-05-04t20:00:00.123456789z",
        "2026-05-04T20:00:00-23:59",
        "2016-12-31T23:59:60Z",
        "2016-12-31T18:59:60-05:00",
    ] {
        assert!(matches!(put(good).status, 200 | 201), "{good}");
    }
    for bad in [
        "2026-05-04T23:59:60Z",
        "2026-02-29T20:00:00Z",
        "2026-05-04 20:00:00Z",
        "2026-05-04T20:00:00",
        "2026-05-04T20:00:00+24:00",
        "2026-05-04T24:00:00Z",
        "0000-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2026-05-04T20:00:00.Z",
        "-001-01-01T00:00:00Z",
    ] {
        let answer = put(bad).expect_problem(400, "validation-failed");
        assert_eq!(answer.json()["errors"][0]["pointer"], "/datetime", "{bad}");
    }
}

#[test]
fn a_tail_on_a_mailed_link_is_ignored() {
    let app = TestApp::start();
    let email = new_email();
    app.sign_up(&email).expect(202);
    let token = app.mail_number(1, &email).token().expect("a token");
    let link = format!("/users/v1/email_verification?token={token}&utm_source=mail&utm_source=2");
    let answer = app.get(&link).send().expect(200);
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    app.session(&email);
    // What it does know is as strict as ever.
    for wrong in ["token=a&token=b", "utm_source=mail"] {
        app.get(&format!("/users/v1/email_verification?{wrong}"))
            .send()
            .expect_problem(400, "validation-failed");
    }
}

/// RFC 6749, section 3.2, from which RFC 7009 and RFC 7662 take their forms.
#[test]
fn a_form_of_an_rfc_ignores_members_that_nobody_knows() {
    let app = TestApp::start();
    let admin = app.admin();
    let user = app.user();
    let post = |target: &str, form: &str| {
        app.post(target)
            .bearer(&admin.access)
            .body(FORM, form)
            .send()
    };
    let extra = "client_id=web&resource=a&resource=b&x=%ff";
    let form = format!(
        "{extra}&token={}&token_type_hint=refresh_token",
        user.refresh
    );
    let answer = post("/auth/v1/introspect", &form).expect(200);
    assert_eq!(answer.json()["active"], true);
    post("/auth/v1/revoke", &form).expect(200);
    let answer = post("/auth/v1/introspect", &form).expect(200);
    assert_eq!(answer.json(), json!({ "active": false }));
    for wrong in ["client_id=web", "token=a&token=a&client_id=web"] {
        for target in ["/auth/v1/introspect", "/auth/v1/revoke"] {
            post(target, wrong).expect_problem(400, "validation-failed");
        }
    }
}

#[test]
fn no_referrer_is_sent_from_pages_and_where_a_token_stands_in_the_url() {
    let app = TestApp::start();
    for (target, status) in [
        ("/ui/", 200),
        ("/ui", 200),
        ("/errors/v1/", 200),
        ("/errors/v1/token-expired", 200),
        ("/", 200),
        ("/users/v1/email_verification?token=bad", 401),
        ("/users/v1/email_verification", 400),
    ] {
        let answer = app
            .get(target)
            .header("Accept", BROWSER)
            .send()
            .expect(status);
        assert_eq!(
            answer.header("referrer-policy"),
            Some("no-referrer"),
            "{target}"
        );
    }
    let long = format!("/users/v1/email_verification?token={}", "x".repeat(9000));
    let answer = app.get(&long).send().expect(414);
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
}

/// The check that HAProxy sends unless it is told another.
#[test]
fn options_of_the_root_is_answered_in_http_1_0() {
    let app = TestApp::start();
    let mut stream = connect(app.address()).unwrap();
    stream.write_all(b"OPTIONS / HTTP/1.0\r\n\r\n").unwrap();
    let answer = read_response(&mut stream, false).unwrap().expect(204);
    assert_eq!(answer.header("allow"), Some("GET, HEAD, OPTIONS"));
}

#[test]
fn the_root_tells_programs_and_people_where_all_is() {
    let app = TestApp::start();
    let url = app.public_url();
    for accept in [None, Some("*/*"), Some("application/json")] {
        let mut request = app.get("/");
        if let Some(accept) = accept {
            request = request.header("Accept", accept);
        }
        let answer = request.send().expect(200);
        assert!(answer.headers("vary").contains(&"Accept"));
        let document = answer.json();
        assert_eq!(document["title"], CONTRACT.document()["info"]["title"]);
        assert_eq!(document["version"], CONTRACT.document()["info"]["version"]);
        for name in ["contract", "viewer", "errors", "status"] {
            let target = document[name].as_str().expect(name);
            let target = target.strip_prefix(&url).expect(target);
            app.get(target).send().expect(200);
        }
    }
    let page = app.get("/").header("Accept", BROWSER).send().expect(200);
    assert_eq!(page.headers("vary"), ["Accept-Encoding", "Accept"]);
    let links = links(&page.text());
    assert_eq!(links.len(), 7, "{links:?}");
    for link in links {
        let target = link.strip_prefix(&url).expect(&link);
        app.get(target).send().expect(200);
    }
    app.post("/")
        .send()
        .expect_problem(405, "method-not-allowed");

    let app = TestApp::with_settings(|settings| {
        settings.set("ui.enabled", "false");
    });
    let answer = app.get("/").send().expect(200);
    assert_eq!(answer.json()["viewer"], Value::Null);
    let page = app.get("/").header("Accept", BROWSER).send().expect(200);
    assert!(!page.text().contains("/ui/"), "{}", page.text());
}

/// The targets of the links of a page.
fn links(html: &str) -> Vec<String> {
    let links = html.split("href=\"").skip(1);
    links
        .filter_map(|rest| Some(rest.split_once('"')?.0.replace("&#x2f;", "/")))
        .collect()
}

/// A service behind a proxy that takes a path off, and how it is reached.
fn below_a_prefix() -> (TestApp, crate::helpers::http::Client, String) {
    let proxy = PrefixProxy::bind();
    let url = proxy.public_url();
    let app = TestApp::with_settings(|settings| {
        settings.set("server.public_url", &url);
    });
    let client = proxy.forward_to(app.address());
    (app, client, url)
}

#[test]
fn everything_works_below_a_path_that_a_proxy_takes_off() {
    let (app, proxied, url) = below_a_prefix();
    let get = |target: &str| proxied.get(target).send_unchecked();
    let document = get(&format!("{PREFIX}/openapi.json")).expect(200).json();
    assert_eq!(document["servers"][0]["url"], url);
    let yaml = get(&format!("{PREFIX}/openapi.yaml")).expect(200).text();
    let yaml: Value = serde_saphyr::from_str(&yaml).expect("YAML");
    for mut served in [document, yaml] {
        // But for its address, what is served is what is enforced.
        served["servers"][0]["url"] = "/".into();
        assert_eq!(served, *CONTRACT.document());
    }
    // With and without its slash, the page finds what it loads.
    for page in [format!("{PREFIX}/ui/"), format!("{PREFIX}/ui")] {
        let html = get(&page).expect(200).text();
        let base = url::Url::parse(&url).unwrap().join(&page).unwrap();
        let mut links = 0;
        for link in html.split(['"']).filter(|text| text.starts_with('.')) {
            let link = base.join(link).unwrap();
            assert!(link.as_str().starts_with(&url), "{page}: {link}");
            get(link.path()).expect(200);
            links += 1;
        }
        assert_eq!(links, 8, "{html}");
    }
    let user = app.user();
    let film = proxied
        .get(&format!("{PREFIX}/films/v1/1"))
        .bearer(&user.access)
        .send_unchecked()
        .expect(200)
        .json();
    let character = film["characters"][0].as_str().expect("a relation");
    let target = url::Url::parse(character).unwrap();
    proxied
        .get(target.path())
        .bearer(&user.access)
        .send_unchecked()
        .expect(200);
    for root in [format!("{PREFIX}/"), PREFIX.to_owned()] {
        let page = proxied
            .get(&root)
            .header("Accept", BROWSER)
            .send_unchecked();
        for link in links(&page.expect(200).text()) {
            let target = url::Url::parse(&link).unwrap();
            assert!(link.starts_with(&url), "{link}");
            proxied.get(target.path()).send_unchecked().expect(200);
        }
    }
    let problem = get(&format!("{PREFIX}/films/v1/")).expect(401).json();
    let kind = url::Url::parse(problem["type"].as_str().unwrap()).unwrap();
    get(kind.path()).expect(200);
}

#[test]
fn the_viewer_calls_the_service_below_a_path_that_a_proxy_takes_off() {
    let (_app, _proxied, url) = below_a_prefix();
    for page in ["/ui/", "/ui"] {
        let browser = Browser::start();
        browser.open_viewer(&format!("{url}{page}"));
        let operation = "#operations-Service-get_health";
        browser.click(&format!("{operation} .opblock-summary-control"));
        browser.find(&format!("{operation} .code-samples code"));
        browser.click(&format!("{operation} .try-out__btn"));
        browser.click(&format!("{operation} .execute"));
        let status = browser.text(&format!(
            "{operation} .live-responses-table tbody .response-col_status"
        ));
        assert!(status.starts_with("200"), "{status}");
        for asked in browser.requested() {
            assert!(asked.starts_with(&url), "{asked}");
        }
        assert_eq!(browser.complaints(), Vec::<String>::new());
    }
}

/// Whoever reaches the service by another address than its public one calls it there: the policy lets pages call no other.
#[test]
fn the_viewer_calls_the_address_that_it_came_from() {
    let app = TestApp::with_settings(|settings| {
        settings.set("server.public_url", "https://api.example/starwars");
    });
    let browser = Browser::start();
    browser.open_viewer(&format!("http://{}/ui/", app.address()));
    let operation = "#operations-Service-get_health";
    browser.click(&format!("{operation} .opblock-summary-control"));
    browser.click(&format!("{operation} .try-out__btn"));
    browser.click(&format!("{operation} .execute"));
    let status = browser.text(&format!(
        "{operation} .live-responses-table tbody .response-col_status"
    ));
    assert!(status.starts_with("200"), "{status}");
}

#[test]
fn a_client_that_goes_away_within_its_body_leaves_nothing_behind() {
    let mut app = TestApp::start();
    app.get("/healthz").send().expect(200);
    let before = app.process().open_files();
    for round in 0..60 {
        let mut stream = connect(app.address()).unwrap();
        let framing = match round % 3 {
            // With an interim answer that is not read, closing is a reset.
            0 => "Content-Length: 1000\r\nExpect: 100-continue",
            1 => "Content-Length: 1000",
            _ => "Transfer-Encoding: chunked",
        };
        write!(
            stream,
            "POST /users/v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{framing}\r\n\r\n"
        )
        .unwrap();
        let half = if round % 3 == 2 {
            "20\r\n{\"email\":"
        } else {
            "{\"email\":"
        };
        stream.write_all(half.as_bytes()).unwrap();
        if round % 3 == 0 {
            thread::sleep(Duration::from_millis(20));
        }
    }
    eventually(
        "all connections are closed",
        Duration::from_secs(10),
        || (app.process().open_files() <= before).then_some(()),
    );
    let metrics = app.get("/metrics").send().expect(200).text();
    assert!(!metrics.contains("status_code=\"500\""), "{metrics}");
    let log = app.log();
    assert!(
        !log.contains("\"ERROR\"") && !log.contains("panicked"),
        "{log}"
    );
}
