//! Mails handed to a server.

use std::time::Duration;

use anyhow::{Context as _, bail};
use lettre::transport::smtp::PoolConfig;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use secrecy::{ExposeSecret as _, SecretString};

/// Longest wait for one answer of the server.
const PATIENCE: Duration = Duration::from_secs(8);

pub(super) struct Smtp(AsyncSmtpTransport<Tokio1Executor>);

impl Smtp {
    /// Prepares a connection to `url`; none is made yet.
    pub(super) fn open(url: &SecretString, production: bool) -> anyhow::Result<Self> {
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
        let transport = builder
            .timeout(Some(PATIENCE))
            .pool_config(PoolConfig::new().max_size(2))
            .build();
        Ok(Self(transport))
    }

    pub(super) async fn send(&self, message: Message) -> anyhow::Result<String> {
        self.0
            .send(message)
            .await
            .map_err(|error| {
                // The server's words may name the address.
                let permanent = if error.is_permanent() {
                    "for good"
                } else {
                    "for now"
                };
                match error.status() {
                    Some(code) => anyhow::anyhow!("the server refused {permanent} with {code}"),
                    None if error.is_timeout() => {
                        anyhow::anyhow!("the server did not answer in time")
                    }
                    None => anyhow::Error::from(error),
                }
            })
            .context("SMTP")?;
        Ok("the mail server".to_owned())
    }
}

/// Whether mails and password travel encrypted or not at all. `tls=opportunistic` sends in the clear when
/// somebody on the way hides that the server can do better (RFC 8314, section 3).
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
            assert!(Smtp::open(&SecretString::from(url), true).is_err(), "{url}");
        }
    }

    #[tokio::test]
    async fn production_takes_a_mail_server_with_tls() {
        for url in [
            "smtps://me:pw@mail.example.org",
            "smtp://me:pw@mail.example.org:587?tls=required",
        ] {
            assert!(Smtp::open(&SecretString::from(url), true).is_ok(), "{url}");
        }
    }

    #[test]
    fn a_wrong_address_is_not_repeated_in_the_error() {
        let error = Smtp::open(&SecretString::from("http://me:hunter2@host"), false)
            .err()
            .map(|error| format!("{error:#}"))
            .unwrap_or_default();
        assert!(
            error.contains("mail.smtp_url") && !error.contains("hunter2"),
            "{error}"
        );
    }
}
