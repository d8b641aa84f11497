//! The pages for people: what is mailed to them and opened in a browser, with forms that need no script.

use serde_json::json;

use crate::helpers::{
    app::{EMAIL_SECRET, PASSWORD_SECRET, TestApp},
    browser::Browser,
    http::{FORM, Request, Response},
    prefix::PrefixProxy,
    tokens::Parts,
    users::{PASSWORD, new_email},
};

const BROWSER: &str =
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";
const NEW: &str = "two-suns-over-Tatooine";
const VERIFICATION: &str = "/users/v1/email_verification";
const PASSWORD_PAGE: &str = "/pages/v1/password";
const MAIL: &str = "/pages/v1/mail";
const SIGNUP: &str = "/pages/v1/signup";

/// Sends a request as a browser does, and holds the page to what all pages are.
#[track_caller]
fn page(request: Request, status: u16, title: &str) -> String {
    let answer = request.header("Accept", BROWSER).send().expect(status);
    let html = answer.text();
    assert!(html.contains(&format!("<h1>{title}</h1>")), "{html}");
    assert!(html.contains("<html lang=\"en\">") && html.contains("<main>"));
    // ASVS 5.0, 3.4.3: a policy that lets nothing run, whatever a page may be made to hold.
    let policy = answer.header("content-security-policy").expect("a policy");
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert!(policy.contains("form-action 'self'") && policy.contains("frame-ancestors 'none'"));
    assert!(!html.contains("<script"), "{html}");
    // ASVS 5.0, 3.4.5 and 14.3.2: no address of a page leaves the browser, and no page stays in it.
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(answer.headers("set-cookie").is_empty());
    assert!(answer.headers("content-type")[0].starts_with("text/html"));
    html
}

fn open(app: &TestApp, path: &str, token: &str) -> Request {
    app.get(&format!("{path}?token={token}"))
}

fn choose(app: &TestApp, token: &str, password: &str) -> Request {
    app.post(PASSWORD_PAGE).form(&[
        ("token", token),
        ("password", password),
        ("again", password),
    ])
}

/// The token of somebody who has just signed up, and the address.
fn signed_up(app: &TestApp) -> (String, String) {
    let email = new_email();
    app.sign_up(&email).expect(202);
    let token = app.mail_number(1, &email).token().expect("a token");
    (email, token)
}

/// Signs up, proves the address, forgets the password and chooses another, by what is on the pages and in the mails.
fn journey(app: &TestApp, browser: &Browser, base: &str, look: impl Fn(&str)) {
    let email = new_email();
    browser.open(&format!("{base}/"));
    look("front");
    browser.click("a[href$='/pages/v1/signup']");
    assert_eq!(browser.text("h1"), "Sign up");
    look("sign-up");
    browser.fill("#email", &email);
    browser.fill("#password", PASSWORD);
    browser.click("button");
    browser.expect_count("form", 0);
    assert_eq!(browser.text("h1"), "Look into your mailbox");
    look("mailbox");

    let link = app.mail_number(1, &email).link().expect("a link");
    assert!(link.starts_with(base), "{link}");
    browser.open(&link);
    assert_eq!(browser.text("h1"), "Verify your address");
    look("verify");
    app.log_in(&email, PASSWORD)
        .expect_problem(403, "email-unverified");
    browser.click("button");
    browser.find("a[href$='/pages/v1/mail']");
    assert_eq!(browser.text("h1"), "Your address is verified");
    look("verified");
    app.log_in(&email, PASSWORD).expect(200);

    browser.click("a[href$='/pages/v1/mail']");
    browser.find("#email");
    look("mail");
    browser.fill("#email", &email);
    browser.click("button[value=password]");
    browser.expect_count("form", 0);
    assert_eq!(browser.text("h1"), "Look into your mailbox");

    let link = app.mail_number(2, &email).link().expect("a link");
    browser.open(&link);
    assert_eq!(browser.text("h1"), "Choose a new password");
    look("password");
    browser.fill("#password", NEW);
    browser.fill("#again", PASSWORD);
    browser.click("button");
    let error = browser.text("#again-note[role=alert]");
    assert!(error.starts_with("The same again: "), "{error}");
    // ARIA in HTML: the field is marked, names its error, and has the focus.
    let focused = browser.run(
        "const field = document.activeElement; \
         return [field.id, field.getAttribute('aria-invalid'), field.getAttribute('aria-describedby')]",
    );
    assert_eq!(focused, json!(["again", "true", "again-note"]));
    look("password-refused");
    browser.fill("#password", NEW);
    browser.fill("#again", NEW);
    browser.click("button");
    browser.expect_count("form", 0);
    assert_eq!(browser.text("h1"), "Your password is changed");
    look("password-changed");
    app.log_in(&email, PASSWORD)
        .expect_problem(401, "credentials-invalid");
    app.log_in(&email, NEW).expect(200);

    browser.open(&link);
    assert_eq!(browser.text("h1"), "This link does not work");
    look("link-used");
}

