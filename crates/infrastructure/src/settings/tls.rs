//! The `tls` section: certificates that outgoing connections trust.

use std::path::PathBuf;

use serde::Deserialize;

/// The `tls` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// A file with root certificates besides those of the system; unset while empty.
    pub ca_file: PathBuf,
}
