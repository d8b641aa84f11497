//! Compares two contracts: what does the new one break for clients of the old one?
//!
//! `gatekeeper diff` compares the contract of a working copy with that of the last release, which the project keeps as a file
//! (`docs/releases/1.2.0.yaml`). What breaks a client that was made for the old contract has to stand in `CHANGELOG.md`, in the section of what is not released yet:
//!
//! ```text
//! ### Breaking
//!
//! - `list_users`, `list_events`: `page_size` is 50 at most; ask for more pages.
//! ```
//!
//! One idea decides almost everything. What callers send has to be good still, so the old schema must be within the new
//! one; what is answered has to be understood still, so the new schema must be within the old one. Where that cannot be
//! decided (patterns, compositions that were rearranged), a difference counts as a break. Two things are by convention:
//! a new member of an answer breaks nobody, and a member that is gone does, required or not. Where a reply lists the codes of
//! its problems (`x-problem-codes`), these have to be known, and not all codes that the schema of problems allows.
//!
//! Not compared: descriptions and examples, names of schemas and of path parameters, further errors (4xx, 5xx) that an
//! operation may answer.
//!
//! Own code, because what cargo, pip or npm install judges less: one tool passes over security and changed types, one
//! stops at a media type that is gone.

mod changelog;
mod command;
mod contract;
mod operation;
mod release;
mod schema;
mod security;

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::{Context, Result};

pub use changelog::accounted;
pub use command::{Arguments, run};
pub use contract::{Contract, OperationKey};
pub use release::{Release, last_release};

/// The breaks, by `operationId` of the old contract.
pub type Breaks = BTreeMap<String, Vec<String>>;

/// Returns what in the new contract breaks a client made for the old one. A role that stands before another in `roles`
/// asks for less than it.
#[must_use]
pub fn compare(old: &Contract, new: &Contract, roles: &[String]) -> Breaks {
    let now = new.operations();
    let mut breaks = Breaks::new();
    for (key, before) in old.operations() {
        let found = match now.get(&key) {
            Some(after) => operation::compare(old, &before, new, after, roles),
            None => vec![format!("{key} is gone")],
        };
        if !found.is_empty() {
            breaks
                .entry(before.id().to_owned())
                .or_default()
                .extend(found);
        }
    }
    breaks
}

/// A working copy.
#[derive(Debug)]
pub struct Project {
    /// Its folder.
    pub folder: PathBuf,
    /// The path of the contract in it.
    pub contract: String,
    /// The path of the change log in it.
    pub changelog: String,
    /// The path of the folder in it with the contracts of the releases.
    pub releases: String,
}

/// The breaks of a working copy, by whether its change log says so.
#[derive(Debug)]
pub struct Verdict {
    /// Breaks of operations that the change log names.
    pub said: Breaks,
    /// Breaks of all others.
    pub unsaid: Breaks,
}

/// Compares the contract of a working copy with that of a release.
///
/// # Errors
///
/// Fails when a file cannot be read or a contract cannot be understood.
pub fn judge(project: &Project, release: &Release, roles: &[String]) -> Result<Verdict> {
    let Project {
        folder,
        contract,
        changelog,
        ..
    } = project;
    let read = |name: &str| {
        std::fs::read_to_string(folder.join(name)).with_context(|| format!("{name} cannot be read"))
    };
    let old = Contract::parse(&release.contract)
        .with_context(|| format!("{contract} of {}", release.name))?;
    let new = Contract::parse(&read(contract)?).with_context(|| contract.clone())?;
    let known = accounted(&read(changelog)?, release.version());
    let (said, unsaid) = compare(&old, &new, roles)
        .into_iter()
        .partition(|(id, _)| known.contains(id));
    Ok(Verdict { said, unsaid })
}
