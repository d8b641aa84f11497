//! `gatekeeper check`.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::Args;

use crate::{load, print, service::Service};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The contract, YAML or JSON.
    contract: PathBuf,
    /// Print no notices of parts that have no effect.
    #[arg(long)]
    quiet: bool,
    #[command(flatten)]
    service: Service,
}

/// Prints the defects of a contract, or how many operations it has; then what of it has no effect.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let contract = &arguments.contract;
    let document = load(contract)?;
    let roles = arguments.service.roles();
    let options = arguments.service.checks(roles.as_deref());
    let name = contract.display();
    let plan = match gatekeeper_build::plan(&document, &options) {
        Ok(plan) => plan,
        Err(defects) => {
            print::lines(defects.iter().map(|defect| format!("{name}: {defect}")))?;
            return Ok(ExitCode::FAILURE);
        }
    };
    let notices = plan.notices.iter().filter(|_| !arguments.quiet);
    let operations = crate::routes::of(&document, &options)?.len();
    let operations = counted(operations, "operation");
    let summary = match plan.notices.len() {
        0 => format!("{name}: {operations}, no defects"),
        count => format!(
            "{name}: {operations}, no defects, {}",
            counted(count, "notice")
        ),
    };
    print::lines(
        std::iter::once(summary).chain(notices.map(|notice| format!("{name}: notice: {notice}"))),
    )?;
    Ok(ExitCode::SUCCESS)
}

fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}