#[test]
fn a_person_with_a_phone_gets_from_sign_up_to_a_changed_password_by_clicking() {
    let app = TestApp::start();
    let browser = Browser::start();
    browser.be_a_dark_phone(360);
    journey(&app, &browser, &app.public_url(), |name| {
        browser.keep_picture(name);
        let widths = browser.run("return [innerWidth, document.documentElement.scrollWidth]");
        assert_eq!(widths, json!([360, 360]), "{name}");
        assert_eq!(browser.count("h1"), 1, "{name}");
        assert_eq!(browser.count("script, link, img, iframe"), 0, "{name}");
        // WCAG 2.2, 2.5.8 and 3.3.2: whatever is filled in has a label, whatever is pressed is large enough.
        let unlabelled =
            browser.count("input:not([type=hidden], [hidden])") - browser.count("label");
        assert_eq!(unlabelled, 0, "{name}");
        let low = browser.run(
            "return [...document.querySelectorAll('button, input:not([type=hidden], [hidden])')]\
             .filter(each => each.getBoundingClientRect().height < 44).length",
        );
        assert_eq!(low, json!(0), "{name}");
        assert_eq!(browser.run("return document.cookie"), "", "{name}");
    });
    for asked in browser.requested() {
        assert!(asked.starts_with(&app.public_url()), "{asked}");
    }
    // Refusals are answered with their status, of which the console speaks; the policy forbids nothing that is there.
    for complaint in browser.complaints() {
        assert!(
            complaint.contains("the server responded with"),
            "{complaint}"
        );
    }

    // A site elsewhere cannot send a form (ASVS 5.0, 3.5.1).
    let email = new_email();
    browser.open(&format!(
        "data:text/html,<form method=post action='{}{MAIL}'><input name=email value='{email}'>\
         <button name=wanted value=password>Win</button></form>",
        app.public_url()
    ));
    browser.click("button");
    browser.find("main");
    assert_eq!(browser.text("h1"), "Nothing was done");
    browser.keep_picture("other-site");
}

#[test]
fn the_pages_work_below_a_path_that_a_proxy_takes_off() {
    let proxy = PrefixProxy::bind();
    let url = proxy.public_url();
    let app = TestApp::with_settings(|settings| {
        settings.set("server.public_url", &url);
    });
    proxy.forward_to(app.address());
    let browser = Browser::start();
    journey(&app, &browser, &url, |_| ());
    for asked in browser.requested() {
        assert!(asked.starts_with(&url), "{asked}");
    }
}

