//! The viewer in a real browser: headless Chromium, driven over WebDriver.

use std::{
    net::SocketAddr,
    process::Command,
    thread::sleep,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::helpers::{
    app::TestApp,
    contract::CONTRACT,
    eventually,
    http::Client,
    process::{Folder, Process, find_program, free_port},
};

const PATIENCE: Duration = Duration::from_secs(30);

/// The member under which WebDriver names an element (W3C WebDriver, section 12.2).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// All of a field's text, chosen and removed: control and a, then delete (W3C WebDriver, section 17.4.2).
const CLEARED: &str = "\u{e009}a\u{e009}\u{e017}";

struct Browser {
    client: Client,
    session: String,
    _driver: Process,
    _folder: Folder,
}

impl Browser {
    fn start() -> Self {
        let folder = Folder::new("browser");
        let port = free_port();
        let mut command = Command::new(find_program("chromedriver", &[]));
        command
            .arg(format!("--port={port}"))
            .env("HOME", folder.path());
        let driver = Process::start(&mut command, &folder.path().join("driver.log"));
        let client = Client(SocketAddr::from(([127, 0, 0, 1], port)));
        eventually("the driver answers", PATIENCE, || {
            let answer = client.get("/status").try_send().ok()?;
            (answer.json()["value"]["ready"] == true).then_some(())
        });
        let profile = format!(
            "--user-data-dir={}",
            folder.path().join("profile").display()
        );
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:loggingPrefs": { "performance": "ALL", "browser": "ALL" },
            "goog:chromeOptions": {
                "binary": find_program("chromium", &[]),
                "args": [
                    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync",
                    "--disable-dev-shm-usage", "--window-size=1400,2000",
                    // With a pipe, the browser ends when its driver does.
                    "--remote-debugging-pipe", profile,
                ],
            },
        } } });
        let made = client
            .post("/session")
            .json(&capabilities)
            .send_unchecked()
            .expect(200)
            .json();
        let session = made["value"]["sessionId"].as_str().expect("session");
        Self {
            client,
            session: format!("/session/{session}"),
            _driver: driver,
            _folder: folder,
        }
    }

    fn post(&self, command: &str, body: &Value) -> Option<Value> {
        let answer = self
            .client
            .post(&format!("{}/{command}", self.session))
            .json(body)
            .send_unchecked();
        (answer.status == 200).then(|| answer.json()["value"].clone())
    }

    fn open(&self, url: &str) {
        self.post("url", &json!({ "url": url }))
            .expect("the page opens");
    }

    fn run(&self, script: &str) -> Value {
        self.post("execute/sync", &json!({ "script": script, "args": [] }))
            .expect("the script runs")
    }

    /// Waits for an element and answers its path.
    fn find(&self, css: &str) -> String {
        eventually(css, PATIENCE, || {
            let found = self.post("element", &json!({ "using": "css selector", "value": css }))?;
            Some(format!("element/{}", found[ELEMENT].as_str()?))
        })
    }

    fn click(&self, css: &str) {
        eventually(css, PATIENCE, || {
            self.post(&format!("{}/click", self.find(css)), &json!({}))
        });
    }

    fn fill(&self, css: &str, text: &str) {
        eventually(css, PATIENCE, || {
            self.post(
                &format!("{}/value", self.find(css)),
                &json!({ "text": text }),
            )
        });
    }

    /// The text of an element, once it has one.
    fn text(&self, css: &str) -> String {
        eventually(css, PATIENCE, || {
            let script = format!("return document.querySelector({css:?})?.textContent ?? ''");
            let text = self.run(&script).as_str()?.trim().to_owned();
            (!text.is_empty()).then_some(text)
        })
    }

    fn count(&self, css: &str) -> u64 {
        let script = format!("return document.querySelectorAll({css:?}).length");
        self.run(&script).as_u64().unwrap_or_default()
    }

    /// Waits until the page has so many of them, neither less nor more.
    #[track_caller]
    fn expect_count(&self, css: &str, expected: usize) {
        let started = Instant::now();
        loop {
            let count = self.count(css);
            if count == expected as u64 {
                return;
            }
            assert!(
                started.elapsed() < PATIENCE,
                "{css}: expected {expected}, found {count}"
            );
            sleep(Duration::from_millis(50));
        }
    }

    /// What each of them says.
    fn texts(&self, css: &str) -> Vec<String> {
        let script = format!(
            "return [...document.querySelectorAll({css:?})].map(each => each.textContent.trim())"
        );
        serde_json::from_value(self.run(&script)).expect("texts")
    }

    /// Presses each of them at once.
    fn press_all(&self, css: &str) {
        self.run(&format!(
            "document.querySelectorAll({css:?}).forEach(each => each.click())"
        ));
    }

    /// Every URL that the page has asked for since the last call.
    fn requested(&self) -> Vec<String> {
        let entries = self
            .post("se/log", &json!({ "type": "performance" }))
            .expect("the log");
        entries
            .as_array()
            .expect("entries")
            .iter()
            .filter_map(|entry| serde_json::from_str::<Value>(entry["message"].as_str()?).ok())
            .filter(|event| event["message"]["method"] == "Network.requestWillBeSent")
            .filter_map(|event| {
                let url = event["message"]["params"]["request"]["url"].as_str()?;
                Some(url.to_owned())
            })
            .filter(|url| url.starts_with("http"))
            .collect()
    }

    /// What the page complained of, breaches of its own policy above all.
    fn complaints(&self) -> Vec<String> {
        let entries = self
            .post("se/log", &json!({ "type": "browser" }))
            .expect("the log");
        entries
            .as_array()
            .expect("entries")
            .iter()
            .filter(|entry| entry["level"] == "SEVERE")
            .map(|entry| entry["message"].to_string())
            .collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Ending the session ends the browser; the driver goes with its process.
        let _ = self.client.request("DELETE", &self.session).try_send();
    }
}

