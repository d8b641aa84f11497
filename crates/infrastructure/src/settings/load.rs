//! Loads settings from the compiled-in defaults, the profile's file, the folder of secrets and the environment, in this order.

use std::{env, path::Path};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use config::{Config, ConfigError, Environment, File, FileFormat, Map};

use super::{Bind, Profile, Settings, check, folder, secrets};
use crate::{text, tls};

const DEFAULTS: &str = include_str!("../../../../config/default.toml");
const PRODUCTION: &str = include_str!("../../../../config/production.toml");

/// Reads the settings of this process: files below `config/`, then those of `STARWARS_SECRETS_DIR`, then the environment.
///
/// # Errors
/// Names the key and what is allowed there; never shows a secret.
pub fn load() -> Result<Settings> {
    let mut settings = load_without_secrets()?;
    secrets::fill(&mut settings)?;
    Ok(settings)
}

/// Reads the settings for commands that need no secrets, and generates none.
///
/// # Errors
/// Those of [`load`].
pub fn load_without_secrets() -> Result<Settings> {
    let mut settings = read(Path::new("config"), folder::source()?)?;
    check::check(&settings)?;
    copy_ca_file(&mut settings)?;
    Ok(settings)
}

/// Reads the address that the service listens on, and no file of secrets: systemd lets nobody but the service read those.
///
/// # Errors
///
/// Those of [`load`], but for values that are wrong together.
pub fn load_bind() -> Result<Bind> {
    let no_secrets = Environment::default().source(Some(Map::new()));
    Ok(read(Path::new("config"), no_secrets)?.server.bind)
}

/// Returns the profile of this process, from `STARWARS_PROFILE`.
pub fn profile() -> Profile {
    env::var_os("STARWARS_PROFILE")
        .filter(|name| !name.is_empty())
        .map_or_else(Profile::default, |name| {
            Profile::new(name.to_string_lossy())
        })
}

fn read(folder: &Path, secrets: Environment) -> Result<Settings> {
    refuse_misspelt_names()?;
    let profile = profile();
    let builder = Config::builder();
    let file = folder.join(format!("{profile}.toml"));
    let builder = if file.exists() {
        // Read here first, since the library does not say what is wrong with the bytes.
        text::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        builder.add_source(File::from(file))
    } else if profile.is_production() {
        builder.add_source(File::from_str(PRODUCTION, FileFormat::Toml))
    } else if profile == Profile::default() {
        builder
    } else {
        bail!(
            "STARWARS_PROFILE is `{profile}`, but there is no {}",
            file.display()
        );
    };
    let invalid =
        |error: ConfigError| anyhow!("the configuration is not valid: {}", explain(&error));
    let set = builder
        .add_source(secrets)
        .add_source(
            Environment::with_prefix("STARWARS")
                .prefix_separator("__")
                .separator("__")
                // Docker Compose sets a variable without a value to the empty text.
                .ignore_empty(true),
        )
        .build()
        .map_err(invalid)?;
    let mut settings: Settings = Config::builder()
        .add_source(File::from_str(DEFAULTS, FileFormat::Toml))
        .add_source(set.clone())
        .build()
        .and_then(Config::try_deserialize)
        .map_err(invalid)?;
    settings.profile = profile;
    let (old_url, old_timeout) = (
        settings.revocation.redis_url.take(),
        settings.revocation.timeout_ms.take(),
    );
    settings.redis.take_over(old_url, old_timeout, &set)?;
    Ok(settings)
}

/// Refuses a variable such as `STARWARS_SERVER__BIND`, which nothing would read.
fn refuse_misspelt_names() -> Result<()> {
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy().to_ascii_uppercase();
        // Kubernetes sets others that begin like this, from the names of its services: STARWARS_API_SERVICE_HOST.
        let key = name.strip_prefix("STARWARS_").unwrap_or_default();
        ensure!(
            key.starts_with('_') || !key.contains("__"),
            "{name} is no variable of this service: two underscores follow STARWARS, as in STARWARS__{key}"
        );
    }
    Ok(())
}

