//! Bodies that are streams: counted, watched while they are sent, and not sent at all in response to `HEAD`.

use crate::RequestSpan;
use actix_web::{
    HttpResponse,
    body::{BodySize, BoxBody, MessageBody},
    http::{Method, header},
    web::Bytes,
};
use std::{
    error::Error,
    pin::Pin,
    task::{Context, Poll},
};

type Piece = Option<Result<Bytes, Box<dyn Error>>>;

/// A stream of a known length, which fails when it has another.
pub(super) struct Measured {
    body: BoxBody,
    length: u64,
    left: u64,
}

impl Measured {
    pub(super) fn new(body: BoxBody, length: u64) -> Self {
        Self {
            body,
            length,
            left: length,
        }
    }
}

impl MessageBody for Measured {
    type Error = Box<dyn Error>;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.length)
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Piece> {
        let piece = Pin::new(&mut self.body).poll_next(context);
        Poll::Ready(match std::task::ready!(piece) {
            Some(Ok(bytes)) => {
                let sent = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                match self.left.checked_sub(sent) {
                    Some(left) => {
                        self.left = left;
                        Some(Ok(bytes))
                    }
                    None => Some(Err(format!(
                        "the stream has more than the {} bytes that were announced",
                        self.length
                    )
                    .into())),
                }
            }
            None if self.left > 0 => Some(Err(format!(
                "the stream ended {} bytes before the {} that were announced",
                self.left, self.length
            )
            .into())),
            other => other,
        })
    }
}

/// A stream with the span of its request, in which it is polled and its failure is logged.
struct Watched {
    body: BoxBody,
    span: RequestSpan,
}

impl MessageBody for Watched {
    type Error = Box<dyn Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Piece> {
        let Self { body, span } = &mut *self;
        let _entered = span.enter();
        let piece = Pin::new(body).poll_next(context);
        if let Poll::Ready(Some(Err(error))) = &piece {
            tracing::error!(error, "the reply broke off; the connection is closed");
        }
        piece
    }
}

/// The body of a response to `HEAD`: the size of what it stands for, and nothing else.
struct Unsent(BodySize);

impl MessageBody for Unsent {
    type Error = Box<dyn Error>;

    fn size(&self) -> BodySize {
        self.0
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Piece> {
        Poll::Ready(None)
    }
}

/// Takes a reply whose body may be a stream. A stream is not run to its end, which it may not have, for nobody to read it
/// (RFC 9110 section 9.3.2).
pub(super) fn watch(response: HttpResponse, method: &Method, span: &RequestSpan) -> HttpResponse {
    response.map_body(|_, body| match body.try_into_bytes() {
        Ok(bytes) => BoxBody::new(bytes),
        Err(stream) if *method == Method::HEAD => BoxBody::new(Unsent(stream.size())),
        Err(body) => BoxBody::new(Watched {
            body,
            span: span.clone(),
        }),
    })
}

/// Returns the response of an operation for `HEAD`, which has no content: its length is that which a `GET` would have
/// (RFC 9110 section 8.6), where the operation states it, and never 0 because nothing is sent.
pub(super) fn of_head(mut response: HttpResponse) -> HttpResponse {
    let size = response.body().size();
    let stated = response.headers_mut().remove(header::CONTENT_LENGTH).next();
    let stated = stated.and_then(|value| value.to_str().ok()?.parse().ok());
    let size = match size {
        BodySize::Sized(0) | BodySize::None => stated.map_or(BodySize::None, BodySize::Sized),
        size => size,
    };
    response.set_body(BoxBody::new(Unsent(size)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::body::to_bytes;
    use std::{
        fmt::Debug,
        sync::{Arc, Mutex},
    };
    use tracing::{
        Event, Metadata, Subscriber,
        field::{Field, Visit},
        span::{Attributes, Id, Record},
        subscriber::with_default,
    };
    use uuid::Uuid;

    /// A body that fails at once.
    struct Failing;

    impl MessageBody for Failing {
        type Error = Box<dyn Error>;

        fn size(&self) -> BodySize {
            BodySize::Stream
        }

        fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Piece> {
            Poll::Ready(Some(Err("the disk is gone".into())))
        }
    }

    /// Keeps what is logged, with the number of spans that it is logged in.
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<(usize, Vec<String>)>>);

    impl Visit for Log {
        fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
            let mut log = self.0.lock().unwrap();
            let line = format!("{} {field}: {value:?}", log.0);
            log.1.push(line);
        }
    }

    impl Subscriber for Log {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
        }

        fn new_span(&self, _: &Attributes<'_>) -> Id {
            Id::from_u64(1)
        }

        fn record(&self, _: &Id, _: &Record<'_>) {}

        fn record_follows_from(&self, _: &Id, _: &Id) {}

        fn event(&self, event: &Event<'_>) {
            event.record(&mut self.clone());
        }

        fn enter(&self, _: &Id) {
            self.0.lock().unwrap().0 += 1;
        }

        fn exit(&self, _: &Id) {
            self.0.lock().unwrap().0 -= 1;
        }
    }

    #[test]
    fn a_stream_that_fails_is_logged_in_the_span_of_its_request() {
        let log = Log::default();
        with_default(log.clone(), || {
            let response = HttpResponse::Ok().body(Failing);
            let span = RequestSpan::new(false, Uuid::nil(), "get", None);
            let body = watch(response, &Method::GET, &span).into_body();
            let runtime = actix_web::rt::Runtime::new().unwrap();
            assert!(runtime.block_on(to_bytes(body)).is_err());
        });
        let lines = log.0.lock().unwrap().1.join("\n");
        assert!(lines.contains("1 error: the disk is gone"), "{lines}");
        assert!(lines.contains("1 message: the reply broke off"), "{lines}");
    }
}
