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
