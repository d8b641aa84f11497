//! The contract of the last release: a file of the working copy, or that of a revision.

use std::{fs, io::ErrorKind, path::Path, process::Command};

use anyhow::{Context, Result, bail, ensure};

use super::{Project, changelog};

/// A release and its contract.
#[derive(Debug)]
pub struct Release {
    /// Its version, or the revision that was asked for.
    pub name: String,
    /// The text of its contract.
    pub contract: String,
}

impl Release {
    /// Returns the version, as the change log writes it.
    #[must_use]
    pub fn version(&self) -> &str {
        self.name.strip_prefix('v').unwrap_or(&self.name)
    }

    /// Reads the contract at a revision of the repository.
    ///
    /// # Errors
    ///
    /// Fails when there is no such revision, or no contract in it.
    pub fn at(project: &Project, revision: &str) -> Result<Self> {
        let name = &project.contract;
        let contract = git(&project.folder, &["show", &format!("{revision}:./{name}")])
            .with_context(|| format!("{name} of {revision} cannot be read"))?;
        Ok(Self {
            name: revision.to_owned(),
            contract,
        })
    }
}

/// Returns the release with the highest version among the contracts that the project keeps, `VERSION.yaml` each; none
/// when nothing was released yet.
///
/// # Errors
///
/// Fails when a file is not named by a version, and when the change log names a release whose contract is not kept.
pub fn last_release(project: &Project) -> Result<Option<Release>> {
    let folder = project.folder.join(&project.releases);
    let Some((_, name)) = versions(&folder)?.into_iter().max() else {
        let log = fs::read_to_string(project.folder.join(&project.changelog));
        ensure!(
            !log.is_ok_and(|log| changelog::names_a_release(&log)),
            "{} names a release, and no contract is kept in {}: put it there as VERSION.yaml, or give the revision to compare \
             with (--base)",
            project.changelog,
            project.releases
        );
        return Ok(None);
    };
    let file = format!("{name}.yaml");
    let contract = fs::read_to_string(folder.join(&file))
        .with_context(|| format!("{}/{file} cannot be read", project.releases))?;
    Ok(Some(Release { name, contract }))
}

/// Returns the versions in a folder, as numbers and as text.
fn versions(folder: &Path) -> Result<Vec<(Vec<u64>, String)>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.with_context(|| format!("{} cannot be read", folder.display()))?,
    };
    let mut versions = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let numbers = name.split('.').map(str::parse).collect::<Result<_, _>>();
        let numbers = numbers.map_err(|_| {
            anyhow::anyhow!(
                "{} is not named by a version, such as 1.2.0.yaml",
                path.display()
            )
        })?;
        versions.push((numbers, name.into_owned()));
    }
    Ok(versions)
}

fn git(repository: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(repository)
        .args(arguments)
        .output()
        .context("git cannot be run; install it")?;
    if !output.status.success() {
        bail!(
            "git {}: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    String::from_utf8(output.stdout).context("git's answer is no UTF-8")
}
