//! Forms with files and streams over real connections: their limits, what is told of bad ones, and what is left behind.

use crate::support::Fake;
use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    dev::ServerHandle,
    rt::{task::spawn_blocking, time::sleep},
    web::{Data, Payload},
};
use gatekeeper::{
    BodyStream, Bytes, Contract, Gate, Limits, Manifest, Problem, Reply, Routes, UploadedFile,
};
use serde_json::{Value, json};
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    time::Duration,
};

const SPEC: &str = r##"
openapi: 3.0.3
info: {title: Uploads, version: "1"}
paths:
  /films:
    post:
      operationId: upload
      security: [{jwt: []}]
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [film, about]
              additionalProperties: false
              properties:
                film: {type: string, format: binary}
                posters: {type: array, maxItems: 2, items: {type: string, format: binary, maxLength: 20}}
                about: {type: object, required: [title], properties: {title: {type: string}, year: {type: integer}}}
                rating: {type: integer, minimum: 1, default: 3}
                cast: {type: array, items: {type: string}}
            encoding:
              posters: {contentType: "image/png, image/*"}
      responses: {"200": {description: Uploaded.}}
  /open:
    post:
      operationId: upload_anything
      requestBody:
        content:
          multipart/form-data: {schema: {type: object, properties: {film: {type: string, format: binary}}}}
      responses: {"200": {description: Uploaded.}}
  /streams:
    put:
      operationId: store
      requestBody: {required: true, content: {application/octet-stream: {}}}
      responses: {"200": {description: Stored.}}
    delete:
      operationId: ignore
      requestBody: {content: {"*/*": {}}}
      responses: {"200": {description: Ignored.}}
  /many:
    post:
      operationId: take
      requestBody:
        required: true
        content:
          application/json: {schema: {type: object, required: [a], properties: {a: {type: integer}}}}
          application/xml: {schema: {type: object}}
          text/plain: {schema: {type: string, maxLength: 5}}
          image/*: {schema: {type: string, format: binary}}
      responses: {"200": {description: Taken.}}
components:
  securitySchemes:
    jwt: {type: http, scheme: bearer, x-bearerInfoFunc: auth.decode_token}
"##;

const MANIFEST: Manifest = Manifest {
    operations: &["upload", "upload_anything", "store", "ignore", "take"],
    hooks: &[("jwt", "auth.decode_token")],
};

const TOKEN: &str = "authorization: Bearer jwt.leia.1\r\n";
const FORM: &str = "content-type: multipart/form-data; boundary=XX\r\n";

/// Says what it was given.
async fn answer(
    operation: &'static str,
    gate: Data<Gate<Fake>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin(operation, &request);
    let outcome: Result<Reply, Problem> = async {
        let admitted = exchange.admit(payload).await?;
        let reply = exchange
            .run(admitted, async |_, mut validated| {
                let said = match operation {
                    "upload" | "upload_anything" => {
                        let film = validated.optional_file("film")?;
                        let about = film.as_ref().map(|film| {
                            json!([film.file_name(), film.content_type(), film.size()])
                        });
                        let posters = validated.files("posters")?;
                        let others = validated.other_files()?;
                        let others: Vec<&str> = others.iter().map(|file| file.field()).collect();
                        let (mut first, mut most) = (Bytes::new(), 0);
                        if let Some(mut film) = film.map(UploadedFile::into_stream) {
                            while let Some(bytes) = film.next().await {
                                let bytes = bytes?;
                                most = most.max(resident());
                                if first.is_empty() {
                                    first = bytes.slice(..4);
                                }
                            }
                        }
                        json!({
                            "film": about,
                            "first": String::from_utf8_lossy(&first),
                            "posters": posters.len(),
                            "values": validated.other_parts()?,
                            "others": others,
                            "grown": most,
                        })
                    }
                    "store" => {
                        let mut stream: BodyStream = validated.content()?;
                        let (mut size, mut most) = (0, 0);
                        while let Some(bytes) = stream.next().await {
                            size += bytes?.len();
                            most = most.max(resident());
                        }
                        json!({"size": size, "length": stream.length(), "type": stream.media_type(), "grown": most})
                    }
                    "take" => match validated.body_type() {
                        Some("application/json") => json!({"json": validated.body::<Value>()?}),
                        Some("text/plain") => json!({"text": validated.body::<String>()?}),
                        Some("application/xml") => {
                            json!({"xml": validated.content::<Bytes>()?.len()})
                        }
                        name => json!({"other": name}),
                    },
                    _ => json!({}),
                };
                Ok::<_, Problem>(Reply::new(200).json(said.into())?)
            })
            .await?;
        Ok(reply)
    }
    .await;
    exchange.respond(outcome)
}

/// Returns the megabytes of memory that the process holds.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse().ok());
    kilobytes.unwrap_or(0_usize) / 1024
}

fn limits() -> Limits {
    Limits {
        body: 1024,
        upload: 64 * 1024 * 1024,
        part: 60 * 1024 * 1024,
        parts: 8,
        upload_time: Duration::from_secs(60),
        ..Limits::default()
    }
}

fn serve(limits: Limits) -> (SocketAddr, ServerHandle) {
    let contract = Contract::builder(SPEC).limits(limits).build(&MANIFEST);
    let contract = Arc::new(contract.unwrap_or_else(|defects| panic!("{defects}")));
    let server = HttpServer::new(move || {
        let gate = Data::new(Gate::new(Arc::clone(&contract), Fake::default()));
        App::new().app_data(gate).configure(|config| {
            let mut routes = Routes::new();
            for &operation in MANIFEST.operations {
                routes.add(operation, move |gate, request, payload| {
                    answer(operation, gate, request, payload)
                });
            }
            gatekeeper::mount::<Fake>(config, &contract, routes).unwrap();
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

/// An answer: its status, and its body as JSON.
struct Answer {
    status: u16,
    head: String,
    body: Value,
}

impl Answer {
    fn violations(&self) -> Vec<String> {
        let errors = self.body["errors"].as_array().into_iter().flatten();
        errors
            .map(|error| {
                format!(
                    "{} {}",
                    error["pointer"].as_str().unwrap(),
                    error["message"].as_str().unwrap()
                )
            })
            .collect()
    }
}

/// Sends a request, whose body `write` writes, and reads to the end of the connection.
async fn exchange(
    address: SocketAddr,
    head: String,
    write: impl FnOnce(&mut TcpStream) -> std::io::Result<()> + Send + 'static,
) -> Answer {
    let text = spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        let timeout = Some(Duration::from_secs(30));
        stream.set_read_timeout(timeout).unwrap();
        stream.set_write_timeout(timeout).unwrap();
        let head = format!("{head}host: a\r\nconnection: close\r\n\r\n");
        // A refusal may come before the whole request was sent.
        let _ = stream.write_all(head.as_bytes());
        let _ = write(&mut stream);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8(answer).unwrap()
    })
    .await
    .unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    Answer {
        status: head[9..12].parse().unwrap(),
        head: head.to_owned(),
        body: serde_json::from_str(body).unwrap_or_default(),
    }
}

/// Sends a body at once, with its length.
async fn send(address: SocketAddr, line: &str, headers: &str, body: Vec<u8>) -> Answer {
    let length = body.len();
    let head = format!("{line} HTTP/1.1\r\n{headers}content-length: {length}\r\n");
    exchange(address, head, move |stream| stream.write_all(&body)).await
}

fn part(headers: &str, content: &str) -> String {
    format!("--XX\r\nContent-Disposition: form-data; {headers}\r\n\r\n{content}\r\n")
}

fn form(parts: &[String]) -> Vec<u8> {
    format!("{}--XX--\r\n", parts.concat()).into_bytes()
}

fn film() -> String {
    part(
        "name=\"film\"; filename=\"../a film.mp4\"\r\nContent-Type: video/mp4",
        "FILM",
    )
}

fn about() -> String {
    part(
        "name=about\r\nContent-Type: application/json",
        "{\"title\": \"A\"}",
    )
}

async fn upload(address: SocketAddr, parts: &[String]) -> Answer {
    send(
        address,
        "POST /films",
        &format!("{TOKEN}{FORM}"),
        form(parts),
    )
    .await
}

#[actix_web::test]
async fn a_form_with_files_arrives_typed() {
    let (address, handle) = serve(limits());
    let poster = |field: &str| {
        part(
            &format!("name=\"{field}\"; filename=\"p.png\"\r\nContent-Type: image/png"),
            "PNG",
        )
    };
    let answer = upload(
        address,
        &[
            film(),
            about(),
            poster("posters"),
            part("name=\"cast\"", "Leia"),
            part("name=\"cast\"", "Han, too"),
            // An input of a browser in which no file was chosen.
            part(
                "name=\"posters\"; filename=\"\"\r\nContent-Type: application/octet-stream",
                "",
            ),
        ],
    )
    .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let mut said = answer.body;
    said["grown"].take();
    assert_eq!(
        said,
        json!({
            "film": ["../a film.mp4", "video/mp4", 4], "first": "FILM", "posters": 1, "others": [], "grown": null,
            "values": {"about": {"title": "A"}, "rating": 3, "cast": ["Leia", "Han, too"]},
        })
    );
    let anything = form(&[
        poster("unknown"),
        part("name=\"a\"", "b"),
        part("name=\"a\"", "c"),
    ]);
    let answer = send(address, "POST /open", FORM, anything).await;
    assert_eq!(answer.body["others"], json!(["unknown"]));
    assert_eq!(answer.body["values"], json!({"a": ["b", "c"]}));
    handle.stop(false).await;
}

#[actix_web::test]
async fn a_bad_form_is_told_by_its_parts() {
    let (address, handle) = serve(limits());
    let text_poster = part(
        "name=\"posters\"; filename=\"p\"\r\nContent-Type: text/html",
        "P",
    );
    let poster = part(
        "name=\"posters\"; filename=\"p\"\r\nContent-Type: image/gif",
        "P",
    );
    for (parts, told) in [
        (vec![about()], vec!["/film is required"]),
        (
            vec![
                film(),
                part("name=\"about\"", "{\"titel\": 1, \"year\": \"x\"}"),
            ],
            vec!["/about/title is required", "/about/year must be an integer"],
        ),
        (
            vec![film(), part("name=\"about\"", "{\"title\": ")],
            vec!["/about is not JSON: the text ends too early"],
        ),
        (
            vec![film(), about(), part("name=\"rating\"", "x")],
            vec!["/rating must be an integer"],
        ),
        (
            vec![film(), about(), part("name=\"rating\"", "0")],
            vec!["/rating must be at least 1"],
        ),
        (
            vec![
                film(),
                about(),
                part("name=\"rating\"", "1"),
                part("name=\"rating\"", "2"),
            ],
            vec!["/rating is sent more than once"],
        ),
        (
            vec![
                part("name=\"about\"", "{\"year\": 1}"),
                part("name=\"rating\"", "x"),
                part("name=\"casts\"", "x"),
            ],
            vec![
                "/rating must be an integer",
                "/film is required",
                "/about/title is required",
                "/casts unknown property; did you mean `cast`?",
            ],
        ),
        (
            vec![film(), film(), about()],
            vec!["/film is sent more than once"],
        ),
        (
            vec![film(), about(), part("name=\"flim\"; filename=\"a\"", "F")],
            vec!["/flim unknown property; did you mean `film`?"],
        ),
        (
            vec![film(), about(), text_poster],
            vec!["/posters must be of type image/png or image/*"],
        ),
        (
            vec![
                film(),
                about(),
                poster.clone(),
                poster.clone(),
                poster.clone(),
            ],
            vec!["/posters must have at most 2 items"],
        ),
        (
            vec![
                film(),
                about(),
                part(
                    "name=\"posters\"; filename=\"p\"\r\nContent-Type: image/gif",
                    "123456789012345678901",
                ),
            ],
            vec!["/posters must be at most 20 bytes long"],
        ),
        (
            vec![
                film(),
                about(),
                part(
                    "name=\"cast\"\r\nContent-Type: text/plain; charset=utf-16",
                    "x",
                ),
            ],
            vec!["/cast is not valid UTF-8"],
        ),
        (
            vec!["--XX\r\nContent-Type: text/plain\r\n\r\nx\r\n".to_owned()],
            vec![" has a part without `Content-Disposition: form-data` and a name"],
        ),
        (
            vec![part("name=\"cast\"", "a"); 9],
            vec![" has more than 8 parts"],
        ),
    ] {
        let answer = upload(address, &parts).await;
        assert_eq!(answer.violations(), told, "{parts:?}");
        assert_eq!(answer.status, 400);
    }
    let whole = form(&[film(), about()]);
    let broken = " does not end with the boundary of its media type";
    for (headers, body) in [
        (FORM, b"".to_vec()),
        (FORM, b"nothing of a form".to_vec()),
        (FORM, whole[..whole.len() - 8].to_vec()),
        (FORM, whole[..60].to_vec()),
        (
            "content-type: multipart/form-data; boundary=YY\r\n",
            whole.clone(),
        ),
        ("content-type: multipart/form-data\r\n", whole.clone()),
        (
            "content-type: multipart/form-data; boundary=\"\"\r\n",
            whole.clone(),
        ),
    ] {
        let is_empty = body.is_empty();
        let answer = send(address, "POST /films", &format!("{TOKEN}{headers}"), body).await;
        let told = if is_empty {
            " a body is required"
        } else {
            broken
        };
        assert_eq!(answer.violations(), [told], "{headers}");
    }
    handle.stop(false).await;
}

#[actix_web::test]
async fn an_upload_is_limited_by_size_and_time_and_asks_for_credentials_first() {
    let (address, handle) = serve(Limits {
        upload: 4096,
        part: 1000,
        upload_time: Duration::from_millis(300),
        ..limits()
    });
    let without = send(address, "POST /films", FORM, form(&[film(), about()])).await;
    assert_eq!(without.status, 401);
    let large = |size: usize| part("name=\"film\"; filename=\"a\"", &"x".repeat(size));
    for (parts, detail) in [
        (vec![large(1001), about()], "at most 1000 bytes"),
        (
            vec![large(900), large(900), large(900), large(900), large(900)],
            "at most 4096 bytes",
        ),
        (
            vec![
                film(),
                part("name=\"cast\"", &"x".repeat(600)),
                part("name=\"cast\"", &"x".repeat(600)),
            ],
            "at most 1024 bytes",
        ),
    ] {
        let answer = upload(address, &parts).await;
        assert_eq!(answer.status, 413, "{}", answer.body);
        assert!(
            answer.body["detail"].as_str().unwrap().contains(detail),
            "{}",
            answer.body
        );
    }
    // Of a stream, what is too large is the operation's to hear: it had begun.
    let head = "PUT /streams HTTP/1.1\r\ntransfer-encoding: chunked\r\ncontent-type: application/octet-stream\r\n";
    let answer = exchange(address, head.to_owned(), |stream| {
        for _ in 0..5 {
            write!(stream, "400\r\n{}\r\n", "x".repeat(1024))?;
        }
        stream.write_all(b"0\r\n\r\n")
    })
    .await;
    assert_eq!(answer.status, 413);
    for head in [
        format!("POST /films HTTP/1.1\r\n{TOKEN}{FORM}content-length: 200\r\n"),
        "PUT /streams HTTP/1.1\r\ncontent-type: a/b\r\ncontent-type: application/octet-stream\r\ncontent-length: 200\r\n".to_owned(),
    ] {
        let head = head.replace("content-type: a/b\r\n", "");
        let answer = exchange(address, head, |stream| stream.write_all(b"--XX\r\n")).await;
        assert_eq!(answer.status, 408, "{}", answer.body);
        assert!(answer.head.contains("connection: close"), "{}", answer.head);
    }
    handle.stop(false).await;
}

/// A file of 50 MB goes through a few.
#[actix_web::test]
async fn a_large_upload_does_not_lie_in_memory() {
    const MEGABYTES: usize = 50;
    let (address, handle) = serve(limits());
    let write = |stream: &mut TcpStream| {
        let piece = vec![b'x'; 1024 * 1024];
        for _ in 0..MEGABYTES {
            stream.write_all(&piece)?;
        }
        Ok(())
    };
    let start = resident();
    let length = MEGABYTES * 1024 * 1024;
    let head = format!(
        "PUT /streams HTTP/1.1\r\ncontent-type: application/octet-stream\r\ncontent-length: {length}\r\n"
    );
    let answer = exchange(address, head, write).await;
    assert_eq!(answer.body["size"], length, "{}", answer.body);
    assert_eq!(answer.body["length"], length);
    let grown = |answer: &Answer| {
        answer.body["grown"]
            .as_u64()
            .unwrap()
            .saturating_sub(start as u64)
    };
    assert!(grown(&answer) < 25, "{} MB more", grown(&answer));

    let before = part("name=\"film\"; filename=\"a\"", "");
    let before = before.trim_end().to_owned() + "\r\n\r\n";
    let behind = "\r\n--XX--\r\n";
    let length = before.len() + length + behind.len();
    let head = format!("POST /open HTTP/1.1\r\n{FORM}content-length: {length}\r\n");
    let answer = exchange(address, head, move |stream| {
        stream.write_all(before.as_bytes())?;
        write(stream)?;
        stream.write_all(behind.as_bytes())
    })
    .await;
    assert_eq!(
        answer.body["film"][2],
        MEGABYTES * 1024 * 1024,
        "{} {}",
        answer.status,
        answer.body
    );
    assert!(grown(&answer) < 25, "{} MB more", grown(&answer));
    handle.stop(false).await;
}

/// Returns the number of open files that have no name.
fn nameless() -> usize {
    let files = std::fs::read_dir("/proc/self/fd").into_iter().flatten();
    let links = files.filter_map(|file| std::fs::read_link(file.ok()?.path()).ok());
    links
        .filter(|link| link.to_string_lossy().ends_with("(deleted)"))
        .count()
}

#[actix_web::test]
async fn a_client_that_goes_away_leaves_no_file() {
    let (address, handle) = serve(limits());
    let begun = spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        let head =
            format!("POST /open HTTP/1.1\r\nhost: a\r\n{FORM}content-length: 50000000\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let part = part("name=\"film\"; filename=\"a\"", &"x".repeat(1024 * 1024));
        stream.write_all(part.trim_end().as_bytes()).unwrap();
        let begun = (0..100).any(|_| {
            std::thread::sleep(Duration::from_millis(20));
            nameless() > 0
        });
        drop(stream);
        begun
    });
    assert!(begun.await.unwrap(), "a large file is on the disk");
    for _ in 0..200 {
        if nameless() == 0 {
            return handle.stop(false).await;
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("{} files are left", nameless());
}

#[actix_web::test]
async fn each_media_type_is_taken_in_its_own_way() {
    let (address, handle) = serve(limits());
    let take = async |media_type: &str, body: &str| {
        let headers = format!("content-type: {media_type}\r\n");
        send(address, "POST /many", &headers, body.as_bytes().to_vec()).await
    };
    for (media_type, body, said) in [
        (
            "application/json; charset=utf-8",
            "{\"a\": 1}",
            json!({"json": {"a": 1}}),
        ),
        ("Text/Plain", "5,é", json!({"text": "5,é"})),
        ("application/xml; charset=utf-16", "<a/>", json!({"xml": 4})),
        ("image/png", "PNG", json!({"other": "image/*"})),
    ] {
        let answer = take(media_type, body).await;
        assert_eq!((answer.status, answer.body), (200, said), "{media_type}");
    }
    assert_eq!(
        take("application/json", "{}").await.violations(),
        ["/a is required"]
    );
    // An empty text is one, as an empty file is.
    assert_eq!(take("text/plain", "").await.body, json!({"text": ""}));
    assert_eq!(take("text/plain", "123456").await.status, 400);
    assert_eq!(take("text/plain; charset=utf-16", "1").await.status, 415);
    let refused = take("video/mp4", "M").await;
    assert_eq!(refused.status, 415);
    let detail = refused.body["detail"].as_str().unwrap();
    assert!(
        detail.contains("application/json or application/xml or text/plain or image/*"),
        "{detail}"
    );
    handle.stop(false).await;
}

#[actix_web::test]
async fn a_stream_may_be_empty_untyped_or_unread() {
    let (address, handle) = serve(limits());
    let typed = "content-type: application/octet-stream\r\n";
    let empty = send(address, "PUT /streams", typed, Vec::new()).await;
    assert_eq!((empty.status, &empty.body["size"]), (200, &json!(0)));
    // RFC 9110 section 8.3.
    let untyped = send(address, "PUT /streams", "", b"abc".to_vec()).await;
    assert_eq!((untyped.status, &untyped.body["size"]), (200, &json!(3)));
    assert_eq!(untyped.body["type"], Value::Null);
    let none = exchange(address, "PUT /streams HTTP/1.1\r\n".to_owned(), |_| Ok(())).await;
    assert_eq!(none.violations(), [" a body is required"]);
    let packed = send(
        address,
        "PUT /streams",
        &format!("{typed}content-encoding: gzip\r\n"),
        b"abc".to_vec(),
    )
    .await;
    assert_eq!(packed.status, 415);
    let unread = send(address, "DELETE /streams", typed, vec![b'x'; 300_000]).await;
    assert_eq!(unread.status, 200);
    // A chunked body that nobody reads ends with its answer.
    let head = "DELETE /streams HTTP/1.1\r\ntransfer-encoding: chunked\r\ncontent-type: a/b\r\n";
    let endless = exchange(address, head.to_owned(), |stream| {
        stream.write_all(b"1\r\nx\r\n")
    })
    .await;
    assert_eq!(endless.status, 200);
    handle.stop(false).await;
}
