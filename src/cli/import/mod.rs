//! Files of records, taken in by the rules of the contract: what is refused over HTTP is refused here.
//!
//! Records are stored in batches, each of them wholly or not at all. Running a command again stores nothing twice, so
//! one that was stopped is simply run again.

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

/// How often a batch is tried that others get in the way of.
const ATTEMPTS: u32 = 5;

/// Where the records come from.
#[derive(Args, Debug)]
pub(super) struct Input {
    /// The file; - reads standard input.
    #[arg(value_name = "FILE")]
    path: PathBuf,
}

impl Input {
    /// The file's name, unless it is standard input.
    pub(super) fn file(&self) -> Option<&Path> {
        (self.path.as_os_str() != "-").then_some(&*self.path)
    }

    pub(super) fn open(&self) -> Result<Box<dyn BufRead>> {
        let Some(file) = self.file() else {
            return text::unmarked(io::stdin().lock()).context("cannot read standard input");
        };
        File::open(file)
            .and_then(|opened| text::unmarked(BufReader::new(opened)))
            .with_context(|| format!("cannot read {}", file.display()))
    }
}

/// A row with the line of the record that it was made from.
#[derive(Clone)]
pub(super) struct Row<T> {
    pub(super) line: u64,
    pub(super) content: T,
}

/// What became of a batch.
#[derive(Default)]
pub(super) struct Stored {
    pub(super) new: u64,
    /// Were there before.
    pub(super) known: u64,
    pub(super) refused: Vec<Refusal>,
}

/// A record that is not taken.
pub(super) struct Refusal {
    pub(super) line: u64,
    /// What it breaks; never what it holds.
    pub(super) rule: String,
}

/// Where records go.
pub(super) trait Target {
    type Row;

    /// How many records are stored at once, within the time that a transaction has.
    const BATCH: usize;

    /// What the summary calls a record that was there before.
    const KNOWN: &'static str;

    /// What is made of a record.
    ///
    /// # Errors
    /// The rule that it breaks.
    fn row(&self, record: Map<String, Value>) -> Result<Self::Row, String>;

    /// Stores a batch, or nothing of it.
    ///
    /// # Errors
    /// See [`Fault`].
    async fn store(&self, batch: &[Row<Self::Row>]) -> Result<Stored, Fault>;
}

/// Why a batch was not stored.
pub(super) enum Fault {
    /// Somebody else changed the same rows at the same time, or the database is busy.
    Temporary(Error),
    Lasting(Error),
}

impl From<DbErr> for Fault {
    fn from(error: DbErr) -> Self {
        let class = database::classify_error(&error);
        let error = anyhow!(database::describe_error(&error));
        match class {
            DatabaseErrorClass::Unavailable => Self::Temporary(error),
            DatabaseErrorClass::Unique | DatabaseErrorClass::Other => Self::Lasting(error),
        }
    }
}

/// Takes in all records, and says what became of them.
///
/// # Errors
/// The input cannot be read on, the database does not answer, or a record was refused.
pub(super) async fn run<T: Target>(target: &T, records: Records<'_>) -> Result<()> {
    let mut report = Report::new();
    let outcome = take_in(target, records, &mut report).await;
    report.clear();
    outcome.with_context(|| {
        format!(
            "stopped after {} records, which are stored; the same command goes on from there",
            report.stored()
        )
    })?;
    report.finish(T::KNOWN)
}

async fn take_in<T: Target>(target: &T, records: Records<'_>, report: &mut Report) -> Result<()> {
    let mut batch = Vec::with_capacity(T::BATCH);
    for record in records {
        let Record { line, content } = record?;
        match content.and_then(|content| target.row(content)) {
            Ok(content) => batch.push(Row { line, content }),
            Err(rule) => report.refuse(&Refusal { line, rule }),
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

/// Stores a batch. Those that others got in the way of are tried again, after a pause that grows.
async fn store<T: Target>(target: &T, batch: &[Row<T::Row>]) -> Result<Stored> {
    let mut attempt = 1;
    loop {
        match target.store(batch).await {
            Ok(stored) => return Ok(stored),
            Err(Fault::Lasting(error)) => return Err(error),
            Err(Fault::Temporary(error)) if attempt == ATTEMPTS => return Err(error),
            Err(Fault::Temporary(_)) => {
                tokio::time::sleep(Duration::from_millis(50 << attempt)).await;
                attempt += 1;
            }
        }
    }
}

/// The contract, to hold records to.
pub(super) fn contract() -> Result<Contract> {
    startup::contract(&Settings::default())
}

/// Violations as one line.
pub(super) fn in_words(violations: Vec<Violation>) -> String {
    let words: Vec<_> = violations
        .iter()
        .map(|violation| match violation.pointer.strip_prefix('/') {
            Some(name) => format!("{name} {}", violation.message),
            None => violation.message.clone(),
        })
        .collect();
    words.join("; ")
}
