//! The catalogue of errors: each code has a page, each page a code, and `type` leads from one to the other. And what
//! a refusal says to do next.

use std::collections::BTreeSet;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::helpers::{
    app::TestApp,
    contract::CONTRACT,
    http::{FORM, Response},
    users::PASSWORD,
};

const BROWSER: &str =
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

fn codes() -> BTreeSet<String> {
    let listed = &CONTRACT.components("schemas")["ProblemCode"]["enum"];
    let listed = listed.as_array().expect("a list");
    let codes: BTreeSet<_> = listed.iter().map(text).collect();
    assert_eq!(codes.len(), listed.len(), "a code stands there twice");
    codes
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

fn detail(answer: &Response) -> String {
    text(&answer.json()["detail"])
}

/// Status and code of everything below that looks like a problem, and each code that an enum lists.
fn named(value: &Value, found: &mut Vec<(Option<u64>, String)>) {
    match value {
        Value::Object(members) => {
            if let (Some(status), Some(code)) = (members.get("status"), members.get("code"))
                && let (Some(status), Some(code)) = (status.as_u64(), code.as_str())
            {
                found.push((Some(status), code.to_owned()));
            }
            if let Some(listed) = members.get("code").and_then(|code| code["enum"].as_array()) {
                found.extend(listed.iter().map(|code| (None, text(code))));
            }
            members.values().for_each(|member| named(member, found));
        }
        Value::Array(values) => values.iter().for_each(|value| named(value, found)),
        _ => {}
    }
}

#[test]
fn every_code_has_its_page() {
    let app = TestApp::start();
    let list = app.get("/errors/v1/").send().expect(200).json();
    let listed: BTreeSet<String> = list["results"]
        .as_array()
        .expect("results")
        .iter()
        .map(|page| text(&page["code"]))
        .collect();
    let different: Vec<_> = listed.symmetric_difference(&codes()).cloned().collect();
    assert!(
        different.is_empty(),
        "a page without its code, or a code without its page: {different:?}"
    );
    assert_eq!(list["count"], listed.len());
    for page in list["results"].as_array().expect("results") {
        let code = text(&page["code"]);
        let target = format!("/errors/v1/{code}");
        assert_eq!(page["type"], format!("{}{target}", app.public_url()));
        let alone = app.get(&target).send().expect(200);
        assert_eq!(alone.json(), *page);
        assert!(alone.headers("vary").contains(&"Accept"));
    }
    app.get("/errors/v1/no-such-code")
        .send()
        .expect_problem(400, "validation-failed");
}

#[test]
fn the_contract_names_no_code_without_page_and_the_status_of_each_is_the_pages() {
    let app = TestApp::start();
    let list = app.get("/errors/v1/").send().expect(200).json();
    let mut pages = Vec::new();
    named(&list, &mut pages);
    let mut of_contract = Vec::new();
    named(CONTRACT.document(), &mut of_contract);
    assert!(of_contract.len() > 20, "{of_contract:?}");
    for (status, code) in &of_contract {
        assert!(
            pages.iter().any(|(of_page, known)| {
                known == code && (status.is_none() || status == of_page)
            }),
            "the contract names {code} with status {status:?}, and no page does: see src/errors/catalogue.rs"
        );
    }
    let introduction = text(&CONTRACT.document()["info"]["description"]);
    let responses = CONTRACT.components("responses").values();
    let words: Vec<String> = responses
        .map(|response| text(&response["description"]))
        .chain([introduction])
        .collect();
    for code in codes() {
        let shown = of_contract
            .iter()
            .any(|(status, named)| status.is_some() && *named == code);
        let quoted = format!("`{code}`");
        assert!(
            shown || words.iter().any(|words| words.contains(&quoted)),
            "{code} is in ProblemCode, but no response of openapi.yaml has it in its description or example, nor has \
             `info.description`"
        );
    }
}

#[test]
fn browsers_get_a_small_page_without_script() {
    let app = TestApp::start();
    let mut targets: Vec<String> = codes()
        .iter()
        .map(|code| format!("/errors/v1/{code}"))
        .collect();
    targets.extend(["/errors/v1/".to_owned(), "/".to_owned()]);
    for target in targets {
        let page = app
            .get(&target)
            .header("Accept", BROWSER)
            .send()
            .expect(200);
        assert_eq!(
            page.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        let html = page.text();
        assert!(html.len() < 8192, "{target}: {} bytes", html.len());
        assert!(!html.contains("<script") && !html.contains("http-equiv"));
        // The one style is the one that the policy lets through.
        let (_, style) = html.split_once("<style>").expect("a style");
        let (style, _) = style.split_once("</style>").expect("its end");
        let digest = BASE64_STANDARD.encode(Sha256::digest(style));
        assert_eq!(
            page.header("content-security-policy"),
            Some(&*format!(
                "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'self'; \
                 frame-ancestors 'none'"
            ))
        );
        if let Some(code) = target.strip_prefix("/errors/v1/").filter(|c| !c.is_empty()) {
            assert!(html.contains(code), "{html}");
            let json = app.get(&target).send().expect(200).json();
            assert!(html.contains(&format!("<h1>{}</h1>", text(&json["title"]))));
        }
    }
    let curl = app.get("/errors/v1/not-found").header("Accept", "*/*");
    let answer = curl.send().expect(200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
}

#[test]
fn type_leads_to_the_page_by_the_public_url_and_never_by_host() {
    let app = TestApp::with_settings(|settings| {
        settings.set("server.public_url", "https://api.example.org");
    });
    let refused = app
        .get("/films/v1/")
        .host("evil.example")
        .send()
        .expect_problem(401, "token-missing");
    assert_eq!(
        refused.json()["type"],
        "https://api.example.org/errors/v1/token-missing"
    );
    let page = app.get("/errors/v1/token-missing").send().expect(200);
    assert_eq!(page.json()["type"], refused.json()["type"]);
}

#[test]
fn an_unknown_path_is_told_the_nearest_or_where_the_paths_are_listed() {
    let app = TestApp::start();
    let listed = format!(
        "{0}/openapi.json lists the paths, and {0}/ui/ shows them.",
        app.public_url()
    );
    for (target, hint) in [
        ("/film/v1/", "did you mean `/films/v1/`?"),
        ("/FILMS/v1/", "did you mean `/films/v1/`?"),
        ("/films", "did you mean `/films/v1/`?"),
        ("/user/v1/logni", "did you mean `/users/v1/login`?"),
        ("/films/v1/1/2", "did you mean `/films/v1/`?"),
        ("/wp-login.php?user=hunter2", listed.as_str()),
        ("/favicon.ico", listed.as_str()),
    ] {
        let answer = app
            .get(target)
            .send_unchecked()
            .expect_problem(404, "not-found");
        assert_eq!(
            detail(&answer),
            format!("There is nothing at this path; {hint}"),
            "{target}"
        );
    }
}

#[test]
fn a_wrong_method_is_told_the_right_ones() {
    let app = TestApp::start();
    let answer = app
        .get("/users/v1/login")
        .send()
        .expect_problem(405, "method-not-allowed");
    assert_eq!(
        detail(&answer),
        "This path does not take this method; it takes OPTIONS and POST."
    );
}

#[test]
fn a_body_of_another_type_is_told_how_to_send_it() {
    let app = TestApp::start();
    let pair = app
        .post("/users/v1/login")
        .form(&[("email", "a"), ("password", "b")]);
    let answer = pair.send().expect_problem(415, "unsupported-media-type");
    assert_eq!(
        detail(&answer),
        "This operation takes application/json, in UTF-8 and without content coding; \
         send it with the header `Content-Type: application/json`."
    );
    let user = app.admin();
    let answer = app
        .post("/auth/v1/introspect")
        .bearer(&user.access)
        .json(&json!({ "token": "x" }))
        .send()
        .expect_problem(415, "unsupported-media-type");
    assert!(detail(&answer).contains(&format!("`Content-Type: {FORM}`")));
}

#[test]
fn a_second_login_is_told_the_way_out() {
    let app = TestApp::start();
    let user = app.user();
    let pair = json!({ "email": user.email, "password": PASSWORD });
    let answer = app
        .post("/users/v1/login")
        .json(&pair)
        .send()
        .expect_problem(409, "user-already-logged-in");
    assert!(detail(&answer).contains(r#""replace_session": true"#));
    let mut pair = pair;
    pair["replace_session"] = true.into();
    app.post("/users/v1/login").json(&pair).send().expect(200);
}

#[test]
fn an_unknown_name_is_told_the_nearest_or_all() {
    let app = TestApp::start();
    let user = app.user();
    let told = |answer: Response| {
        let answer = answer.expect_problem(400, "validation-failed");
        text(&answer.json()["errors"][0]["message"])
    };
    let films = |query: &str| {
        let films = app.get(&format!("/films/v1/?{query}"));
        told(films.bearer(&user.access).send())
    };
    assert_eq!(
        films("pagesize=2"),
        "unknown parameter; did you mean `page_size`?"
    );
    let all = films("limit=2");
    assert!(
        all.starts_with("unknown parameter; known here: ") && all.contains("`page_size`"),
        "{all}"
    );
    assert_eq!(
        told(app.get("/healthz?verbose=1").send()),
        "unknown parameter; none is known here"
    );
    let login = |body: Value| told(app.post("/users/v1/login").json(&body).send());
    assert_eq!(
        login(json!({ "email": "a@b.example", "password": "x", "replace_sesion": true })),
        "unknown property; did you mean `replace_session`?"
    );
    assert_eq!(
        login(json!({ "email": "a@b.example", "password": "x", "force": true })),
        "unknown property; known here: `email`, `password`, `replace_session`"
    );
}

/// The contract names the fields to everybody; their values need credentials.
#[test]
fn without_credentials_nothing_is_told_of_names() {
    let app = TestApp::start();
    for target in ["/films/v1/?pagesize=2", "/users/v1/?serach=x"] {
        let answer = app.get(target).send().expect_problem(401, "token-missing");
        assert_eq!(detail(&answer), "No authorization token provided");
        assert!(answer.json().get("errors").is_none());
    }
}
