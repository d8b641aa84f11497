//! Output on standard output. A pipe whose reader ends early is no error.

use std::{
    fmt::Display,
    io::{self, BufWriter, ErrorKind, Write},
};

use anyhow::Result;
use gatekeeper::{Contract, Operation, SchemeUse};
use serde::Serialize;

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

/// Prints a table of the operations with their credentials, roles and statuses.
pub(super) fn routes(contract: &Contract) -> Result<()> {
    let head = [
        "OPERATION",
        "METHOD",
        "PATH",
        "SECURITY",
        "ROLE",
        "STATUSES",
    ];
    table(head, contract.operations().map(row))
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

/// Prints `docs/security-matrix.md`: the operations with their decode functions, in Markdown.
pub(super) fn matrix(contract: &Contract) -> Result<()> {
    let head = "# Security matrix

Who may call what, and what answers: made from `openapi.yaml` by `make matrix`, not to be edited. A change of who may
call what is a changed line.

| operation | request | credentials | decoded by | role | statuses |
| --- | --- | --- | --- | --- | --- |";
    let rows = contract.operations().map(|operation| {
        let [id, method, path, security, role, statuses] = row(operation);
        let hooks = alternatives(operation, |scheme| format!("`{}`", scheme.hook));
        format!("| {id} | `{method} {path}` | {security} | {hooks} | {role} | {statuses} |")
    });
    lines(std::iter::once(head.to_owned()).chain(rows))
}

fn row(operation: &Operation) -> [String; 6] {
    let statuses: Vec<_> = operation.statuses.iter().map(u16::to_string).collect();
    [
        operation.id.clone(),
        operation.method.to_string(),
        operation.path.clone(),
        alternatives(operation, |scheme| scheme.name.clone()),
        operation.role.clone().unwrap_or_else(|| "-".to_owned()),
        statuses.join(" "),
    ]
}

/// Formats the alternatives of an operation's `security`, each scheme by `show`.
fn alternatives(operation: &Operation, show: impl Fn(&SchemeUse) -> String) -> String {
    let shown: Vec<_> = operation
        .alternatives
        .iter()
        .map(|schemes| match schemes.as_slice() {
            [] => "none".to_owned(),
            schemes => schemes.iter().map(&show).collect::<Vec<_>>().join(" and "),
        })
        .collect();
    if shown.is_empty() {
        "-".to_owned()
    } else {
        shown.join(" or ")
    }
}
