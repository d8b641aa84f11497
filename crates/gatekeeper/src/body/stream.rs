//! The body of a request as it comes: bounded in size and time.

use super::BodyFault;
use crate::Rejection;
use actix_web::{
    dev,
    rt::time::{Instant, Sleep, sleep},
    web::{Bytes, BytesMut},
};
use futures_core::Stream;
use std::{
    cell::RefCell,
    fmt,
    future::{Future, poll_fn},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
    time::Duration,
};

/// A payload that is shared by those who read it and the answer that it may outlive; see [`crate::unread_body`].
#[derive(Clone)]
pub(crate) struct Payload(Rc<RefCell<dev::Payload>>);

impl Payload {
    pub(crate) fn new(payload: dev::Payload) -> Self {
        Self(Rc::new(RefCell::new(payload)))
    }

    fn poll(&self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, BodyFault>>> {
        let Ok(mut payload) = self.0.try_borrow_mut() else {
            return Poll::Ready(None);
        };
        let next = ready!(Pin::new(&mut *payload).poll_next(context));
        let next = next.map(|next| next.map_err(|error| BodyFault::Broken(error.to_string())));
        Poll::Ready(next)
    }
}

/// A body that is read as it comes. It never lies in memory whole.
///
/// It ends with an error when it is larger than [`Limits::upload`](crate::Limits::upload), takes longer than
/// [`Limits::upload_time`](crate::Limits::upload_time), pauses for longer than
/// [`Limits::body_time`](crate::Limits::body_time), or breaks off. What is left of it when it is dropped is not read.
pub struct BodyStream {
    /// None once it has ended.
    payload: Option<Payload>,
    media_type: Option<Box<str>>,
    length: Option<u64>,
    /// The bytes still to come, where their number was sent.
    rest: Option<u64>,
    limit: u64,
    taken: u64,
    end: Instant,
    /// The longest time without any bytes.
    pause: Duration,
    /// Until the end, or the end of a pause.
    deadline: Pin<Box<Sleep>>,
}

/// The bounds of a body.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    /// Bytes.
    pub(super) size: u64,
    pub(super) time: Duration,
    /// The longest time without any bytes.
    pub(super) pause: Duration,
}

impl BodyStream {
    pub(super) fn new(
        payload: Payload,
        length: Option<u64>,
        bounds: Bounds,
    ) -> Result<Self, BodyFault> {
        let Bounds { size, time, pause } = bounds;
        if length.is_some_and(|length| length > size) {
            return Err(BodyFault::TooLarge { limit: size });
        }
        Ok(Self {
            payload: Some(payload),
            media_type: None,
            length,
            rest: length,
            limit: size,
            taken: 0,
            end: Instant::now() + time,
            pause,
            deadline: Box::pin(sleep(time.min(pause))),
        })
    }

    pub(super) fn of_type(mut self, media_type: Option<&str>) -> Self {
        self.media_type = media_type.map(Into::into);
        self
    }

    /// Returns the media type, as it was sent.
    #[must_use]
    pub fn media_type(&self) -> Option<&str> {
        self.media_type.as_deref()
    }

    /// Returns the number of bytes, if it was sent ahead.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// Returns the next bytes; `None` at the end.
    ///
    /// # Errors
    /// See [`BodyStream`].
    pub async fn next(&mut self) -> Option<Result<Bytes, Rejection>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Reads it to its end.
    ///
    /// # Errors
    /// [`Rejection::BodyTooLarge`] when it is larger than `limit` bytes; and see [`BodyStream`].
    pub async fn collect(self, limit: usize) -> Result<Bytes, Rejection> {
        Ok(self.whole(limit as u64).await?)
    }

    pub(super) async fn whole(mut self, limit: u64) -> Result<Bytes, BodyFault> {
        self.limit = self.limit.min(limit);
        let mut whole = BytesMut::new();
        let mut first = Bytes::new();
        while let Some(bytes) = poll_fn(|context| self.poll(context)).await {
            let bytes = bytes?;
            if first.is_empty() && whole.is_empty() {
                // Most bodies come in one piece, which is not copied.
                first = bytes;
                continue;
            }
            if whole.is_empty() {
                whole.extend_from_slice(&first);
            }
            whole.extend_from_slice(&bytes);
        }
        Ok(if whole.is_empty() {
            first
        } else {
            whole.freeze()
        })
    }

    /// Gives the next bytes, and ends with the first fault.
    pub(super) fn poll(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, BodyFault>>> {
        let next = ready!(self.poll_payload(context));
        if !matches!(next, Some(Ok(_))) {
            self.payload = None;
        }
        Poll::Ready(next)
    }

    fn poll_payload(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, BodyFault>>> {
        let Some(payload) = self.payload.as_ref().filter(|_| self.rest != Some(0)) else {
            return Poll::Ready(None);
        };
        let mut bytes = match payload.poll(context) {
            Poll::Ready(Some(Ok(bytes))) => bytes,
            Poll::Ready(other) => return Poll::Ready(other),
            Poll::Pending => {
                ready!(self.deadline.as_mut().poll(context));
                return Poll::Ready(Some(Err(BodyFault::TooSlow)));
            }
        };
        if let Some(rest) = &mut self.rest {
            // actix reads the body of a request with `Upgrade: websocket` to the end of the connection. No upgrade is given
            // here, so that such a request is an ordinary one, whose body has a length (RFC 9110 section 7.8, RFC 9112
            // section 6.3).
            bytes.truncate(usize::try_from(*rest).unwrap_or(usize::MAX));
            *rest -= bytes.len() as u64;
        }
        self.taken += bytes.len() as u64;
        let deadline = self.end.min(Instant::now() + self.pause);
        self.deadline.as_mut().reset(deadline);
        Poll::Ready(Some(if self.taken > self.limit {
            Err(BodyFault::TooLarge { limit: self.limit })
        } else {
            Ok(bytes)
        }))
    }
}

impl Stream for BodyStream {
    type Item = Result<Bytes, Rejection>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = ready!(self.poll(context));
        Poll::Ready(next.map(|next| next.map_err(Rejection::from)))
    }
}

impl fmt::Debug for BodyStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyStream")
            .field("media_type", &self.media_type)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}
