//! The viewer in a real browser.

use serde_json::{Value, json};

use crate::helpers::{
    app::TestApp,
    browser::{Browser, CLEARED, PATIENCE},
    contract::CONTRACT,
    eventually,
};

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
    let sample = browser.text("#operations-Films-get_films .code-samples code");
    let shown = CONTRACT.find("GET", "/films/v1/").expect("an operation");
    assert_eq!(sample, shown.samples[0].source);
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

/// With the contract's example, every try would be the repetition of the first one.
#[test]
fn the_viewer_fills_in_no_idempotency_key() {
    const SIGN_UP: &str = "#operations-Users-signup";
    let app = TestApp::start();
    let browser = Browser::start();
    browser.open(&format!("{}/ui/", app.public_url()));
    browser.click(&format!("{SIGN_UP} .opblock-summary-control"));
    browser.click(&format!("{SIGN_UP} .try-out__btn"));
    let input = format!("{SIGN_UP} tr[data-param-name='Idempotency-Key'] input");
    browser.find(&input);
    let filled = browser.run(&format!("return document.querySelector(\"{input}\").value"));
    assert_eq!(filled, "");
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

#[test]
fn the_pages_of_the_service_fit_a_phone_follow_its_colours_and_run_nothing() {
    let app = TestApp::start();
    let browser = Browser::start();
    browser.be_a_dark_phone(360);
    for (page, heading) in [
        ("/", "Star Wars API"),
        ("/errors/v1/", "Errors"),
        ("/errors/v1/user-already-logged-in", "A session is live"),
    ] {
        browser.open(&format!("{}{page}", app.public_url()));
        assert_eq!(browser.text("h1"), heading);
        let widths = browser.run("return [innerWidth, document.documentElement.scrollWidth]");
        assert_eq!(widths, json!([360, 360]), "{page}");
        let styled = "const style = getComputedStyle(document.documentElement); return [style.color, style.colorScheme]";
        assert_eq!(
            browser.run(styled),
            json!(["rgb(255, 255, 255)", "light dark"]),
            "{page}"
        );
        assert_eq!(browser.count("script, link, img, iframe"), 0, "{page}");
    }
    // Each way out of the front page leads somewhere.
    browser.open(&app.public_url());
    browser.click("a[href$='/ui/']");
    browser.find("#operations-Films-get_films");
    for asked in browser.requested() {
        assert!(asked.starts_with(&app.public_url()), "{asked}");
    }
    assert_eq!(browser.complaints(), Vec::<String>::new());
}
