//! The contract of the last release, from git.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, bail};

use super::{Project, changelog};

/// A release and its contract.
#[derive(Debug)]
pub struct Release {
    /// Its tag, or the revision that was asked for.
    pub tag: String,
    /// The text of its contract.
    pub contract: String,
}

impl Release {
    /// Returns the version, as the change log writes it.
    #[must_use]
    pub fn version(&self) -> &str {
        self.tag.strip_prefix('v').unwrap_or(&self.tag)
    }

    /// Reads the contract at a revision.
    ///
    /// # Errors
    ///
    /// Fails when there is no such revision, or no contract in it.
    pub fn at(project: &Project, revision: &str, tag: &str) -> Result<Self> {
        let name = &project.contract;
        let contract = git(&project.folder, &["show", &format!("{revision}:./{name}")])
            .with_context(|| format!("{name} of {tag} cannot be read"))?;
        Ok(Self {
            tag: tag.to_owned(),
            contract,
        })
    }
}

/// Returns the last release before the checked out commit; none when nothing was released yet.
///
/// A clone may have been made without tags, or without history. Then the remote `origin` is asked. Where git cannot tell,
/// a change log without a release tells that there is none.
///
/// # Errors
///
/// Fails where there is no repository, and where tags are missing and cannot be fetched.
pub fn last_release(project: &Project) -> Result<Option<Release>> {
    let log = fs::read_to_string(project.folder.join(&project.changelog));
    let was_released = log.map_or(true, |log| changelog::names_a_release(&log));
    match by_git(project) {
        Err(_) if !was_released => Ok(None),
        release => release,
    }
}

fn by_git(project: &Project) -> Result<Option<Release>> {
    let shallow = git(&project.folder, &["rev-parse", "--is-shallow-repository"])
        .context("this is no checkout of git, so there is no release to compare with")?
        .trim()
        == "true";
    if let Ok(tag) = git(
        &project.folder,
        &["describe", "--tags", "--abbrev=0", "--match", "v*"],
    ) {
        let tag = tag.trim();
        return Release::at(project, &format!("refs/tags/{tag}"), tag).map(Some);
    }
    let tags = git(
        &project.folder,
        &[
            "-c",
            "versionsort.suffix=-",
            "tag",
            "--list",
            "v*",
            "--sort=-v:refname",
        ],
    )?;
    match tags.lines().next() {
        // All history is here, and the tags are on other branches.
        Some(_) if !shallow => Ok(None),
        Some(tag) => Release::at(project, &format!("refs/tags/{tag}"), tag).map(Some),
        None => from_origin(project, shallow),
    }
}

fn from_origin(project: &Project, shallow: bool) -> Result<Option<Release>> {
    let asked = git(
        &project.folder,
        &[
            "-c",
            "versionsort.suffix=-",
            "ls-remote",
            "--tags",
            "--refs",
            "--sort=-v:refname",
            "origin",
            "v*",
        ],
    );
    let known = match asked {
        Ok(known) => known,
        // A clone with all history was made with its tags, unless somebody took care that it was not.
        Err(_) if !shallow => return Ok(None),
        Err(error) => bail!(
            "this clone has neither tags nor all history, and origin cannot be asked; run 'git fetch --tags' or give \
             the revision to compare with (--base): {error:#}"
        ),
    };
    let Some(tag) = known
        .lines()
        .next()
        .and_then(|line| line.split("refs/tags/").nth(1))
    else {
        return Ok(None);
    };
    let name = format!("refs/tags/{tag}");
    let mut fetch = vec!["fetch", "--quiet", "--no-tags", "origin", &name];
    if shallow {
        fetch.insert(1, "--depth=1");
    }
    git(&project.folder, &fetch)?;
    Release::at(project, "FETCH_HEAD", tag).map(Some)
}

fn git(repository: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(repository)
        .args(arguments)
        // Nobody is there to be asked for a password.
        .env("GIT_TERMINAL_PROMPT", "0")
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
