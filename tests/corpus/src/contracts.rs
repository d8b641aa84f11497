//! The contracts of a run.

use anyhow::{Context, Result};
use std::{fs, path::Path};

/// The contracts of this repository that are accepted.
const OURS: [&str; 2] = [
    "openapi.yaml",
    "crates/gatekeeper-build/fixtures/every-shape/openapi.yaml",
];

/// A contract.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// Its path in the folder.
    pub(crate) file: String,
    /// The `openapi` that it says it is of.
    pub(crate) version: String,
    /// Its folder, or where else it comes from.
    pub(crate) origin: String,
    /// The name of the crate that is made of it.
    pub(crate) package: String,
}

impl Item {
    fn new(file: &str, version: &str) -> Self {
        let origin = file.split_once('/').map_or("-", |(folder, _)| folder);
        let letters = file.chars().map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter.to_ascii_lowercase()
            } else {
                '_'
            }
        });
        Self {
            file: file.to_owned(),
            version: version.to_owned(),
            origin: origin.to_owned(),
            package: format!("c_{}", letters.collect::<String>()),
        }
    }

    pub(crate) fn is_31(&self) -> bool {
        self.version.starts_with("3.1")
    }
}

/// Returns the contracts that `INDEX.tsv` lists: file, version, number of operations, origin; with a head.
pub(crate) fn of(folder: &Path) -> Result<Vec<Item>> {
    let index = folder.join("INDEX.tsv");
    let text = fs::read_to_string(&index)
        .with_context(|| format!("{} cannot be read", index.display()))?;
    let lines = text.lines().skip(1);
    Ok(lines
        .filter_map(|line| {
            let mut cells = line.split('\t');
            Some(Item::new(cells.next()?, cells.next()?))
        })
        .collect())
}

/// Returns those of this repository.
pub(crate) fn ours() -> Vec<Item> {
    OURS.iter().map(|file| Item::new(file, "3.0.3")).collect()
}
