//! Output on standard output. A pipe whose reader ends early is no error.

use std::{
    fmt::Display,
    io::{self, BufWriter, ErrorKind, Write},
};

use anyhow::{Context as _, Result};
use serde::Serialize;

pub(super) fn to_stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result.context(
            "standard output cannot be written; what was asked for is done, but not shown",
        ),
    }
}

pub(super) fn lines<T: Display>(lines: impl IntoIterator<Item = T>) -> Result<()> {
    to_stdout(|out| {
        lines
            .into_iter()
            .try_for_each(|line| writeln!(out, "{line}"))
    })
}

/// Prints a table, each column as wide as its widest cell.
pub(super) fn table<const COLUMNS: usize>(
    head: [&str; COLUMNS],
    rows: impl IntoIterator<Item = [String; COLUMNS]>,
) -> Result<()> {
    let rows: Vec<_> = std::iter::once(head.map(str::to_owned))
        .chain(rows)
        .collect();
    let mut widths = [0; COLUMNS];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    lines(rows.iter().map(|row| {
        let cells: Vec<_> = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        cells.join("  ").trim_end().to_owned()
    }))
}

/// Prints a JSON document.
pub(super) fn json(document: &impl Serialize) -> Result<()> {
    lines([serde_json::to_string_pretty(document)?])
}
