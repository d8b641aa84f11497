//! Reports an import: progress and refused records on standard error, the summary on standard output.

use std::io::{self, IsTerminal, Write};

use anyhow::{Result, ensure};
use gatekeeper::Violation;

use super::target::{RefusedRecord, Stored};
use crate::cli::print;

/// Moves the cursor to the start of the line, and clears the line.
const CLEAR: &str = "\r\x1b[K";

/// The counts so far.
pub(super) struct Report {
    new: u64,
    known: u64,
    refused: u64,
    on_terminal: bool,
}

impl Report {
    pub(super) fn new() -> Self {
        Self {
            new: 0,
            known: 0,
            refused: 0,
            on_terminal: io::stderr().is_terminal(),
        }
    }

    /// Returns how many records are stored, now or before.
    pub(super) fn stored(&self) -> u64 {
        self.new + self.known
    }

    pub(super) fn add(&mut self, stored: &Stored) {
        self.new += stored.new;
        self.known += stored.known;
        for refusal in &stored.refused {
            self.refuse(refusal);
        }
        if self.on_terminal {
            let (done, refused) = (self.stored(), self.refused);
            write_stderr(&format!("{CLEAR}{done} records, {refused} refused"));
        }
    }

    pub(super) fn refuse(&mut self, refusal: &RefusedRecord) {
        self.refused += 1;
        self.clear();
        write_stderr(&format!("line {}: {}\n", refusal.line, refusal.rule));
    }

    /// Removes the progress from the terminal.
    pub(super) fn clear(&self) {
        if self.on_terminal {
            write_stderr(CLEAR);
        }
    }

    /// Prints the summary.
    ///
    /// # Errors
    /// A record was refused.
    pub(super) fn finish(self, known: &str) -> Result<()> {
        let Self { new, refused, .. } = self;
        print::lines([format!(
            "{new} new, {} {known}, {refused} refused",
            self.known
        )])?;
        ensure!(
            refused == 0,
            "{refused} of {} records were refused; the lines above say why",
            self.stored() + refused
        );
        Ok(())
    }
}

fn write_stderr(text: &str) {
    let mut terminal = io::stderr().lock();
    // A closed standard error is no reason to stop.
    drop(
        terminal
            .write_all(text.as_bytes())
            .and_then(|()| terminal.flush()),
    );
}

/// Formats violations as one line.
pub(in crate::cli) fn describe_violations(violations: Vec<Violation>) -> String {
    let words: Vec<_> = violations
        .iter()
        .map(|violation| match violation.pointer.strip_prefix('/') {
            Some(name) => format!("{name} {}", violation.message),
            None => violation.message.clone(),
        })
        .collect();
    words.join("; ")
}
