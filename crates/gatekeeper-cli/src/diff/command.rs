//! `gatekeeper diff`

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context, Result};
use clap::Args;

use super::{Breaks, Contract, Project, Release, compare, judge, last_release};
use crate::{load, print};

/// Arguments of `gatekeeper diff`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The contract that clients were made for; compared with NEW instead of a release.
    #[arg(requires = "new", conflicts_with_all = ["base", "contract", "changelog", "releases"])]
    old: Option<PathBuf>,
    /// The contract that clients will meet.
    new: Option<PathBuf>,
    /// Compare with this revision of the working copy's repository instead of the last release.
    #[arg(long, value_name = "REVISION")]
    base: Option<String>,
    /// The contract in the working copy.
    #[arg(long, value_name = "FILE", default_value = "openapi.yaml")]
    contract: String,
    /// The change log in the working copy.
    #[arg(long, value_name = "FILE", default_value = "CHANGELOG.md")]
    changelog: String,
    /// The folder in the working copy with the contracts of the releases, VERSION.yaml each.
    #[arg(long, value_name = "FOLDER", default_value = "docs/releases")]
    releases: String,
    /// The roles that `x-access-role` may name, least first: a lower one breaks nobody.
    #[arg(long, value_delimiter = ',', value_name = "ROLE,...")]
    roles: Vec<String>,
}

/// Compares two contracts, and prints what breaks.
///
/// # Errors
///
/// A file, a revision or a contract that cannot be read.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    if let (Some(old), Some(new)) = (&arguments.old, &arguments.new) {
        let read = |path: &PathBuf| {
            let contract = Contract::new(load(path)?);
            contract.with_context(|| path.display().to_string())
        };
        let breaks = compare(&read(old)?, &read(new)?, &arguments.roles);
        if breaks.is_empty() {
            let (old, new) = (old.display(), new.display());
            print::lines([format!("{new} breaks nothing that {old} promised.")])?;
        }
        print::lines(shown(&breaks))?;
        return Ok(exit_code(&breaks));
    }
    let project = Project {
        folder: ".".into(),
        contract: arguments.contract.clone(),
        changelog: arguments.changelog.clone(),
        releases: arguments.releases.clone(),
    };
    let release = match &arguments.base {
        Some(revision) => Some(Release::at(&project, revision)?),
        None => last_release(&project)?,
    };
    let Some(release) = release else {
        print::lines(["There is no release yet, and nothing to break."])?;
        return Ok(ExitCode::SUCCESS);
    };
    against(&project, &release, &arguments.roles)
}

fn against(project: &Project, release: &Release, roles: &[String]) -> Result<ExitCode> {
    let verdict = judge(project, release, roles)?;
    let (name, log) = (&release.name, &project.changelog);
    let mut lines = Vec::new();
    if verdict.said.is_empty() && verdict.unsaid.is_empty() {
        lines.push(format!("The contract breaks nothing that {name} promised."));
    }
    if !verdict.said.is_empty() {
        lines.push(format!("Since {name}, and {log} says so:"));
        lines.extend(shown(&verdict.said));
    }
    if !verdict.unsaid.is_empty() {
        lines.push(format!("Since {name}, and {log} does not say so:"));
        lines.extend(shown(&verdict.unsaid));
        let names: Vec<_> = verdict.unsaid.keys().map(|id| format!("`{id}`")).collect();
        lines.push(
            "Take it back, or put below '### Breaking' in the section '## Unreleased', in your own words:"
                .to_owned(),
        );
        lines.push(format!(
            "- {}: what changes, and what to do about it.",
            names.join(", ")
        ));
    }
    print::lines(lines)?;
    Ok(exit_code(&verdict.unsaid))
}

fn shown(breaks: &Breaks) -> impl Iterator<Item = String> {
    breaks
        .iter()
        .flat_map(|(id, found)| found.iter().map(move |what| format!("  {id}: {what}")))
}

fn exit_code(breaks: &Breaks) -> ExitCode {
    if breaks.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