/// RFC 9110, section 9.2.1: filters of mails open links, and nobody's address is proved by that.
#[test]
fn opening_a_link_in_a_browser_changes_nothing_until_its_button_is_pressed() {
    let app = TestApp::start();
    let (email, token) = signed_up(&app);
    for _ in 0..2 {
        let html = page(open(&app, VERIFICATION, &token), 200, "Verify your address");
        assert!(html.contains(&email) && html.contains(&token), "{html}");
    }
    app.log_in(&email, PASSWORD)
        .expect_problem(403, "email-unverified");
    let confirm = || app.post(VERIFICATION).form(&[("token", &token)]);
    for _ in 0..2 {
        page(confirm(), 200, "Your address is verified");
        page(
            open(&app, VERIFICATION, &token),
            200,
            "Your address is verified",
        );
    }
    let user = app.session(&email);

    let password = app.password_token(&email);
    let html = page(
        open(&app, PASSWORD_PAGE, &password),
        200,
        "Choose a new password",
    );
    assert!(html.contains(&email) && html.contains(&password), "{html}");
    // Whoever keeps passwords keeps this one for the address, which is not sent.
    let account = format!(
        "<input type=\"email\" autocomplete=\"username\" value=\"{email}\" readonly hidden>"
    );
    assert!(html.contains(&account), "{html}");
    app.log_in(&email, PASSWORD)
        .expect_problem(409, "user-already-logged-in");

    // A new address is proved in the same way.
    let new = new_email();
    app.patch(&format!("/users/v1/{}", user.id))
        .bearer(&user.access)
        .json(&json!({ "email": new }))
        .send()
        .expect(200);
    let token = app.mail_number(1, &new).token().expect("a token");
    let html = page(open(&app, VERIFICATION, &token), 200, "Verify your address");
    assert!(html.contains(&new), "{html}");
    assert_eq!(app.me(&user)["email"], email);
    let confirm = app.post(VERIFICATION).form(&[("token", &token)]);
    page(confirm, 200, "Your address is verified");
    assert_eq!(app.me(&user)["email"], new);
}

/// RFC 9110, sections 9.2.1 and 9.3.2: filters of mails ask for the head of a link, as programs do.
#[test]
fn asking_for_the_head_of_a_link_proves_no_address() {
    let app = TestApp::start();
    let (email, token) = signed_up(&app);
    let head = |token: &str, accept: &str| {
        let link = format!("{VERIFICATION}?token={token}");
        app.request("HEAD", &link).header("Accept", accept).send()
    };
    for accept in ["*/*", "application/json", BROWSER] {
        head(&token, accept).expect(200);
        head("x", accept).expect(401);
    }
    app.log_in(&email, PASSWORD)
        .expect_problem(403, "email-unverified");
    app.verify(&token).expect(200);
    head(&token, "*/*").expect(200);
    app.log_in(&email, PASSWORD).expect(200);
}

/// The link in the mail of a change of address has expired; nobody has to ask for the change again.
#[test]
fn an_expired_change_of_address_is_asked_for_again_on_its_page() {
    let app = TestApp::start();
    let (user, new) = (app.user(), new_email());
    app.patch(&format!("/users/v1/{}", user.id))
        .bearer(&user.access)
        .json(&json!({ "email": new }))
        .send()
        .expect(200);
    let first = app.mail_number(1, &new).token().expect("a token");
    let expired = Parts::of(&first).expired().sign(EMAIL_SECRET);
    let html = page(
        open(&app, VERIFICATION, &expired),
        401,
        "This link has expired",
    );
    assert!(html.contains(&format!("value=\"{new}\"")), "{html}");
    assert!(
        html.contains(&format!("name=\"token\" value=\"{expired}\"")),
        "{html}"
    );
    let again = |email: &str, token: &str| {
        let wanted = ("wanted", "verification");
        let form = app
            .post(MAIL)
            .form(&[("email", email), ("token", token), wanted]);
        page(form, 202, "Look into your mailbox")
    };
    // Neither a token of nobody's nor that of another account moves anybody's mail.
    let (other, stranger) = (app.user(), new_email());
    app.sign_up(&stranger).expect(202);
    let strangers = app.mail_number(1, &stranger).token().expect("a token");
    let forged = Parts::of(&first).sign(PASSWORD_SECRET);
    for (email, token) in [
        (&new, &strangers),
        (&new, &forged),
        (&other.email, &expired),
    ] {
        again(email, token);
    }
    again(&new, &expired);
    let mail = app.mail_number(2, &new);
    assert!(mail.text.contains("take the place"), "{}", mail.text);
    let newest = mail.token().expect("a token");
    assert_eq!(app.mails_to(&new).len(), 2);
    assert_eq!(app.mails_to(&other.email).len(), 1);
    page(
        app.post(VERIFICATION).form(&[("token", &newest)]),
        200,
        "Your address is verified",
    );
    assert_eq!(app.me(&user)["email"], new);
}

