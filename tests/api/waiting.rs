//! Clients that keep the service waiting: what they hold is bounded, in time and in memory.

use std::{io::Write, net::TcpStream, thread, time::Duration};

use crate::helpers::{
    app::TestApp,
    at_once, eventually,
    http::{connect, read_response},
};

/// Of 1.4 MB, so that some fill every buffer of a connection that nobody reads.
const LARGE: &str = "GET /ui/swagger-ui-bundle.js HTTP/1.1\r\nHost: there\r\n\r\n";

/// Sends as much as the service takes, until it is all or nothing is taken for a moment.
fn push(mut stream: &TcpStream, text: &str) {
    stream
        .set_write_timeout(Some(Duration::from_millis(500)))
        .expect("a socket");
    // What is not taken is left: the client waits for the service, as the service for the client.
    drop(stream.write_all(text.as_bytes()));
}

/// CWE-400, and RFC 9112, section 9.5: a server may close whatever waits for too long.
#[test]
fn a_connection_that_waits_for_its_client_is_given_up() {
    let app = TestApp::start();
    let ask = "GET /healthz HTTP/1.1\r\nHost: there\r\n\r\n";
    let open = |text: &str| {
        let stream = connect(app.address()).expect("a listener");
        push(&stream, text);
        stream
    };
    let before = app.running().sockets();
    let mut idle = open(ask);
    let waiting = [
        // The first head of a connection has a time of its own; this is the second.
        open(&format!("{ask}GET /healthz")),
        open(&format!(
            "{ask}{ask}GET /healthz HTTP/1.1\r\nHost: there\r\nX: "
        )),
        open(&LARGE.repeat(16)),
    ];
    // A head that comes in pieces has no more time than one that stops.
    let mut dripping = &waiting[0];
    thread::sleep(Duration::from_secs(1));
    assert!(app.running().sockets() >= before + 3);
    eventually(
        "the connections are closed",
        Duration::from_secs(100),
        || {
            thread::sleep(Duration::from_secs(1));
            drop(dripping.write_all(b"X"));
            (app.running().sockets() <= before + 1).then_some(())
        },
    );
    // One on which nothing waits is kept for longer.
    read_response(&mut idle, false)
        .expect("an answer")
        .expect(200);
    app.get("/healthz").send().expect(200);
}

/// CWE-400, CWE-770.
#[test]
fn what_waits_for_a_client_that_does_not_read_takes_little_memory() {
    let app = TestApp::start();
    let ask = |count: usize| {
        let streams: Vec<TcpStream> = (0..40)
            .map(|_| connect(app.address()).expect("a listener"))
            .collect();
        at_once(streams.len(), |number| {
            push(&streams[number], &LARGE.repeat(count))
        });
        app.get("/healthz").send().expect(200);
        let used = app.running().memory();
        drop(streams);
        used
    };
    let one = ask(1);
    // 160 kB of requests on each connection, and 4 GB of answers.
    let many = ask(3000);
    assert!(
        many < one + 60_000_000,
        "{one} bytes with one request, {many} with many"
    );
}

/// A burst comes while the process has no time: the system takes the connections for it, and nobody has to try again.
#[test]
fn hundreds_may_connect_before_one_is_accepted() {
    let app = TestApp::start();
    app.running().signal("STOP");
    // Whoever is not taken at once is told nothing, and tries again after a second.
    let patience = Duration::from_millis(800);
    let taken: Vec<_> = (0..300)
        .map_while(|_| TcpStream::connect_timeout(&app.address(), patience).ok())
        .collect();
    app.running().signal("CONT");
    assert_eq!(taken.len(), 300);
    app.get("/healthz").send().expect(200);
}