#[test]
fn a_user_authorises_and_executes_in_the_viewer() {
    let app = TestApp::start();
    let user = app.user();
    let browser = Browser::start();
    browser.open(&format!("{}/ui/", app.public_url()));
    browser.find("#operations-Films-get_films");
    let secured = CONTRACT
        .operations()
        .iter()
        .filter(|op| op.is_secured())
        .count();
    browser.expect_count(".opblock .authorization__btn", secured);
    browser.expect_count(".opblock .authorization__btn .unlocked", secured);

    browser.click(".scheme-container .btn.authorize");
    browser.find(".auth-container");
    browser.expect_count(
        ".auth-container h4",
        CONTRACT.components("securitySchemes").len(),
    );
    let title = browser.text(".auth-container:first-of-type h4");
    assert!(title.starts_with("jwt"), "{title}");
    browser.fill(".auth-container:first-of-type input", &user.access);
    browser.click(".auth-container:first-of-type button.authorize");
    browser.find(".auth-container button[aria-label='Remove authorization']");
    browser.click(".auth-container:first-of-type .btn-done");
    browser.find("#operations-Films-get_films .authorization__btn .locked");

    browser.click("#operations-Films-get_films .opblock-summary-control");
    browser.click("#operations-Films-get_films .try-out__btn");
    // As the viewer fills it in, with the contract's examples.
    assert_eq!(execute(&browser), ["A New Hope"]);
    // And without a condition.
    browser.fill(
        "#operations-Films-get_films tr[data-param-name='search'] input",
        CLEARED,
    );
    browser.click(
        "#operations-Films-get_films tr[data-param-name='filters'] .json-schema-form-item-remove",
    );
    assert_eq!(execute(&browser).len(), 7);

    let requested = browser.requested();
    assert!(
        requested.iter().any(|url| url.contains("/films/v1/")),
        "{requested:?}"
    );
    for url in &requested {
        assert!(url.starts_with(&app.public_url()), "asked elsewhere: {url}");
    }
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// Executes `get_films` and answers the titles that the viewer shows.
fn execute(browser: &Browser) -> Vec<String> {
    const FILMS: &str = "#operations-Films-get_films";
    // What the last one left behind would be taken for the answer of this one.
    if browser.count(&format!("{FILMS} .btn-clear")) > 0 {
        browser.click(&format!("{FILMS} .btn-clear"));
        browser.expect_count(&format!("{FILMS} .live-responses-table"), 0);
    }
    browser.click(&format!("{FILMS} .execute"));
    let table = format!("{FILMS} .live-responses-table tbody");
    let status = browser.text(&format!("{table} .response-col_status"));
    assert!(status.starts_with("200"), "{status}");
    let body = browser.text(&format!("{table} .highlight-code code"));
    let body: Value = serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}"));
    body["results"]
        .as_array()
        .expect("results")
        .iter()
        .map(|film| film["title"].as_str().expect("title").to_owned())
        .collect()
}

