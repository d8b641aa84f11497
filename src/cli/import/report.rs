//! What an import tells: how far it is and what it refuses on standard error, the sum on standard output.

use std::io::{self, IsTerminal, Write};

use anyhow::{Result, ensure};

use super::{Refusal, Stored};
use crate::cli::print;

/// Back to the start of the line, and clear it.
const CLEAR: &str = "\r\x1b[K";

/// The sum so far.
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

    /// How many records are stored, or were before.
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
            say(&format!("{CLEAR}{done} records, {refused} refused"));
        }
    }

    pub(super) fn refuse(&mut self, refusal: &Refusal) {
        self.refused += 1;
        self.clear();
        say(&format!("line {}: {}\n", refusal.line, refusal.rule));
    }

    /// Takes the progress from the terminal.
    pub(super) fn clear(&self) {
        if self.on_terminal {
            say(CLEAR);
        }
    }

    /// The last word.
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

fn say(words: &str) {
    let mut terminal = io::stderr().lock();
    // Without standard error there is nobody to tell.
    drop(
        terminal
            .write_all(words.as_bytes())
            .and_then(|()| terminal.flush()),
    );
}
