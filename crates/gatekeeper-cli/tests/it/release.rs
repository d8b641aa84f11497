//! The program in projects made for it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::atomic::{AtomicU32, Ordering},
};

const CONTRACT: &str = include_str!("../fixtures/base.yaml");
const LOG: &str = "# Changelog\n\n## Unreleased\n";
const LOG_OF_A_RELEASE: &str = "# Changelog\n\n## Unreleased\n\n## 1.0.0\n";

/// A folder below `target/` that goes when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Returns a project with a contract and a change log.
    fn with(contract: &str, log: &str) -> Self {
        let folder = Self::new();
        folder.write(contract, log);
        folder
    }

    fn write(&self, contract: &str, log: &str) {
        fs::write(self.0.join("openapi.yaml"), contract).unwrap();
        fs::write(self.0.join("CHANGELOG.md"), log).unwrap();
    }

    fn release(&self, name: &str, contract: &str) {
        fs::create_dir_all(self.0.join("docs/releases")).unwrap();
        fs::write(self.0.join("docs/releases").join(name), contract).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn git(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .current_dir(folder)
        .args([
            "-c",
            "user.name=Tester",
            "-c",
            "user.email=tester@example.org",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[track_caller]
fn check(folder: &Path, arguments: &[&str], succeeds: bool, words: &str) {
    let output = Command::new(env!("CARGO_BIN_EXE_gatekeeper"))
        .current_dir(folder)
        .arg("diff")
        .args(arguments)
        .output()
        .unwrap();
    let Output {
        status,
        stdout,
        stderr,
    } = output;
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&stdout),
        String::from_utf8_lossy(&stderr)
    );
    assert_eq!(status.success(), succeeds, "{said}");
    assert!(said.contains(words), "{said}");
}

fn narrowed() -> String {
    let contract = CONTRACT.replace("minLength: 2, maxLength: 20", "minLength: 2, maxLength: 10");
    assert_ne!(contract, CONTRACT);
    contract
}

const COMPLAINT: &str = "list_droids: query parameter `search`: maxLength was 20, is 10";

#[test]
fn without_a_release_there_is_nothing_to_break() {
    let project = Folder::with(&narrowed(), LOG);
    check(&project.0, &[], true, "There is no release yet");
    project.release("notes.txt", "");
    check(&project.0, &[], true, "There is no release yet");
}

#[test]
fn a_break_fails_until_the_change_log_says_so() {
    let project = Folder::with(CONTRACT, LOG);
    project.release("1.0.0.yaml", CONTRACT);
    check(&project.0, &[], true, "breaks nothing that 1.0.0 promised");
    project.write(&narrowed(), LOG);
    check(&project.0, &[], false, COMPLAINT);
    check(&project.0, &[], false, "- `list_droids`: what changes");
    project.write(
        &narrowed(),
        &format!("{LOG}\n### Breaking\n\n- `put_droid`: another one.\n"),
    );
    check(&project.0, &[], false, "CHANGELOG.md does not say so");
    project.write(
        &narrowed(),
        &format!("{LOG}\n### Breaking\n\n- `list_droids`: search for less.\n"),
    );
    check(&project.0, &[], true, COMPLAINT);
}

#[test]
fn the_highest_version_counts_by_its_numbers() {
    let project = Folder::with(&narrowed(), LOG);
    project.release("1.9.0.yaml", CONTRACT);
    check(&project.0, &[], false, COMPLAINT);
    project.release("1.10.0.yaml", &narrowed());
    check(&project.0, &[], true, "breaks nothing that 1.10.0 promised");
    project.release("latest.yaml", CONTRACT);
    check(
        &project.0,
        &[],
        false,
        "latest.yaml is not named by a version",
    );
}

#[test]
fn a_release_of_the_change_log_whose_contract_is_not_kept_is_an_error() {
    let project = Folder::with(CONTRACT, LOG_OF_A_RELEASE);
    check(
        &project.0,
        &[],
        false,
        "CHANGELOG.md names a release, and no contract is kept in docs/releases",
    );
}

#[test]
fn a_revision_can_be_compared_with() {
    let project = Folder::with(CONTRACT, LOG_OF_A_RELEASE);
    git(&project.0, &["init", "--quiet", "--initial-branch=main"]);
    git(&project.0, &["add", "--all"]);
    git(&project.0, &["commit", "--quiet", "--message", "a commit"]);
    project.write(&narrowed(), LOG);
    check(&project.0, &["--base", "main"], false, COMPLAINT);
    check(
        &project.0,
        &["--base", "v9.9.9"],
        false,
        "openapi.yaml of v9.9.9 cannot be read",
    );
}
