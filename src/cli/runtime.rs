//! The runtime of commands.

use anyhow::Result;

use crate::listener::ended_by_signals;

/// Runs work to its end on an actix system of this thread.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    actix_web::rt::System::new().block_on(ended_by_signals(work))
}
