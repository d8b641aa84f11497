//! One request of a connection at a time, whatever the client has sent behind it.
//!
//! actix reads every request that has come, and writes an answer by the method, the version and the `Connection` of the one that
//! it has read last: HEAD would be answered with a body, and GET without one (RFC 9112, section 9.3.2). And what has been read
//! waits in memory, however much it is. So actix is handed a request when the one before it has been answered.

use std::{cell::Cell, rc::Rc, sync::LazyLock};

use actix_http::header::{CONTENT_LENGTH, HeaderMap, TRANSFER_ENCODING};
use memchr::memmem::{self, Finder};

use super::chunks::Chunks;

/// More than this is no head; that of actix, which refuses it.
pub(super) const MOST: usize = 128 * 1024;

/// The part of a connection's bytes that may be handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// A head as a whole.
    Head,
    /// So many bytes of a body.
    Body(u64),
    /// The rest of a body in chunks.
    Chunks(Chunks),
    /// Everything: the connection ends with this request, or it was none.
    Open,
    /// Nothing: a request is being answered.
    Asked,
    /// Nothing: the answer is there, and is to be sent.
    Answered,
}

/// The state of a connection, which its bytes and the app share.
#[derive(Clone)]
pub(super) struct Pipeline(Rc<Shared>);

struct Shared {
    stage: Cell<Stage>,
    /// Nothing was read since the request has begun.
    is_new: Cell<bool>,
}

impl Pipeline {
    pub(super) fn new() -> Self {
        Self(Rc::new(Shared {
            stage: Cell::new(Stage::Head),
            is_new: Cell::new(false),
        }))
    }

    /// Returns how many of the bytes that came the service may read now.
    pub(super) fn readable(&self, bytes: &[u8]) -> usize {
        let (share, next) = match self.0.stage.get() {
            Stage::Head => match head(bytes) {
                Head::Complete(length) => (length, Stage::Asked),
                Head::Begun if bytes.len() < MOST => (0, Stage::Head),
                Head::Begun | Head::Other => (bytes.len(), Stage::Open),
                Head::Nothing => (bytes.len(), Stage::Head),
            },
            Stage::Body(left) => {
                let share = usize::try_from(left).map_or(bytes.len(), |left| left.min(bytes.len()));
                match left.saturating_sub(share as u64) {
                    0 => (share, Stage::Asked),
                    left => (share, Stage::Body(left)),
                }
            }
            Stage::Chunks(mut chunks) => match (chunks.pass(bytes), chunks) {
                (share, Chunks::End) => (share, Stage::Asked),
                (share, chunks) => (share, Stage::Chunks(chunks)),
            },
            Stage::Open => (bytes.len(), Stage::Open),
            waiting @ (Stage::Asked | Stage::Answered) => (0, waiting),
        };
        self.0.stage.set(next);
        share
    }

    /// Returns true while the bytes of a head are awaited.
    pub(super) fn is_between_requests(&self) -> bool {
        self.0.stage.get() == Stage::Head
    }

    /// A request begins, with these headers if it has a body.
    pub(super) fn begin(&self, headers: Option<&HeaderMap>) {
        let length = |headers: &HeaderMap| {
            let text = headers.get(CONTENT_LENGTH)?.to_str().ok()?;
            text.trim().parse().ok().filter(|length| *length > 0)
        };
        let stage = match headers {
            // actix knows no other coding, and refuses this one beside a length and in HTTP/1.0.
            Some(headers) if headers.contains_key(TRANSFER_ENCODING) => {
                Stage::Chunks(Chunks::BEGIN)
            }
            headers => headers.and_then(length).map_or(Stage::Asked, Stage::Body),
        };
        self.0.stage.set(stage);
        self.0.is_new.set(stage != Stage::Asked);
    }

    /// The connection is read.
    pub(super) fn read(&self) {
        self.0.is_new.set(false);
    }

    /// Returns true if the request has a body, and what has come of it was not handed over yet.
    pub(super) fn is_new(&self) -> bool {
        self.0.is_new.get()
    }

    /// Its answer is there. One that came before the body has ended ends the connection, which reads the rest.
    pub(super) fn answer(&self) {
        self.0.stage.set(match self.0.stage.get() {
            Stage::Body(_) | Stage::Chunks(_) => Stage::Open,
            _ => Stage::Answered,
        });
    }

    /// Something was sent. Returns true if it is time for the next request.
    pub(super) fn sent(&self) -> bool {
        let is_next = self.0.stage.get() == Stage::Answered;
        if is_next {
            self.0.stage.set(Stage::Head);
        }
        is_next
    }
}

