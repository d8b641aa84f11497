//! Where settings come from, and in which order.

use std::{env, path::Path};

use anyhow::{Context, Result, bail};
use config::{Config, Environment, File, FileFormat};

use super::{Profile, Settings, check, secrets};

const DEFAULTS: &str = include_str!("../../config/default.toml");
const PRODUCTION: &str = include_str!("../../config/production.toml");

/// Reads the settings of this process: files below `config/`, then the environment.
///
/// # Errors
///
/// Names the key and what is allowed there; never shows a secret.
pub(crate) fn load() -> Result<Settings> {
    let profile = match env::var("STARWARS_PROFILE") {
        Ok(name) if !name.is_empty() => Profile::new(name),
        _ => Profile::default(),
    };
    load_from(profile, Path::new("config"))
}

fn load_from(profile: Profile, folder: &Path) -> Result<Settings> {
    let builder = Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
    let file = folder.join(format!("{profile}.toml"));
    let builder = if file.is_file() {
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
    let mut settings: Settings = builder
        .add_source(
            Environment::with_prefix("STARWARS")
                .prefix_separator("__")
                .separator("__"),
        )
        .build()
        .and_then(Config::try_deserialize)
        .context("the configuration is not valid")?;
    settings.profile = profile;
    check::check(&settings)?;
    secrets::fill(&mut settings)?;
    Ok(settings)
}

/// The compiled-in file alone.
#[expect(
    clippy::expect_used,
    reason = "the file is part of the binary; a test reads it"
)]
pub(super) fn defaults() -> Settings {
    Config::builder()
        .add_source(File::from_str(DEFAULTS, FileFormat::Toml))
        .build()
        .and_then(Config::try_deserialize)
        .expect("config/default.toml is valid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiled_in_files_are_valid() {
        assert_eq!(defaults().server.bind.port(), 5003);
        let both = Config::builder()
            .add_source(File::from_str(DEFAULTS, FileFormat::Toml))
            .add_source(File::from_str(PRODUCTION, FileFormat::Toml))
            .build()
            .and_then(Config::try_deserialize::<Settings>);
        assert!(both.is_ok(), "{both:?}");
    }
}
