//! The input of an import: a file or standard input.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;

use crate::text;

/// The file argument.
#[derive(Args, Debug)]
pub(in crate::cli) struct Input {
    /// The file; - reads standard input.
    #[arg(value_name = "FILE")]
    path: PathBuf,
}

impl Input {
    /// Returns the path, unless it means standard input.
    pub(in crate::cli) fn file(&self) -> Option<&Path> {
        (self.path.as_os_str() != "-").then_some(&*self.path)
    }

    pub(in crate::cli) fn open(&self) -> Result<Box<dyn BufRead>> {
        let Some(file) = self.file() else {
            return text::skip_byte_order_mark(io::stdin().lock())
                .context("cannot read standard input");
        };
        File::open(file)
            .and_then(|opened| text::skip_byte_order_mark(BufReader::new(opened)))
            .with_context(|| format!("cannot read {}", file.display()))
    }
}