#[test]
fn an_address_that_leads_nowhere_is_told_to_people_on_a_page() {
    let app = TestApp::start();
    let signup = "/users/v1/signup";
    for (target, status, title, code) in [
        ("/nowhere/at/all", 404, "There is nothing here", "not-found"),
        ("/pages/v1/sign", 404, "There is nothing here", "not-found"),
        (signup, 405, "This is no page", "method-not-allowed"),
    ] {
        // The contract says nothing of what it has no operation for.
        let answer = app.get(target).header("Accept", BROWSER);
        let answer = answer.send_unchecked().expect(status);
        let html = answer.text();
        assert!(html.contains(&format!("<h1>{title}</h1>")), "{html}");
        assert!(
            html.contains("href=\"http:&#x2f;&#x2f;127.0.0.1:"),
            "{html}"
        );
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert_eq!(answer.header("vary"), Some("Accept"));
        assert_eq!(answer.header("allow").is_some(), status == 405);
        app.get(target).send().expect_problem(status, code);
    }
}

#[test]
fn programs_are_answered_as_before() {
    let app = TestApp::start();
    let (email, token) = signed_up(&app);
    for accept in [
        "*/*",
        "application/json",
        "application/json, text/html;q=0.9",
    ] {
        let answer = open(&app, VERIFICATION, &token).header("Accept", accept);
        assert_eq!(answer.send().expect(200).json(), json!({ "status": "ok" }));
    }
    app.log_in(&email, PASSWORD).expect(200);
    for request in [
        open(&app, VERIFICATION, "x"),
        open(&app, PASSWORD_PAGE, "x"),
        choose(&app, "x", NEW),
    ] {
        request.send().expect_problem(401, "token-invalid");
    }
}

