//! Output that may be piped: a reader that goes away early is no error.

use std::{
    fmt::Display,
    io::{self, BufWriter, ErrorKind, Write},
};

use anyhow::Result;
use gatekeeper::{Contract, Operation};

pub(super) fn to_stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}

pub(super) fn lines<T: Display>(lines: impl IntoIterator<Item = T>) -> Result<()> {
    to_stdout(|out| {
        lines
            .into_iter()
            .try_for_each(|line| writeln!(out, "{line}"))
    })
}

/// A table of the operations: who may call them, and what they answer.
pub(super) fn routes(contract: &Contract) -> Result<()> {
    let head = [
        "OPERATION",
        "METHOD",
        "PATH",
        "SECURITY",
        "ROLE",
        "STATUSES",
    ]
    .map(str::to_owned);
    let rows: Vec<[String; 6]> = std::iter::once(head)
        .chain(contract.operations().map(row))
        .collect();
    let mut widths = [0; 6];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.len());
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

fn row(operation: &Operation) -> [String; 6] {
    let alternatives: Vec<_> = operation
        .alternatives
        .iter()
        .map(|schemes| {
            let names: Vec<_> = schemes.iter().map(|scheme| scheme.name.as_str()).collect();
            if names.is_empty() {
                "none".to_owned()
            } else {
                names.join(" and ")
            }
        })
        .collect();
    let statuses: Vec<_> = operation.statuses.iter().map(u16::to_string).collect();
    [
        operation.id.clone(),
        operation.method.to_string(),
        operation.path.clone(),
        if alternatives.is_empty() {
            "-".to_owned()
        } else {
            alternatives.join(" or ")
        },
        operation.role.clone().unwrap_or_else(|| "-".to_owned()),
        statuses.join(" "),
    ]
}
