//! What was acknowledged survives `kill -9`.

use crate::helpers::{
    app::TestApp,
    users::{PASSWORD, new_email},
};

#[test]
fn an_acknowledged_sign_up_survives_a_kill() {
    let mut app = TestApp::start();
    for _ in 0..5 {
        let email = new_email();
        app.sign_up(&email).expect(202);
        app.kill();
        app.start_again();
        app.log_in(&email, PASSWORD)
            .expect_problem(403, "email-unverified");
        let token = app.mail_number(1, &email).token().expect("a token");
        app.verify(&token).expect(200);
        app.log_in(&email, PASSWORD).expect(200);
    }
}

#[test]
fn an_acknowledged_verification_survives_a_kill() {
    let mut app = TestApp::start();
    let email = app.verified_user();
    app.kill();
    app.start_again();
    app.log_in(&email, PASSWORD).expect(200);
}

#[test]
fn an_acknowledged_logout_survives_a_kill() {
    let mut app = TestApp::start();
    let email = app.verified_user();
    for _ in 0..5 {
        let user = app.session(&email);
        app.log_out(&user.access).expect(200);
        app.kill();
        app.start_again();
        app.films(&user.access).expect_problem(401, "token-invalid");
        app.refresh(&user.refresh)
            .expect_problem(401, "token-invalid");
    }
}

#[test]
fn an_acknowledged_exchange_survives_a_kill() {
    let mut app = TestApp::start();
    let mut user = app.user();
    for _ in 0..5 {
        let renewed = app.refresh(&user.refresh).expect(200).json();
        app.kill();
        app.start_again();
        app.films(&user.access).expect_problem(401, "token-invalid");
        user.access = renewed["token"].as_str().expect("token").to_owned();
        user.refresh = renewed["refresh_token"].as_str().expect("token").to_owned();
        app.films(&user.access).expect(200);
    }
}

/// The repeat of a lost reply is answered from the database, not from memory.
#[test]
fn the_repeat_of_an_exchange_is_the_same_after_a_kill() {
    let mut app = TestApp::with_settings(|settings| {
        settings.set("sessions.refresh_repeat_seconds", "120");
    });
    let user = app.user();
    let first = app.refresh(&user.refresh).expect(200).json();
    app.kill();
    app.start_again();
    let repeat = app.refresh(&user.refresh).expect(200).json();
    assert_eq!(first["token"], repeat["token"]);
    assert_eq!(first["refresh_token"], repeat["refresh_token"]);
}

#[test]
fn a_session_goes_on_over_a_restart() {
    let mut app = TestApp::start();
    let user = app.user();
    app.kill();
    app.start_again();
    app.films(&user.access).expect(200);
    app.refresh(&user.refresh).expect(200);
}
