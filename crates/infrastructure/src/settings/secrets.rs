//! Secrets that a local start generates, stored in a file that only its owner can read.

use std::{
    collections::BTreeMap,
    fs::{self, DirBuilder, OpenOptions},
    io::{self, ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt as _, OpenOptionsExt},
    path::Path,
};

use anyhow::{Context, Result};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use secrecy::SecretString;
use uuid::Uuid;

use super::{Settings, TokenSettings, Tokens};
use crate::text;

impl Tokens {
    /// Returns the four kinds with their names in the configuration.
    pub fn kinds(&self) -> [(&'static str, &TokenSettings); 4] {
        [
            ("access", &self.access),
            ("refresh", &self.refresh),
            ("email", &self.email),
            ("password", &self.password),
        ]
    }

    /// Returns a warning for the log if others can read secrets that this process uses.
    pub(super) fn advice(&self) -> Option<String> {
        self.is_exposed.then(|| {
            let path = self.secrets_file.display();
            format!(
                "others can read {path} (tokens.secrets_file), and whoever does can forge tokens: chmod 600 {path}, and, if \
                 somebody may have read it, remove it, so that the next start makes new secrets and all log in again"
            )
        })
    }

    /// Returns a copy with fresh secrets, which are stored nowhere.
    pub fn with_fresh_secrets(&self) -> Result<Self> {
        let mut tokens = self.clone();
        for (_, kind) in tokens.kinds_mut() {
            kind.secrets = vec![random()?.into()];
        }
        Ok(tokens)
    }

    fn kinds_mut(&mut self) -> [(&'static str, &mut TokenSettings); 4] {
        [
            ("access", &mut self.access),
            ("refresh", &mut self.refresh),
            ("email", &mut self.email),
            ("password", &mut self.password),
        ]
    }
}

/// Gives every kind without secrets one from `tokens.secrets_file`, and creates the file if it does not exist.
pub(super) fn fill(settings: &mut Settings) -> Result<()> {
    if settings
        .tokens
        .kinds()
        .iter()
        .all(|(_, kind)| !kind.secrets.is_empty())
    {
        return Ok(());
    }
    let path = settings.tokens.secrets_file.clone();
    let mut kept = read_or_create(&path).with_context(|| {
        format!(
            "tokens.secrets_file {} cannot be used; make it writable or give tokens.*.secrets",
            path.display()
        )
    })?;
    settings.tokens.is_exposed = fs::metadata(&path).is_ok_and(|file| file.mode() & 0o077 != 0);
    for (name, kind) in settings.tokens.kinds_mut() {
        if kind.secrets.is_empty() {
            let secret = kept.remove(name).with_context(|| {
                format!(
                    "{} has no secret `{name}`; remove the file and start again",
                    path.display()
                )
            })?;
            kind.secrets.push(SecretString::from(secret));
        }
    }
    Ok(())
}

/// Generates a secret.
fn random() -> Result<String> {
    let mut random = [0_u8; 48];
    getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("no random bytes: {error}"))?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(random))
}

/// Reads the file, or creates it: written completely under another name, then linked to its own, so that two first starts
/// at once agree on one file.
fn read_or_create(path: &Path) -> Result<BTreeMap<String, String>> {
    match text::read(path) {
        Ok(text) => return parse(&text),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    let folder = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    if let Some(folder) = folder {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    let mut text =
        String::from("# Made at the first local start. Whoever reads this can forge tokens.\n");
    for name in ["access", "refresh", "email", "password"] {
        text.push_str(&format!("{name} = \"{}\"\n", random()?));
    }
    // In two containers that share the folder, both processes may have the same id.
    let unfinished = path.with_extension(format!("{}.tmp", Uuid::new_v4()));
    let linked = write(&unfinished, &text).and_then(|()| fs::hard_link(&unfinished, path));
    // Also where the disk is full: whoever starts the service again and again would collect them.
    drop(fs::remove_file(&unfinished));
    match linked {
        Ok(()) => parse(&text),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => parse(&text::read(path)?),
        Err(error) => Err(error.into()),
    }
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Parses the file. The error contains nothing of the text, which holds secrets.
fn parse(text: &str) -> Result<BTreeMap<String, String>> {
    config::Config::builder()
        .add_source(config::File::from_str(text, config::FileFormat::Toml))
        .build()
        .and_then(config::Config::try_deserialize)
        .map_err(|_| anyhow::anyhow!("it is not a table of `kind = \"secret\"` lines"))
}

#[cfg(test)]
mod tests {
    use std::{sync::Barrier, thread};

    use super::*;

    #[test]
    fn first_starts_at_once_agree_on_one_file_and_leave_no_other() {
        for _ in 0..50 {
            let folder = std::env::temp_dir().join(format!("starwars-{}", Uuid::new_v4()));
            let path = folder.join("secrets.toml");
            let gate = Barrier::new(8);
            let made: Vec<_> = thread::scope(|scope| {
                let start = || {
                    gate.wait();
                    read_or_create(&path).unwrap()
                };
                let starts: Vec<_> = (0..8).map(|_| scope.spawn(start)).collect();
                starts
                    .into_iter()
                    .map(|start| start.join().unwrap())
                    .collect()
            });
            assert!(made.iter().all(|secrets| *secrets == made[0]));
            assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
            fs::remove_dir_all(folder).unwrap();
        }
    }
}
