//! Mails by SMTP, with servers that are away; the outbox is tested with the users.

use std::{net::SocketAddr, time::Duration};

use crate::helpers::{
    app::TestApp,
    eventually,
    mail::{Mail, MailServer},
    process::free_port,
    users::{PASSWORD, new_email},
};

/// Retries have pauses between them.
const PATIENCE: Duration = Duration::from_secs(60);

fn app_with_mail_at(address: SocketAddr) -> TestApp {
    TestApp::with_settings(|settings| {
        settings
            .set("mail.backend", "smtp")
            .set("mail.smtp_url", &format!("smtp://{address}"))
            .set("mail.from", "Rebel Alliance <base@rebels.example>");
    })
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

#[test]
fn a_queued_mail_survives_a_kill() {
    let address = nowhere_yet();
    let mut app = app_with_mail_at(address);
    let email = new_email();
    app.sign_up(&email).expect(202);
    app.kill();
    let server = MailServer::start(address);
    app.start_again();
    let token = arrival(&server, &email).token().expect("a token");
    app.verify(&token).expect(200);
}

/// A line break in an address would start a header of the caller's choice.
#[test]
fn an_address_cannot_bring_headers() {
    let app = TestApp::start();
    for email in [
        "luke@rebels.example\r\nBcc: vader@empire.example",
        "luke@rebels.example\nSubject: hello",
        "luke@rebels.example, vader@empire.example",
        "Luke <luke@rebels.example>",
    ] {
        app.sign_up(email).expect_problem(400, "validation-failed");
    }
}
