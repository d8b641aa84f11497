//! Imports files of records by the rules of the contract: what is refused over HTTP is refused here.
//!
//! Records are stored in batches, each in a transaction. Running a command again stores nothing twice, so one that was
//! stopped can be repeated.

mod records;
mod report;

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Error, Result, anyhow};
use clap::Args;
use gatekeeper::{Contract, Violation};
use sea_orm::DbErr;
use serde_json::{Map, Value};

pub(super) use records::{Columns, Record, Records, csv, json_lines};
use report::Report;

use crate::database::{self, DatabaseErrorClass};
use crate::settings::Settings;
use crate::startup;
use crate::text;

/// How often a batch is tried when others write the same rows.
const ATTEMPTS: u32 = 5;

/// The file argument.
#[derive(Args, Debug)]
pub(super) struct Input {
    /// The file; - reads standard input.
    #[arg(value_name = "FILE")]
    path: PathBuf,
}

impl Input {
    /// Returns the path, unless it means standard input.
    pub(super) fn file(&self) -> Option<&Path> {
        (self.path.as_os_str() != "-").then_some(&*self.path)
    }

    pub(super) fn open(&self) -> Result<Box<dyn BufRead>> {
        let Some(file) = self.file() else {
            return text::skip_byte_order_mark(io::stdin().lock())
                .context("cannot read standard input");
        };
        File::open(file)
            .and_then(|opened| text::skip_byte_order_mark(BufReader::new(opened)))
            .with_context(|| format!("cannot read {}", file.display()))
    }
}

/// A row, with the line of its record in the file.
#[derive(Clone)]
pub(super) struct Row<T> {
    pub(super) line: u64,
    pub(super) content: T,
}

/// The outcome of a batch.
#[derive(Default)]
pub(super) struct Stored {
    pub(super) new: u64,
    /// How many were stored before.
    pub(super) known: u64,
    pub(super) refused: Vec<RefusedRecord>,
}

/// A record that was refused.
pub(super) struct RefusedRecord {
    pub(super) line: u64,
    /// The rule that it breaks; never a part of the record.
    pub(super) rule: String,
}

/// A table that records are imported into.
pub(super) trait Target {
    type Row;

    /// How many records are stored in one transaction, within its time limit.
    const BATCH: usize;

    /// The words of the summary for records that were stored before.
    const KNOWN: &'static str;

    /// Converts a record to a row.
    ///
    /// # Errors
    /// The rule that the record breaks.
    fn row(&self, record: Map<String, Value>) -> Result<Self::Row, String>;

    /// Stores a batch in one transaction.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn store(&self, batch: &[Row<Self::Row>]) -> Result<Stored, StoreError>;
}

/// The reason why a batch was not stored.
pub(super) enum StoreError {
    /// Others changed the same rows at the same time, or the database is busy; worth another attempt.
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

/// Imports all records and prints a summary.
///
/// # Errors
/// The rest of the input cannot be read, the database does not answer, or a record was refused.
pub(super) async fn run<T: Target>(target: &T, records: Records<'_>) -> Result<()> {
    let mut report = Report::new();
    let outcome = import_all(target, records, &mut report).await;
    report.clear();
    outcome.with_context(|| {
        format!(
            "stopped after {} records, which are stored; the same command goes on from there",
            report.stored()
        )
    })?;
    report.finish(T::KNOWN)
}

async fn import_all<T: Target>(
    target: &T,
    records: Records<'_>,
    report: &mut Report,
) -> Result<()> {
    let mut batch = Vec::with_capacity(T::BATCH);
    for record in records {
        let Record { line, content } = record?;
        match content.and_then(|content| target.row(content)) {
            Ok(content) => batch.push(Row { line, content }),
            Err(rule) => report.refuse(&RefusedRecord { line, rule }),
        }
        if batch.len() == T::BATCH {
            report.add(&store(target, &batch).await?);
            batch.clear();
        }
    }
    if !batch.is_empty() {
        report.add(&store(target, &batch).await?);
    }
    Ok(())
}

/// Stores a batch, and tries again after growing pauses when the failure is temporary.
async fn store<T: Target>(target: &T, batch: &[Row<T::Row>]) -> Result<Stored> {
    let mut attempt = 1;
    loop {
        match target.store(batch).await {
            Ok(stored) => return Ok(stored),
            Err(StoreError::Permanent(error)) => return Err(error),
            Err(StoreError::Temporary(error)) if attempt == ATTEMPTS => return Err(error),
            Err(StoreError::Temporary(_)) => {
                tokio::time::sleep(Duration::from_millis(50 << attempt)).await;
                attempt += 1;
            }
        }
    }
}

/// Prepares the contract, by which records are validated.
pub(super) fn contract() -> Result<Contract> {
    startup::contract(&Settings::default())
}

/// Formats violations as one line.
pub(super) fn describe_violations(violations: Vec<Violation>) -> String {
    let words: Vec<_> = violations
        .iter()
        .map(|violation| match violation.pointer.strip_prefix('/') {
            Some(name) => format!("{name} {}", violation.message),
            None => violation.message.clone(),
        })
        .collect();
    words.join("; ")
}
