//! Finds and runs OpenAPI Generator.

use super::{Layout, Problems};
use crate::{GENERATOR_VERSION, PROGRAM_VARIABLE};
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program's name, with the ending that it has on this system.
const NAME: &str = if cfg!(windows) {
    "openapi-generator-cli.exe"
} else {
    "openapi-generator-cli"
};

/// The folder of programs in a virtual environment of Python.
const PROGRAMS: &str = if cfg!(windows) { "Scripts" } else { "bin" };

/// The program of OpenAPI Generator.
pub(super) struct Program<'l> {
    path: PathBuf,
    layout: &'l Layout,
}

/// Returns where the program is when it was installed into `.tools` of a folder, as `gatekeeper tools` does.
#[must_use]
pub fn installed_in(folder: &Path) -> PathBuf {
    folder.join(".tools/venv").join(PROGRAMS).join(NAME)
}

/// Finds the program that the environment names, that of the settings, one in `.tools` beside the contract or in a folder
/// above, or that on the `PATH`.
pub(super) fn find(layout: &Layout) -> Result<Program<'_>, Problems> {
    if let Some(path) = env::var_os(PROGRAM_VARIABLE).map(PathBuf::from) {
        return if path.is_file() {
            Ok(Program { path, layout })
        } else {
            Err(vec![format!(
                "{PROGRAM_VARIABLE} names {}, which is no file",
                path.display()
            )])
        };
    }
    let found = match &layout.program {
        Some(path) => Some(path.clone()),
        None => in_tools(layout).or_else(on_path),
    };
    match found.filter(|path| path.is_file()) {
        Some(path) => Ok(Program { path, layout }),
        None => Err(vec![format!(
            "{} or gatekeeper-build changed, and {} must be made anew: run `{}` once to install OpenAPI \
             Generator {GENERATOR_VERSION}, then build again",
            layout.contract_name,
            layout.sources.display(),
            layout.install_command
        )]),
    }
}

/// Finds the program in the folder of the contract, the one above, and so on; then in those of the current folder.
fn in_tools(layout: &Layout) -> Option<PathBuf> {
    let current = env::current_dir().unwrap_or_default();
    let folders = layout
        .contract
        .ancestors()
        .skip(1)
        .chain(current.ancestors());
    let mut paths = folders.map(installed_in);
    paths.find(|path| path.is_file())
}

fn on_path() -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    let mut paths = env::split_paths(&folders).map(|folder| folder.join(NAME));
    paths.find(|path| path.is_file())
}

impl Program<'_> {
    /// Returns the generator's objections to the contract, one line each; none to one that it holds for valid.
    pub(super) fn objections(&self, contract: &Path) -> Result<Vec<String>, Problems> {
        let mut command = Command::new(&self.path);
        command.arg("validate").arg("-i").arg(contract);
        let output = self.run(&mut command)?;
        Ok(match output.status.success() {
            true => Vec::new(),
            false => message(&output),
        })
    }

    /// Fills the templates by each of the configurations, which stand in one folder or in folders of their own.
    pub(super) fn generate(&self, configs: &[&Path]) -> Result<(), Problems> {
        let mut command = Command::new(&self.path);
        command.arg("batch").arg("--").args(configs);
        let output = self.run(&mut command)?;
        if output.status.success() {
            return Ok(());
        }
        let mut lines = vec!["OpenAPI Generator failed on the templates:".to_owned()];
        lines.extend(message(&output));
        Err(lines)
    }

    fn run(&self, command: &mut Command) -> Result<Output, Problems> {
        command.output().map_err(|error| {
            vec![format!(
                "cannot run {}: {error}; `{}` installs it again",
                self.path.display(),
                self.layout.install_command
            )]
        })
    }
}

/// Returns the generator's messages, without logging and Java's stack.
fn message(output: &Output) -> Vec<String> {
    let said =
        [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let mut lines: Vec<String> = Vec::new();
    for line in said.iter().flat_map(|text| text.lines()) {
        // Warnings are logged: `[main] WARN  logger - message`.
        let line = line
            .strip_prefix("[main] WARN")
            .and_then(|line| line.split_once(" - "))
            .map_or(line, |(_, line)| line);
        let bare = line.trim();
        let noise = bare.is_empty()
            || bare.starts_with("at ")
            || bare.starts_with("... ")
            || bare.starts_with("Validating spec")
            || bare.starts_with("[main] INFO")
            || bare.contains("Exception: ")
            || lines.iter().any(|known| known.trim() == bare);
        if !noise {
            lines.push(line.replace('\t', "  "));
        }
    }
    lines.truncate(40);
    lines
}
