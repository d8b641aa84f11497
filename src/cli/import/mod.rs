//! Imports files of records by the rules of the contract: what is refused over HTTP is refused here.
//!
//! Records are stored in batches, each in a transaction. Running a command again stores nothing twice, so one that was
//! stopped can be repeated.

mod csv;
mod input;
mod json_lines;
mod record;
mod report;
mod target;
#[cfg(test)]
mod tests;

use std::time::Duration;

use anyhow::{Context as _, Result};
use gatekeeper::Contract;

pub(super) use csv::{Columns, csv};
pub(super) use input::Input;
pub(super) use json_lines::json_lines;
pub(super) use record::{Record, Records};
use report::Report;
pub(super) use report::describe_violations;
pub(super) use target::{RefusedRecord, Row, StoreError, Stored, Target};

use crate::settings::Settings;
use crate::startup;

/// Attempts to write a batch when others write the same rows.
const ATTEMPTS: u32 = 5;

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
