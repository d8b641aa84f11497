//! `gatekeeper check`.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::Args;

use crate::{load, print, service::Service};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The contract, YAML or JSON.
    contract: PathBuf,
    #[command(flatten)]
    service: Service,
}

/// Prints the defects of a contract, or how many operations it has.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let contract = &arguments.contract;
    let document = load(contract)?;
    let roles = arguments.service.roles();
    let plan = gatekeeper_build::plan(&document, &arguments.service.checks(roles.as_deref()));
    let defects = plan.err().unwrap_or_default();
    let name = contract.display();
    if defects.is_empty() {
        let operations = crate::routes::of(&document)?.len();
        print::lines([format!("{name}: {operations} operations, no defects")])?;
        return Ok(ExitCode::SUCCESS);
    }
    print::lines(defects.iter().map(|defect| format!("{name}: {defect}")))?;
    Ok(ExitCode::FAILURE)
}
