//! Copies of the repository, and cargo inside them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A copy of the repository below its target folder, one for each test.
pub(crate) struct Copy {
    pub(crate) root: PathBuf,
}

/// The outcome of a run of cargo.
pub(crate) struct Outcome {
    pub(crate) success: bool,
    /// Standard output and error.
    pub(crate) said: String,
}

/// The generator that cargo finds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Generator {
    Installed,
    Missing,
}

pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .expect("a folder in the target folder")
        .to_owned()
}

impl Copy {
    /// Brings the copy `name` in line with the repository. Files that are the same keep their time,
    /// so that cargo does not build them again when the test is repeated.
    pub(crate) fn new(name: &str) -> Self {
        let root = target().join("codegen").join(name);
        fs::create_dir_all(&root).expect("the copy's folder");
        let listed = Command::new("git")
            .args([
                "ls-files",
                "-z",
                "--cached",
                "--others",
                "--exclude-standard",
            ])
            .current_dir(repository())
            .output()
            .expect("git lists the repository's files");
        assert!(
            listed.status.success(),
            "{}",
            String::from_utf8_lossy(&listed.stderr)
        );
        let listed = String::from_utf8(listed.stdout).expect("names in UTF-8");
        let wanted: BTreeSet<PathBuf> = listed
            .split_terminator('\0')
            .map(PathBuf::from)
            .filter(|file| repository().join(file).is_file())
            .collect();
        for file in files(&root).keys().filter(|file| !wanted.contains(*file)) {
            fs::remove_file(root.join(file)).expect("removing what the repository does not have");
        }
        let copy = Self { root };
        for file in &wanted {
            let content = fs::read(repository().join(file)).expect("reading the repository");
            let content = if file == Path::new("Cargo.toml") {
                apart(&content, name)
            } else {
                content
            };
            if fs::read(copy.root.join(file)).is_ok_and(|known| known == content) {
                continue;
            }
            copy.write(file, content);
        }
        copy
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    pub(crate) fn write(&self, file: impl AsRef<Path>, content: impl AsRef<[u8]>) {
        let path = self.root.join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("creating a folder");
        fs::write(path, content).expect("writing into the copy");
    }

    /// Changes the one place where `old` stands.
    pub(crate) fn replace(&self, file: &str, old: &str, new: &str) {
        let content = self.read(file);
        assert_eq!(
            content.matches(old).count(),
            1,
            "{old:?} stands once in {file}"
        );
        self.write(file, content.replace(old, new));
    }

    /// Inserts lines behind the one place where `anchor` stands.
    pub(crate) fn after(&self, file: &str, anchor: &str, lines: &str) {
        self.replace(file, anchor, &format!("{anchor}{lines}"));
    }

    /// Inserts lines before the one place where `anchor` stands, which begins with a line end.
    pub(crate) fn insert(&self, file: &str, anchor: &str, lines: &str) {
        self.replace(file, anchor, &format!("\n{lines}{anchor}"));
    }

    /// Every generated file, with its content.
    pub(crate) fn generated(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        files(&self.root.join("generated"))
    }

    /// Runs cargo in the copy. What it builds in between is shared with the other builds of this
    /// repository, so that no dependency is built twice; what it leaves for use is not.
    pub(crate) fn cargo(&self, generator: Generator, arguments: &[&str]) -> Outcome {
        let mut command = Command::new(env!("CARGO"));
        command
            .args(arguments)
            .arg("--offline")
            .current_dir(&self.root)
            .env("CARGO_BUILD_BUILD_DIR", target())
            .env("CARGO_TARGET_DIR", self.out())
            .env("CARGO_TERM_COLOR", "never")
            .env_remove("OPENAPI_GENERATOR_CLI");
        if generator == Generator::Installed {
            let installed = std::env::var_os("OPENAPI_GENERATOR_CLI").map(PathBuf::from);
            let installed = installed
                .unwrap_or_else(|| repository().join(".tools/venv/bin/openapi-generator-cli"));
            assert!(
                installed.is_file(),
                "no OpenAPI Generator: run `make tools` first"
            );
            command.env("OPENAPI_GENERATOR_CLI", installed);
        }
        let output = command.output().expect("running cargo");
        let said =
            [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
        Outcome {
            success: output.status.success(),
            said: said.concat(),
        }
    }

    /// Returns the folder in which cargo leaves programs.
    pub(crate) fn out(&self) -> PathBuf {
        self.root.with_file_name("out")
    }
}

/// The manifest with a version of the copy's own. Cargo tells the crates of two workspaces apart by
/// name, version and the path inside the workspace: with the same version, the copies and the
/// repository would take each other's results out of the shared folder for their own.
fn apart(manifest: &[u8], name: &str) -> Vec<u8> {
    let manifest = String::from_utf8_lossy(manifest);
    let (before, after) = manifest
        .split_once("[workspace.package]\nversion = \"")
        .expect("a version");
    let (version, after) = after.split_once('"').expect("the version's end");
    format!("{before}[workspace.package]\nversion = \"{version}-{name}\"{after}").into_bytes()
}

/// Every file below a folder by its path there, with its content.
pub(crate) fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten() {
            let path = entry.expect("reading a folder").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path
                    .strip_prefix(folder)
                    .expect("a path below the folder")
                    .to_owned();
                found.insert(name, fs::read(&path).expect("reading a file"));
            }
        }
    }
    found
}
