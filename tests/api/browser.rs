//! The viewer in a real browser: headless Chromium, driven over WebDriver.

use std::{net::SocketAddr, process::Command, time::Duration};

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
    assert_eq!(
        browser.count(".opblock .authorization__btn"),
        secured as u64
    );
    assert_eq!(
        browser.count(".opblock .authorization__btn .unlocked"),
        secured as u64
    );

    browser.click(".scheme-container .btn.authorize");
    browser.find(".auth-container");
    assert_eq!(
        browser.count(".auth-container h4"),
        CONTRACT.components("securitySchemes").len() as u64
    );
    let title = browser.text(".auth-container:first-of-type h4");
    assert!(title.starts_with("jwt"), "{title}");
    browser.fill(".auth-container:first-of-type input", &user.access);
    browser.click(".auth-container:first-of-type button.authorize");
    browser.find(".auth-container button[aria-label='Remove authorization']");
    browser.click(".auth-container:first-of-type .btn-done");
    browser.find("#operations-Films-get_films .authorization__btn .locked");

    browser.click("#operations-Films-get_films .opblock-summary-control");
    let sample = browser.text("#operations-Films-get_films .code-samples code");
    let shown = CONTRACT.find("GET", "/films/v1/").expect("an operation");
    assert_eq!(sample, shown.samples[0].source);
    browser.click("#operations-Films-get_films .try-out__btn");
    browser.click("#operations-Films-get_films .execute");
    let status = browser
        .text("#operations-Films-get_films .live-responses-table tbody .response-col_status");
    assert!(status.starts_with("200"), "{status}");
    let body =
        browser.text("#operations-Films-get_films .live-responses-table tbody .highlight-code");
    // The viewer fills the parameters in with the contract's examples, which agree on one film.
    assert_eq!(body.matches("\"episode_id\"").count(), 1, "{body}");
    assert!(body.contains("A New Hope"), "{body}");

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