/// Swagger UI writes what it cannot show where it should be, or into the console.
#[test]
fn the_viewer_shows_the_whole_contract_without_an_error() {
    let app = TestApp::start();
    let browser = Browser::start();
    browser.open(&format!("{}/ui/", app.public_url()));
    let operations = CONTRACT.operations();
    let schemas = CONTRACT.components("schemas").len();
    // From 150 operations and tags or 100 schemas on, what is out of sight is not there; then this test has to scroll.
    browser.expect_count(".opblock", operations.len());
    browser.expect_count(".models .model-container[data-name]", schemas);
    let mut tags: Vec<&str> = Vec::new();
    let mut expected = Vec::new();
    for operation in operations {
        let tag = operation.tag.as_str();
        if !tags.contains(&tag) {
            tags.push(tag);
        }
        expected.push(format!(
            "operations-{tag}-{} {} {}",
            operation.id, operation.method, operation.path
        ));
    }
    let blocks = browser.run(
        "return [...document.querySelectorAll('.opblock')].map(each => [each.id, \
         ...['method', 'path'].map(part => each.querySelector(`.opblock-summary-${part}`).textContent)].join(' '))",
    );
    let mut blocks: Vec<String> = serde_json::from_value(blocks).expect("texts");
    blocks.sort();
    expected.sort();
    assert_eq!(blocks, expected);
    let shown = browser.texts("h3.opblock-tag > a > span");
    let declared: Vec<&str> = CONTRACT.document()["tags"]
        .as_array()
        .expect("tags")
        .iter()
        .filter_map(|tag| tag["name"].as_str())
        .collect();
    assert_eq!(shown, declared);
    assert_eq!(tags.len(), declared.len(), "{tags:?}");

    for tag in tags {
        let section = format!(".opblock[id^='operations-{tag}-']");
        let own: Vec<_> = operations.iter().filter(|each| each.tag == tag).collect();
        browser.press_all(&format!("{section} .opblock-summary-control"));
        browser.expect_count(&format!("{section}.is-open .responses-inner"), own.len());
        let statuses = own.iter().map(|each| each.responses.len()).sum();
        browser.expect_count(
            &format!("{section} .responses-table tbody tr.response"),
            statuses,
        );
        let parameters = own.iter().map(|each| each.parameters.len()).sum();
        browser.expect_count(
            &format!("{section} .parameters tbody tr[data-param-name]"),
            parameters,
        );
        no_error(&browser, tag);
        // Closed again, so that the page stays quick.
        browser.press_all(&format!("{section} .opblock-summary-control"));
        browser.expect_count(&format!("{section}.is-open"), 0);
    }
    let schema = ".models > .no-margin > .model-container > .model-box";
    browser.press_all(&format!("{schema} > button"));
    browser.expect_count(&format!("{schema} > .model-box"), schemas);
    no_error(&browser, "schemas");
    assert_eq!(browser.complaints(), Vec::<String>::new());

    // Would an error have been seen?
    browser.run("ui.errActions.newThrownErr(new Error('a fault')); console.error('a fault')");
    browser.expect_count(".errors-wrapper", 1);
    assert_eq!(browser.complaints().len(), 1);
}

#[track_caller]
fn no_error(browser: &Browser, place: &str) {
    let found = browser.texts(".errors-wrapper, .fallback, .failed-config, .loading-container");
    assert_eq!(found, Vec::<String>::new(), "{place}");
    let page = browser.run("return document.body.textContent");
    let page = page.as_str().expect("text");
    for words in [
        "Could not render",
        "Could not resolve reference",
        "Unknown Type",
        "no example available",
    ] {
        assert!(!page.contains(words), "{place}: {words}");
    }
}

/// A link must not make the viewer show, and send tokens to, another service.
#[test]
fn a_url_in_the_query_is_ignored() {
    let app = TestApp::start();
    let other = TestApp::start();
    let browser = Browser::start();
    let elsewhere = format!("{}/openapi.json", other.public_url());
    for query in [
        format!("?url={elsewhere}"),
        format!("?configUrl={elsewhere}"),
        format!("?urls.primaryName=x&url={elsewhere}"),
    ] {
        browser.open(&format!("{}/ui/{query}", app.public_url()));
        eventually("the page or its refusal", PATIENCE, || {
            let text = browser.run("return document.body.textContent");
            let text = text.as_str()?;
            (text.contains("Films") || text.contains("validation-failed")).then_some(())
        });
        for url in browser.requested() {
            assert!(!url.starts_with(&other.public_url()), "{query}: {url}");
        }
    }
    browser.open(&format!("{}/ui/?url={elsewhere}", app.public_url()));
    assert_eq!(
        browser.text(".info .title").split_whitespace().next(),
        Some("Star")
    );
}
