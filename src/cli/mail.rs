//! `mail`: writes the built-in templates of mails to files, which an operator can edit.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use clap::Subcommand;

use super::print;
use crate::mail;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write the built-in texts of mails to a folder, to be edited there and named in mail.templates_dir.
    ///
    /// A text may use {{ public_url }} and {{ pages }}, below which are the pages of this service; one with a link also
    /// {{ link }} and {{ hours }}, for which it works, and one about a password {{ token }}. A mail shows its .html, or
    /// its .txt where that is not shown: change both. `config check` tries them out.
    Templates {
        /// The folder; made if need be. No file in it is overwritten.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

pub(super) fn run(command: Command) -> Result<()> {
    let Command::Templates { folder } = command;
    write(&folder)?;
    print::lines([format!(
        "The templates are in {0}. Remove those that you do not change, and set mail.templates_dir to {0}.",
        folder.display()
    )])
}

fn write(folder: &Path) -> Result<()> {
    // All files or none: the folder is checked before the first is written.
    for (file, _) in mail::built_in_templates() {
        let path = folder.join(file);
        if path.symlink_metadata().is_ok() {
            bail!(
                "{} exists already; nothing was written: choose another folder or remove it",
                path.display()
            );
        }
    }
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    for (file, content) in mail::built_in_templates() {
        let path = folder.join(file);
        create(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn create(path: &Path, content: &str) -> io::Result<()> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)?
        .write_all(content.as_bytes())
}
