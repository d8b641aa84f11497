//! The program in repositories made for it.

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
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A repository with a contract, a change log and one commit.
struct Repository(Folder);

impl Repository {
    fn new() -> Self {
        let repository = Self(Folder::new());
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository.commit(CONTRACT, LOG);
        repository
    }

    fn path(&self) -> &Path {
        &self.0.0
    }

    fn git(&self, arguments: &[&str]) {
        git(self.path(), arguments);
    }

    fn write(&self, contract: &str, log: &str) {
        fs::write(self.path().join("openapi.yaml"), contract).unwrap();
        fs::write(self.path().join("CHANGELOG.md"), log).unwrap();
    }

    fn commit(&self, contract: &str, log: &str) {
        self.write(contract, log);
        self.git(&["add", "--all"]);
        self.git(&[
            "commit",
            "--quiet",
            "--allow-empty",
            "--message",
            "a commit",
        ]);
    }

    fn clone(&self, arguments: &[&str]) -> Folder {
        let folder = Folder::new();
        let source = format!("file://{}", self.path().display());
        let mut all = vec!["clone", "--quiet"];
        all.extend(arguments);
        all.extend([source.as_str(), "."]);
        git(&folder.0, &all);
        folder
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
    let repository = Repository::new();
    repository.git(&["tag", "nightly"]);
    repository.write(&narrowed(), LOG);
    check(repository.path(), &[], true, "There is no release yet");
}

#[test]
fn a_break_fails_until_the_change_log_says_so() {
    let repository = Repository::new();
    repository.git(&["tag", "v1.0.0"]);
    check(
        repository.path(),
        &[],
        true,
        "breaks nothing that v1.0.0 promised",
    );
    repository.write(&narrowed(), LOG);
    check(repository.path(), &[], false, COMPLAINT);
    check(
        repository.path(),
        &[],
        false,
        "- `list_droids`: what changes",
    );
    repository.write(
        &narrowed(),
        &format!("{LOG}\n### Breaking\n\n- `put_droid`: another one.\n"),
    );
    check(
        repository.path(),
        &[],
        false,
        "CHANGELOG.md does not say so",
    );
    repository.write(
        &narrowed(),
        &format!("{LOG}\n### Breaking\n\n- `list_droids`: search for less.\n"),
    );
    check(repository.path(), &[], true, COMPLAINT);
}

#[test]
fn the_last_release_before_the_commit_counts() {
    let repository = Repository::new();
    repository.git(&["tag", "v1.0.0"]);
    repository.commit(&narrowed(), LOG);
    repository.git(&["tag", "--annotate", "--message", "a release", "v1.1.0"]);
    repository.commit(&narrowed(), LOG);
    check(
        repository.path(),
        &[],
        true,
        "breaks nothing that v1.1.0 promised",
    );
    check(repository.path(), &["--base", "v1.0.0"], false, COMPLAINT);
    check(
        repository.path(),
        &["--base", "v9.9.9"],
        false,
        "openapi.yaml of v9.9.9 cannot be read",
    );
}

#[test]
fn a_clone_without_tags_or_history_asks_its_origin() {
    let repository = Repository::new();
    let shallow = repository.clone(&["--depth=1", "--no-tags"]);
    check(&shallow.0, &[], true, "There is no release yet");
    repository.git(&["tag", "v1.0.0"]);
    repository.commit(&narrowed(), LOG);
    repository.git(&["tag", "v1.10.0-rc.1"]);
    repository.git(&["tag", "v1.9.0"]);
    repository.git(&["tag", "v1.10.0"]);
    repository.commit(CONTRACT, LOG);
    for arguments in [
        &["--depth=1", "--no-tags"][..],
        &["--depth=1"],
        &["--no-tags"],
        &[],
    ] {
        let clone = repository.clone(arguments);
        check(&clone.0, &[], true, "breaks nothing that v1.10.0 promised");
        fs::write(
            clone.0.join("openapi.yaml"),
            narrowed().replace("maxLength: 10", "maxLength: 5"),
        )
        .unwrap();
        check(&clone.0, &[], false, "maxLength was 10, is 5");
    }
}

#[test]
fn a_clone_without_history_fails_when_its_origin_is_gone() {
    let repository = Repository::new();
    repository.commit(CONTRACT, LOG_OF_A_RELEASE);
    let shallow = repository.clone(&["--depth=1", "--no-tags"]);
    let whole = repository.clone(&[]);
    drop(repository);
    check(&shallow.0, &[], false, "run 'git fetch --tags'");
    check(&whole.0, &[], true, "There is no release yet");
    // What the change log says needs no history.
    fs::write(shallow.0.join("CHANGELOG.md"), LOG).unwrap();
    check(&shallow.0, &[], true, "There is no release yet");
}

#[test]
fn a_folder_that_is_no_checkout_is_an_error() {
    let folder = Folder::new();
    fs::write(folder.0.join(".git"), "gitdir: nowhere\n").unwrap();
    check(&folder.0, &[], false, "this is no checkout of git");
    fs::write(folder.0.join("CHANGELOG.md"), LOG).unwrap();
    check(&folder.0, &[], true, "There is no release yet");
}