/// Every fault of a link, at each page that takes one and at the form behind it.
#[test]
fn a_link_that_is_no_good_is_answered_by_a_page_that_says_what_to_do_next() {
    let app = TestApp::start();
    let (email, first) = signed_up(&app);
    app.put("/users/v1/resend_email_verification")
        .json(&json!({ "email": email }))
        .send()
        .expect(202);
    let newest = app.mail_number(2, &email).token().expect("a token");
    let verified = app.user();
    let replaced = app.password_token(&verified.email);
    let used = app.password_token(&verified.email);
    page(choose(&app, &used, NEW), 200, "Your password is changed");
    let oversized = format!("{newest}{}", "x".repeat(4097));
    let (expired, unusable) = ("This link has expired", "This link does not work");

    let expired_email = Parts::of(&newest).expired().sign(EMAIL_SECRET);
    let expired_password = Parts::of(&used).expired().sign(PASSWORD_SECRET);
    let broken = &newest[..newest.len() - 9];
    for (is_password, token, status, title) in [
        (false, "x", 401, unusable),
        (false, broken, 401, unusable),
        (false, &*first, 401, unusable),
        // Of another kind, and with a signature of nobody.
        (false, &*used, 401, unusable),
        (
            false,
            &Parts::of(&newest).sign(PASSWORD_SECRET),
            401,
            unusable,
        ),
        (false, &oversized, 400, unusable),
        (false, &expired_email, 401, expired),
        (true, "x", 401, unusable),
        (true, &replaced, 401, unusable),
        (true, &used, 401, unusable),
        (true, &newest, 401, unusable),
        (true, &verified.access, 401, unusable),
        (true, &oversized, 400, unusable),
        (true, &expired_password, 401, expired),
    ] {
        let requests = if is_password {
            [
                open(&app, PASSWORD_PAGE, token),
                choose(&app, token, PASSWORD),
            ]
        } else {
            let confirm = app.post(VERIFICATION).form(&[("token", token)]);
            [open(&app, VERIFICATION, token), confirm]
        };
        for request in requests {
            let html = page(request, status, title);
            // It comes back for another link of its kind alone.
            let is_kept = html.contains(&format!("name=\"token\" value=\"{token}\""));
            let may_be = !is_password && [&*first, &*expired_email].contains(&token);
            assert_eq!(is_kept, may_be, "{html}");
            assert!(token == "x" || is_kept || !html.contains(token), "{html}");
            let wanted = if is_password {
                "password"
            } else {
                "verification"
            };
            assert!(html.contains("pages&#x2f;v1&#x2f;mail\">"), "{html}");
            assert!(html.contains(&format!("value=\"{wanted}\"")), "{html}");
        }
    }
    for path in [VERIFICATION, PASSWORD_PAGE] {
        page(app.get(path), 400, unusable);
        page(open(&app, path, &"x".repeat(9000)), 414, unusable);
    }

    // The button of an expired link knows where the next one is to go.
    let html = page(open(&app, VERIFICATION, &expired_email), 401, expired);
    assert!(html.contains(&format!("value=\"{email}\"")), "{html}");
    let ask = app
        .post(MAIL)
        .form(&[("email", &*email), ("wanted", "verification")]);
    page(ask, 202, "Look into your mailbox");
    let token = app.mail_number(3, &email).token().expect("a token");
    page(
        app.post(VERIFICATION).form(&[("token", &token)]),
        200,
        "Your address is verified",
    );

    // No token is in the log (ASVS 5.0, 16.2.5).
    let log = app.log();
    for token in [&first, &newest, &used, &expired_email, &expired_password] {
        let signature = token.rsplit('.').next().expect("a signature");
        assert!(!log.contains(signature), "{log}");
    }
}

/// ASVS 5.0, 3.5.1. The forms that ask for mails have no secret: visitors of a site could be made to send them.
#[test]
fn a_form_of_another_site_is_refused_before_anything_is_done() {
    let app = TestApp::start();
    let email = app.verified_user();
    let token = app.password_token(&email);
    let (new, _) = signed_up(&app);
    let link = app.mail_number(1, &new).token().expect("a token");
    for site in ["cross-site", "same-site", "", "same-origin, cross-site"] {
        for request in [
            choose(&app, &token, NEW),
            app.post(VERIFICATION).form(&[("token", &link)]),
            app.post(MAIL)
                .form(&[("email", &*email), ("wanted", "password")]),
            app.post(SIGNUP)
                .form(&[("email", &*new_email()), ("password", PASSWORD)]),
        ] {
            let request = request.header("Sec-Fetch-Site", site);
            page(request, 400, "Nothing was done");
        }
    }
    app.log_in(&email, PASSWORD).expect(200);
    app.log_in(&new, PASSWORD)
        .expect_problem(403, "email-unverified");
    // An own form, and a browser that says nothing.
    let own = choose(&app, &token, "12345678").header("Sec-Fetch-Site", "same-origin");
    page(own, 400, "Choose a new password");
    page(choose(&app, &token, NEW), 200, "Your password is changed");
    // No mail went out but those that were asked for.
    assert_eq!(app.mails_to(&new).len(), 1);
}

