//! Root certificates that outgoing connections trust: those of the system and of `tls.ca_file`.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::text;

/// Characters of a line in PEM (RFC 7468, section 2).
const LINE_LENGTH: usize = 64;

/// The parameters of database URLs that name root certificates.
const DATABASE_PARAMETERS: [&str; 4] = ["sslrootcert", "ssl-root-cert", "ssl-ca", "sslca"];

/// Root certificates.
pub struct Roots(Vec<CertificateDer<'static>>);

impl Roots {
    /// Loads the certificates of the system (or of `SSL_CERT_FILE` and `SSL_CERT_DIR`) and those of the file.
    ///
    /// # Errors
    /// There are none, or the file cannot be used.
    pub fn load(ca_file: &Path) -> Result<Self> {
        let mut roots = rustls_native_certs::load_native_certs().certs;
        // A malformed certificate of the system is skipped; servers that need it are not trusted.
        roots.retain(is_valid);
        roots.extend(read_ca_file(ca_file)?);
        ensure!(
            !roots.is_empty(),
            "the system has no root certificates, so that no server is trusted: install them (ca-certificates), name them \
             in SSL_CERT_FILE, or set tls.ca_file"
        );
        Ok(Self(roots))
    }

    /// Returns each certificate in DER.
    pub fn der(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(AsRef::as_ref)
    }

    /// Returns all certificates in PEM.
    pub(crate) fn pem(&self) -> String {
        pem(&self.0)
    }
}

/// Adds the file to the URL of a database, unless the URL names certificates itself or is of SQLite.
///
/// # Errors
/// Names the key and the file that cannot be used, even where the URL does not need it.
pub(crate) fn with_ca_file(url: &SecretString, ca_file: &Path) -> Result<SecretString> {
    let roots = read_ca_file(ca_file)?;
    let parsed = Url::parse(url.expose_secret()).ok();
    let parsed = parsed.filter(|url| url.scheme() != "sqlite" && !roots.is_empty());
    let Some(mut changed) = parsed else {
        return Ok(url.clone());
    };
    if !changed
        .query_pairs()
        .any(|(name, _)| DATABASE_PARAMETERS.contains(&&*name))
    {
        changed
            .query_pairs_mut()
            .append_pair("ssl-ca", &ca_file.to_string_lossy());
    }
    Ok(String::from(changed).into())
}

/// Reads the certificates of the file; none if the path is empty.
fn read_ca_file(ca_file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    if ca_file.as_os_str().is_empty() {
        return Ok(Vec::new());
    }
    let place = || format!("tls.ca_file: {}", ca_file.display());
    let text = text::read(ca_file).with_context(place)?;
    let roots: Vec<_> = CertificateDer::pem_slice_iter(text.as_bytes())
        .collect::<Result<_, _>>()
        .ok()
        .filter(|roots: &Vec<_>| !roots.is_empty() && roots.iter().all(is_valid))
        .context("must hold certificates in PEM, and nothing that is none")
        .with_context(place)?;
    Ok(roots)
}

fn is_valid(root: &CertificateDer<'_>) -> bool {
    RootCertStore::empty().add(root.clone()).is_ok()
}

/// Encodes certificates as PEM (RFC 7468, section 3).
fn pem(roots: &[CertificateDer<'_>]) -> String {
    let mut pem = String::new();
    for root in roots {
        pem.push_str("-----BEGIN CERTIFICATE-----\n");
        for (index, character) in BASE64_STANDARD.encode(root).chars().enumerate() {
            if index > 0 && index % LINE_LENGTH == 0 {
                pem.push('\n');
            }
            pem.push(character);
        }
        pem.push_str("\n-----END CERTIFICATE-----\n");
    }
    pem
}
