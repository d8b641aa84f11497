//! `revocation.backend = "redis"`: requests that one worker takes up in the same turn of its loop share a question to Redis.
//!
//! A process that is stopped while many requests arrive takes up all of them at once when it goes on.

use std::{
    net::{Shutdown, TcpStream},
    thread,
    time::Duration,
};

use crate::helpers::{
    app::{ACCESS_SECRET, TestApp},
    eventually,
    http::{Response, connect, read_response},
    link::{Fault, Link},
    redis::RedisServer,
    tokens::Parts,
};

/// Requests of one turn.
const COUNT: usize = 60;
/// Longer than any recovery may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A service with one worker, which finds Redis by a link with faults, and tokens of which every third is revoked.
struct Crowd {
    app: TestApp,
    redis: RedisServer,
    link: Link,
    tokens: Vec<String>,
}

impl Crowd {
    fn gather(timeout_ms: u32) -> Self {
        let redis = RedisServer::start();
        let link = Link::to(redis.address());
        let app = TestApp::with_settings(|settings| {
            settings
                .set("server.workers", "1")
                .set("revocation.backend", "redis")
                .set("redis.timeout_ms", &timeout_ms.to_string())
                .set("redis.urls", &format!("redis://127.0.0.1:{}", link.port()));
        });
        let user = app.user();
        let tokens = (0..COUNT).map(|number| {
            let id = format!("00000000-0000-4000-8000-{number:012}");
            if is_revoked(number) {
                let key = format!("starwars:{{api}}:revoked:{id}");
                assert_eq!(redis.command(&["SET", &key, "1"]), "+OK");
            }
            let parts = Parts::of(&user.access).claim("jti", id);
            parts.sign(ACCESS_SECRET)
        });
        Self {
            tokens: tokens.collect(),
            app,
            redis,
            link,
        }
    }

    /// Sends a request with each token, all of which the worker takes up at once.
    fn ask(&self) -> Vec<TcpStream> {
        let connections = self.tokens.iter().map(|_| {
            let mut stream = connect(self.app.address()).expect("a connection");
            // Once it is answered, the worker has the connection.
            send(&mut stream, "GET /healthz HTTP/1.1\r\nHost: there\r\n\r\n");
            assert_eq!(read(&mut stream).status, 200);
            stream
        });
        let mut streams: Vec<TcpStream> = connections.collect();
        self.app.running().signal("STOP");
        for (stream, token) in streams.iter_mut().zip(&self.tokens) {
            let head = "GET /films/v1/1 HTTP/1.1\r\nHost: there\r\nAuthorization: Bearer";
            send(stream, &format!("{head} {token}\r\n\r\n"));
        }
        self.app.running().signal("CONT");
        streams
    }

    /// Returns how many questions Redis was asked.
    fn questions(&self) -> usize {
        let facts = self.redis.texts(&["INFO", "commandstats"]).concat();
        let calls = facts.split_once("cmdstat_mget:calls=");
        let calls = calls.and_then(|(_, rest)| rest.split(',').next());
        calls.and_then(|calls| calls.parse().ok()).unwrap_or(0)
    }

    fn recovers(&self) {
        eventually("good tokens are let in", PATIENCE, || {
            let answer = self.app.films(&self.tokens[1]);
            (answer.status == 200).then_some(())
        });
    }
}

fn is_revoked(number: usize) -> bool {
    number.is_multiple_of(3)
}

fn send(stream: &mut TcpStream, text: &str) {
    std::io::Write::write_all(stream, text.as_bytes()).expect("a listener");
}

fn read(stream: &mut TcpStream) -> Response {
    read_response(stream, false).expect("an answer")
}

#[track_caller]
fn assert_truth(number: usize, answer: Response) {
    if is_revoked(number) {
        answer.expect_problem(401, "token-invalid");
    } else {
        answer.expect(200);
    }
}

#[test]
fn requests_of_one_turn_ask_redis_once_and_each_gets_the_answer_about_its_own_token() {
    let crowd = Crowd::gather(10_000);
    let before = crowd.questions();
    for (number, mut stream) in crowd.ask().into_iter().enumerate() {
        assert_truth(number, read(&mut stream));
    }
    // The service asks once a second whether Redis is still the same.
    let asked = crowd.questions() - before;
    assert!(asked <= COUNT / 3, "{asked} questions for {COUNT} requests");
}

/// The first of them is the one whose request made the others' question.
#[test]
fn a_client_that_hangs_up_takes_no_answer_away_from_the_others() {
    let crowd = Crowd::gather(10_000);
    crowd.link.set(Fault::Late(Duration::from_millis(700)));
    let streams = crowd.ask();
    thread::sleep(Duration::from_millis(200));
    for (number, mut stream) in streams.into_iter().enumerate() {
        if number < 5 || number % 4 == 1 {
            stream.shutdown(Shutdown::Both).expect("an open connection");
        } else {
            assert_truth(number, read(&mut stream));
        }
    }
}

#[test]
fn a_slow_redis_delays_every_turn_and_mixes_up_none() {
    let crowd = Crowd::gather(10_000);
    crowd.link.set(Fault::Late(Duration::from_millis(300)));
    // The second turn asks while the first waits.
    let turns = [crowd.ask(), crowd.ask()];
    for streams in turns {
        for (number, mut stream) in streams.into_iter().enumerate() {
            assert_truth(number, read(&mut stream));
        }
    }
}

#[test]
fn a_redis_that_dies_before_it_has_answered_lets_nobody_of_the_turn_in() {
    let mut crowd = Crowd::gather(10_000);
    crowd.link.set(Fault::Late(Duration::from_secs(20)));
    let streams = crowd.ask();
    thread::sleep(Duration::from_millis(500));
    crowd.redis.kill();
    crowd.link.set(Fault::Cut);
    for mut stream in streams {
        let answer = read(&mut stream).expect_problem(503, "service-unavailable");
        assert!(answer.header("retry-after").is_some());
    }
    crowd.redis.restart();
    crowd.link.set(Fault::None);
    crowd.recovers();
}

#[test]
fn a_silent_redis_lets_nobody_of_the_turn_in() {
    let crowd = Crowd::gather(250);
    crowd.link.set(Fault::Silent);
    for mut stream in crowd.ask() {
        read(&mut stream).expect_problem(503, "service-unavailable");
    }
    crowd.link.set(Fault::None);
    crowd.recovers();
}
