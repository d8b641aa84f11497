//! Mails by SMTP, with servers that are away; the outbox is tested with the users.

use std::{
    net::{SocketAddr, TcpListener},
    time::{Duration, Instant},
};

use serde_json::json;

use crate::helpers::{
    app::{Settings, TestApp},
    eventually,
    mail::{Mail, MailServer, mails_in},
    process::{Folder, free_port},
    stores::cases_on,
    users::{PASSWORD, User, new_email},
};

/// Retries have pauses between them.
const PATIENCE: Duration = Duration::from_secs(60);

cases_on! { [unstarted_on_sqlite, unstarted_on_postgres, unstarted_on_mariadb] {
    a_queued_mail_survives_a_kill,
    notices_wait_for_a_server_that_is_down_over_a_restart,
} }

fn app_with_mail_at(address: SocketAddr) -> TestApp {
    TestApp::with_settings(|settings| mail_at(settings, address))
}

fn mail_at(settings: &mut Settings, address: SocketAddr) {
    settings
        .set("mail.backend", "smtp")
        .set("mail.smtp_url", &format!("smtp://{address}"))
        .set("mail.from", "Rebel Alliance <base@rebels.example>");
}

fn nowhere_yet() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], free_port()))
}

fn arrival(server: &MailServer, email: &str) -> Mail {
    eventually("the mail arrives", PATIENCE, || {
        server.mails_to(email).first().cloned()
    })
}

#[test]
fn a_sign_up_is_mailed_by_smtp() {
    let server = MailServer::start(nowhere_yet());
    let app = app_with_mail_at(server.address);
    let email = new_email();
    app.sign_up(&email).expect(202);
    let mail = arrival(&server, &email);
    assert!(mail.head.contains("base@rebels.example"), "{}", mail.head);
    app.verify(&mail.token().expect("a token")).expect(200);
    app.log_in(&email, PASSWORD).expect(200);
    assert_eq!(server.mails_to(&email).len(), 1);
    assert!(app.mails_to(&email).is_empty(), "nothing in the outbox");
}

#[test]
fn a_mail_server_that_is_down_costs_neither_account_nor_mail() {
    let address = nowhere_yet();
    let app = app_with_mail_at(address);
    let email = new_email();
    app.sign_up(&email).expect(202);
    app.log_in(&email, PASSWORD)
        .expect_problem(403, "email-unverified");
    std::thread::sleep(Duration::from_secs(1));
    let server = MailServer::start(address);
    let token = arrival(&server, &email).token().expect("a token");
    app.verify(&token).expect(200);
}

#[test]
fn a_mail_that_is_put_off_is_sent_again() {
    let server = MailServer::start(nowhere_yet());
    server.refuse(true);
    let app = app_with_mail_at(server.address);
    let email = new_email();
    app.sign_up(&email).expect(202);
    eventually("a try", PATIENCE, || (server.refusals() > 0).then_some(()));
    assert!(server.mails_to(&email).is_empty());
    server.refuse(false);
    arrival(&server, &email);
}

/// RFC 5321, section 4.2.1: what is refused with 5xx is not to be sent again as it is.
#[test]
fn a_mail_that_is_refused_for_good_is_given_up() {
    let server = MailServer::start(nowhere_yet());
    server.refuse_with(Some("550 no such mailbox"));
    let app = app_with_mail_at(server.address);
    let email = new_email();
    app.sign_up(&email).expect(202);
    eventually("the mail is given up", PATIENCE, || {
        app.log().contains("was given up").then_some(())
    });
    server.refuse_with(None);
    // Longer than the first pauses between tries.
    std::thread::sleep(Duration::from_secs(4));
    assert_eq!(server.refusals(), 1);
    assert!(server.mails_to(&email).is_empty());
    assert!(!app.log().contains(&email));
}

/// RFC 4954, section 6: the operator can put a missing or wrong password right, and the mail is still there.
#[test]
fn a_mail_is_kept_while_the_server_refuses_us() {
    for refusal in ["530 authentication required", "535 wrong password"] {
        let server = MailServer::start(nowhere_yet());
        server.refuse_with(Some(refusal));
        let app = app_with_mail_at(server.address);
        let email = new_email();
        app.sign_up(&email).expect(202);
        eventually("a try", PATIENCE, || (server.refusals() > 0).then_some(()));
        server.refuse_with(None);
        arrival(&server, &email);
    }
}

/// RFC 5321, section 3.1: a 554 in place of the greeting is about us, not about a mail.
#[test]
fn a_mail_is_kept_while_the_server_turns_us_away() {
    let server = MailServer::start(nowhere_yet());
    server.close_with(Some("554 no service for you"));
    let app = app_with_mail_at(server.address);
    let email = new_email();
    app.sign_up(&email).expect(202);
    // The mail's own connection, and the look whether another fares better.
    eventually("a try", PATIENCE, || (server.refusals() > 1).then_some(()));
    server.close_with(None);
    arrival(&server, &email);
}

