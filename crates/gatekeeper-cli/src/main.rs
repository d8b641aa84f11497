//! The program `gatekeeper`.

use clap::Parser;
use gatekeeper_cli::Cli;
use std::process::ExitCode;

#[expect(
    clippy::print_stderr,
    reason = "the program ends, and the caller reads the terminal"
)]
fn main() -> ExitCode {
    match gatekeeper_cli::run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("gatekeeper: {error:#}");
            ExitCode::FAILURE
        }
    }
}
