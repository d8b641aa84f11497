//! From the generator's folder to `generated/src`.

use super::{Layout, Problems, fingerprint, problem, read};
use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Sources by their path under `generated/src`.
pub(super) type Sources = BTreeMap<String, String>;

/// Gathers the files that say where they belong, and checks that they are the planned ones.
pub(super) fn collect(
    made: &Path,
    planned: &BTreeSet<String>,
    version: &str,
) -> Result<Sources, Problems> {
    let mut sources = Sources::new();
    for path in files_under(made)? {
        let content = read(&path)?;
        let Some((place, rest)) = content
            .trim_start()
            .strip_prefix("// => ")
            .and_then(|text| text.split_once('\n'))
        else {
            continue;
        };
        if !rest.contains(&format!("OpenAPI Generator {version};")) {
            return Err(vec![format!(
                "the generator is not version {version}; run `make tools`"
            )]);
        }
        sources.insert(place.trim().to_owned(), rest.trim_start().to_owned());
    }
    let made: BTreeSet<String> = sources.keys().cloned().collect();
    if made == *planned {
        return Ok(sources);
    }
    Err(planned
        .symmetric_difference(&made)
        .map(|file| format!("the templates and the plan differ on {file}"))
        .collect())
}

/// Formats the sources as `cargo fmt` would.
pub(super) fn format(
    sources: Sources,
    layout: &Layout,
    scratch: &Path,
) -> Result<Sources, Problems> {
    let folder = scratch.join("formatted");
    for (place, content) in &sources {
        write(&folder.join(place), content)?;
    }
    let beside = env::var_os("RUSTC")
        .map(|rustc| PathBuf::from(rustc).with_file_name("rustfmt"))
        .filter(|rustfmt| rustfmt.is_file());
    let rustfmt = env::var_os("RUSTFMT")
        .map(PathBuf::from)
        .or(beside)
        .unwrap_or_else(|| "rustfmt".into());
    let mut command = Command::new(&rustfmt);
    // The scratch folder need not lie below the repository, where rustfmt would find it by itself.
    let style = layout.root.join(fingerprint::STYLE);
    if style.is_file() {
        command.arg("--config-path").arg(style);
    }
    let output = command
        .args(["--edition", "2024"])
        .arg(folder.join("lib.rs"))
        .output()
        .map_err(|error| {
            vec![format!(
                "cannot run rustfmt: {error}; `rustup component add rustfmt` installs it"
            )]
        })?;
    if !output.status.success() {
        let mut lines = vec!["rustfmt refused what the templates made:".to_owned()];
        lines.extend(
            String::from_utf8_lossy(&output.stderr)
                .lines()
                .take(20)
                .map(String::from),
        );
        return Err(lines);
    }
    sources
        .into_keys()
        .map(|place| Ok((place.clone(), read(&folder.join(place))?)))
        .collect()
}

/// Replaces `generated/src`. The fingerprint goes first and comes back last, so that a run that was
/// cut short is made up for by the next one.
pub(super) fn put_in_place(
    layout: &Layout,
    sources: &Sources,
    current: &str,
) -> Result<(), Problems> {
    let kept = layout.generated.join(fingerprint::FILE);
    if let Err(error) = fs::remove_file(&kept)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        return Err(problem("remove", &kept, &error));
    }
    let source_folder = layout.generated.join("src");
    for (place, content) in sources {
        let path = source_folder.join(place);
        if fs::read_to_string(&path).is_ok_and(|known| known == *content) {
            continue;
        }
        replace(&path, content)?;
    }
    for path in files_under(&source_folder)? {
        let place = path.strip_prefix(&source_folder).unwrap_or(&path);
        let place = place
            .iter()
            .map(|part| part.to_string_lossy())
            .collect::<Vec<_>>()
            .join("/");
        if !sources.contains_key(&place) {
            fs::remove_file(&path).map_err(|error| problem("remove", &path, &error))?;
        }
    }
    replace(&kept, &format!("{current}\n"))?;
    // Cargo runs a build script again when a file it watches is younger than its last run.
    let age = fs::metadata(&layout.contract).and_then(|contract| contract.modified());
    age.and_then(|age| File::options().write(true).open(&kept)?.set_modified(age))
        .map_err(|error| problem("set the time of", &kept, &error))
}

/// Writes a file whole or not at all.
fn replace(path: &Path, content: &str) -> Result<(), Problems> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    write(&beside, content)?;
    fs::rename(&beside, path).map_err(|error| problem("write", path, &error))
}

fn write(path: &Path, content: &str) -> Result<(), Problems> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| problem("create", folder, &error))?;
    }
    fs::write(path, content).map_err(|error| problem("write", path, &error))
}

fn files_under(folder: &Path) -> Result<Vec<PathBuf>, Problems> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let path = entry
                .map_err(|error| problem("read", &folder, &error))?
                .path();
            if path.is_dir() {
                open.push(path)
            } else {
                files.push(path)
            }
        }
    }
    files.sort();
    Ok(files)
}
