//! Compressed answers: which are, in which coding, by which tags, and which never are.

use serde_json::{Value, json};

use crate::helpers::{
    app::TestApp,
    contract::{CONTRACT, Operation},
    http::{Client, Request, Response},
    nginx::Front,
};

/// Prepared, in both codings.
const PREPARED: &str = "/films/v1/";
/// Made for each request, in gzip.
const MADE: &str = "/characters/v1/?page=2&page_size=30";
/// Every document of the service that is long enough, with what is asked for it.
const DOCUMENTS: [(&str, &str); 11] = [
    ("/", "text/html"),
    ("/openapi.json", "*/*"),
    ("/openapi.yaml", "*/*"),
    ("/ui/code-samples.js", "*/*"),
    ("/ui/initializer.js", "*/*"),
    ("/ui/login.js", "*/*"),
    ("/ui/swagger-ui-bundle.js", "*/*"),
    ("/ui/swagger-ui.css", "*/*"),
    ("/errors/v1/", "application/json"),
    ("/errors/v1/", "text/html"),
    ("/errors/v1/token-invalid", "text/html"),
];

fn accepting(request: Request, codings: &[&str]) -> Request {
    codings.iter().fold(request, |request, line| {
        request.header("Accept-Encoding", line)
    })
}

fn coding(response: &Response) -> &str {
    response.header("content-encoding").unwrap_or("identity")
}

fn tag(response: &Response) -> String {
    response.header("etag").expect("ETag").to_owned()
}

/// RFC 9110, sections 12.5.3 and 12.4.2.
#[test]
fn the_coding_is_the_one_that_the_caller_likes_best() {
    let app = TestApp::start();
    let user = app.user();
    let get = |target: &str| app.get(target).bearer(&user.access);
    let plain = get(PREPARED).send().expect(200);
    let made = get(MADE).send().expect(200);
    for (codings, of_prepared, of_made) in [
        (&["gzip"][..], "gzip", "gzip"),
        (&["GZIP"], "gzip", "gzip"),
        (&["x-gzip"], "gzip", "gzip"),
        (&["br"], "br", "identity"),
        (&["gzip, deflate, br, zstd"], "br", "gzip"),
        (&["gzip;q=1.0, br;q=0.9"], "gzip", "gzip"),
        (&["br;q=0.2 , gzip ; q=0.3"], "gzip", "gzip"),
        (&["gzip;q=0.001"], "gzip", "gzip"),
        (&["gzip", "br"], "br", "gzip"),
        (&["gzip", "br;q=0.5"], "gzip", "gzip"),
        (&["*"], "br", "gzip"),
        (&["*, br;q=0"], "gzip", "gzip"),
        (&["gzip, *;q=0"], "gzip", "gzip"),
        (&["identity;q=0, gzip"], "gzip", "gzip"),
        (&["identity;q=1, gzip;q=0.5"], "identity", "identity"),
        (&["identity"], "identity", "identity"),
        (&["gzip;q=0"], "identity", "identity"),
        (&["gzip;q=0, br;q=0"], "identity", "identity"),
        (&["gzip, gzip;q=0"], "identity", "identity"),
        (&["gzip;q=0", "gzip"], "identity", "identity"),
        // Not acceptable in any form: sent as it is (section 15.5.7).
        (&["*;q=0"], "identity", "identity"),
        (&["identity;q=0"], "identity", "identity"),
        (&["identity;q=0, *;q=0"], "identity", "identity"),
        (&["zstd, deflate, compress"], "identity", "identity"),
        (&[""], "identity", "identity"),
        (&[",, ,"], "identity", "identity"),
        // Malformed: as if it were not there.
        (&["gzip;q=2"], "identity", "identity"),
        (&["gzip;q=0.5555"], "identity", "identity"),
        (&["gzip;level=9"], "identity", "identity"),
        (&["gzip;q=1;q=0"], "identity", "identity"),
        (&["g zip, br"], "identity", "identity"),
        (&["\"gzip\""], "identity", "identity"),
        (&["gzip, ;"], "identity", "identity"),
        (&["gzip", "=?"], "identity", "identity"),
    ] {
        for (target, wanted, plain) in [(PREPARED, of_prepared, &plain), (MADE, of_made, &made)] {
            let answer = accepting(get(target), codings).send().expect(200);
            assert_eq!(coding(&answer), wanted, "{target} {codings:?}");
            assert_eq!(answer.headers("vary"), ["Accept-Encoding"], "{codings:?}");
            assert_eq!(answer.decoded().body, plain.body, "{codings:?}");
            let length = answer.body.len().to_string();
            assert_eq!(answer.header("content-length"), Some(&*length));
            if wanted == "identity" {
                assert_eq!(tag(&answer), tag(plain));
            } else {
                assert!(
                    answer.body.len() * 4 < plain.body.len(),
                    "{target} {wanted}"
                );
                let of_coding = tag(plain).replace("\"", "").to_owned() + "-" + wanted;
                assert_eq!(tag(&answer), format!("\"{of_coding}\""));
            }
        }
    }
}

