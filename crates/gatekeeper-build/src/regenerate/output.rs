//! Collects the generator's output, formats it, and replaces the sources by it.

use super::{Layout, Problems, problem, read, write};
use crate::GENERATOR_VERSION;
use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Sources by their path in their folder.
pub(super) type Sources = BTreeMap<String, String>;

/// Collects the files whose first line has a path, and checks that they are the planned ones.
pub(super) fn collect(
    made: &Path,
    planned: &BTreeSet<String>,
    layout: &Layout,
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
        if !rest.contains(&format!("OpenAPI Generator {GENERATOR_VERSION};")) {
            return Err(vec![format!(
                "the generator is not version {GENERATOR_VERSION}; run `{}`",
                layout.install_command
            )]);
        }
        sources.insert(place.trim().to_owned(), rest.trim_start().to_owned());
    }
    let made: BTreeSet<String> = sources.keys().cloned().collect();
    if made == *planned {
        let top = sources.remove("lib.rs");
        sources.extend(top.map(|content| (layout.top.to_owned(), content)));
        return Ok(sources);
    }
    Err(planned
        .symmetric_difference(&made)
        .map(|file| format!("the templates and the plan differ on {file}"))
        .collect())
}

/// Formats the sources as `cargo fmt` would.
pub(super) fn format(sources: Sources, layout: &Layout) -> Result<Sources, Problems> {
    let folder = layout.scratch.join("formatted");
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
    // The scratch folder need not lie where rustfmt would find them by itself.
    if let Some(style) = &layout.style {
        command.arg("--config-path").arg(style);
    }
    let output = command
        .args(["--edition", "2024"])
        .arg(folder.join(layout.top))
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

/// Replaces the sources. The fingerprint goes first and comes back last, so that a run that
/// was interrupted is repeated by the next build.
pub(super) fn put_in_place(
    layout: &Layout,
    sources: &Sources,
    mut file: File,
    current: &str,
) -> Result<(), Problems> {
    let on_file = |verb| move |error| problem(verb, &layout.fingerprint, &error);
    file.set_len(0).map_err(on_file("write"))?;
    for (place, content) in changed(layout, sources) {
        replace(&layout.sources.join(place), content)?;
    }
    for path in stale(layout, sources)? {
        fs::remove_file(&path).map_err(|error| problem("remove", &path, &error))?;
    }
    if let Some(included) = &layout.included {
        let module = layout.sources.file_name().unwrap_or_default();
        let module = module.to_string_lossy();
        replace(
            included,
            &format!("#[path = \"{module}/{}\"]\npub mod {module};\n", layout.top),
        )?;
    }
    writeln!(file, "{current}").map_err(on_file("write"))?;
    // Cargo runs a build script again when a file it watches is younger than its last run.
    let age = fs::metadata(&layout.contract).and_then(|contract| contract.modified());
    age.and_then(|age| file.set_modified(age))
        .map_err(on_file("set the time of"))
}

/// Returns the files that [`put_in_place`] would write or remove.
pub(super) fn differences(layout: &Layout, sources: &Sources) -> Result<Vec<PathBuf>, Problems> {
    let changed = changed(layout, sources).map(|(place, _)| layout.sources.join(place));
    let mut files: Vec<_> = changed.collect();
    files.extend(stale(layout, sources)?);
    Ok(files)
}

fn changed<'s>(
    layout: &Layout,
    sources: &'s Sources,
) -> impl Iterator<Item = (&'s String, &'s String)> {
    sources.iter().filter(|(place, content)| {
        let known = fs::read_to_string(layout.sources.join(place));
        known.map_or(true, |known| known != **content)
    })
}

/// Returns the files in the folder of the sources that are no sources.
fn stale(layout: &Layout, sources: &Sources) -> Result<Vec<PathBuf>, Problems> {
    let mut files = files_under(&layout.sources)?;
    files.retain(|path| {
        let place = path.strip_prefix(&layout.sources).unwrap_or(path);
        let parts = place.iter().map(|part| part.to_string_lossy());
        !sources.contains_key(&parts.collect::<Vec<_>>().join("/"))
    });
    Ok(files)
}

/// Replaces a file by rename, so that it is never half written.
fn replace(path: &Path, content: &str) -> Result<(), Problems> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    write(&beside, content)?;
    fs::rename(&beside, path).map_err(|error| problem("write", path, &error))
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