/// A line break in an address would start a header of the caller's choice.
#[test]
fn an_address_cannot_bring_headers() {
    let app = TestApp::start();
    let admin = app.admin();
    let mail_operations = |email: &str| {
        [
            app.post("/users/v1/signup")
                .json(&json!({ "email": email, "password": PASSWORD })),
            app.put("/users/v1/resend_email_verification")
                .json(&json!({ "email": email })),
            app.post("/users/v1/password_forgotten")
                .json(&json!({ "email": email })),
            app.post("/users/v1/").bearer(&admin.access).json(&json!({
                "email": email,
                "password": PASSWORD,
                "access_role": "basic",
            })),
            app.patch(&format!("/users/v1/{}", admin.id))
                .bearer(&admin.access)
                .json(&json!({ "email": email })),
        ]
    };
    for email in [
        "luke@rebels.example\r\nBcc: vader@empire.example",
        "luke@rebels.example\nSubject: hello",
        "luke@rebels.example\rSubject: hello",
        "luke@rebels.example\r\n\r\nhello",
        "luke\r\nBcc:vader@empire.example",
        "luke@rebels.example\0",
        "luke@rebels.example, vader@empire.example",
        "luke@rebels.example;vader@empire.example",
        "Luke <luke@rebels.example>",
        "luke@rebels.example>\r\nRCPT TO:<vader@empire.example",
        "<luke@rebels.example>",
        "luke@rebels.example\u{2028}x",
        "luke @rebels.example",
    ] {
        for operation in mail_operations(email) {
            let answer = operation.send().expect_problem(400, "validation-failed");
            assert_eq!(answer.json()["errors"][0]["pointer"], "/email", "{email:?}");
        }
        // Where addresses are only compared, it is an unknown one.
        app.log_in(email, PASSWORD)
            .expect_problem(401, "credentials-invalid");
        app.post("/auth/v1/token")
            .json(&json!({ "username": email, "password": PASSWORD }))
            .send()
            .expect_problem(401, "credentials-invalid");
        let pair = app.get("/users/v1/me").basic(email, PASSWORD).send();
        assert_eq!(pair.status, 401);
        if !email.contains('\0') {
            let made = app.run(&["users", "create", email, "--password-stdin"], PASSWORD);
            assert!(!made.status.success(), "{email:?}");
        }
    }
    // Nobody was written to, and nobody is.
    app.password_token(&admin.email);
    assert_eq!(mails_in(&app.outbox()).len(), 1);
}

const NEW: &str = "two-suns-over-Tatooine";

/// Everything that an account is told by mail: how it is asked for, and how many mails go to it in all.
fn ask_for_mails(app: &TestApp, user: &User) {
    let began = Instant::now();
    app.post("/users/v1/password_forgotten")
        .json(&json!({ "email": user.email }))
        .send()
        .expect(202);
    app.put("/users/v1/password_reset")
        .bearer(&user.access)
        .json(&json!({ "old_password": PASSWORD, "new_password": NEW }))
        .send()
        .expect(200);
    app.patch(&format!("/users/v1/{}", user.id))
        .bearer(&user.access)
        .json(&json!({ "email": format!("new-{}", user.email) }))
        .send()
        .expect(200);
    assert!(
        began.elapsed() < Duration::from_secs(3),
        "a request noticed: {:?}",
        began.elapsed()
    );
}

/// Two notices and the link to the new address; the password token too, unless the reset came before its mail.
#[track_caller]
fn assert_each_mail_came_once(server: &MailServer, user: &User) {
    let subjects = |email: &str| {
        let mails = server.mails_to(email);
        let mut subjects: Vec<_> = mails
            .iter()
            .filter_map(|mail| mail.head.lines().find(|line| line.starts_with("Subject:")))
            .map(str::to_owned)
            .collect();
        subjects.sort_unstable();
        subjects
    };
    let new = format!("new-{}", user.email);
    eventually("the mails arrive", PATIENCE, || {
        let come = subjects(&user.email);
        let told = |words: &str| come.iter().any(|subject| subject.contains(words));
        (told("was changed") && told("to have another address") && !subjects(&new).is_empty())
            .then_some(())
    });
    // Longer than the pause before another try.
    std::thread::sleep(Duration::from_secs(4));
    let come = subjects(&user.email);
    let mut once = come.clone();
    once.dedup();
    assert_eq!(come, once, "a mail came twice");
    assert_eq!(subjects(&new).len(), 1);
}

/// A user to tell of a change by mail: with a session from the command line, and nothing mailed yet.
fn someone(app: &TestApp) -> User {
    let admin = app.admin();
    app.made(&admin, "basic")
}

#[test]
fn notices_wait_for_a_server_that_puts_them_off() {
    let server = MailServer::start(nowhere_yet());
    server.refuse(true);
    let app = app_with_mail_at(server.address);
    let user = someone(&app);
    ask_for_mails(&app, &user);
    eventually("a try", PATIENCE, || (server.refusals() > 1).then_some(()));
    server.refuse(false);
    assert_each_mail_came_once(&server, &user);
}