/// Section 13.1.2 with 8.8.3.3: the tag of one coding says nothing about another.
#[test]
fn the_tag_of_each_coding_is_answered_304_where_that_coding_would_be_sent() {
    let app = TestApp::start();
    let user = app.user();
    for target in [PREPARED, MADE, "/films/v1/3"] {
        let ask = |method: &str, codings: &str, held: &str| {
            let request = app.request(method, target).bearer(&user.access);
            let request = request.header("Accept-Encoding", codings);
            request.header("If-None-Match", held).send()
        };
        let codings = ["identity", "gzip", "br"];
        let tags = codings.map(|coding| tag(&ask("GET", coding, "\"none\"").expect(200)));
        for (codings, tag) in codings.iter().zip(&tags) {
            for held in [
                tag.clone(),
                format!("W/{tag}"),
                format!("\"other\", {tag}"),
                tags.join(", "),
                "*".to_owned(),
            ] {
                for method in ["GET", "HEAD"] {
                    let answer = ask(method, codings, &held).expect(304);
                    assert_eq!(answer.header("etag"), Some(&**tag), "{held}");
                    assert_eq!(answer.headers("vary"), ["Accept-Encoding"]);
                    assert_eq!(answer.header("cache-control"), Some("private, no-cache"));
                    for absent in ["content-encoding", "content-type", "link"] {
                        assert_eq!(answer.header(absent), None, "{absent}");
                    }
                    assert!(answer.body.is_empty());
                }
            }
            for other in tags.iter().filter(|other| *other != tag) {
                ask("GET", codings, other).expect(200);
            }
        }
    }
}

#[test]
fn head_has_the_headers_of_get_in_each_coding() {
    let app = TestApp::start();
    let user = app.user();
    for target in [PREPARED, MADE, "/openapi.json"] {
        for codings in ["", "gzip", "br"] {
            let ask = |method: &str| {
                let request = app.request(method, target).bearer(&user.access);
                let answer = accepting(request, &[codings]).send().expect(200);
                let mut headers = answer.headers;
                headers.retain(|(name, _)| name != "x-request-id" && name != "date");
                headers.sort();
                (headers, answer.body)
            };
            let (got, _) = ask("GET");
            let (head, body) = ask("HEAD");
            assert_eq!(head, got, "{target} {codings}");
            assert!(body.is_empty());
        }
    }
}

/// The second answer is the one that was kept.
#[test]
fn every_long_document_is_the_same_in_each_coding() {
    let app = TestApp::start();
    for (target, accept) in DOCUMENTS {
        let get = || app.get(target).header("Accept", accept);
        let plain = get().send().expect(200);
        assert_eq!(coding(&plain), "identity");
        assert!(plain.body.len() >= 1024, "{target}");
        // To compress a megabyte, Brotli takes ten of memory.
        let is_large = plain.body.len() > 64 * 1024;
        let smaller = if is_large { "gzip" } else { "br" };
        for (accepted, wanted) in [
            ("gzip", "gzip"),
            ("br, gzip", smaller),
            ("br, gzip", smaller),
        ] {
            let answer = get().header("Accept-Encoding", accepted).send().expect(200);
            assert_eq!(coding(&answer), wanted, "{target}");
            assert!(answer.headers("vary").contains(&"Accept-Encoding"));
            assert!(answer.body.len() * 3 < plain.body.len() * 2, "{target}");
            assert_eq!(answer.decoded().body, plain.body, "{target} {wanted}");
        }
    }
    let metrics = app.get("/metrics").header("Accept-Encoding", "gzip").send();
    assert_eq!(coding(&metrics), "gzip");
    assert!(metrics.decoded().text().contains("# TYPE"));
}

