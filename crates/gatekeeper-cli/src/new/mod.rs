//! `gatekeeper new`.

mod main_file;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use serde_json::Value;

use crate::{print, service::Service};

const MANIFEST: &str = include_str!("../../templates/Cargo.toml.txt");
const BUILD: &str = include_str!("../../templates/build.rs.txt");
const README: &str = include_str!("../../templates/README.md.txt");
const IGNORED: &str = "/target/\n/.tools/\n";

/// The folder of the crates that this program was built with.
const OWN_CRATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The folder of the project, and its name.
    name: PathBuf,
    /// The contract, YAML or JSON; a copy goes into the project.
    #[arg(long)]
    contract: PathBuf,
    /// The folder with the crates `gatekeeper` and `gatekeeper-build`, or the repository that has them in `crates`; that of
    /// this program unless told.
    #[arg(long, value_name = "FOLDER")]
    gatekeeper: Option<PathBuf>,
    #[command(flatten)]
    service: Service,
}

/// Writes a project that serves a contract.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let folder = &arguments.name;
    let name = package_name(folder)?;
    ensure!(
        !folder.exists(),
        "{} is there already; choose another name",
        folder.display()
    );
    let loaded = openapi::load_file(&arguments.contract)?;
    let roles = arguments.service.roles();
    let checks = arguments.service.checks(roles.as_deref());
    let plan = match gatekeeper_build::plan(&loaded.document, &checks) {
        Ok(plan) => plan,
        Err(defects) => {
            let contract = arguments.contract.display();
            print::lines(defects.iter().map(|defect| format!("{contract}: {defect}")))?;
            bail!("{contract} cannot be served");
        }
    };
    let contract = contract_name(&arguments.contract, loaded.is_bundled());
    let crates = crates(arguments.gatekeeper.as_deref())?;
    let literal = |name: &str| Value::from(crates.join(name).to_string_lossy()).to_string();
    let main = main_file::MainFile::new(&plan, &loaded.document, arguments.service.is_strict());
    let filled = |text: &str| {
        text.replace("{name}", &name)
            .replace("{contract}", &contract)
            .replace("{gatekeeper_build}", &literal("gatekeeper-build"))
            .replace("{gatekeeper}", &literal("gatekeeper"))
            .replace("{strict}", if main.strict { ".strict()" } else { "" })
            .replace("{security}", main.readme())
    };
    let text = if loaded.is_bundled() {
        loaded.text.into_bytes()
    } else {
        fs::read(&arguments.contract)?
    };
    write(&folder.join(&contract), &text)?;
    for (file, content) in [
        ("Cargo.toml", filled(MANIFEST)),
        ("build.rs", filled(BUILD)),
        ("README.md", filled(README)),
        (".gitignore", IGNORED.to_owned()),
        ("src/main.rs", main.text(&contract)),
    ] {
        write(&folder.join(file), content.as_bytes())?;
    }
    let place = folder.display();
    print::lines([
        format!("{place} is a project that answers each operation of the contract. Next:"),
        format!("  cd {place} && gatekeeper tools && cargo run"),
    ])?;
    Ok(ExitCode::SUCCESS)
}

/// Returns the name of the package: that of the folder.
fn package_name(folder: &Path) -> Result<String> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let is_good = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter));
    // What std has, and what the project depends on.
    let is_taken = [
        "std",
        "core",
        "alloc",
        "test",
        "gatekeeper",
        "actix-web",
        "serde",
        "time",
        "uuid",
    ]
    .contains(&&*name);
    ensure!(
        is_good && !is_taken,
        "{name:?} is no free name of a package; write a lower-case letter, then letters, digits, `-` and `_`"
    );
    Ok(name.into_owned())
}

fn contract_name(contract: &Path, is_bundled: bool) -> String {
    let is_json = contract
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    if is_json || is_bundled {
        "openapi.json"
    } else {
        "openapi.yaml"
    }
    .to_owned()
}

/// Finds the folder of the crates.
fn crates(told: Option<&Path>) -> Result<PathBuf> {
    let folder = told.unwrap_or(Path::new(OWN_CRATES));
    let has_both = |folder: &PathBuf| {
        let mut names = ["gatekeeper", "gatekeeper-build"].into_iter();
        names.all(|name| folder.join(name).join("Cargo.toml").is_file())
    };
    let mut candidates = [folder.to_owned(), folder.join("crates")].into_iter();
    let found = candidates.find(has_both).with_context(|| {
        format!(
            "there are no crates `gatekeeper` and `gatekeeper-build` in {}; name their folder with --gatekeeper",
            folder.display()
        )
    })?;
    Ok(found.canonicalize()?)
}

fn write(path: &Path, content: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    fs::write(path, content).with_context(|| format!("{} cannot be written", path.display()))
}