#[test]
fn a_form_that_is_sent_twice_says_what_became_of_the_first() {
    let app = TestApp::start();
    let email = app.verified_user();
    let token = app.password_token(&email);
    page(choose(&app, &token, NEW), 200, "Your password is changed");
    let html = page(choose(&app, &token, NEW), 401, "This link does not work");
    assert!(html.contains("it is changed: log in with it"), "{html}");
    app.log_in(&email, NEW).expect(200);

    let token = app.password_token(&email);
    let both: Vec<Response> = std::thread::scope(|scope| {
        let send = || {
            choose(&app, &token, PASSWORD)
                .header("Accept", BROWSER)
                .send()
        };
        let first = scope.spawn(send);
        let second = scope.spawn(send);
        [first, second]
            .map(|sent| sent.join().expect("an answer"))
            .into()
    });
    let mut statuses: Vec<u16> = both.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);

    // Whoever presses twice to sign up has one account, one mail, and a link that works.
    let html = page(app.get(SIGNUP), 200, "Sign up");
    let (_, key) = html
        .split_once("name=\"key\" value=\"")
        .expect("a key in the form");
    let email = new_email();
    let form = [
        ("email", &*email),
        ("password", PASSWORD),
        ("key", &key[..36]),
    ];
    let press = || page(app.post(SIGNUP).form(&form), 202, "Look into your mailbox");
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(press);
        }
    });
    press();
    let token = app.mail_number(1, &email).token().expect("a token");
    page(
        app.post(VERIFICATION).form(&[("token", &token)]),
        200,
        "Your address is verified",
    );
    assert_eq!(app.mails_to(&email).len(), 1);
    // A form that was gone back to and changed is another.
    let other = new_email();
    let form = [
        ("email", &*other),
        ("password", PASSWORD),
        ("key", &key[..36]),
    ];
    page(app.post(SIGNUP).form(&form), 202, "Look into your mailbox");
    app.mail_number(1, &other);
}

#[test]
fn a_form_that_is_refused_comes_back_with_the_reason_and_without_the_password() {
    let app = TestApp::start();
    let email = app.verified_user();
    let token = app.password_token(&email);
    for (password, again, reason) in [
        (
            "short",
            "short",
            "New password: a password has 8 to 128 characters",
        ),
        (
            "12345678",
            "12345678",
            "New password: this password is among the first that are tried",
        ),
        (NEW, PASSWORD, "The same again: is not the same as above"),
    ] {
        let form = [("token", &*token), ("password", password), ("again", again)];
        let request = app.post(PASSWORD_PAGE).form(&form);
        let html = page(request, 400, "Choose a new password");
        assert!(
            html.contains(&format!("role=\"alert\">{reason}<")),
            "{html}"
        );
        assert_eq!(html.matches("autofocus").count(), 1, "{html}");
        assert!(html.contains(&token), "{html}");
        assert!(!html.contains(&format!("\"{password}\"")), "{html}");
    }
    // The token is not spent by it.
    page(choose(&app, &token, NEW), 200, "Your password is changed");

    // OWASP ASVS 5.0, 1.2.1: what a caller sends is shown as text.
    let evil = "\"><script>alert(1)</script><b x='";
    for request in [
        app.post(MAIL)
            .form(&[("email", evil), ("wanted", "password")]),
        app.post(SIGNUP)
            .form(&[("email", evil), ("password", PASSWORD)]),
    ] {
        let html = request.header("Accept", BROWSER).send().expect(400).text();
        assert!(
            html.contains("Mail address: must be a mail address"),
            "{html}"
        );
        assert!(html.contains("&quot;&gt;&lt;script&gt;"), "{html}");
        assert!(
            !html.contains("<script") && !html.contains("<b x"),
            "{html}"
        );
        assert!(!html.contains(PASSWORD), "{html}");
    }
    // The key of a form stays, so that one whose answer was lost is known when it is sent again.
    let key = "0b6e3ed2-52ad-4a4c-9a35-6d9a2ad8f6a1";
    let form = [("email", &*email), ("password", "12345678"), ("key", key)];
    let html = page(app.post(SIGNUP).form(&form), 400, "Sign up");
    assert!(html.contains(&format!("value=\"{key}\"")), "{html}");
    // What no browser sends.
    for (request, status) in [
        (
            app.post(MAIL).form(&[("email", "luke@rebels.example")]),
            400,
        ),
        (
            app.post(MAIL)
                .form(&[("email", &*email), ("wanted", "money")]),
            400,
        ),
        (app.post(SIGNUP).body("text/plain", "email=x"), 415),
        (app.post(SIGNUP).body(FORM, "x".repeat(70_000)), 413),
    ] {
        page(request, status, "This did not work");
    }
}

