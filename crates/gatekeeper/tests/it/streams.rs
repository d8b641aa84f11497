//! Replies that are streams, over real connections.

use crate::support::{Answer, Fake, routes};
use actix_web::{
    App, HttpServer,
    dev::ServerHandle,
    http::header::CONTENT_LENGTH,
    rt::task::spawn_blocking,
    web::{Bytes, Data},
};
use futures_core::Stream;
use gatekeeper::{Contract, Event, EventStream, Gate, Manifest, Reply, ReplyBody, ReplyStream};
use std::{
    collections::VecDeque,
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

const SPEC: &str = r##"
openapi: 3.0.3
info: {title: Films, version: "1"}
paths:
  /film:
    get:
      operationId: film
      responses:
        "200":
          description: Good
          content:
            video/mp4: {schema: {type: string, format: binary}}
            text/event-stream: {schema: {type: object}}
  /size:
    head:
      operationId: size
      responses:
        "200": {description: Good, headers: {Content-Length: {schema: {type: integer}}}}
"##;

const MANIFEST: Manifest = Manifest {
    operations: &["film", "size"],
    hooks: &[],
};

/// Items that are there at once; then nothing for ever, or the end.
struct Items<T> {
    items: VecDeque<T>,
    ends: bool,
}

impl<T: Unpin> Stream for Items<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<T>> {
        match self.items.pop_front() {
            Some(item) => Poll::Ready(Some(item)),
            None if self.ends => Poll::Ready(None),
            None => Poll::Pending,
        }
    }
}

