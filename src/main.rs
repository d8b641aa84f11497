//! The binary: see `starwars-api --help`.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use clap::Parser;
use starwars_api::cli::{self, Cli};

fn main() -> ExitCode {
    match cli::run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A standard error that is closed or full changes nothing about the exit code.
            drop(writeln!(io::stderr(), "error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
