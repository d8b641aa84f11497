//! A body that ends where `Content-Length` says.
//!
//! actix reads the body of a request with `Upgrade: websocket` to the end of the connection. No upgrade is given here, so that
//! such a request is an ordinary one, whose body has a length (RFC 9110 section 7.8, RFC 9112 section 6.3).

use actix_web::{
    body::{BodySize, MessageBody, SizedStream},
    dev::Payload,
    error::PayloadError,
    web::Bytes,
};
use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

/// The first bytes of a payload.
pub(super) struct OfLength<'p> {
    rest: u64,
    payload: SizedStream<&'p mut Payload>,
}

impl<'p> OfLength<'p> {
    /// The first `length` bytes of `payload`.
    pub(super) fn new(length: u64, payload: &'p mut Payload) -> Self {
        Self {
            rest: length,
            payload: SizedStream::new(length, payload),
        }
    }
}

impl MessageBody for OfLength<'_> {
    type Error = PayloadError;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.rest)
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, PayloadError>>> {
        if self.rest == 0 {
            return Poll::Ready(None);
        }
        let next = ready!(Pin::new(&mut self.payload).poll_next(context));
        Poll::Ready(next.map(|next| {
            next.map(|mut bytes| {
                let here = usize::try_from(self.rest).unwrap_or(usize::MAX);
                bytes.truncate(here);
                self.rest -= bytes.len() as u64;
                bytes
            })
        }))
    }
}
