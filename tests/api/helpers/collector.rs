//! A collector of traces: takes OTLP over HTTP and keeps what it was sent.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU16, Ordering},
    },
    thread,
    time::Duration,
};

use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{AnyValue, KeyValue, any_value::Value},
    trace::v1::{Span, status::StatusCode},
};
use prost::Message;

use super::{app::TestApp, eventually};

/// The status with which the collector never answers.
pub const SILENCE: u16 = 0;

pub struct Collector {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    status: AtomicU16,
    spans: Mutex<Vec<Span>>,
    resources: Mutex<Vec<KeyValue>>,
    heads: Mutex<Vec<String>>,
}

impl Collector {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared::default());
        shared.status.store(200, Ordering::Relaxed);
        let taken = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&taken);
                // A client that leaves is none of the collector's business.
                thread::spawn(move || drop(shared.serve(stream)));
            }
        });
        Self { address, shared }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Answers with another status from now on, or with [`SILENCE`].
    pub fn answer(&self, status: u16) {
        self.shared.status.store(status, Ordering::Relaxed);
    }

    /// A service that sends its traces here.
    pub fn app(&self) -> TestApp {
        TestApp::with_settings(|settings| {
            settings
                .set("tracing.otlp_endpoint", &self.url())
                // Soon, not after five seconds.
                .variable("OTEL_BSP_SCHEDULE_DELAY", "100");
        })
    }

    /// The spans of a trace, as soon as that of its request is among them.
    pub fn trace(&self, trace_id: &str) -> Vec<Span> {
        eventually("a trace", Duration::from_secs(20), || {
            let spans = self.spans();
            let of_trace = spans
                .into_iter()
                .filter(|span| hex(&span.trace_id) == trace_id);
            let of_trace: Vec<_> = of_trace.collect();
            let is_whole = of_trace.iter().any(|span| span.kind == 2);
            is_whole.then_some(of_trace)
        })
    }

    pub fn spans(&self) -> Vec<Span> {
        self.shared.spans.lock().expect("no panic").clone()
    }

    /// The attributes of the services that sent something.
    pub fn resources(&self) -> Vec<KeyValue> {
        self.shared.resources.lock().expect("no panic").clone()
    }

    /// The heads of the requests.
    pub fn heads(&self) -> Vec<String> {
        self.shared.heads.lock().expect("no panic").clone()
    }
}

impl Shared {
    fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        loop {
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                if stream.read_line(&mut head)? == 0 {
                    return Ok(());
                }
            }
            let lines = head.lines().filter_map(|line| line.split_once(": "));
            let length = lines
                .filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .find_map(|(_, length)| length.parse().ok());
            let mut body = vec![0; length.expect("a length")];
            stream.read_exact(&mut body)?;
            self.heads.lock().expect("no panic").push(head);
            let status = self.status.load(Ordering::Relaxed);
            match status {
                SILENCE => {
                    thread::sleep(Duration::from_secs(60));
                    return Ok(());
                }
                200 => self.keep(&body),
                _ => {}
            }
            let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n");
            stream.get_mut().write_all(answer.as_bytes())?;
        }
    }

    fn keep(&self, body: &[u8]) {
        let sent = ExportTraceServiceRequest::decode(body).expect("protobuf");
        for resource in sent.resource_spans {
            let attributes = resource.resource.expect("a resource").attributes;
            self.resources.lock().expect("no panic").extend(attributes);
            let spans = resource
                .scope_spans
                .into_iter()
                .flat_map(|scope| scope.spans);
            self.spans.lock().expect("no panic").extend(spans);
        }
    }
}

/// Digits of an id.
pub fn hex(id: &[u8]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An attribute as text.
pub fn attribute(attributes: &[KeyValue], name: &str) -> Option<String> {
    let found = attributes.iter().find(|attribute| attribute.key == name)?;
    match found.value.as_ref() {
        Some(AnyValue {
            value: Some(Value::StringValue(text)),
        }) => Some(text.clone()),
        Some(AnyValue {
            value: Some(Value::IntValue(number)),
        }) => Some(number.to_string()),
        other => panic!("{name}: {other:?}"),
    }
}

pub fn has_failed(span: &Span) -> bool {
    span.status
        .as_ref()
        .is_some_and(|status| status.code == StatusCode::Error as i32)
}