/// RFC 9111, section 4.3: `no-cache` asks for a check at each use, and without a tag there is nothing to check by.
#[test]
fn a_browser_that_has_the_contract_and_its_viewer_is_not_sent_them_again() {
    let app = TestApp::start();
    for file in [
        "/ui/swagger-ui-bundle.js",
        "/ui/swagger-ui.css",
        "/ui/login.js",
        "/ui/favicon.png",
        "/openapi.json",
        "/openapi.yaml",
    ] {
        let get = || {
            let request = app.get(file);
            accepting(request, &["gzip, deflate, br, zstd"])
        };
        let held = get().send().expect(200);
        let answer = get()
            .header("If-None-Match", &tag(&held))
            .send()
            .expect(304);
        assert!(answer.body.is_empty());
        for name in ["etag", "cache-control", "vary"] {
            assert_eq!(answer.header(name), held.header(name), "{name} of {file}");
        }
        let plain = app.get(file).header("If-None-Match", &tag(&held));
        // Another coding is another representation (RFC 9110, section 8.8.3.3).
        let status = if coding(&held) == "identity" {
            304
        } else {
            200
        };
        plain.send().expect(status);
    }
}

#[test]
fn what_is_short_is_sent_as_it_is() {
    let app = TestApp::start();
    let user = app.user();
    for target in [
        "/films/v1/?search=nothing-has-this-name",
        "/ui/favicon.png",
        "/healthz",
    ] {
        let request = app.get(target).bearer(&user.access);
        let answer = accepting(request, &["gzip, br"]).send().expect(200);
        assert!(answer.body.len() < 1024, "{target}");
        assert_eq!(coding(&answer), "identity", "{target}");
        assert_eq!(answer.header("vary"), None, "{target}");
    }
}

/// The names of all members of a schema, with those of what it refers to.
fn members(schema: &Value, seen: &mut Vec<String>, names: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        if !seen.iter().any(|known| known == reference) {
            seen.push(reference.to_owned());
            let path = reference.trim_start_matches('#');
            members(
                &CONTRACT.document().pointer(path).unwrap().clone(),
                seen,
                names,
            );
        }
        return;
    }
    match schema {
        Value::Object(parts) => {
            let properties = schema["properties"].as_object();
            names.extend(
                properties
                    .into_iter()
                    .flatten()
                    .map(|(name, _)| name.clone()),
            );
            for part in parts.values() {
                members(part, seen, names);
            }
        }
        Value::Array(parts) => {
            for part in parts {
                members(part, seen, names);
            }
        }
        _ => {}
    }
}

fn is_compressible(operation: &Operation) -> bool {
    let place = &CONTRACT.document()["paths"][&operation.path];
    place[operation.method.to_lowercase()]["x-compressible"] == true
}

/// BREACH: the length of a compressed body tells whether what the caller was made to send stands in it twice. So where there is a
/// secret, or somebody's data, nothing is compressed.
#[test]
fn no_operation_that_has_a_secret_is_compressible() {
    let mut count = 0;
    for operation in CONTRACT
        .operations()
        .iter()
        .filter(|one| is_compressible(one))
    {
        let id = &operation.id;
        count += 1;
        assert_eq!(operation.method, "GET", "{id}");
        assert!(operation.body.is_none(), "{id}");
        let personal = ["Users", "Auth", "Subscribers"];
        assert!(!personal.contains(&&*operation.tag), "{id}");
        assert!(
            operation
                .security
                .iter()
                .flatten()
                .all(|scheme| scheme == "jwt"),
            "{id} takes a secret of its own"
        );
        let mut names = Vec::new();
        for (status, response) in &operation.responses {
            if status.starts_with('2') {
                let cache = &response["headers"]["Cache-Control"];
                let cache = cache.to_string();
                assert!(
                    !cache.contains("NoStore") && !cache.contains("no-store"),
                    "{id}"
                );
                members(&response["content"], &mut Vec::new(), &mut names);
            }
        }
        for secret in [
            "token", "password", "secret", "email", "value", "session", "client", "user",
        ] {
            assert!(
                !names.iter().any(|name| name.contains(secret)),
                "{id} answers with `{secret}`: {names:?}"
            );
        }
    }
    assert!(count > 15, "{count}");
}

