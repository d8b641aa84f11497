//! Reads records of CSV (RFC 4180).

use std::cell::Cell;
use std::io::{self, BufRead, Chain, Cursor, Read};
use std::rc::Rc;
use std::str::{self, Utf8Error};

use ::csv::{ByteRecord, Reader, ReaderBuilder, Terminator};
use anyhow::{Context as _, Result, anyhow, ensure};
use serde_json::{Map, Value};

use super::record::{MAX_RECORD_BYTES, Record, Records};
use crate::text::BYTE_ORDER_MARK;

/// The size in bytes of the buffer for CSV files.
const BUFFER: usize = 8 * 1024;

/// Separators of cells: the comma of RFC 4180, and those of spreadsheets in locales that use a decimal comma.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// Appended to a file. A last cell that ends with it has a quote that is never closed.
const END: &[u8] = b"\n\x04end of file\x04\n";

/// The columns of a CSV file.
#[derive(Clone, Copy)]
pub(in crate::cli) struct Columns {
    pub(in crate::cli) needed: &'static [&'static str],
    /// Columns that are allowed and ignored.
    pub(in crate::cli) ignored: &'static [&'static str],
}

/// Reads the records of a CSV file, whose first line names the columns. A line such as `sep=;` before it names the
/// separator, as in Excel; otherwise the separator follows from the first line.
///
/// # Errors
/// The first line lacks a needed column or names others. The error repeats none of them, since a file without that line
/// has its first record there.
pub(in crate::cli) fn csv<'i>(input: impl BufRead + 'i, columns: Columns) -> Result<Records<'i>> {
    let mut lines = Lines::new(input, columns)?;
    let head = lines.next()?.map(|(_, head)| head).unwrap_or_default();
    let head = text(&head).map_err(|_| {
        anyhow!("the first line is not UTF-8; nothing was imported: save the file as CSV UTF-8")
    })?;
    check_head(&head, columns)?;
    let names: Vec<Option<&'static str>> = head
        .iter()
        .map(|name| columns.needed.iter().copied().find(|needed| needed == name))
        .collect();
    Ok(Box::new(std::iter::from_fn(move || {
        let (line, record) = match lines.next().transpose()? {
            Ok(next) => next,
            Err(error) => return Some(Err(error)),
        };
        let content = if is_open(&record) {
            Err("has a quote that is never closed".to_owned())
        } else {
            members(&names, &record)
        };
        Some(Ok(Record { line, content }))
    })))
}

/// Returns whether a quote of the record is still open at the end of the file.
fn is_open(cells: &[Vec<u8>]) -> bool {
    cells.last().is_some_and(|last| last.ends_with(END))
}

/// Limits how many bytes are read for one record.
struct Bounded<R> {
    input: R,
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        let length = u64::try_from(read).unwrap_or(u64::MAX);
        let left = self.left.get().checked_sub(length);
        self.left.set(left.ok_or_else(|| {
            io::Error::other(format!("a record is longer than {MAX_RECORD_BYTES} bytes"))
        })?);
        Ok(read)
    }
}

/// The file with the first line, which was read to find the separator, put back, and with a line end at its end.
type Terminated<R> = Chain<Bounded<Chain<Cursor<Vec<u8>>, R>>, &'static [u8]>;

/// Reads records with the numbers of their first lines.
///
/// The `csv` crate counts a CRLF late and empty lines not at all. So lines end with LF here, a CR before it is removed, and
/// the first line of a record is worked out from its last.
struct Lines<R> {
    reader: Reader<Terminated<R>>,
    record: ByteRecord,
    left: Rc<Cell<u64>>,
    /// Lines before those that the reader sees.
    before: u64,
}

impl<R: BufRead> Lines<R> {
    fn new(mut input: R, columns: Columns) -> Result<Self> {
        let mut first = Vec::new();
        input
            .by_ref()
            .take(MAX_RECORD_BYTES)
            .read_until(b'\n', &mut first)
            .context("the file cannot be read")?;
        let declared = declared_separator(&first);
        let separator = declared.unwrap_or_else(|| guess_separator(&first, columns));
        if declared.is_some() {
            first.clear();
        }
        let left = Rc::new(Cell::new(0));
        let input = Bounded {
            input: Cursor::new(first).chain(input),
            left: Rc::clone(&left),
        };
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .delimiter(separator)
            .flexible(true)
            .terminator(Terminator::Any(b'\n'))
            .buffer_capacity(BUFFER)
            .from_reader(input.chain(END));
        Ok(Self {
            reader,
            record: ByteRecord::new(),
            left,
            before: u64::from(declared.is_some()),
        })
    }

