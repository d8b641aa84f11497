//! `make breaking`: fails when the contract breaks clients of the last release and `CHANGELOG.md` does not say so.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the caller reads the terminal"
)]

use std::{env, path::Path, process::ExitCode};

use anyhow::Result;
use breaking::{Breaks, Release, judge, last_release};

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("breaking: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let repository = Path::new(".");
    let release = match env::args().nth(1).filter(|revision| !revision.is_empty()) {
        Some(revision) => Some(Release::at(repository, &revision, &revision)?),
        None => last_release(repository)?,
    };
    let Some(release) = release else {
        println!("breaking: there is no release yet (no tag v*), and nothing to break");
        return Ok(ExitCode::SUCCESS);
    };
    let verdict = judge(repository, &release)?;
    if verdict.said.is_empty() && verdict.unsaid.is_empty() {
        println!(
            "breaking: the contract breaks nothing that {} promised",
            release.tag
        );
    }
    if !verdict.said.is_empty() {
        println!("breaking: since {}, and CHANGELOG.md says so:", release.tag);
        show(&verdict.said);
    }
    if verdict.unsaid.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "breaking: since {}, and CHANGELOG.md does not say so:",
        release.tag
    );
    show(&verdict.unsaid);
    let names: Vec<_> = verdict.unsaid.keys().map(|id| format!("`{id}`")).collect();
    println!(
        "Take it back, or put below '### Breaking' in the section '## Unreleased', in your own words:"
    );
    println!(
        "- {}: what changes, and what to do about it.",
        names.join(", ")
    );
    Ok(ExitCode::FAILURE)
}

fn show(breaks: &Breaks) {
    for (id, found) in breaks {
        for what in found {
            println!("  {id}: {what}");
        }
    }
}
