//! Files of a form: small ones in memory, others in a file without a name, which is gone when nobody holds it any more.

use crate::Rejection;
use actix_web::web::{self, Bytes, BytesMut};
use futures_core::Stream;
use std::{
    fmt,
    fs::File,
    future::{Future, poll_fn},
    io::{self, Read as _, Seek as _, Write as _},
    path::PathBuf,
    pin::Pin,
    task::{Context, Poll, ready},
};

/// The size up to which a file is kept in memory.
const IN_MEMORY: usize = 64 * 1024;
/// The size of the pieces in which a file is read.
const PIECE: usize = 64 * 1024;

/// A file that was uploaded in a form.
///
/// Name and media type are as the client sent them: anything may stand in them, a path of another system or none.
pub struct UploadedFile {
    field: String,
    file_name: Option<String>,
    content_type: Option<String>,
    size: u64,
    content: Store,
}

enum Store {
    Memory(BytesMut),
    File(File),
}

impl UploadedFile {
    pub(super) fn new(
        field: String,
        file_name: Option<String>,
        content_type: Option<String>,
    ) -> Self {
        Self {
            field,
            file_name,
            content_type,
            size: 0,
            content: Store::Memory(BytesMut::new()),
        }
    }

    /// Returns the name of its field.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// Returns the name that the client has for it. Not to be used as a path.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        self.file_name.as_deref()
    }

    /// Returns the media type that the client has for it.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// Returns its size in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Reads all of it into memory.
    ///
    /// # Errors
    /// [`Rejection::Internal`] when the system cannot read it.
    pub async fn bytes(self) -> Result<Bytes, Rejection> {
        let Self { size, content, .. } = self;
        let mut file = match content {
            Store::Memory(bytes) => return Ok(bytes.freeze()),
            Store::File(file) => file,
        };
        blocking(move || {
            file.rewind()?;
            let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
            file.read_to_end(&mut bytes)?;
            Ok(Bytes::from(bytes))
        })
        .await
    }

    /// Reads it piece by piece.
    #[must_use]
    pub fn into_stream(self) -> FileStream {
        FileStream(match self.content {
            Store::Memory(bytes) => State::Memory(bytes.freeze()),
            Store::File(file) => State::Reading(Box::pin(blocking(move || {
                let mut file = file;
                file.rewind()?;
                piece(file)
            }))),
        })
    }

    /// Writes it to a new file at `path`, which is the service's choice.
    ///
    /// # Errors
    /// [`Rejection::Internal`] when the system cannot write it, or there is a file.
    pub async fn save(self, path: impl Into<PathBuf>) -> Result<(), Rejection> {
        let path = path.into();
        blocking(move || {
            let mut target = File::create_new(path)?;
            match self.content {
                Store::Memory(bytes) => target.write_all(&bytes),
                Store::File(mut file) => {
                    file.rewind()?;
                    io::copy(&mut file, &mut target).map(|_| ())
                }
            }
        })
        .await
    }

    /// Adds bytes at its end.
    pub(super) async fn write(&mut self, bytes: Bytes) -> Result<(), Rejection> {
        self.size += bytes.len() as u64;
        let empty = Store::Memory(BytesMut::new());
        self.content = match std::mem::replace(&mut self.content, empty) {
            Store::Memory(mut held) if held.len() + bytes.len() <= IN_MEMORY => {
                held.extend_from_slice(&bytes);
                Store::Memory(held)
            }
            store => {
                let file = blocking(move || {
                    let mut file = match store {
                        Store::File(file) => file,
                        Store::Memory(held) => {
                            let mut file = tempfile::tempfile()?;
                            file.write_all(&held)?;
                            file
                        }
                    };
                    file.write_all(&bytes)?;
                    Ok(file)
                });
                Store::File(file.await?)
            }
        };
        Ok(())
    }
}

impl fmt::Debug for UploadedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadedFile")
            .field("field", &self.field)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

/// The content of an [`UploadedFile`], piece by piece.
pub struct FileStream(State);

impl FileStream {
    /// Returns the next piece; `None` at the end.
    ///
    /// # Errors
    /// [`Rejection::Internal`] when the system cannot read it.
    pub async fn next(&mut self) -> Option<Result<Bytes, Rejection>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

type Piece = Option<(Bytes, File)>;

enum State {
    Memory(Bytes),
    Reading(Pin<Box<dyn Future<Output = Result<Piece, Rejection>>>>),
    Ended,
}

impl Stream for FileStream {
    type Item = Result<Bytes, Rejection>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let read = match &mut self.0 {
            State::Memory(bytes) => Ok(std::mem::take(bytes)).map(|bytes| Some((bytes, None))),
            State::Reading(reading) => ready!(reading.as_mut().poll(context))
                .map(|piece| piece.map(|(bytes, file)| (bytes, Some(file)))),
            State::Ended => Ok(None),
        };
        let (item, next) = match read {
            Ok(Some((bytes, file))) => {
                let next = match file {
                    Some(file) => State::Reading(Box::pin(blocking(move || piece(file)))),
                    None => State::Ended,
                };
                (Some(Ok(bytes)).filter(|bytes| !is_empty(bytes)), next)
            }
            Ok(None) => (None, State::Ended),
            Err(error) => (Some(Err(error)), State::Ended),
        };
        self.0 = next;
        Poll::Ready(item)
    }
}

impl fmt::Debug for FileStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileStream").finish_non_exhaustive()
    }
}

fn is_empty(bytes: &Result<Bytes, Rejection>) -> bool {
    bytes.as_ref().is_ok_and(Bytes::is_empty)
}

fn piece(mut file: File) -> io::Result<Piece> {
    let mut bytes = vec![0; PIECE];
    let length = file.read(&mut bytes)?;
    bytes.truncate(length);
    Ok((length > 0).then(|| (Bytes::from(bytes), file)))
}

/// Runs what may wait for a disk where it keeps nobody else waiting.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Rejection> {
    let done = web::block(work).await;
    let failed = |error: String| Rejection::Internal(format!("an uploaded file: {error}"));
    match done {
        Ok(result) => result.map_err(|error| failed(error.to_string())),
        Err(error) => Err(failed(error.to_string())),
    }
}