    /// Returns the next record that is not empty.
    fn next(&mut self) -> Result<Option<(u64, Vec<Vec<u8>>)>> {
        loop {
            // The reader fills its buffer beyond the record.
            self.left.set(MAX_RECORD_BYTES + BUFFER as u64);
            let read = self.reader.read_byte_record(&mut self.record);
            let behind = self.before + self.reader.position().line();
            if !read.with_context(|| format!("the file cannot be read on from line {behind}"))?
                || (self.record.len() == 1 && self.record.get(0) == Some(END.trim_ascii()))
            {
                return Ok(None);
            }
            let mut cells: Vec<Vec<u8>> = self.record.iter().map(<[u8]>::to_vec).collect();
            let within = cells
                .iter()
                .flatten()
                .filter(|byte| **byte == b'\n')
                .count();
            if let Some(last) = cells.last_mut().filter(|last| last.ends_with(b"\r")) {
                last.pop();
            }
            if cells.iter().any(|cell| !cell.is_empty()) {
                // A record with an open quote at the end of the file has no line end of its own.
                let ends = u64::from(!is_open(&cells));
                let line = behind.saturating_sub(ends + u64::try_from(within)?);
                return Ok(Some((line, cells)));
            }
        }
    }
}

/// Returns the separator of a line such as `sep=;`.
fn declared_separator(line: &[u8]) -> Option<u8> {
    let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let (name, [separator]) = line.split_at_checked(4)? else {
        return None;
    };
    let parts = separator.is_ascii_punctuation() || *separator == b'\t';
    (name.eq_ignore_ascii_case(b"sep=") && parts && *separator != b'"').then_some(*separator)
}

/// Returns the separator by which the line names all needed columns, or else the comma.
fn guess_separator(line: &[u8], columns: Columns) -> u8 {
    let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
    let names_all = |separator: &u8| {
        let cells: Vec<_> = line
            .split(|byte| byte == separator)
            .map(|cell| cell.trim_ascii_end())
            .map(|cell| cell.strip_prefix(b"\"").unwrap_or(cell))
            .map(|cell| cell.strip_suffix(b"\"").unwrap_or(cell))
            .collect();
        let mut needed = columns.needed.iter();
        needed.all(|name| cells.contains(&name.as_bytes()))
    };
    SEPARATORS.into_iter().find(names_all).unwrap_or(b',')
}

fn text(cells: &[Vec<u8>]) -> Result<Vec<&str>, Utf8Error> {
    cells.iter().map(|cell| str::from_utf8(cell)).collect()
}

fn check_head(head: &[&str], columns: Columns) -> Result<()> {
    let Columns { needed, ignored } = columns;
    let missing: Vec<&str> = needed
        .iter()
        .copied()
        .filter(|name| !head.contains(name))
        .collect();
    ensure!(
        missing.is_empty(),
        "the first line must name the columns {}, parted by commas, semicolons or tabs; missing: {}",
        needed.join(", "),
        missing.join(", ")
    );
    let is_known = |name: &&str| needed.contains(name) || ignored.contains(name);
    let mut names = head.to_vec();
    names.sort_unstable();
    names.dedup();
    ensure!(
        names.len() == head.len() && names.iter().all(is_known),
        "the first line names other columns than {}, or one of them twice; remove them",
        needed.join(", ")
    );
    Ok(())
}

fn members(
    names: &[Option<&'static str>],
    cells: &[Vec<u8>],
) -> Result<Map<String, Value>, String> {
    if cells.len() != names.len() {
        return Err(format!(
            "has another number of cells ({}) than the first line ({})",
            cells.len(),
            names.len()
        ));
    }
    let cells = text(cells).map_err(|_| "is not UTF-8; save the file as CSV UTF-8".to_owned())?;
    Ok(names
        .iter()
        .zip(cells)
        .filter_map(|(name, cell)| Some(((*name)?.to_owned(), Value::from(cell))))
        .collect())
}
