//! Keeps `generated/src` in step with the contract.
//!
//! A fingerprint of everything that decides on the output is kept beside it. While it matches, a
//! build neither writes nor needs a generator. Otherwise the sources are made in a temporary folder,
//! formatted there, and only then put in place.

mod fingerprint;
mod generator;
mod output;

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What went wrong, one line each.
pub(crate) type Problems = Vec<String>;

/// Where things are.
struct Layout {
    root: PathBuf,
    contract: PathBuf,
    codegen: PathBuf,
    generated: PathBuf,
    scratch: PathBuf,
}

/// Regenerates if need be.
pub(crate) fn run() -> Result<(), Problems> {
    let layout = Layout::of_cargo()?;
    let inputs = fingerprint::inputs(&layout)?;
    announce(&layout, &inputs);
    if fingerprint::matches(&layout, &inputs)? {
        return Ok(());
    }
    // Cargo and an editor may build at once, in different target folders. Waiting for the lock, one
    // finds the other's work done.
    let lock = layout.codegen.join("generator-version");
    let lock = File::open(&lock).map_err(|error| problem("open", &lock, &error))?;
    lock.lock()
        .map_err(|error| vec![format!("cannot lock generator-version: {error}")])?;
    if fingerprint::matches(&layout, &inputs)? {
        return Ok(());
    }
    regenerate(&layout, &inputs)
}

fn regenerate(layout: &Layout, inputs: &[PathBuf]) -> Result<(), Problems> {
    let current = fingerprint::of(layout, inputs)?;
    let version = read(&layout.codegen.join("generator-version"))?
        .trim()
        .to_owned();
    let generator = generator::find(layout, &version)?;
    let text =
        fs::read(&layout.contract).map_err(|error| problem("read", &layout.contract, &error))?;
    let contract = openapi::load_bytes(&text)
        .map_err(|error| vec![format!("openapi.yaml cannot be read: {error}")])?;
    let scratch = layout.scratch.join("regenerate");
    remove(&scratch)?;
    fs::create_dir_all(&scratch).map_err(|error| problem("create", &scratch, &error))?;
    // The generator reads YAML 1.1, in which `y` and `no` are booleans; of JSON there is one reading.
    let document = scratch.join("openapi.json");
    fs::write(&document, contract.to_string())
        .map_err(|error| problem("write", &document, &error))?;
    generator.validate(&document)?;
    let refused = |refusals: Vec<String>| {
        let mut lines = vec!["openapi.yaml holds what cannot be translated or served:".to_owned()];
        lines.extend(refusals);
        lines.extend(crate::plan::undeclared(&contract));
        lines
    };
    let plan = crate::plan::plan(&contract).map_err(refused)?;
    if !crate::plan::undeclared(&contract).is_empty() {
        return Err(refused(Vec::new()));
    }
    let carrier = scratch.join("contract.json");
    fs::write(&carrier, plan.document.to_string())
        .map_err(|error| problem("write", &carrier, &error))?;
    let made = scratch.join("made");
    generator.generate(&carrier, &layout.codegen, &made)?;
    let files = output::collect(&made.join("ours"), &plan.files, &version)?;
    let files = output::format(files, layout, &scratch)?;
    output::put_in_place(layout, &files, &current)
}

impl Layout {
    fn of_cargo() -> Result<Self, Problems> {
        let folder = |name: &str| {
            env::var_os(name)
                .map(PathBuf::from)
                .ok_or_else(|| vec![format!("{name} is not set; run this by cargo")])
        };
        let generated = folder("CARGO_MANIFEST_DIR")?;
        let root = generated.parent().map(Path::to_owned).unwrap_or_default();
        Ok(Self {
            contract: root.join("openapi.yaml"),
            codegen: root.join("crates/gatekeeper-build"),
            root,
            generated,
            scratch: folder("OUT_DIR")?,
        })
    }
}

/// Tells cargo when to run this again.
fn announce(layout: &Layout, inputs: &[PathBuf]) {
    println!("cargo::rerun-if-env-changed={}", generator::VARIABLE);
    let folders = fingerprint::folders(layout);
    let kept = layout.generated.join(fingerprint::FILE);
    for path in inputs.iter().chain(&folders).chain([&kept]) {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}

/// Stops the build with the problems, as cargo's own errors.
pub(crate) fn report(problems: &[String]) -> ExitCode {
    for line in problems
        .iter()
        .flat_map(|problem| problem.lines())
        .filter(|line| !line.trim().is_empty())
    {
        println!("cargo::error={line}");
    }
    ExitCode::SUCCESS
}

fn read(path: &Path) -> Result<String, Problems> {
    fs::read_to_string(path).map_err(|error| problem("read", path, &error))
}

fn remove(folder: &Path) -> Result<(), Problems> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(problem("remove", folder, &error))
        }
        _ => Ok(()),
    }
}

fn problem(verb: &str, path: &Path, error: &std::io::Error) -> Problems {
    vec![format!("cannot {verb} {}: {error}", path.display())]
}
