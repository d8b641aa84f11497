//! The command line of the gatekeeper, for any OpenAPI 3.0 or 3.1 contract: `gatekeeper --help` lists the commands.
//!
//! Only `mock` starts a server, and only `generate` runs OpenAPI Generator. [`diff`] and [`mock`] can be used as libraries.

mod check;
pub mod diff;
mod generate;
pub mod mock;
mod new;
mod print;
mod routes;
mod service;
mod tools;

use std::{path::Path, process::ExitCode};

use anyhow::Result;
use clap::{Parser, Subcommand};
use serde_json::Value;

/// Works on OpenAPI 3.0 and 3.1 contracts for the gatekeeper.
#[derive(Debug, Parser)]
#[command(name = "gatekeeper", version, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check a contract: print everything in it that stops a build or a start, each with its place.
    ///
    /// Exits with 1 when there is any. What OpenAPI Generator itself refuses is found by `generate`.
    Check(check::Arguments),
    /// List the operations of a contract with who may call them.
    Routes(routes::Arguments),
    /// Say what a new contract breaks for clients of an old one.
    ///
    /// With OLD and NEW, compares two files. Without, compares the contract of the working copy with that of the last
    /// release (the highest version in docs/releases), and accepts what the change log says below `### Breaking`. Exits
    /// with 1 when there is anything else.
    Diff(diff::Arguments),
    /// Generate the server side of a contract, even if nothing changed.
    ///
    /// Needs OpenAPI Generator: the program that the variable OPENAPI_GENERATOR_CLI names, that of --program, one in `.tools`
    /// of the contract's folder or one above (`gatekeeper tools` puts it there), or `openapi-generator-cli` on the PATH.
    Generate(generate::Arguments),
    /// Write a project that serves a contract: it builds, runs, and answers each operation by an example.
    ///
    /// `gatekeeper new my-service --contract openapi.yaml && cd my-service && gatekeeper tools && cargo run`
    New(new::Arguments),
    /// Install OpenAPI Generator, at the version that the templates are written for, into `.tools` of the current folder.
    ///
    /// From PyPI, with the Java that it runs on; needs python3. Quick when it is there.
    Tools,
    /// Serve a contract of which nothing is written: a mock behind the real gatekeeper.
    ///
    /// Parameters, bodies and credentials are checked as in a service; every well-formed credential is good. A credential
    /// can say what it may: `role.admin`, `scope.read` or several with a `+` between (`Authorization: Bearer
    /// role.basic+scope.read`; of a name, what a token cannot hold is written `_`); `deny` is refused. Answers are the
    /// examples of the contract, else made from its schemas. `Prefer: code=404` asks for another status, `Prefer:
    /// example=name` for one of several examples.
    Mock(mock::Arguments),
}

/// Runs a command.
///
/// # Errors
///
/// Fails with one line that says what happened, where, and what to do next.
pub fn run(cli: Cli) -> Result<ExitCode> {
    match cli.command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Routes(arguments) => routes::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Generate(arguments) => generate::run(arguments),
        Command::New(arguments) => new::run(&arguments),
        Command::Tools => tools::run(),
        Command::Mock(arguments) => mock::run(&arguments),
    }
}

/// Reads a contract with the files that it refers to.
fn load(path: &Path) -> Result<Value> {
    Ok(openapi::load_file(path)?.document)
}
