//! The runtime of commands.

use anyhow::Result;

/// Runs work to its end on an actix system of this thread.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    actix_web::rt::System::new().block_on(work)
}
