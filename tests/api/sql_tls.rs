//! PostgreSQL and MariaDB with TLS, by certificates of a private authority.

use crate::helpers::{
    app::TestApp, mariadb, postgres, stores::ServerDatabase, tls::Authority, users::PASSWORD,
};

/// The password as it is, and in a URL.
const SECRET: (&str, &str) = ("x-wing/@5:?#", "x-wing%2F%405%3A%3F%23");

/// The URL of a server with TLS on another host, for `crew`, with a parameter.
fn url_of(database: &dyn ServerDatabase, password: &str, host: &str, parameter: &str) -> String {
    let mut url = url::Url::parse(&database.url()).expect("a URL");
    url.set_username("crew").expect("a user");
    url.set_host(Some(host)).expect("a host");
    url.set_query(Some(parameter));
    url.to_string()
        .replace("crew@", &format!("crew:{password}@"))
}

fn started(url: &str, ca_file: &str, of_system: &Authority) -> TestApp {
    TestApp::not_started(|settings| {
        settings
            .set("database.url", url)
            .set("tls.ca_file", ca_file)
            .variable("SSL_CERT_FILE", &of_system.path("ca.pem"));
    })
}

/// Whoever is trusted gets in; everybody else is told what to do.
#[track_caller]
fn assert_tls(
    database: &dyn ServerDatabase,
    without: &dyn ServerDatabase,
    verified: &str,
    ours: &Authority,
) {
    let stranger = Authority::new();
    let (mine, other) = (ours.path("ca.pem"), stranger.path("ca.pem"));
    let good = url_of(database, SECRET.1, "localhost", verified);
    for (ca_file, of_system) in [(mine.as_str(), &stranger), (other.as_str(), ours)] {
        let mut app = started(&good, ca_file, of_system);
        app.start_again();
        let user = app.user();
        let pair = app.refresh(&user.refresh).expect(200).json();
        app.log_out(pair["token"].as_str().expect("token"))
            .expect(200);
        app.log_in(&user.email, PASSWORD).expect(200);
        app.get("/readyz").send().expect(200);
    }
    let elsewhere = url_of(database, SECRET.1, "127.0.0.2", verified);
    let wrong = url_of(database, "tie-fighter", "localhost", verified);
    let nowhere = good.replace("?", "_of_the_empire?");
    let plain = url_of(without, SECRET.1, "localhost", verified);
    for (url, ca_file, words) in [
        (&good, other.as_str(), &["set tls.ca_file", "UnknownIssuer"]),
        (
            &elsewhere,
            &mine,
            &[
                "let database.url name a host that the server's certificate names",
                "127.0.0.2",
            ],
        ),
        (
            &plain,
            &mine,
            &["switch TLS on at the server", "does not support TLS"],
        ),
        (
            &wrong,
            &mine,
            &["check the user and the password in database.url", "crew"],
        ),
        (&nowhere, &mine, &["database.url names", "_of_the_empire"]),
    ] {
        let output = started(url, ca_file, &stranger).run(&["migrate"], "");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{words:?}: {said}");
        for word in words {
            assert!(said.contains(word), "{word} is missing: {said}");
        }
        for secret in [SECRET.0, SECRET.1, "tie-fighter"] {
            assert!(!said.contains(secret), "a password: {said}");
        }
        assert_eq!(said.trim().lines().count(), 1, "{said}");
    }
}

#[test]
fn postgres_of_a_private_authority_is_verified_and_errors_say_what_to_do() {
    let authority = Authority::new();
    let server = postgres::Alone::with_tls(&authority, SECRET.0);
    let without = postgres::Database::create();
    assert_tls(&server, &without, "sslmode=verify-full", &authority);
    let hash = server.sql("select left(rolpassword, 13) from pg_authid where rolname = 'crew'");
    assert_eq!(hash, "SCRAM-SHA-256");
}

#[test]
fn mariadb_of_a_private_authority_is_verified_and_errors_say_what_to_do() {
    let authority = Authority::new();
    let server = mariadb::Alone::with_tls(&authority, SECRET.0);
    let without = mariadb::Database::create();
    assert_tls(&server, &without, "ssl-mode=VERIFY_IDENTITY", &authority);
}
