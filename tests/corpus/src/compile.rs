//! Compiles the generated crates, and tells whose errors are whose.

use crate::generate;
use anyhow::{Context, Result};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    env,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

/// Compiles crates, given by their package and contract. Returns the errors of each contract; none where it compiles.
pub(crate) fn run(
    packages: &BTreeMap<&str, &str>,
    out: &Path,
) -> Result<BTreeMap<String, Vec<String>>> {
    let files = packages.values();
    let mut errors: BTreeMap<String, Vec<String>> =
        files.map(|file| ((*file).to_owned(), Vec::new())).collect();
    if packages.is_empty() {
        return Ok(errors);
    }
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut child = Command::new(cargo)
        .args([
            "check",
            "--workspace",
            "--keep-going",
            "--offline",
            "--quiet",
        ])
        .arg("--message-format=json")
        .current_dir(generate::workspace(out))
        // Their lint settings are their own, and only errors count.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_TARGET_DIR")
        .stdout(Stdio::piped())
        .spawn()
        .context("cargo cannot be run")?;
    let mut finished = false;
    let mut good: Vec<String> = Vec::new();
    for line in child
        .stdout
        .take()
        .map(BufReader::new)
        .into_iter()
        .flat_map(BufRead::lines)
    {
        let Ok(message) = serde_json::from_str::<Value>(&line?) else {
            continue;
        };
        let package = message["target"]["name"].as_str().unwrap_or_default();
        match message["reason"].as_str() {
            Some("compiler-message") => {
                let known = packages.get(package).and_then(|file| errors.get_mut(*file));
                known
                    .into_iter()
                    .for_each(|known| known.extend(error(&message["message"])));
            }
            Some("compiler-artifact") => good.push(package.to_owned()),
            Some("build-finished") => finished = true,
            _ => {}
        }
    }
    child.wait()?;
    anyhow::ensure!(finished, "cargo did not get to compiling; see above");
    for (package, file) in packages {
        let silent = !good.iter().any(|known| known == package);
        let errors = errors.entry((*file).to_owned()).or_default();
        if silent && errors.is_empty() {
            errors.push("the compiler ended without a message".to_owned());
        }
    }
    Ok(errors)
}

/// Returns an error of the compiler in one line.
fn error(message: &Value) -> Option<String> {
    let text = message["message"].as_str()?;
    if message["level"] != "error" || text.starts_with("aborting due to") {
        return None;
    }
    let code = message["code"]["code"].as_str().unwrap_or("-");
    let spans = message["spans"].as_array().into_iter().flatten();
    let first = spans.into_iter().find(|span| span["is_primary"] == true);
    let place = first.map_or_else(String::new, |span| {
        let file = span["file_name"].as_str().unwrap_or_default();
        format!("{file}:{}", span["line_start"])
    });
    Some(format!("{place}: [{code}] {text}"))
}
