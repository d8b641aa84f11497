//! Whether the generated sources belong to the contract and templates at hand.

use super::{Layout, Problems, problem};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// The file in `generated/` that tells what its sources were made from.
pub(super) const FILE: &str = ".fingerprint";

/// How rustfmt is to write, if the repository says so.
pub(super) const STYLE: &str = "rustfmt.toml";

/// Every file that decides on the output, sorted. Fixtures do not.
pub(super) fn inputs(layout: &Layout) -> Result<Vec<PathBuf>, Problems> {
    let mut files = vec![layout.contract.clone(), layout.root.join("build.rs")];
    files.extend(Some(layout.root.join(STYLE)).filter(|style| style.is_file()));
    files.extend(["config.yaml", "generator-version"].map(|file| layout.codegen.join(file)));
    for folder in folders(layout) {
        let entries = fs::read_dir(&folder).map_err(|error| problem("read", &folder, &error))?;
        for entry in entries {
            files.push(
                entry
                    .map_err(|error| problem("read", &folder, &error))?
                    .path(),
            );
        }
    }
    files.sort();
    Ok(files)
}

/// The folders whose files decide on the output: what reads the contract, and what translates it.
pub(super) fn folders(layout: &Layout) -> [PathBuf; 4] {
    [
        "crates/gatekeeper-build/src/plan",
        "crates/gatekeeper-build/src/regenerate",
        "crates/gatekeeper-build/templates",
        "crates/openapi/src",
    ]
    .map(|folder| layout.root.join(folder))
}

/// Whether `generated/` was made from the inputs as they are now.
pub(super) fn matches(layout: &Layout, inputs: &[PathBuf]) -> Result<bool, Problems> {
    let kept = fs::read_to_string(layout.generated.join(FILE)).unwrap_or_default();
    Ok(kept.trim() == of(layout, inputs)?)
}

/// SHA-256 over names, lengths and contents.
pub(super) fn of(layout: &Layout, inputs: &[PathBuf]) -> Result<String, Problems> {
    let mut hash = Sha256::new();
    for path in inputs {
        let content = fs::read(path).map_err(|error| problem("read", path, &error))?;
        let name = path.strip_prefix(&layout.root).unwrap_or(path);
        hash.update(portable(name).as_bytes());
        hash.update([0]);
        hash.update((content.len() as u64).to_be_bytes());
        hash.update(&content);
    }
    Ok(hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

fn portable(path: &Path) -> String {
    path.iter()
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}
