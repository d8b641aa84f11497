//! A record of a file.

use anyhow::Result;
use serde_json::{Map, Value};

/// The longest record in bytes: as long as the body of a request may be.
pub(super) const MAX_RECORD_BYTES: u64 = 64 * 1024;

/// A record of a file.
pub(in crate::cli) struct Record {
    pub(in crate::cli) line: u64,
    /// The members, or the rule that the record breaks.
    pub(in crate::cli) content: Result<Map<String, Value>, String>,
}

/// Records, up to the end of the file or to where it cannot be read.
pub(in crate::cli) type Records<'i> = Box<dyn Iterator<Item = Result<Record>> + 'i>;
