//! Bodies of replies that are not JSON: text, bytes, files and streams.

use super::{HeaderText, coding::KeptForms, stream::Measured};
use actix_web::{
    body::{BodyStream, BoxBody},
    web::Bytes,
};
use futures_core::Stream;
use std::{borrow::Cow, error::Error, fmt, io, path::Path};
use tokio_util::io::ReaderStream;

/// The bytes of a file that are read at a time.
const PIECE: usize = 64 * 1024;

/// A body of text or bytes, made of what it is: `String`, `Bytes`, `Vec<u8>`, text and bytes of the program, a
/// [`PreparedBody`], a [`ReplyStream`].
pub struct ReplyBody {
    pub(super) body: BoxBody,
    pub(super) kept: Option<KeptForms>,
    pub(super) media_type: Option<Cow<'static, str>>,
    pub(super) disposition: Option<HeaderText>,
}

impl ReplyBody {
    fn new(body: BoxBody) -> Self {
        Self {
            body,
            kept: None,
            media_type: None,
            disposition: None,
        }
    }

    /// Reads a file while it is sent. Its length is that of the file now; a file that turns out to be shorter ends the
    /// connection, so that the client sees that it has not all of it.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub async fn file(path: impl AsRef<Path>) -> io::Result<Self> {
        let file = tokio::fs::File::open(path).await?;
        let length = file.metadata().await?.len();
        let pieces = ReaderStream::with_capacity(file, PIECE);
        Ok(ReplyStream::new(pieces).length(length).into())
    }

    /// States the media type with more than the contract says, such as `text/csv; charset=utf-8` for `text/csv`.
    #[must_use]
    pub fn media_type(self, media_type: impl Into<Cow<'static, str>>) -> Self {
        Self {
            media_type: Some(media_type.into()),
            ..self
        }
    }

    /// Names the file that the caller is to save (`Content-Disposition`, RFC 6266), unless the reply has that header
    /// anyhow.
    #[must_use]
    pub fn attachment(self, file_name: &str) -> Self {
        Self {
            disposition: Some(HeaderText::attachment(file_name)),
            ..self
        }
    }

    /// Names a file that is to be shown; see [`attachment`](Self::attachment).
    #[must_use]
    pub fn inline(self, file_name: &str) -> Self {
        Self {
            disposition: Some(HeaderText::inline(file_name)),
            ..self
        }
    }
}

impl fmt::Debug for ReplyBody {
    /// The size alone: bodies are long, and may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use actix_web::body::MessageBody as _;
        write!(f, "ReplyBody({:?})", self.body.size())
    }
}

macro_rules! bytes {
    ($($of:ty),*) => {$(
        impl From<$of> for ReplyBody {
            fn from(bytes: $of) -> Self {
                Self::new(BoxBody::new(Bytes::from(bytes)))
            }
        }
    )*};
}

bytes!(Bytes, Vec<u8>, String, &'static str, &'static [u8]);

impl From<ReplyStream> for ReplyBody {
    fn from(stream: ReplyStream) -> Self {
        Self::new(stream.body)
    }
}

/// Text or bytes that are sent many times, and their compressed forms, each of which is made when it is first asked for.
/// Clones share them.
#[derive(Clone)]
pub struct PreparedBody {
    bytes: Bytes,
    kept: Option<KeptForms>,
}

impl PreparedBody {
    /// Takes the bytes.
    #[must_use]
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let kept = KeptForms::of(&bytes);
        Self { bytes, kept }
    }
}

impl fmt::Debug for PreparedBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PreparedBody({} bytes)", self.bytes.len())
    }
}

impl From<PreparedBody> for ReplyBody {
    fn from(PreparedBody { bytes, kept }: PreparedBody) -> Self {
        Self {
            kept,
            ..Self::from(bytes)
        }
    }
}

/// A body that is made while it is sent, and never in memory as a whole.
///
/// When the stream fails, the connection is closed, so that the client sees a message that does not end (RFC 9112 section
/// 8), and the error is logged. A stream that waits is not waited for longer than the client is there.
pub struct ReplyStream {
    body: BoxBody,
}

impl ReplyStream {
    /// Takes pieces of the body, of a length that is not known.
    #[must_use]
    pub fn new<S, E>(pieces: S) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + 'static,
        E: Into<Box<dyn Error>> + 'static,
    {
        Self {
            body: BoxBody::new(BodyStream::new(pieces)),
        }
    }

    /// States the number of bytes that the stream has, for `Content-Length`. A stream that has fewer or more fails.
    #[must_use]
    pub fn length(self, bytes: u64) -> Self {
        Self {
            body: BoxBody::new(Measured::new(self.body, bytes)),
        }
    }
}

impl fmt::Debug for ReplyStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReplyStream")
    }
}

/// A body with its media type, where the contract has a range such as `image/*`.
#[derive(Debug)]
pub struct Content {
    /// The media type, one of the range.
    pub media_type: Cow<'static, str>,
    /// The body.
    pub body: ReplyBody,
}

impl Content {
    /// Creates the content of a reply.
    pub fn new(media_type: impl Into<Cow<'static, str>>, body: impl Into<ReplyBody>) -> Self {
        Self {
            media_type: media_type.into(),
            body: body.into(),
        }
    }
}
