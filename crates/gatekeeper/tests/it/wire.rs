//! Behaviour that only a real connection shows.

use crate::{
    security::{MANIFEST, SPEC},
    support::{Fake, caller, routes},
};
use actix_web::{App, HttpServer, dev::ServerHandle, web::Data};
use gatekeeper::{Contract, Gate, Limits, Manifest};
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    time::Duration,
};

fn serve() -> (SocketAddr, ServerHandle) {
    serve_contract(SPEC, &MANIFEST)
}

fn serve_contract(spec: &str, manifest: &'static Manifest) -> (SocketAddr, ServerHandle) {
    let limits = Limits {
        body_time: Duration::from_millis(300),
        ..Limits::default()
    };
    let contract = Contract::builder(spec)
        .strict()
        .roles(&[("basic", 1), ("admin", 2)])
        .limits(limits)
        .build(manifest)
        .unwrap();
    let contract = Arc::new(contract);
    let server = HttpServer::new(move || {
        let gate = Data::new(Gate::new(Arc::clone(&contract), Fake::default()));
        App::new().app_data(gate).configure(|config| {
            gatekeeper::mount::<Fake>(config, &contract, routes(manifest.operations, caller))
                .unwrap();
        })
    })
    .workers(1)
    .disable_signals()
    .bind("127.0.0.1:0")
    .unwrap();
    let address = server.addrs()[0];
    let server = server.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    (address, handle)
}

/// Sends bytes, then reads to the end of the connection.
pub(crate) async fn exchange(address: SocketAddr, request: Vec<u8>) -> String {
    actix_web::rt::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        // A refusal may come before the whole request was sent.
        let _ = stream.write_all(&request);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8(answer).unwrap()
    })
    .await
    .unwrap()
}

#[actix_web::test]
async fn head_has_the_content_length_of_get_and_no_body() {
    // RFC 9110 section 9.3.2
    let (address, handle) = serve();
    for path in ["/open", "/inherited", "/nowhere"] {
        let send = |method: &str| {
            exchange(
                address,
                format!("{method} {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").into(),
            )
        };
        let (get, head) = (send("GET").await, send("HEAD").await);
        let length = |answer: &str| {
            let line = answer
                .lines()
                .find(|line| line.to_ascii_lowercase().starts_with("content-length:"));
            line.unwrap().to_owned()
        };
        assert_eq!(length(&get), length(&head), "{path}");
        assert!(head.ends_with("\r\n\r\n"), "{head}");
        assert!(get.ends_with('}'), "{get}");
    }
    handle.stop(false).await;
}

#[actix_web::test]
async fn a_refusal_arrives_though_the_body_was_not_read() {
    let (address, handle) = serve();
    let body = vec![b'a'; 300_000];
    for (token, status) in [("", "401"), ("authorization: Bearer jwt.leia.1\r\n", "413")] {
        let mut request = format!(
            "POST /strict/1 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{token}content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(&body);
        let answer = exchange(address, request).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{status}: {answer:?}"
        );
        assert!(answer.ends_with('}'), "{answer}");
    }
    handle.stop(false).await;
}

/// A body without an end is not read without an end, whoever answered.
#[actix_web::test]
async fn an_answer_before_the_end_of_a_chunked_body_ends_the_connection() {
    let (address, handle) = serve();
    let token = "authorization: Bearer jwt.leia.1\r\ncontent-type: application/json\r\n";
    for (line, more, status) in [
        ("POST /strict/1", "", "401"),
        ("POST /strict/1", token, "408"),
        ("POST /nowhere", "", "404"),
        ("DELETE /strict/1", "", "405"),
    ] {
        let request = format!(
            "{line} HTTP/1.1\r\nhost: a\r\n{more}transfer-encoding: chunked\r\n\r\n1\r\n{{\r\n"
        );
        let answer = actix_web::rt::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(address)?;
            stream.set_read_timeout(Some(Duration::from_secs(10)))?;
            stream.write_all(request.as_bytes())?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).map(|_| answer)
        })
        .await
        .unwrap()
        .unwrap_or_else(|error| panic!("{line}: the connection stays open: {error}"));
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{line}: {answer}"
        );
    }
    handle.stop(false).await;
}

#[actix_web::test]
async fn options_of_the_whole_server_is_answered() {
    let (address, handle) = serve();
    let answer = exchange(
        address,
        b"OPTIONS * HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".to_vec(),
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    assert!(
        answer.contains("allow: GET, HEAD, OPTIONS, POST"),
        "{answer}"
    );
    handle.stop(false).await;
}

#[actix_web::test]
async fn a_body_that_does_not_arrive_is_408_and_ends_the_connection() {
    // RFC 9110 section 15.5.9; the request does not ask for the connection to be closed.
    let (address, handle) = serve();
    let request = "POST /strict/1 HTTP/1.1\r\nhost: a\r\nauthorization: Bearer jwt.leia.1\r\n\
        content-type: application/json\r\ncontent-length: 2\r\n\r\n{";
    let answer = exchange(address, request.into()).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("\"code\":\"request-timeout\""), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    handle.stop(false).await;
}

#[actix_web::test]
async fn a_connection_outlives_a_refusal() {
    let (address, handle) = serve();
    let refused = "POST /strict/1 HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}";
    let good = "GET /open HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    let answer = exchange(address, format!("{refused}{good}").into()).await;
    let statuses: Vec<&str> = answer
        .matches("HTTP/1.1 401")
        .chain(answer.matches("HTTP/1.1 200"))
        .collect();
    assert_eq!(statuses, ["HTTP/1.1 401", "HTTP/1.1 200"], "{answer}");
    handle.stop(false).await;
}

/// A contract with a body behind credentials.
const WRITING: &str = r##"
openapi: 3.0.3
info: {title: Notes, version: "1"}
paths:
  /notes:
    post:
      operationId: write
      security: [{jwt: []}]
      x-access-role: basic
      requestBody: {required: true, content: {application/json: {schema: {type: string}}}}
      responses:
        "200": {description: Written, content: {application/json: {schema: {type: object}}}}
        "400": {$ref: "#/components/responses/Problem"}
        "401": {$ref: "#/components/responses/Problem"}
        "413": {$ref: "#/components/responses/Problem"}
        "415": {$ref: "#/components/responses/Problem"}
components:
  securitySchemes:
    jwt: {type: http, scheme: bearer, x-bearerInfoFunc: auth.decode_token}
  responses:
    Problem:
      description: A problem
      content: {application/problem+json: {schema: {type: object}}}
"##;

#[actix_web::test]
async fn a_body_held_back_outlives_no_credentials() {
    const NOTES: Manifest = Manifest {
        operations: &["write"],
        hooks: &[("jwt", "auth.decode_token")],
    };
    for (held_back, expected) in [("", "HTTP/1.1 200"), ("\"", "HTTP/1.1 401")] {
        let (address, handle) = serve_contract(WRITING, &NOTES);
        let answer = actix_web::rt::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            let head = "POST /notes HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\
                        authorization: Bearer jwt.leia.ending\r\ncontent-type: application/json\r\n\
                        content-length: 4\r\n\r\n";
            let sent = "\"ab\"".strip_suffix(held_back).unwrap();
            stream
                .write_all(format!("{head}{sent}").as_bytes())
                .unwrap();
            if !held_back.is_empty() {
                std::thread::sleep(Duration::from_millis(200));
                stream.write_all(held_back.as_bytes()).unwrap();
            }
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        });
        let answer = answer.await.unwrap();
        assert!(answer.starts_with(expected), "{answer}");
        handle.stop(false).await;
    }
}