/// ASVS 5.0, 6.3.8.
#[test]
fn asking_for_a_mail_tells_nobody_who_has_an_account() {
    let app = TestApp::start();
    let known = app.verified_user();
    let (waiting, _) = signed_up(&app);
    let answers: Vec<String> = [&known, &waiting, &new_email()]
        .into_iter()
        .flat_map(|email| {
            let mail = |wanted| app.post(MAIL).form(&[("email", email), ("wanted", wanted)]);
            let signup = app
                .post(SIGNUP)
                .form(&[("email", email), ("password", PASSWORD)]);
            [mail("password"), mail("verification"), signup].map(|request| {
                page(request, 202, "Look into your mailbox").replace(email.as_str(), "ADDRESS")
            })
        })
        .collect();
    assert!(
        answers.windows(2).all(|pair| pair[0] == pair[1]),
        "{answers:#?}"
    );
}

#[test]
fn too_many_forms_are_told_to_wait_and_keep_what_was_filled_in() {
    let app = TestApp::with_settings(|settings| {
        settings
            .set("limits.enabled", "true")
            .set("limits.mails.recipient", "1");
    });
    let email = new_email();
    let ask = || {
        app.post(MAIL)
            .form(&[("email", &*email), ("wanted", "password")])
    };
    page(ask(), 202, "Look into your mailbox");
    let answer = ask().header("Accept", BROWSER).send().expect(429);
    assert!(answer.header("retry-after").is_some());
    let html = answer.text();
    assert!(
        html.contains("role=\"alert\"")
            && html.contains("Too many tries; try again in 60 minutes."),
        "{html}"
    );
    assert!(html.contains(&email), "{html}");
}

#[test]
fn links_in_mails_lead_to_a_front_end_of_the_operators_own() {
    let app = TestApp::with_settings(|settings| {
        settings
            .set(
                "mail.links.verification",
                "https://app.example/verify?token={token}",
            )
            .set(
                "mail.links.password",
                "https://app.example/reset#token={token}",
            )
            .set(
                "mail.links.email_change",
                "https://app.example/move?token={token}",
            );
    });
    let (email, token) = signed_up(&app);
    let link = app.mail_number(1, &email).link().expect("a link");
    assert_eq!(link, format!("https://app.example/verify?token={token}"));
    app.verify(&token).expect(200);
    let token = app.password_token(&email);
    let link = app.mail_number(2, &email).link().expect("a link");
    assert_eq!(link, format!("https://app.example/reset#token={token}"));
    app.change_password(&token, PASSWORD).expect(200);
    let (user, new) = (app.session(&email), new_email());
    app.patch(&format!("/users/v1/{}", user.id))
        .bearer(&user.access)
        .json(&json!({ "email": new }))
        .send()
        .expect(200);
    let link = app.mail_number(1, &new).link().expect("a link");
    assert!(
        link.starts_with("https://app.example/move?token=ey"),
        "{link}"
    );

    for (link, word) in [
        ("https://app.example/verify", "{token} once"),
        ("https://app.example/{token}", "behind `?` or `#`"),
        ("https://luke:secret@app.example/?{token}", "password"),
        ("ftp://app.example/?{token}", "https://"),
    ] {
        let app = TestApp::not_started(|settings| {
            settings.set("mail.links.password", link);
        });
        for command in [&["config", "check"][..], &["serve"]] {
            let output = app.run(command, "");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(!output.status.success(), "{link}");
            assert!(said.contains("mail.links.password must"), "{link}: {said}");
            assert!(
                said.contains(word) && !said.contains("secret"),
                "{link}: {said}"
            );
        }
    }
}
