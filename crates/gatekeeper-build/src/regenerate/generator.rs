//! OpenAPI Generator, as installed by `make tools`.

use super::{Layout, Problems};
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Names another `openapi-generator-cli` than the one under `.tools/`.
pub(super) const VARIABLE: &str = "OPENAPI_GENERATOR_CLI";

/// A generator that was found.
pub(super) struct Generator {
    program: PathBuf,
}

/// The generator under `.tools/`, or the one that the environment names.
pub(super) fn find(layout: &Layout, version: &str) -> Result<Generator, Problems> {
    if let Some(program) = env::var_os(VARIABLE).map(PathBuf::from) {
        return if program.is_file() {
            Ok(Generator { program })
        } else {
            Err(vec![format!(
                "{VARIABLE} names {}, which is no file",
                program.display()
            )])
        };
    }
    let program = layout.root.join(".tools/venv/bin/openapi-generator-cli");
    if program.is_file() {
        return Ok(Generator { program });
    }
    Err(vec![format!(
        "openapi.yaml or crates/gatekeeper-build/ changed, and generated/ must be made anew: run `make tools` once \
         to install OpenAPI Generator {version}, then build again"
    )])
}

impl Generator {
    /// Asks the generator whether the contract is valid OpenAPI.
    pub(super) fn validate(&self, contract: &Path) -> Result<(), Problems> {
        let mut command = Command::new(&self.program);
        command.arg("validate").arg("-i").arg(contract);
        let output = run(&mut command)?;
        if output.status.success() {
            return Ok(());
        }
        let mut lines = vec!["openapi.yaml is not a valid contract:".to_owned()];
        lines.extend(message(&output));
        Err(lines)
    }

    /// Fills the templates from the planned copy of the contract.
    pub(super) fn generate(
        &self,
        document: &Path,
        codegen: &Path,
        made: &Path,
    ) -> Result<(), Problems> {
        let mut command = Command::new(&self.program);
        command.args(["generate", "--skip-validate-spec"]);
        command.arg("-c").arg(codegen.join("config.yaml"));
        command.arg("-t").arg(codegen.join("templates"));
        command.arg("-i").arg(document).arg("-o").arg(made);
        let output = run(&mut command)?;
        if output.status.success() {
            return Ok(());
        }
        let mut lines = vec!["OpenAPI Generator failed on the templates:".to_owned()];
        lines.extend(message(&output));
        Err(lines)
    }
}

fn run(command: &mut Command) -> Result<Output, Problems> {
    command.output().map_err(|error| {
        vec![format!(
            "cannot run {}: {error}; `make tools` installs it again",
            command.get_program().to_string_lossy()
        )]
    })
}

/// What the generator said, without logging and Java's stack.
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
