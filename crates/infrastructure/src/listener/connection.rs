//! A connection: what is read of it, and for how long its client may keep the service waiting.
//!
//! actix gives a time to the first head of a connection alone. A client that leaves its second request unfinished, or does not
//! read what it asked for, would keep its connection, and all that waits in it, for as long as it likes.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use actix_web::{
    rt::{
        net::TcpStream,
        time::{Instant, Sleep, sleep},
    },
    web::BytesMut,
};
use memchr::memchr_iter;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    task::unconstrained,
};

use super::pipeline::{MOST, Pipeline};

/// The time between two looks at a client that keeps the service waiting.
const PERIOD: Duration = Duration::from_secs(15);
/// The look at which it is given up. From the first byte of a request to that of its answer it takes less time: its head and its
/// body have 15 s each, and what it asks of others has less.
const LAST_LOOK: u32 = 4;
/// Bytes behind a request that are read while it is answered, so that a client that goes away is noticed.
const AHEAD: usize = 4096;

/// The longest target that is handed over, several times as long as the gatekeeper allows; actix reads none of 64 KiB.
const LONGEST: usize = 32 * 1024;

/// A connection and what is waited for.
pub(super) struct Connection {
    stream: TcpStream,
    pipeline: Pipeline,
    /// Bytes that were read, and are not to be handed over yet.
    held: BytesMut,
    /// The bytes of `held` that are to be.
    due: usize,
    /// The client sends no more.
    is_over: bool,
    /// Something was read, and nothing sent since.
    is_asked: bool,
    /// The client does not read: what was sent last is still waiting.
    is_full: bool,
    timer: Option<Pin<Box<Sleep>>>,
    /// Looks since the client or the service did something.
    looks: u32,
}

impl Connection {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            pipeline: Pipeline::new(),
            held: BytesMut::new(),
            due: 0,
            is_over: false,
            is_asked: false,
            is_full: false,
            timer: None,
            looks: 0,
        }
    }

    pub(super) fn pipeline(&self) -> &Pipeline {
        &self.pipeline
    }

    /// Hands over what is due of that which is held. Returns true if there was anything.
    fn hand_over(&mut self, context: &Context<'_>, buffer: &mut ReadBuf<'_>) -> bool {
        if self.due == 0 {
            let is_head = self.pipeline.is_between_requests();
            self.due = self.pipeline.readable(&self.held);
            if is_head && self.due > LONGEST {
                self.due -= shorten_target(&mut self.held, self.due);
            }
        }
        let count = self.due.min(buffer.remaining());
        if count == 0 {
            return false;
        }
        buffer.put_slice(&self.held.split_to(count));
        self.due -= count;
        if self.held.is_empty() {
            self.held = BytesMut::new();
        } else {
            // The rest may be its body, of which the service will say so.
            context.waker().wake_by_ref();
        }
        true
    }

    /// Waits for the last look.
    fn poll_end(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        // It wakes the task of the connection, which is the same for as long as that lives: nothing is to be told anew.
        if self.timer.as_ref().is_some_and(|timer| !timer.is_elapsed()) {
            return Poll::Pending;
        }
        loop {
            let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(PERIOD)));
            // A task that has used up its budget would be told to wait without the timer knowing it.
            ready!(Pin::new(&mut unconstrained(timer.as_mut())).poll(context));
            timer.as_mut().reset(Instant::now() + PERIOD);
            self.looks += 1;
            if self.looks >= LAST_LOOK {
                return Poll::Ready(io::ErrorKind::TimedOut.into());
            }
        }
    }
}

/// Takes the end from the target of a head of so many bytes, if it is too long for actix, so that the app answers it with 414 (RFC 9110,
/// section 15.5.15). Returns how many bytes are gone.
fn shorten_target(bytes: &mut BytesMut, head: usize) -> usize {
    let mut spaces = memchr_iter(b' ', &bytes[..head]);
    let Some((begin, end)) = spaces.next().zip(spaces.next()) else {
        return 0;
    };
    let kept = begin + LONGEST;
    if end > kept {
        let rest = bytes.split_off(end);
        bytes.truncate(kept);
        bytes.extend_from_slice(&rest);
    }
    end.saturating_sub(kept)
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buffer.filled().len();
        this.pipeline.read();
        loop {
            // Who does not read answers is asked for nothing; the write wakes the task.
            if this.is_full {
                return Poll::Pending;
            }
            if !this.held.is_empty() && this.hand_over(context, buffer) {
                return Poll::Ready(Ok(()));
            }
            let is_between = this.pipeline.is_between_requests();
            if this.is_over {
                // What is held is the next request, or a part of one.
                let is_all = this.held.is_empty() || is_between;
                return if is_all {
                    Poll::Ready(Ok(()))
                } else {
                    Poll::Pending
                };
            }
            let room = if is_between { MOST } else { AHEAD };
            if this.held.len() < room {
                match Pin::new(&mut this.stream).poll_read(context, buffer) {
                    Poll::Ready(Ok(())) => {}
                    Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                    Poll::Pending if this.is_asked => return this.poll_end(context).map(Err),
                    Poll::Pending => return Poll::Pending,
                }
            } else {
                return this.poll_end(context).map(Err);
            }
            let read = &buffer.filled()[before..];
            if read.is_empty() {
                this.is_over = true;
                continue;
            }
            if !this.is_asked {
                this.is_asked = true;
                this.looks = 0;
            }
            if this.held.is_empty() && read.len() <= LONGEST {
                let share = this.pipeline.readable(read);
                if share == read.len() {
                    return Poll::Ready(Ok(()));
                }
                this.due = share;
            }
            this.held.extend_from_slice(read);
            buffer.set_filled(before);
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        if written.is_pending() {
            self.is_full = true;
            return self.poll_end(context).map(Err);
        }
        self.is_asked = false;
        self.looks = 0;
        let is_next = self.pipeline.sent() && (self.is_over || !self.held.is_empty());
        if is_next || self.is_full {
            self.is_full = false;
            context.waker().wake_by_ref();
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
