//! The fingerprint of everything that decides on the generated sources.

use super::{Layout, Problems, problem, read};
use crate::{assets, plan::Plan};
use openapi::Loaded;
use sha2::{Digest, Sha256};
use std::fs::{self, File};

/// Code that changes the text of sources. Of the plan's code, the result is hashed instead, so that a change of code
/// without a change of the result asks for no generator.
const CODE: &str = include_str!("output.rs");

/// Returns the plan of the inputs as they are now, if the kept fingerprint is theirs; none while the contract cannot be
/// translated.
pub(super) fn matching(
    layout: &Layout,
    contract: &Loaded,
    kept: &str,
) -> Result<Option<Plan>, Problems> {
    let Ok(plan) = super::planned(layout, &contract.document) else {
        return Ok(None);
    };
    let is_same = kept.trim() == of(layout, &contract.text, &plan)?;
    Ok(is_same.then_some(plan))
}

/// Returns SHA-256 over the names, lengths and contents of everything that decides on the output.
pub(super) fn of(layout: &Layout, text: &str, plan: &Plan) -> Result<String, Problems> {
    let style = layout.style.as_deref().map(read).transpose()?;
    let config = layout.config.to_string();
    let document = plan.document.to_string();
    let named = [
        ("config", config.as_str()),
        ("generator-version", assets::GENERATOR_VERSION),
        ("output", CODE),
        ("plan", &document),
        ("rustfmt", style.as_deref().unwrap_or_default()),
    ];
    let mut hash = Sha256::new();
    let mut add = |name: &str, content: &[u8]| {
        hash.update(name);
        hash.update([0]);
        hash.update((content.len() as u64).to_be_bytes());
        hash.update(content);
    };
    add("contract", text.as_bytes());
    for (name, content) in named.iter().chain(assets::TEMPLATES) {
        add(name, content.as_bytes());
    }
    let digest = hash.finalize();
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Opens the kept fingerprint and waits until no other build has locked it.
pub(super) fn lock(layout: &Layout) -> Result<File, Problems> {
    let path = &layout.fingerprint;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| problem("create", folder, &error))?;
    }
    let mut options = File::options();
    let options = options.read(true).write(true).create(true).truncate(false);
    let file = options
        .open(path)
        .map_err(|error| problem("open", path, &error))?;
    file.lock().map_err(|error| problem("lock", path, &error))?;
    Ok(file)
}