#[test]
fn nothing_about_accounts_and_no_refusal_is_compressed() {
    let app = TestApp::start();
    let admin = app.admin();
    for number in 0..9 {
        app.post("/auth/v1/api_tokens")
            .bearer(&admin.access)
            .json(&json!({ "name": format!("token number {number}") }))
            .send()
            .expect(201);
        app.made(&admin, "basic");
    }
    let ask = |method: &str, target: &str| {
        let request = app.request(method, target).bearer(&admin.access);
        accepting(request, &["gzip, br", "identity;q=0"])
    };
    let own = app.me(&admin)["user_id"].as_str().unwrap().to_owned();
    let body = json!({ "email": admin.email, "password": "not-the-password" });
    let many = "&filters=mass:eq:x".repeat(10);
    for (request, status, least) in [
        (ask("GET", "/users/v1/?page_size=100&search=@"), 200, 1024),
        (ask("GET", "/auth/v1/api_tokens"), 200, 1024),
        (
            ask("GET", &format!("/users/v1/{own}/events?page_size=100")),
            200,
            1024,
        ),
        (ask("GET", &format!("/users/v1/{own}/sessions")), 200, 0),
        (ask("GET", "/users/v1/me"), 200, 0),
        (ask("POST", "/users/v1/login").json(&body), 401, 0),
        (
            ask("POST", "/auth/v1/api_tokens").json(&json!({ "name": "last" })),
            201,
            0,
        ),
        (
            ask("GET", &format!("/characters/v1/?page=1{many}")),
            400,
            1024,
        ),
        (ask("GET", "/films/v1/9999"), 404, 0),
        (ask("GET", "/nowhere"), 404, 0),
    ] {
        let answer = request.send().expect(status);
        assert!(answer.body.len() >= least, "{}", answer.text());
        assert_eq!(coding(&answer), "identity", "{}", answer.text());
        assert!(!answer.headers("vary").contains(&"Accept-Encoding"));
    }
}

#[test]
fn who_asks_for_no_coding_gets_what_is_sent_without_compression() {
    let on = TestApp::start();
    let off = TestApp::with_settings(|settings| {
        settings
            .set("server.compression", "false")
            .set("server.public_url", &on.public_url());
    });
    let users = [on.user(), off.user()];
    for target in [
        PREPARED,
        MADE,
        "/films/v1/3",
        "/ui/swagger-ui.css",
        "/ui/",
        "/errors/v1/",
    ] {
        let [with, without] = [(&on, &users[0]), (&off, &users[1])].map(|(app, user)| {
            let answer = app.get(target).bearer(&user.access).send().expect(200);
            let mut headers = answer.headers;
            headers.retain(|(name, value)| {
                name != "x-request-id" && name != "date" && value != "Accept-Encoding"
            });
            headers.sort();
            (headers, answer.body)
        });
        assert_eq!(with, without, "{target}");
        let request = off.get(target).bearer(&users[1].access);
        let answer = accepting(request, &["gzip, br"]).send().expect(200);
        assert_eq!((coding(&answer), &answer.body), ("identity", &without.1));
    }
}

/// Fetch: what varies by origin varies by coding, too.
#[test]
fn the_headers_of_cors_stand_beside_those_of_the_coding() {
    let app = TestApp::with_settings(|settings| {
        settings.set("server.cors_origins", "https://app.rebels.example");
    });
    let get = |target: &str| {
        let request = app
            .get(target)
            .header("Origin", "https://app.rebels.example");
        accepting(request, &["gzip"]).header("Accept", "text/html")
    };
    let answer = get("/errors/v1/").send().expect(200);
    assert_eq!(
        answer.headers("vary"),
        ["Accept-Encoding", "Accept", "Origin"]
    );
    assert_eq!(coding(&answer), "gzip");
    assert_eq!(
        answer.header("access-control-allow-origin"),
        Some("https://app.rebels.example")
    );
}

#[test]
fn nginx_hands_on_what_was_compressed() {
    let app = TestApp::start();
    let user = app.user();
    let front = Front::reserve();
    let _nginx = front.start(&[app.address(); 3]);
    let proxied = Client(front.address());
    for codings in [&[][..], &["gzip"], &["br"]] {
        for target in [PREPARED, MADE, "/ui/swagger-ui-bundle.js"] {
            let [direct, proxied] = [app.client(), proxied].map(|client| {
                let request = client.get(target).bearer(&user.access);
                accepting(request, codings).send().expect(200)
            });
            assert_eq!(direct.body, proxied.body);
            for name in ["content-encoding", "content-length", "etag", "vary"] {
                assert_eq!(direct.header(name), proxied.header(name), "{target} {name}");
            }
            if let Some(tag) = proxied.header("etag") {
                let request = Client(front.address()).get(target).bearer(&user.access);
                let request = accepting(request, codings).header("If-None-Match", tag);
                request.send().expect(304);
            }
        }
    }
}

/// The mock answers as the service does.
#[test]
fn the_mock_compresses_what_the_service_does() {
    let mock = TestApp::of_command(&["mock"]);
    let get = || mock.get("/openapi.yaml").header("Accept-Encoding", "gzip");
    let answer = get().send().expect(200);
    assert_eq!(coding(&answer), "gzip");
    assert!(answer.decoded().text().starts_with("openapi:"));
}
