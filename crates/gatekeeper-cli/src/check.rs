//! `gatekeeper check`.

use std::{path::Path, process::ExitCode};

use anyhow::Result;
use gatekeeper_build::DEFAULT_CHECKS;

use crate::{load, print};

/// Prints the defects of a contract, or how many operations it has.
pub(crate) fn run(contract: &Path) -> Result<ExitCode> {
    let document = load(contract)?;
    let plan = gatekeeper_build::plan(&document, &DEFAULT_CHECKS);
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