/// The end of a head.
static END: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\n\r\n"));

/// The kind of some bytes, by their beginning.
#[derive(Debug, PartialEq, Eq)]
enum Head {
    /// A head of so many bytes, with the empty line that ends it.
    Complete(usize),
    Begun,
    /// Empty lines, which may stand before a head (RFC 9112, section 2.2).
    Nothing,
    /// No HTTP, such as the greeting of TLS, which has no end.
    Other,
}

fn head(bytes: &[u8]) -> Head {
    let Some(start) = bytes.iter().position(|byte| !b"\r\n".contains(byte)) else {
        return Head::Nothing;
    };
    let head = &bytes[start..];
    if !head[0].is_ascii_graphic() {
        return Head::Other;
    }
    // Lines may end with LF alone (section 2.2).
    let end = END.find(head).map(|at| at + 3);
    let end = end.or_else(|| memmem::find(head, b"\n\n").map(|at| at + 2));
    end.map_or(Head::Begun, |end| Head::Complete(start + end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_ends_with_an_empty_line() {
        for (bytes, length) in [
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", Head::Complete(27)),
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET", Head::Complete(27)),
            ("\r\n\r\nGET / HTTP/1.1\r\n\r\nrest", Head::Complete(22)),
            ("GET / HTTP/1.1\n\nrest", Head::Complete(16)),
            ("GET / HTTP/1.1\n\r\nrest", Head::Complete(17)),
            ("GET / HTTP/1.1\r\n\r", Head::Begun),
            ("GET / HTTP/1.1\r\nHost: a\r\n", Head::Begun),
            ("GET", Head::Begun),
            ("", Head::Nothing),
            ("\r\n\n", Head::Nothing),
            ("\u{16}\u{3}\u{1}", Head::Other),
        ] {
            assert_eq!(head(bytes.as_bytes()), length, "{bytes:?}");
        }
    }

    #[test]
    fn a_request_is_handed_over_when_the_one_before_it_was_answered() {
        let pipeline = Pipeline::new();
        let two = b"GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n";
        assert_eq!(pipeline.readable(&two[..10]), 0);
        assert_eq!(pipeline.readable(two), 18);
        pipeline.begin(None);
        assert!(!pipeline.is_new());
        assert_eq!(pipeline.readable(&two[18..]), 0);
        assert!(!pipeline.sent());
        pipeline.answer();
        assert_eq!(pipeline.readable(&two[18..]), 0);
        assert!(pipeline.sent());
        assert_eq!(pipeline.readable(&two[18..]), 18);
    }

    #[test]
    fn a_body_has_the_length_that_its_head_says() {
        let pipeline = Pipeline::new();
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_LENGTH, 5.into());
        assert_eq!(pipeline.readable(b"PUT / HTTP/1.1\r\n\r\nabc"), 18);
        pipeline.begin(Some(&headers));
        assert!(pipeline.is_new());
        assert_eq!(pipeline.readable(b"abc"), 3);
        // The answer of 100 is none to the request.
        assert!(!pipeline.sent());
        assert_eq!(pipeline.readable(b"deGET / HTTP/1.1\r\n\r\n"), 2);
        assert_eq!(pipeline.readable(b"GET / HTTP/1.1\r\n\r\n"), 0);
        pipeline.answer();
        assert!(pipeline.sent() && pipeline.is_between_requests());
    }

    #[test]
    fn what_ends_nowhere_is_handed_over() {
        let pipeline = Pipeline::new();
        assert_eq!(pipeline.readable(&[b'a'; MOST - 1]), 0);
        assert_eq!(pipeline.readable(&[b'a'; MOST]), MOST);
    }

    #[test]
    fn a_request_behind_chunks_waits_for_their_end_and_for_the_answer() {
        let mut headers = HeaderMap::new();
        headers.insert(TRANSFER_ENCODING, "chunked".parse().unwrap());
        let next = b"GET / HTTP/1.1\r\n\r\n";
        let text = [b"1\r\nx\r\n0\r\n\r\n", &next[..]].concat();
        let (begin, end) = text.split_at(3);
        let length = end.len() - next.len();
        let pipeline = Pipeline::new();
        pipeline.begin(Some(&headers));
        assert_eq!(pipeline.readable(begin), begin.len());
        assert_eq!(pipeline.readable(end), length);
        assert_eq!(pipeline.readable(next), 0);
        pipeline.answer();
        assert!(pipeline.sent() && pipeline.is_between_requests());
    }
}