/// Describes an error without the value it is about, which may be a misplaced secret.
fn explain(error: &ConfigError) -> String {
    match error {
        ConfigError::NotFound(key) => format!("{key} is missing"),
        ConfigError::FileParse { uri, cause } => {
            // The lines after the first quote the file.
            let place = cause
                .to_string()
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned();
            format!("{}: {place}", uri.as_deref().unwrap_or("a file"))
        }
        ConfigError::Type {
            expected,
            key,
            origin,
            ..
        } => format!("{}: expected {}", place(key, origin), in_words(expected)),
        ConfigError::At { error, key, origin } => {
            format!("{}: {}", place(key, origin), explain(error))
        }
        ConfigError::Message(text) => {
            // Messages that are known to contain keys and choices only.
            const PLAIN: [&str; 3] = ["unknown field", "missing field", "expected "];
            match text.rsplit_once(", expected ") {
                _ if PLAIN.iter().any(|start| text.starts_with(start)) => text.clone(),
                Some((_, expected)) => format!("expected {}", in_words(expected)),
                None => "a value cannot be read; is it text in UTF-8?".to_owned(),
            }
        }
        _ => "a value cannot be read".to_owned(),
    }
}

/// Returns the key, with the file that it stands in. The library calls files of secrets `the environment`, too.
fn place(key: &Option<String>, origin: &Option<String>) -> String {
    let key = key.as_deref().unwrap_or("a key");
    match origin.as_deref().filter(|origin| origin.ends_with(".toml")) {
        Some(file) => format!("{key} in {file}"),
        None => key.to_owned(),
    }
}

/// Returns what was expected without the names that Rust has for it. Every integer of the settings counts something.
fn in_words(expected: &str) -> &str {
    match expected {
        "a boolean" => "true or false",
        "a floating point" => "a number",
        "a string" => "a text",
        _ if expected.starts_with("struct ") => "a table of settings",
        _ if expected.contains("integer") => "a whole number that is not negative",
        _ => expected,
    }
}

impl Default for Settings {
    /// Returns the settings of the compiled-in default file.
    #[expect(
        clippy::expect_used,
        reason = "the file is part of the binary; a test reads it"
    )]
    fn default() -> Self {
        Config::builder()
            .add_source(File::from_str(DEFAULTS, FileFormat::Toml))
            .build()
            .and_then(Config::try_deserialize)
            .expect("config/default.toml is valid")
    }
}

/// Copies the file to the sections of the database and of Redis, whose connections are made from their section alone.
fn copy_ca_file(settings: &mut Settings) -> Result<()> {
    let ca_file = &settings.tls.ca_file;
    settings.database.url = tls::with_ca_file(&settings.database.url, ca_file)?;
    settings.redis.ca_file.clone_from(ca_file);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiled_in_files_are_valid() {
        assert_eq!(Settings::default().server.bind.port(), 5003);
        let both = Config::builder()
            .add_source(File::from_str(DEFAULTS, FileFormat::Toml))
            .add_source(File::from_str(PRODUCTION, FileFormat::Toml))
            .build()
            .and_then(Config::try_deserialize::<Settings>);
        assert!(both.is_ok(), "{both:?}");
    }

    #[test]
    fn an_error_names_the_place_and_not_what_stands_there() {
        let secret = "hunter2-hunter2-hunter2-hunter2-hunter2";
        for (file, place) in [
            (format!("[tokens]\naccess = \"{secret}\""), "tokens.access"),
            (format!("mail = \"{secret}\""), "mail"),
            (
                format!("[tokens.access]\nhours = \"{secret}\""),
                "tokens.access.hours",
            ),
            (format!("[server]\nbind = \"{secret}\""), "server.bind"),
            (
                "[server]\nshutdown_seconds = -1".to_owned(),
                "server.shutdown_seconds: expected a whole number that is not negative",
            ),
            (
                format!("[limits]\npasswords = \"{secret}\""),
                "limits.passwords: expected a table of settings",
            ),
            (
                format!("[tokens.access]\nsecrets = '[\"{secret}\",\"{secret}\"]'"),
                "without brackets and quotes",
            ),
            (
                format!("[mail]\nbackend = \"{secret}\""),
                "`outbox` or `smtp`",
            ),
            (format!("[mail]\nsmtp_url = \"{secret}"), "line 2"),
            (
                format!("[mail]\nfrom = \"{secret}\"\nfrom = \"{secret}\""),
                "line 3",
            ),
        ] {
            let error = Config::builder()
                .add_source(File::from_str(DEFAULTS, FileFormat::Toml))
                .add_source(File::from_str(&file, FileFormat::Toml))
                .build()
                .and_then(Config::try_deserialize::<Settings>)
                .map_or_else(|error| explain(&error), |_| String::new());
            assert!(
                error.contains(place) && !error.contains("hunter2"),
                "{file}: {error}"
            );
        }
    }
}
