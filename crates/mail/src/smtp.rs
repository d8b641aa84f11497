//! Sends mails by SMTP.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::transport::smtp::response::Category;
use lettre::transport::smtp::{Error, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use infrastructure::tls::Roots;

/// The longest wait for one reply of the server.
const PATIENCE: Duration = Duration::from_secs(8);

/// The server will never accept this mail; another attempt would be refused as well (RFC 5321, section 4.2.1).
#[derive(Debug)]
pub(super) struct Refused(String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the server refused the mail for good with {}", self.0)
    }
}

impl std::error::Error for Refused {}

pub(super) struct Smtp(AsyncSmtpTransport<Tokio1Executor>);

impl Smtp {
    /// Prepares the transport to `url`, without connecting.
    pub(super) fn open(
        url: &SecretString,
        production: bool,
        ca_file: &Path,
    ) -> anyhow::Result<Self> {
        let url = url.expose_secret();
        if production && !is_encrypted(url) {
            bail!("mail.smtp_url must use TLS in production: smtps://…, or smtp://…?tls=required");
        }
        // The parser's own message could repeat the password.
        let Ok(builder) = AsyncSmtpTransport::<Tokio1Executor>::from_url(url) else {
            bail!(
                "mail.smtp_url is no address of a mail server; \
                 it should look like smtps://user:password@mail.example.org"
            );
        };
        let builder = match encryption(url) {
            Some((form, host)) => builder.tls(form(parameters(host, ca_file)?)),
            None => builder,
        };
        let transport = builder
            .timeout(Some(PATIENCE))
            .pool_config(PoolConfig::new().max_size(2))
            .build();
        Ok(Self(transport))
    }

    /// Sends the mail and returns where to, for the log.
    ///
    /// # Errors
    /// [`Refused`] if another attempt is no use.
    pub(super) async fn send(&self, message: Message) -> anyhow::Result<String> {
        let Err(error) = self.0.send(message).await else {
            return Ok("the mail server".to_owned());
        };
        let refused = self.refuses_this_mail(&error).await;
        // The server's text may name the address.
        Err(match error.status() {
            Some(code) if refused => Refused(code.to_string()).into(),
            Some(code) => anyhow::anyhow!("the server refused with {code}"),
            None if error.is_timeout() => anyhow::anyhow!("the server did not answer in time"),
            None => anyhow::Error::from(error),
        })
        .context("SMTP")
    }

    /// Returns true if the server refuses this mail and not the service: a wrong password or a blocked address of the service
    /// (RFC 4954, section 6; RFC 7504) can be put right, and every queued mail would be lost by then.
    async fn refuses_this_mail(&self, error: &Error) -> bool {
        let status = error.status();
        let of_access = status.is_some_and(|code| code.category == Category::Unspecified3);
        error.is_permanent()
            && !of_access
            // A server that refuses the connection would refuse any mail.
            && self.0.test_connection().await.unwrap_or(false)
    }
}

/// The point at which TLS begins, and whether mails are sent without it.
type Encryption = fn(TlsParameters) -> Tls;

/// Returns how TLS begins, if it does, and the name that the server must prove. The library reads the same from the URL,
/// but would trust other roots.
fn encryption(url: &str) -> Option<(Encryption, String)> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?.to_owned();
    let tls = url.query_pairs().find(|(name, _)| name == "tls");
    let form = match (url.scheme(), tls.as_ref().map(|(_, value)| &**value)) {
        ("smtps", _) => Tls::Wrapper,
        (_, Some("required")) => Tls::Required,
        (_, Some("opportunistic")) => Tls::Opportunistic,
        _ => return None,
    };
    Some((form, host))
}

fn parameters(host: String, ca_file: &Path) -> anyhow::Result<TlsParameters> {
    let mut builder = TlsParameters::builder(host).certificate_store(CertificateStore::None);
    for root in Roots::load(ca_file)?.der() {
        let root = Certificate::from_der(root.to_vec()).context("a root certificate")?;
        builder = builder.add_root_certificate(root);
    }
    builder
        .build()
        .context("mail.smtp_url: the connection cannot be encrypted")
}

/// Returns true if mails and password are sent encrypted or not at all. `tls=opportunistic` sends in the clear when an
/// attacker on the way hides that the server supports TLS (RFC 8314, section 3).
fn is_encrypted(url: &str) -> bool {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    url.starts_with("smtps://")
        || (url.starts_with("smtp://") && query.split('&').any(|pair| pair == "tls=required"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_refuses_a_mail_server_without_tls() {
        for url in [
            "smtp://mail.example.org",
            "smtp://me:pw@mail.example.org:587?tls=opportunistic",
            "smtp://me:tls=required@mail.example.org",
        ] {
            assert!(
                Smtp::open(&SecretString::from(url), true, Path::new("")).is_err(),
                "{url}"
            );
        }
    }

    #[tokio::test]
    async fn production_takes_a_mail_server_with_tls() {
        for url in [
            "smtps://me:pw@mail.example.org",
            "smtp://me:pw@mail.example.org:587?tls=required",
        ] {
            assert!(
                Smtp::open(&SecretString::from(url), true, Path::new("")).is_ok(),
                "{url}"
            );
        }
    }

    #[test]
    fn a_wrong_address_is_not_repeated_in_the_error() {
        let error = Smtp::open(
            &SecretString::from("http://me:hunter2@host"),
            false,
            Path::new(""),
        )
        .err()
        .map(|error| format!("{error:#}"))
        .unwrap_or_default();
        assert!(
            error.contains("mail.smtp_url") && !error.contains("hunter2"),
            "{error}"
        );
    }
}
