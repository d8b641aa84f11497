//! The `tls` section: whom connections outwards trust.

use std::path::PathBuf;

use anyhow::Result;
use serde::Deserialize;

use super::Settings;
use crate::tls;

/// The `tls` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tls {
    /// A file with root certificates besides those of the system; none while empty.
    pub ca_file: PathBuf,
}

/// Hands the file on to the sections whose connections are made without the others.
pub(super) fn hand_on(settings: &mut Settings) -> Result<()> {
    let ca_file = &settings.tls.ca_file;
    settings.database.url = tls::trusting(&settings.database.url, ca_file)?;
    settings.revocation.ca_file.clone_from(ca_file);
    Ok(())
}
