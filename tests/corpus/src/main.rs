//! Runs many contracts through everything that is done with one (`make corpus`): reading, planning, generating, compiling,
//! starting, and one request for each operation.
//!
//! Contracts that passed once are kept in `expected.tsv`, and losing one is an error. The contracts themselves are other people's,
//! and no part of this repository.
//!
//! Each contract is read, planned and started in a process of its own, so that one that overflows the stack, or never
//! ends, is a line of the report.

#![expect(
    clippy::print_stdout,
    reason = "the report is what this program is for"
)]

mod compile;
mod contracts;
mod expected;
mod generate;
mod isolated;
mod report;
mod request;
mod single;
mod stage;
mod start;
mod wire;

use anyhow::{Context, Result};
use clap::Parser;
use contracts::Item;
use stage::{Results, Stage};
use std::{collections::BTreeMap, fs, path::PathBuf, process::ExitCode, time::Duration};

/// Runs contracts through everything that is done with one.
#[derive(Debug, Parser)]
struct Arguments {
    /// The folder with the contracts; those of this repository when it is not there.
    folder: Option<PathBuf>,
    /// The stages to run, separated by commas; all unless told. `plan` includes `read`, and so on.
    #[arg(long, value_delimiter = ',', value_enum)]
    stages: Vec<Stage>,
    /// Generate and compile only each n-th contract.
    #[arg(long, default_value_t = 1)]
    every: usize,
    /// Only contracts whose path has this in it.
    #[arg(long)]
    only: Option<String>,
    /// Keep in the list what passes now.
    #[arg(long)]
    update: bool,
    /// The list of what has to pass.
    #[arg(long, default_value = "tests/corpus/expected.tsv")]
    expected: PathBuf,
    /// The folder for the results and for what is made in between.
    #[arg(long, default_value = "target/corpus")]
    out: PathBuf,
    /// Seconds that reading, planning and starting one contract may take together.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Run one contract in this process, and print a line for each stage.
    #[arg(long, hide = true)]
    one: Option<PathBuf>,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let stages = Stage::chosen(&arguments.stages);
    if let Some(file) = &arguments.one {
        single::run(file, &stages);
        return Ok(ExitCode::SUCCESS);
    }
    let (folder, mut items) = match arguments.folder.as_ref().filter(|folder| folder.is_dir()) {
        Some(folder) => (folder.clone(), contracts::of(folder)?),
        None => {
            println!(
                "There is no folder of contracts (CORPUS=path names one); those of this repository it is.\n"
            );
            (PathBuf::from("."), contracts::ours())
        }
    };
    items.retain(|item| {
        let only = arguments.only.as_ref();
        only.is_none_or(|only| item.file.contains(only))
    });
    let limit = Duration::from_secs(arguments.seconds);
    let mut results = isolated::run(&folder, &items, &stages, limit)?;
    let chosen: Vec<&Item> = items.iter().step_by(arguments.every.max(1)).collect();
    made(&arguments, &stages, &folder, &chosen, &mut results)?;

    fs::create_dir_all(&arguments.out).context("the folder of the results cannot be made")?;
    let table = arguments.out.join("results.tsv");
    fs::write(&table, report::tsv(&results)).context("the results cannot be written")?;
    let report = report::of(&items, &results, &stages);
    fs::write(arguments.out.join("report.txt"), &report).context("the report cannot be written")?;
    println!("{report}\nEach result: {}", table.display());
    let known = expected::read(&arguments.expected)?;
    let lost = expected::lost(&known, &results);
    if arguments.update {
        fs::write(&arguments.expected, expected::merged(known, &results))
            .context("the list cannot be written")?;
        return Ok(ExitCode::SUCCESS);
    }
    if lost.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    println!("\nThese passed before ({}):", arguments.expected.display());
    for line in lost {
        println!("  {line}");
    }
    Ok(ExitCode::FAILURE)
}

/// Generates and compiles, and adds what comes of it to the results.
fn made(
    arguments: &Arguments,
    stages: &[Stage],
    folder: &std::path::Path,
    chosen: &[&Item],
    results: &mut Results,
) -> Result<()> {
    if !stages.contains(&Stage::Generate) {
        return Ok(());
    }
    let planned = |item: &&&Item| results[&item.file].passed(Stage::Plan);
    let chosen: Vec<&Item> = chosen.iter().filter(planned).copied().collect();
    let made = generate::run(folder, &chosen, &arguments.out)?;
    let good: BTreeMap<&str, &str> = (made.iter())
        .filter(|(_, problems)| problems.is_empty())
        .filter_map(|(file, _)| chosen.iter().find(|item| item.file == *file))
        .map(|item| (item.package.as_str(), item.file.as_str()))
        .collect();
    if stages.contains(&Stage::Check) {
        for (file, problems) in compile::run(&good, &arguments.out)? {
            if let Some(row) = results.get_mut(&file) {
                row.add(Stage::Check, problems);
            }
        }
    }
    for (file, problems) in made {
        if let Some(row) = results.get_mut(&file) {
            row.add(Stage::Generate, problems);
        }
    }
    Ok(())
}
