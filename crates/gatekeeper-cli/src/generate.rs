//! `gatekeeper generate`.

use std::{
    env, fs,
    path::PathBuf,
    process::{self, ExitCode},
};

use anyhow::Result;
use clap::Args;
use gatekeeper_build::Generator;

use crate::{print, service::Service};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The contract, YAML or JSON.
    contract: PathBuf,
    /// The source folder of the generated crate. What else is in it is removed.
    #[arg(long, default_value = "generated/src")]
    out_dir: PathBuf,
    /// The name of the crate `gatekeeper` in the manifest of the generated crate.
    #[arg(long, default_value = "gatekeeper")]
    gatekeeper_crate: String,
    /// The program of OpenAPI Generator.
    #[arg(long)]
    program: Option<PathBuf>,
    /// Write nothing; print the files that would change, and exit with 1 when there are any.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    service: Service,
}

/// A folder that is removed when the value is dropped.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        // A destructor has nobody to tell, and the folder is one for temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn run(arguments: Arguments) -> Result<ExitCode> {
    let scratch = Scratch(env::temp_dir().join(format!("gatekeeper-{}", process::id())));
    let mut generator = Generator::new(arguments.contract)
        .out_dir(&arguments.out_dir)
        .scratch_dir(&scratch.0)
        .gatekeeper_crate(arguments.gatekeeper_crate);
    generator = arguments.service.configure(generator);
    if let Some(program) = arguments.program {
        generator = generator.program(program);
    }
    if !arguments.check {
        generator.regenerate()?;
        return Ok(ExitCode::SUCCESS);
    }
    let files = generator.differences()?;
    if files.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let differs = |file: &PathBuf| format!("{} is not what the contract gives", file.display());
    print::lines(files.iter().map(differs))?;
    Ok(ExitCode::FAILURE)
}
