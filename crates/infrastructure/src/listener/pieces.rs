//! Long bodies in pieces. actix copies what a body gives it at once, so one whole would be in memory again for each client that reads it
//! slowly.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    body::{BodySize, BoxBody, MessageBody},
    dev::ServiceResponse,
    web::Bytes,
};

const PIECE: usize = 32 * 1024;

struct Pieces(Bytes);

/// Divides the body of a response, if it is long.
pub(super) fn divide(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    if !matches!(response.response().body().size(), BodySize::Sized(size) if size > PIECE as u64) {
        return response;
    }
    response.map_body(|_, body| match body.try_into_bytes() {
        Ok(bytes) => BoxBody::new(Pieces(bytes)),
        Err(stream) => stream,
    })
}

impl MessageBody for Pieces {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.0.len() as u64)
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        let count = self.0.len().min(PIECE);
        let piece = self.0.split_to(count);
        Poll::Ready((!piece.is_empty()).then_some(Ok(piece)))
    }
}