/// It takes connections and says nothing.
#[test]
fn a_mail_server_that_hangs_holds_nobody_up() {
    let address = nowhere_yet();
    let hanging = TcpListener::bind(address).expect("a free port");
    let mut app = app_with_mail_at(address);
    let user = someone(&app);
    ask_for_mails(&app, &user);
    // The worker is at it.
    std::thread::sleep(Duration::from_secs(1));
    ask_for_a_sign_up(&app);
    app.films(&user.access).expect(200);
    app.kill();
    drop(hanging);
    let server = MailServer::start(address);
    app.start_again();
    assert_each_mail_came_once(&server, &user);
}

fn ask_for_a_sign_up(app: &TestApp) {
    let began = Instant::now();
    app.sign_up(&new_email()).expect(202);
    assert!(began.elapsed() < Duration::from_secs(2));
}

#[test]
fn an_operator_has_the_last_word_on_the_words() {
    let folder = Folder::new("templates");
    let write = |file: &str, text: &str| {
        std::fs::write(folder.path().join(file), text).expect("a template");
    };
    write(
        "password-forgotten.txt",
        "Subject: Ein neues Passwort für dich\n\nDein Schlüssel: {{ token }} ({{ hours }} h)\n",
    );
    write(
        "password-forgotten.html",
        "<p lang=\"de\">Dein Schlüssel: <code>{{ token }}</code></p>\n",
    );
    let app = TestApp::with_settings(|settings| {
        let path = folder.path().to_str().expect("UTF-8");
        settings.set("mail.templates_dir", path);
    });
    let email = app.verified_user();
    let token = app.password_token(&email);
    let mail = app.mail_number(2, &email);
    for words in [
        format!("Dein Schlüssel: {token} (1 h)"),
        format!("<code>{token}</code>"),
    ] {
        assert!(mail.text.contains(&words), "{}", mail.text);
    }
    // RFC 2047: the subject is no ASCII.
    assert!(mail.head.contains("Subject: "), "{}", mail.head);
    assert!(!mail.head.contains("Choose a new"), "{}", mail.head);
    assert!(mail.head.is_ascii(), "{}", mail.head);
    // What is not replaced stays.
    assert!(app.mail_number(1, &email).link().is_some());
}

#[test]
fn a_broken_template_stops_the_start() {
    for (file, text, word) in [
        ("verification.txt", "Subject: Hello\n\n{{ link", "line 3"),
        (
            "verification.txt",
            "Subject: Hello\n\n{{ lnik }}",
            "verification.txt",
        ),
        ("verification.txt", "Subject: Hello\n\nno link", "link"),
        ("verification.txt", "Hello\n\n{{ link }}", "Subject"),
        ("verification.html", "<p>no link</p>", "link"),
        (
            "password-forgotten.html",
            "{% if %}{{ token }}",
            "password-forgotten.html",
        ),
        (
            "password-changed.txt",
            "Subject: {{ token }}\n\nx",
            "password-changed.txt",
        ),
        (
            "verificatoin.txt",
            "Subject: Hello\n\n{{ link }}",
            "verification.txt",
        ),
    ] {
        let folder = Folder::new("templates");
        std::fs::write(folder.path().join(file), text).expect("a template");
        let app = TestApp::not_started(|settings| {
            let path = folder.path().to_str().expect("UTF-8");
            settings.set("mail.templates_dir", path);
        });
        for command in [&["config", "check"][..], &["serve"]] {
            let output = app.run(command, "");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(!output.status.success(), "{file}: {text}");
            assert!(said.contains(file) && said.contains(word), "{file}: {said}");
            assert!(!said.contains("panicked"), "{said}");
        }
    }
    let app = TestApp::not_started(|settings| {
        settings.set("mail.templates_dir", "/nowhere/at/all");
    });
    let output = app.run(&["config", "check"], "");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("/nowhere/at/all"), "{said}");
}

/// The command writes the templates that are built in.
#[test]
fn the_built_in_templates_can_be_written_out_and_used() {
    let mut app = TestApp::not_started(|settings| {
        settings.set("mail.templates_dir", "words");
    });
    let written = app.run(&["mail", "templates", "words"], "");
    assert!(written.status.success(), "{written:?}");
    assert!(
        !app.run(&["mail", "templates", "words"], "")
            .status
            .success()
    );
    app.start_again();
    let email = app.verified_user();
    app.password_token(&email);
}

mod cases {
    use super::*;

    pub(super) fn a_queued_mail_survives_a_kill(mut app: TestApp) {
        let address = nowhere_yet();
        mail_at(app.settings(), address);
        app.start_again();
        let email = new_email();
        app.sign_up(&email).expect(202);
        app.kill();
        let server = MailServer::start(address);
        app.start_again();
        let token = arrival(&server, &email).token().expect("a token");
        app.verify(&token).expect(200);
    }

    pub(super) fn notices_wait_for_a_server_that_is_down_over_a_restart(mut app: TestApp) {
        let address = nowhere_yet();
        mail_at(app.settings(), address);
        app.start_again();
        let user = someone(&app);
        ask_for_mails(&app, &user);
        app.kill();
        app.start_again();
        std::thread::sleep(Duration::from_secs(1));
        app.kill();
        let server = MailServer::start(address);
        app.start_again();
        assert_each_mail_came_once(&server, &user);
    }
}
