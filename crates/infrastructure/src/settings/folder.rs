//! Settings in files of a folder, one for each key: where containers and systemd put secrets.

use std::collections::HashMap;
use std::path::Path;
use std::{env, fs};

use anyhow::{Context as _, Result, ensure};
use config::Environment;

use crate::text;

/// The variable that names the folder.
const FOLDER: &str = "STARWARS_SECRETS_DIR";

/// Returns the settings in the folder that `STARWARS_SECRETS_DIR` names; none when it is not set. The name of a file is the
/// key (`database.url`), its text the value, as in a variable.
///
/// # Errors
/// Names the file that cannot be read or is empty.
pub(super) fn source() -> Result<Environment> {
    let folder = env::var_os(FOLDER).filter(|folder| !folder.is_empty());
    let values = folder.map(|folder| read(Path::new(&folder))).transpose()?;
    Ok(Environment::default()
        .separator(".")
        .source(Some(values.unwrap_or_default())))
}

fn read(folder: &Path) -> Result<HashMap<String, String>> {
    let entries = fs::read_dir(folder)
        .with_context(|| format!("{FOLDER}: {} cannot be read", folder.display()))?;
    let mut values = HashMap::new();
    for entry in entries {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        // Kubernetes keeps its own copies in hidden folders, and the files are links to them.
        if name.starts_with('.') || path.is_dir() {
            continue;
        }
        let text = text::read(&path)
            .with_context(|| format!("{FOLDER}: {} cannot be read", path.display()))?;
        let value = text.trim_end_matches(['\r', '\n']);
        // An empty variable counts as not set; a secret that is expected and empty would be replaced by a default.
        ensure!(
            !value.is_empty(),
            "{FOLDER}: {} is empty; remove it or give it a value",
            path.display()
        );
        values.insert(name, value.to_owned());
    }
    Ok(values)
}