fn pieces<const N: usize>(items: [io::Result<&'static str>; N], ends: bool) -> ReplyStream {
    let items = items.into_iter();
    ReplyStream::new(Items {
        items: items.map(|item| item.map(Bytes::from)).collect(),
        ends,
    })
}

fn video(stream: ReplyStream) -> Reply {
    Reply::new(200).body("video/mp4", stream)
}

fn serve(answer: Answer) -> (SocketAddr, ServerHandle) {
    let contract = Contract::builder(SPEC).validate_replies(true);
    let contract = Arc::new(contract.build(&MANIFEST).unwrap());
    let server = HttpServer::new(move || {
        let gate = Data::new(Gate::new(Arc::clone(&contract), Fake::default()));
        App::new().app_data(gate).configure(|config| {
            gatekeeper::mount::<Fake>(config, &contract, routes(MANIFEST.operations, answer))
                .unwrap();
        })
    });
    let server = server
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

/// Sends a request, and reads until `end` has come, or the connection is closed.
async fn ask(answer: Answer, method: &'static str, end: &'static str) -> String {
    ask_at("/film", answer, method, end).await
}

async fn ask_at(
    path: &'static str,
    answer: Answer,
    method: &'static str,
    end: &'static str,
) -> String {
    let (address, handle) = serve(answer);
    let got = spawn_blocking(move || {
        let mut connection = TcpStream::connect(address).unwrap();
        let patience = Some(Duration::from_secs(10));
        connection.set_read_timeout(patience).unwrap();
        let request = format!("{method} {path} HTTP/1.1\r\nhost: a\r\n\r\n");
        connection.write_all(request.as_bytes()).unwrap();
        let (mut got, mut piece) = (String::new(), [0; 1024]);
        while end.is_empty() || !got.contains(end) {
            match connection.read(&mut piece).unwrap() {
                0 => break,
                count => got.push_str(std::str::from_utf8(&piece[..count]).unwrap()),
            }
        }
        got
    });
    let got = got.await.unwrap();
    handle.stop(false).await;
    got
}

#[actix_web::test]
async fn a_stream_is_sent_as_it_comes() {
    let answer: Answer = |_| Ok(video(pieces([Ok("ab"), Ok("cd")], false)));
    let got = ask(answer, "GET", "cd\r\n").await;
    assert!(got.contains("transfer-encoding: chunked"), "{got}");
    assert!(got.contains("content-type: video/mp4"), "{got}");
    assert!(got.contains("x-request-id: "), "{got}");
    assert!(got.ends_with("2\r\nab\r\n2\r\ncd\r\n"), "{got}");
    let answer: Answer = |_| Ok(video(pieces([Ok("ab"), Ok("cd")], true)));
    let got = ask(answer, "GET", "0\r\n\r\n").await;
    assert!(got.ends_with("2\r\ncd\r\n0\r\n\r\n"), "{got}");
}

#[actix_web::test]
async fn a_stream_of_known_length_says_it() {
    let answer: Answer = |_| Ok(video(pieces([Ok("ab"), Ok("cd")], true).length(4)));
    let got = ask(answer, "GET", "abcd").await;
    assert!(got.contains("content-length: 4"), "{got}");
    assert!(!got.contains("chunked"), "{got}");
}

#[actix_web::test]
async fn a_stream_that_fails_is_cut_off_and_the_connection_is_closed() {
    let fails: Answer = |_| {
        Ok(video(pieces(
            [Ok("ab"), Err(io::Error::other("broken"))],
            false,
        )))
    };
    let short: Answer = |_| Ok(video(pieces([Ok("ab")], true).length(4)));
    let long: Answer = |_| Ok(video(pieces([Ok("ab"), Ok("cde")], true).length(4)));
    for answer in [fails, short, long] {
        let got = ask(answer, "GET", "").await;
        assert!(!got.ends_with("0\r\n\r\n"), "{got}");
        assert!(!got.contains("cd"), "{got}");
        assert!(!got.contains("broken"), "{got}");
    }
}

#[actix_web::test]
async fn the_head_of_a_stream_does_not_wait_for_it() {
    let endless: Answer = |_| Ok(video(pieces([Ok("ab")], false)));
    let got = ask(endless, "HEAD", "\r\n\r\n").await;
    assert!(got.starts_with("HTTP/1.1 200 OK"), "{got}");
    assert!(got.ends_with("\r\n\r\n"), "{got}");
    let measured: Answer = |_| Ok(video(pieces([Ok("ab")], false).length(4)));
    let got = ask(measured, "HEAD", "\r\n\r\n").await;
    assert!(got.contains("content-length: 4"), "{got}");
}

/// RFC 9110 section 8.6: the length is that which the content of a `GET` would have, or is not sent.
#[actix_web::test]
async fn an_operation_for_head_states_the_length_that_a_get_would_have() {
    let stated: Answer = |_| Ok(Reply::new(200).header(CONTENT_LENGTH, 4_000_000_000_i64)?);
    let got = ask_at("/size", stated, "HEAD", "\r\n\r\n").await;
    assert!(got.contains("content-length: 4000000000\r\n"), "{got}");
    let unstated: Answer = |_| Ok(Reply::new(200));
    let got = ask_at("/size", unstated, "HEAD", "\r\n\r\n").await;
    assert!(got.starts_with("HTTP/1.1 200 OK"), "{got}");
    assert!(!got.contains("content-length"), "{got}");
    assert!(!got.contains("chunked"), "{got}");
}

#[actix_web::test]
async fn events_are_sent_as_they_come_and_a_heart_beats_between_them() {
    let started = Instant::now();
    let answer: Answer = |_| {
        let items = [
            Event::data("a\nb").id("1").named("film"),
            Event::comment("c"),
        ];
        let items = items.map(Ok::<_, io::Error>).into();
        let events = EventStream::new(Items { items, ends: false });
        Ok(Reply::new(200).events(events.heartbeat(Duration::from_millis(50))))
    };
    let got = ask(answer, "GET", ":\n\n\r\n3\r\n:\n\n").await;
    for line in ["content-type: text/event-stream", "cache-control: no-store"] {
        assert!(got.contains(line), "{got}");
    }
    let first = "event: film\nid: 1\ndata: a\ndata: b\n\n";
    assert!(got.contains(first) && got.contains(": c\n\n"), "{got}");
    assert!(started.elapsed() >= Duration::from_millis(100));
}

#[actix_web::test]
async fn a_file_is_sent_with_its_length_and_its_name() {
    let path = std::env::temp_dir().join(format!("gatekeeper-{}.mp4", std::process::id()));
    std::fs::write(&path, vec![b'a'; 200_000]).unwrap();
    let file = ReplyBody::file(&path).await.unwrap();
    let reply = Reply::new(200).body("video/mp4", file.attachment("a new hope.mp4"));
    std::fs::remove_file(&path).unwrap();
    let shown = format!("{reply:?}");
    assert!(shown.contains("Sized(200000)"), "{shown}");
    assert!(
        shown.contains("attachment; filename=\\\"a new hope.mp4\\\""),
        "{shown}"
    );
    let missing = ReplyBody::file("/nowhere").await;
    assert!(missing.is_err_and(|error| error.kind() == io::ErrorKind::NotFound));
}
