//! Generates many contracts by one start of OpenAPI Generator, as the members of one workspace.

use crate::contracts::Item;
use anyhow::{Context, Result};
use gatekeeper_build::Generator;
use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

/// The manifest of a generated crate.
const MANIFEST: &str = r#"[package]
name = "NAME"
version = "0.0.0"
edition = "2024"

[dependencies]
actix-web = { workspace = true }
gatekeeper = { workspace = true }
serde = { workspace = true }
serde_json = { workspace = true }
time = { workspace = true }
uuid = { workspace = true }
"#;

/// The folder of the workspace with all crates.
pub(crate) fn workspace(out: &Path) -> PathBuf {
    out.join("made")
}

/// Generates the contracts, and returns the problems of each; none where there are sources.
pub(crate) fn run(
    folder: &Path,
    items: &[&Item],
    out: &Path,
) -> Result<BTreeMap<String, Vec<String>>> {
    let workspace = workspace(out);
    let crates = workspace.join("crates");
    if crates.exists() {
        fs::remove_dir_all(&crates).context("the last run's crates cannot be removed")?;
    }
    let mut generators = Vec::new();
    for item in items {
        let place = crates.join(&item.package);
        fs::create_dir_all(place.join("src"))?;
        fs::write(
            place.join("Cargo.toml"),
            MANIFEST.replace("NAME", &item.package),
        )?;
        let generator = Generator::new(folder.join(&item.file))
            .out_dir(place.join("src"))
            .scratch_dir(out.join("scratch").join(&item.package))
            .program(".tools/venv/bin/openapi-generator-cli")
            .install_command("make tools");
        generators.push(generator);
    }
    let made = Generator::regenerate_all(&generators);
    let mut results = BTreeMap::new();
    for (item, made) in items.iter().zip(made) {
        let problems = made.err();
        if problems.is_some() {
            fs::remove_dir_all(crates.join(&item.package))?;
        }
        let problems = problems.iter().flat_map(|problems| problems.iter());
        results.insert(item.file.clone(), problems.map(str::to_owned).collect());
    }
    write_workspace(&workspace)?;
    Ok(results)
}

/// Writes a workspace whose dependencies are those of ours, at the versions of our lock file.
fn write_workspace(workspace: &Path) -> Result<()> {
    let top = env::current_dir()?;
    let ours = fs::read_to_string("Cargo.toml").context("run this at the top of the repository")?;
    let dependency = |name: &str| {
        let mut lines = ours.lines();
        let start = format!("{name} = ");
        lines.find(|line| line.starts_with(&start) && !line.ends_with("workspace = true"))
    };
    let mut manifest =
        "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n\n[profile.dev]\ndebug = 0\nincremental = false\n\n\
        [workspace.dependencies]\n"
            .to_owned();
    for name in ["actix-web", "serde", "serde_json", "time", "uuid"] {
        let line = dependency(name).with_context(|| format!("Cargo.toml has no {name}"))?;
        manifest.push_str(line);
        manifest.push('\n');
    }
    let gatekeeper = top.join("crates/gatekeeper");
    manifest.push_str(&format!("gatekeeper = {{ path = {gatekeeper:?} }}\n"));
    fs::create_dir_all(workspace)?;
    fs::write(workspace.join("Cargo.toml"), manifest)?;
    fs::copy("Cargo.lock", workspace.join("Cargo.lock"))?;
    Ok(())
}
