//! The table that records are imported into, and the outcome of a batch.

use anyhow::{Error, anyhow};
use sea_orm::DbErr;
use serde_json::{Map, Value};

use crate::database::{self, DatabaseErrorClass};

/// A row, with the line of its record in the file.
#[derive(Clone)]
pub(in crate::cli) struct Row<T> {
    pub(in crate::cli) line: u64,
    pub(in crate::cli) content: T,
}

/// The outcome of a batch.
#[derive(Default)]
pub(in crate::cli) struct Stored {
    pub(in crate::cli) new: u64,
    /// The number of records that were stored before.
    pub(in crate::cli) known: u64,
    pub(in crate::cli) refused: Vec<RefusedRecord>,
}

/// A record that was refused.
pub(in crate::cli) struct RefusedRecord {
    pub(in crate::cli) line: u64,
    /// The rule that it breaks; never a part of the record.
    pub(in crate::cli) rule: String,
}

/// A table that records are imported into.
pub(in crate::cli) trait Target {
    type Row;

    /// The number of records that are stored in one transaction, within its time limit.
    const BATCH: usize;

    /// The words of the summary for records that were stored before.
    const KNOWN: &'static str;

    /// Converts a record to a row.
    ///
    /// # Errors
    /// The rule that the record breaks.
    fn row(&self, record: Map<String, Value>) -> Result<Self::Row, String>;

    /// Stores a batch in one transaction.
    async fn store(&self, batch: &[Row<Self::Row>]) -> Result<Stored, StoreError>;
}

/// The reason why a batch was not stored.
pub(in crate::cli) enum StoreError {
    /// Others changed the same rows at the same time, or the database is busy; another attempt may succeed.
    Temporary(Error),
    Permanent(Error),
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        let class = database::classify_error(&error);
        let error = anyhow!(database::describe_error(&error));
        match class {
            DatabaseErrorClass::Unavailable => Self::Temporary(error),
            DatabaseErrorClass::Unique | DatabaseErrorClass::Other => Self::Permanent(error),
        }
    }
}
