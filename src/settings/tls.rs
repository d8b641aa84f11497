//! The `tls` section: certificates that outgoing connections trust.

use std::path::PathBuf;

use anyhow::Result;
use serde::Deserialize;

use super::Settings;
use crate::tls;

/// The `tls` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tls {
    /// A file with root certificates besides those of the system; unset while empty.
    pub ca_file: PathBuf,
}

/// Copies the file to the sections of the database and of Redis, whose connections are made from their section alone.
pub(super) fn copy_ca_file(settings: &mut Settings) -> Result<()> {
    let ca_file = &settings.tls.ca_file;
    settings.database.url = tls::with_ca_file(&settings.database.url, ca_file)?;
    settings.revocation.ca_file.clone_from(ca_file);
    Ok(())
}
