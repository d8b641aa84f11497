//! Output on standard output. A pipe whose reader ends early is no error.

use std::{
    fmt::Display,
    io::{self, BufWriter, ErrorKind, Write},
};

use anyhow::Result;

pub(crate) fn lines<T: Display>(lines: impl IntoIterator<Item = T>) -> Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut lines = lines.into_iter();
    let written = lines.try_for_each(|line| writeln!(out, "{line}"));
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}
