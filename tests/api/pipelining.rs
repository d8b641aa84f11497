//! Requests that are sent before the one before them is answered (RFC 9112, section 9.3.2).

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use serde_json::json;

use crate::helpers::{
    app::TestApp,
    http::{ByByte, Response, connect, read_response},
};

const LOGIN: &str =
    "POST /users/v1/login HTTP/1.1\r\nHost: there\r\nContent-Type: application/json\r\n";

/// Each is answered after a while: the database is asked, or a password is hashed.
fn slow() -> [String; 6] {
    let body =
        json!({ "email": "nobody@rebels.example", "password": "womp-rats-in-my-T16" }).to_string();
    let length = body.len();
    [
        "GET /readyz HTTP/1.1\r\nHost: there\r\n\r\n".to_owned(),
        "HEAD /readyz HTTP/1.1\r\nHost: there\r\n\r\n".to_owned(),
        format!("{LOGIN}Content-Length: {length}\r\n\r\n{body}"),
        format!("{LOGIN}Expect: 100-continue\r\nContent-Length: {length}\r\n\r\n{body}"),
        format!("{LOGIN}{}", chunked(&body)),
        format!("{LOGIN}Expect: 100-continue\r\n{}", chunked(&body)),
    ]
}

/// The body in two chunks, with an extension and a trailer (RFC 9112, section 7.1).
fn chunked(body: &str) -> String {
    let (one, two) = body.split_at(7);
    let (first, second) = (one.len(), two.len());
    format!(
        "Transfer-Encoding: chunked\r\n\r\n{first:x};a=\"b c\"\r\n{one}\r\n{second:X}\r\n{two}\r\n0\r\nEnd: here\r\n\r\n"
    )
}

fn read(stream: &TcpStream, request: &str) -> Response {
    if request.contains("100-continue") {
        let answer = read_response(&mut ByByte(stream), false).expect("an answer");
        // It may be left out where the body is there (RFC 9110, section 10.1.1).
        if answer.status != 100 {
            return answer;
        }
    }
    read_response(&mut ByByte(stream), request.starts_with("HEAD")).expect("an answer")
}

/// RFC 9110, section 9.3.2, and RFC 9112, section 6.3: a body where none is expected is taken for the next answer.
#[test]
fn each_request_is_answered_by_its_own_method() {
    let app = TestApp::start();
    let quick =
        ["GET", "HEAD"].map(|method| format!("{method} /healthz HTTP/1.1\r\nHost: there\r\n\r\n"));
    for slow in slow() {
        let requests = [&slow, &quick[1], &quick[0], &quick[1], &slow, &quick[0]];
        let text: String = requests.into_iter().map(String::as_str).collect();
        let mut stream = connect(app.address()).unwrap();
        // In two parts, the second of which comes while the first request is answered.
        let (first, second) = text.split_at(slow.len() + 30);
        for part in [first, second] {
            stream.write_all(part.as_bytes()).unwrap();
            stream.flush().unwrap();
        }
        for request in requests {
            let answer = read(&stream, request);
            let expected = if request.starts_with("POST") {
                401
            } else {
                200
            };
            assert_eq!(answer.status, expected, "{request}: {answer:?}");
            assert_eq!(
                answer.body.is_empty(),
                request.starts_with("HEAD"),
                "{request}"
            );
        }
    }
}

/// RFC 9112, section 9.6.
#[test]
fn nothing_is_answered_after_the_last_request_of_a_connection() {
    let app = TestApp::start();
    let quick = "GET /healthz HTTP/1.1\r\nHost: there\r\n\r\n";
    for slow in slow() {
        let last = slow.replace("Host: there", "Host: there\r\nConnection: close");
        let mut stream = connect(app.address()).unwrap();
        write!(stream, "{last}{quick}{quick}").unwrap();
        let mut text = String::new();
        // The rest of what was sent is not read, so the end may be a reset.
        drop(stream.read_to_string(&mut text));
        assert_eq!(text.matches("x-request-id").count(), 1, "{text}");
        assert_eq!(text.matches("connection: close").count(), 1, "{text}");
    }
}

/// RFC 9112, section 2.5: the version of an answer is one that its request takes.
#[test]
fn a_request_of_http_1_0_changes_no_answer_before_it() {
    let app = TestApp::start();
    for slow in slow() {
        let mut stream = connect(app.address()).unwrap();
        write!(stream, "{slow}GET /healthz HTTP/1.0\r\n\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let versions: Vec<&str> = text
            .match_indices("HTTP/1.")
            .map(|(at, _)| &text[at..at + 8])
            .collect();
        let (last, others) = versions.split_last().expect("answers");
        assert_eq!(*last, "HTTP/1.0", "{text}");
        assert!(
            !others.is_empty() && others.iter().all(|version| *version == "HTTP/1.1"),
            "{text}"
        );
    }
}

/// A client's body may come with the next request behind it, and in any pieces.
#[test]
fn a_body_ends_where_its_head_says() {
    let app = TestApp::start();
    let quick = "GET /healthz HTTP/1.1\r\nHost: there\r\n\r\n";
    let body = "\r\n\r\n{\"email\": \"a@rebels.example\",\n\n\"password\":\r\n\r\n\"x\"}";
    let by_length = format!("{LOGIN}Content-Length: {}\r\n\r\n{body}", body.len());
    let chunked = format!(
        "{LOGIN}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n",
        body.len()
    );
    let text = format!("\r\n{by_length}{quick}{chunked}{quick}{by_length}{chunked}");
    for piece in [1, 7, 100, text.len()] {
        let mut stream = connect(app.address()).unwrap();
        let mut writer = stream.try_clone().unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for piece in text.as_bytes().chunks(piece) {
                    writer.write_all(piece).unwrap();
                }
            });
            for expected in [401, 200, 401, 200, 401, 401] {
                let answer = read(&stream, "POST");
                assert_eq!(answer.status, expected, "in pieces of {piece}: {answer:?}");
            }
        });
        write!(stream, "{quick}").unwrap();
        read(&stream, quick).expect(200);
    }
}

/// A body that came with its head was read, so that the connection can go on (RFC 9112, section 9.3).
#[test]
fn a_refusal_of_what_came_as_a_whole_ends_no_connection() {
    let app = TestApp::start();
    let mut stream = connect(app.address()).unwrap();
    let refused = "POST /auth/v1/api_tokens HTTP/1.1\r\nHost: there\r\n";
    for body in [
        "Content-Length: 2\r\n\r\n{}",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    ] {
        write!(stream, "{refused}{body}").unwrap();
        let answer = read(&stream, "POST").expect(401);
        assert_eq!(answer.header("connection"), None, "{body}");
    }
}
