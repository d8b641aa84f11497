//! Mails written as files, so that a newcomer can finish sign-up without a mail server.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use lettre::Message;

pub(super) struct Outbox {
    folder: PathBuf,
}

impl Outbox {
    pub(super) fn open(folder: &Path) -> anyhow::Result<Self> {
        make(folder).with_context(|| {
            format!(
                "cannot make the folder {}: give this process the right to write there, \
                 or set mail.outbox_dir to another place",
                folder.display()
            )
        })?;
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    /// Writes the mail and returns the file's name. The same `name` replaces the file.
    pub(super) async fn send(&self, name: String, message: Message) -> anyhow::Result<String> {
        let folder = self.folder.clone();
        let file = folder.join(format!("{name}.eml"));
        let place = file.display().to_string();
        tokio::task::spawn_blocking(move || {
            let draft = folder.join(format!(".{name}.draft"));
            // The folder may have been removed since the start.
            make(&folder)?;
            write(&folder, &draft, &file, &message.formatted())
        })
        .await
        .context("the task that writes mails was stopped")?
        .with_context(|| format!("cannot write {place}"))?;
        Ok(place)
    }
}

fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Writes a draft and renames it: a reader of the folder sees the whole mail or none, even after a crash.
fn write(folder: &Path, draft: &Path, file: &Path, text: &[u8]) -> io::Result<()> {
    let mut opening = fs::OpenOptions::new();
    opening.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut opening, 0o600);
    let mut open = opening.open(draft)?;
    open.write_all(text)?;
    open.sync_all()?;
    fs::rename(draft, file)?;
    fs::File::open(folder)?.sync_all()
}
