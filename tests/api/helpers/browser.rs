//! Headless Chromium, driven over WebDriver.

use std::{
    fs,
    net::SocketAddr,
    path::Path,
    process::Command,
    thread::sleep,
    time::{Duration, Instant},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::{
    contract::CONTRACT,
    eventually,
    http::Client,
    process::{Folder, Process, find_program, free_port},
};

/// The time that a page, an element or an answer may take.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The member under which WebDriver names an element (W3C WebDriver, section 12.2).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// All of a field's text, chosen and removed: control and a, then delete (W3C WebDriver, section 17.4.2).
pub const CLEARED: &str = "\u{e009}a\u{e009}\u{e017}";

/// A browser with one page, and its driver.
pub struct Browser {
    client: Client,
    session: String,
    _driver: Process,
    _folder: Folder,
}

impl Browser {
    pub fn start() -> Self {
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

    pub fn open(&self, url: &str) {
        self.post("url", &json!({ "url": url }))
            .expect("the page opens");
    }

    /// Opens the viewer, in which the tags and the schemas are folded, and unfolds them.
    pub fn open_viewer(&self, page: &str) {
        self.open(page);
        let tags = CONTRACT.document()["tags"].as_array().expect("tags");
        self.expect_count(".opblock-tag-section", tags.len());
        self.expect_count(".opblock", 0);
        self.press_all(".opblock-tag-section:not(.is-open) .expand-operation");
        self.press_all(".models:not(.is-open) .models-control");
        self.expect_count(".opblock", CONTRACT.operations().len());
    }

    pub fn run(&self, script: &str) -> Value {
        self.post("execute/sync", &json!({ "script": script, "args": [] }))
            .expect("the script runs")
    }

    /// Makes the browser one of a phone that is so many pixels wide, and dark.
    pub fn be_a_dark_phone(&self, width: u32) {
        let emulate = |command: &str, params: Value| {
            let body = json!({ "cmd": format!("Emulation.{command}"), "params": params });
            self.post("goog/cdp/execute", &body)
                .expect("the driver takes it");
        };
        emulate(
            "setDeviceMetricsOverride",
            json!({ "width": width, "height": 740, "deviceScaleFactor": 1, "mobile": true }),
        );
        let dark = json!({ "name": "prefers-color-scheme", "value": "dark" });
        emulate("setEmulatedMedia", json!({ "features": [dark] }));
    }

    /// Waits for an element and answers its path.
    pub fn find(&self, css: &str) -> String {
        eventually(css, PATIENCE, || {
            let found = self.post("element", &json!({ "using": "css selector", "value": css }))?;
            Some(format!("element/{}", found[ELEMENT].as_str()?))
        })
    }

    pub fn click(&self, css: &str) {
        eventually(css, PATIENCE, || {
            self.post(&format!("{}/click", self.find(css)), &json!({}))
        });
    }

    pub fn fill(&self, css: &str, text: &str) {
        eventually(css, PATIENCE, || {
            self.post(
                &format!("{}/value", self.find(css)),
                &json!({ "text": text }),
            )
        });
    }

    /// The text of an element, once it has one.
    pub fn text(&self, css: &str) -> String {
        eventually(css, PATIENCE, || {
            let script = format!("return document.querySelector({css:?})?.textContent ?? ''");
            let text = self.run(&script).as_str()?.trim().to_owned();
            (!text.is_empty()).then_some(text)
        })
    }

    pub fn count(&self, css: &str) -> u64 {
        let script = format!("return document.querySelectorAll({css:?}).length");
        self.run(&script).as_u64().unwrap_or_default()
    }

    /// Waits until the page has so many of them, neither less nor more.
    #[track_caller]
    pub fn expect_count(&self, css: &str, expected: usize) {
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

    /// Returns the text of each.
    pub fn texts(&self, css: &str) -> Vec<String> {
        let script = format!(
            "return [...document.querySelectorAll({css:?})].map(each => each.textContent.trim())"
        );
        serde_json::from_value(self.run(&script)).expect("texts")
    }

    /// Presses each of them at once.
    pub fn press_all(&self, css: &str) {
        self.run(&format!(
            "document.querySelectorAll({css:?}).forEach(each => each.click())"
        ));
    }

    /// Keeps a picture of what is shown, for people to look at, under `target/pages/`.
    pub fn keep_picture(&self, name: &str) {
        let target = format!("{}/screenshot", self.session);
        let answer = self.client.get(&target).send_unchecked().expect(200);
        let picture = BASE64_STANDARD.decode(answer.json()["value"].as_str().expect("base64"));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../pages");
        fs::create_dir_all(&folder).expect("a folder");
        let file = folder.join(format!("{name}.png"));
        fs::write(file, picture.expect("base64")).expect("a file");
    }

    /// Every URL that the page has asked for since the last call.
    pub fn requested(&self) -> Vec<String> {
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

    /// Returns the errors of the page's console, violations of its content security policy above all.
    pub fn complaints(&self) -> Vec<String> {
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
