//! Reads the operator's folder of templates.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, anyhow};

use super::letter::built_in;
use infrastructure::text;

/// Reads the files of the folder, by name.
///
/// # Errors
/// Names what cannot be read or is no template: a misspelt name would leave the built-in text in use.
pub(super) fn read(folder: &Path) -> anyhow::Result<BTreeMap<&'static str, Cow<'static, str>>> {
    let unreadable = || format!("mail.templates_dir: {} cannot be read", folder.display());
    let mut sources = BTreeMap::new();
    for entry in fs::read_dir(folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        let name = path.file_name().unwrap_or_default();
        // Mounted folders of settings, and editors, keep files of their own under such names.
        if name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let (file, _) = built_in()
            .find(|(file, _)| name == *file)
            .ok_or_else(|| unknown(&path))?;
        let content = text::read(&path)
            .with_context(|| format!("mail.templates_dir: {} cannot be read", path.display()))?
            .replace("\r\n", "\n");
        sources.insert(file, Cow::Owned(content));
    }
    Ok(sources)
}

fn unknown(path: &Path) -> anyhow::Error {
    let names: Vec<_> = built_in().map(|(file, _)| file).collect();
    anyhow!(
        "mail.templates_dir: {} is none of our templates, which are {}",
        path.display(),
        names.join(", ")
    )
}
