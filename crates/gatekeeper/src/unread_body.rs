//! Request bodies that are not read to their end.
//!
//! actix closes a connection whose request is answered before its body has come, once it has waited a little
//! for the rest, but only if the body is still held when the answer has been sent. A chunked body that was
//! dropped before is read on for as long as the client cares to send, without an end in size or time. So what
//! is left of it travels with the answer.

use crate::body::Payload;
use actix_web::{
    HttpRequest, HttpResponse,
    body::{BodySize, BoxBody, MessageBody},
    http::header,
    web::Bytes,
};
use std::{
    pin::Pin,
    task::{Context, Poll},
};

/// The rest of a request's body, kept from admission to the response.
pub(crate) struct UnreadBody(Payload);

/// The body of an answer, and what is left of the request's.
struct Held {
    body: BoxBody,
    _unread: Payload,
}

/// Keeps the rest of a body until the response is made; none is kept if the body was declared with its length.
pub(crate) fn keep(request: &HttpRequest, payload: Payload) -> Option<UnreadBody> {
    let chunked = request.headers().contains_key(header::TRANSFER_ENCODING);
    chunked.then_some(UnreadBody(payload))
}

/// Lets what was put by travel with the answer.
pub(crate) fn hand_over(unread: Option<UnreadBody>, response: HttpResponse) -> HttpResponse {
    match unread {
        Some(UnreadBody(payload)) => response.map_body(|_, body| {
            BoxBody::new(Held {
                body,
                _unread: payload,
            })
        }),
        None => response,
    }
}

impl MessageBody for Held {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}
