//! Whom connections outwards trust: the root certificates of the system, and those of `tls.ca_file`.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::text;

/// Characters of a line (RFC 7468, section 2).
const LINE: usize = 64;

/// The parameters by which the URL of a database names certificates to trust.
const OF_DATABASES: [&str; 4] = ["sslrootcert", "ssl-root-cert", "ssl-ca", "sslca"];

/// Root certificates.
pub(crate) struct Roots(Vec<CertificateDer<'static>>);

impl Roots {
    /// Those of the system, where `SSL_CERT_FILE` and `SSL_CERT_DIR` may name others, and those of the file.
    ///
    /// # Errors
    /// There are none, or the file cannot be read.
    pub(crate) fn load(ca_file: &Path) -> Result<Self> {
        let mut roots = rustls_native_certs::load_native_certs().certs;
        // A system may have one that is malformed; whoever needs that one is refused.
        roots.retain(is_sound);
        roots.extend(of_file(ca_file)?);
        ensure!(
            !roots.is_empty(),
            "the system has no root certificates, so that no server is trusted: install them (ca-certificates), name them \
             in SSL_CERT_FILE, or set tls.ca_file"
        );
        Ok(Self(roots))
    }

    /// Each in DER.
    pub(crate) fn der(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(AsRef::as_ref)
    }

    /// All of them in PEM.
    pub(crate) fn pem(&self) -> String {
        pem(&self.0)
    }
}

/// The URL of a database that trusts the certificates of the file, too, unless it names some itself. SQLite has none.
///
/// # Errors
/// Names the key and the file that cannot be used; also where no database needs it.
pub(crate) fn trusting(url: &SecretString, ca_file: &Path) -> Result<SecretString> {
    let roots = of_file(ca_file)?;
    let parsed = Url::parse(url.expose_secret()).ok();
    let parsed = parsed.filter(|url| url.scheme() != "sqlite" && !roots.is_empty());
    let Some(mut trusting) = parsed else {
        return Ok(url.clone());
    };
    if !trusting
        .query_pairs()
        .any(|(name, _)| OF_DATABASES.contains(&&*name))
    {
        trusting
            .query_pairs_mut()
            .append_pair("ssl-ca", &ca_file.to_string_lossy());
    }
    Ok(String::from(trusting).into())
}

/// None while no file is named.
fn of_file(ca_file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    if ca_file.as_os_str().is_empty() {
        return Ok(Vec::new());
    }
    let place = || format!("tls.ca_file: {}", ca_file.display());
    let text = text::read(ca_file).with_context(place)?;
    let roots: Vec<_> = CertificateDer::pem_slice_iter(text.as_bytes())
        .collect::<Result<_, _>>()
        .ok()
        .filter(|roots: &Vec<_>| !roots.is_empty() && roots.iter().all(is_sound))
        .context("must hold certificates in PEM, and nothing that is none")
        .with_context(place)?;
    Ok(roots)
}

fn is_sound(root: &CertificateDer<'_>) -> bool {
    RootCertStore::empty().add(root.clone()).is_ok()
}

/// RFC 7468, section 3.
fn pem(roots: &[CertificateDer<'_>]) -> String {
    let mut pem = String::new();
    for root in roots {
        pem.push_str("-----BEGIN CERTIFICATE-----\n");
        for (place, character) in BASE64_STANDARD.encode(root).chars().enumerate() {
            if place > 0 && place % LINE == 0 {
                pem.push('\n');
            }
            pem.push(character);
        }
        pem.push_str("\n-----END CERTIFICATE-----\n");
    }
    pem
}
