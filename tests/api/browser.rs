//! The viewer in a real browser.

use serde_json::{Value, json};

use crate::helpers::{
    app::TestApp,
    browser::{Browser, CLEARED, PATIENCE},
    contract::CONTRACT,
    eventually,
    users::PASSWORD,
};

#[test]
fn a_user_authorises_and_executes_in_the_viewer() {
    let app = TestApp::start();
    let user = app.user();
    let browser = Browser::start();
    browser.open_viewer(&format!("{}/ui/", app.public_url()));
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

/// The password goes to the service's own login, and both tokens are filled in.
#[test]
fn whoever_logs_in_beside_authorize_has_both_tokens_filled_in() {
    let app = TestApp::start();
    let user = app.user();
    let browser = Browser::start();
    browser.open_viewer(&format!("{}/ui/", app.public_url()));
    let locked = ".opblock .authorization__btn .locked";
    browser.click(".log-in > button");
    let told = |replace: bool, password: &str, role: &str| {
        if replace {
            browser.click(".log-in [name=replace]");
        }
        browser.fill(".log-in [name=password]", password);
        browser.click(".log-in [type=submit]");
        browser.text(&format!(".log-in [role={role}]"))
    };
    browser.fill(".log-in [name=email]", &user.email);
    let refused = told(false, "a-wrong-password", "alert");
    assert!(refused.contains("password"), "{refused}");
    assert_eq!(
        browser.run("return document.activeElement.name"),
        "password"
    );
    browser.run("document.querySelector('.log-in [role=alert]').textContent = ''");
    told(false, PASSWORD, "alert");
    browser.expect_count(locked, 0);
    assert_eq!(
        told(true, PASSWORD, "status"),
        "jwt and jwt_refresh are filled in."
    );
    let filled = browser.run(
        "return ['jwt', 'jwt_refresh'].map(name => ui.authSelectors.authorized().getIn([name, 'value']))",
    );
    let [access, refresh] = [0, 1].map(|number| filled[number].as_str().expect("a token"));
    app.films(access).expect(200);
    app.refresh(refresh).expect(200);
    let secured = CONTRACT.operations().iter().filter(|op| op.is_secured());
    let count = browser.count(locked);
    assert!(count > 0 && count <= secured.count() as u64, "{count}");
    let left = browser.run("return document.querySelector('.log-in [name=password]').value");
    assert_eq!(left, "");
    for url in browser.requested() {
        assert!(url.starts_with(&app.public_url()), "asked elsewhere: {url}");
    }
}

/// The browser's storage outlives the page, so tokens lie in it while developing only.
#[test]
fn an_authorisation_is_kept_over_a_reload_in_the_local_profile_alone() {
    let local = TestApp::start();
    let user = local.user();
    let mut other = TestApp::not_started(|settings| {
        settings.variable("STARWARS_PROFILE", "tatooine");
    });
    let config = other.folder().join("config");
    std::fs::create_dir(&config).expect("a folder");
    std::fs::write(config.join("tatooine.toml"), "").expect("a file");
    other.start_again();
    let browser = Browser::start();
    let stored = || browser.run("return localStorage.getItem('authorized')");
    for (service, kept) in [(&local, true), (&other, false)] {
        browser.open_viewer(&format!("{}/ui/", service.public_url()));
        browser.run(&format!(
            "ui.authActions.authorizeWithPersistOption({{ jwt: {{ name: 'jwt', value: {:?}, \
             schema: {{ type: 'http', scheme: 'bearer' }} }} }})",
            user.access
        ));
        browser.find("#operations-Films-get_films .authorization__btn .locked");
        browser.open_viewer(&format!("{}/ui/", service.public_url()));
        let locked = "#operations-Films-get_films .authorization__btn .locked";
        browser.expect_count(locked, usize::from(kept));
        assert_eq!(stored().is_string(), kept);
    }
}

/// Faults that axe-core calls serious or critical, on every page as people find it.
#[test]
fn axe_finds_no_serious_fault_on_any_page() {
    let axe = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/.tools/axe/node_modules/axe-core/axe.min.js"
    );
    let axe = std::fs::read_to_string(axe)
        .unwrap_or_else(|error| panic!("{axe}: {error}; run `make services`"));
    let app = TestApp::start();
    let browser = Browser::start();
    let check = |place: &str, part: &str| -> Vec<String> {
        browser.run(&axe);
        let found = browser.run(&format!(
            "return axe.run({part}, {{ resultTypes: ['violations'] }}).then(({{ violations }}) => violations \
             .filter(({{ impact }}) => impact === 'serious' || impact === 'critical') \
             .flatMap(({{ id, nodes }}) => nodes.map(({{ target, html }}) => `${{id}}: ${{target}}: ${{html.slice(0, 200)}}`)))"
        ));
        let found: Vec<String> = serde_json::from_value(found).expect("texts");
        found
            .iter()
            .map(|fault| format!("{place}: {fault}"))
            .collect()
    };
    let mut faults: Vec<String> = Vec::new();
    for page in [
        "/",
        "/errors/v1/",
        "/errors/v1/not-found",
        "/pages/v1/signup",
        "/pages/v1/mail",
        "/pages/v1/password?token=x",
        "/users/v1/email_verification?token=x",
    ] {
        browser.open(&format!("{}{page}", app.public_url()));
        browser.find("h1");
        faults.extend(check(page, "document"));
    }
    browser.open_viewer(&format!("{}/ui/", app.public_url()));
    browser.click(".log-in > button");
    browser.click("#operations-Films-get_films .opblock-summary-control");
    browser.find("#operations-Films-get_films .responses-inner");
    // How Swagger UI is built, which no file of ours changes: fields without a label, and a link within a button.
    let of_swagger_ui = ["label:", "select-name:", "nested-interactive:"];
    let viewer = check("/ui/", "document").into_iter();
    faults.extend(viewer.filter(|fault| !of_swagger_ui.iter().any(|rule| fault.contains(rule))));
    faults.extend(check("the login", "'.log-in'"));
    browser.keep_picture("viewer");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
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
    browser.open_viewer(&format!("{}/ui/", app.public_url()));
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
    browser.open_viewer(&format!("{}/ui/", app.public_url()));
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
    browser.find("#operations-tag-Films");
    for asked in browser.requested() {
        assert!(asked.starts_with(&app.public_url()), "{asked}");
    }
    assert_eq!(browser.complaints(), Vec::<String>::new());
}
