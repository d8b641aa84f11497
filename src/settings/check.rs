//! What must hold between keys before anything starts.

use anyhow::{Result, bail, ensure};
use lettre::message::Mailbox;
use secrecy::ExposeSecret;

use super::{MailBackend, RevocationBackend, Settings};

/// Names the first key that does not fit, and what would.
pub(super) fn check(settings: &Settings) -> Result<()> {
    let server = &settings.server;
    if !server.public_url.is_empty() {
        ensure!(
            server.public_url.starts_with("http://") || server.public_url.starts_with("https://"),
            "server.public_url must begin with http:// or https://"
        );
        ensure!(
            !server.public_url.ends_with('/'),
            "server.public_url must not end in a slash"
        );
    }
    let url = settings.database.url.expose_secret();
    ensure!(
        ["sqlite:", "postgres:", "postgresql:", "mysql:"]
            .iter()
            .any(|scheme| url.starts_with(scheme)),
        "database.url must begin with sqlite://, postgres:// or mysql://"
    );
    ensure!(
        settings.database.max_connections > 0,
        "database.max_connections must be at least 1"
    );
    ensure!(
        (1..=60_000).contains(&settings.database.busy_timeout_ms),
        "database.busy_timeout_ms must be from 1 to 60000"
    );
    ensure!(
        (1..=10_000).contains(&settings.revocation.timeout_ms),
        "revocation.timeout_ms must be from 1 to 10000"
    );
    if settings.revocation.backend == RevocationBackend::Redis {
        let Some(url) = &settings.revocation.redis_url else {
            bail!("revocation.redis_url must be set when revocation.backend is `redis`");
        };
        let url = url.expose_secret();
        ensure!(
            url.starts_with("redis://") || url.starts_with("rediss://"),
            "revocation.redis_url must begin with redis:// or rediss://"
        );
    }
    for (name, kind) in settings.tokens.kinds() {
        ensure!(
            (1..=24 * 366).contains(&kind.hours),
            "tokens.{name}.hours must be from 1 to 8784"
        );
        if settings.profile.is_production() {
            ensure!(
                !kind.secrets.is_empty(),
                "tokens.{name}.secrets must be given in production: set STARWARS__TOKENS__{}__SECRETS",
                name.to_uppercase()
            );
        }
    }
    ensure!(
        !settings.tokens.issuer.is_empty(),
        "tokens.issuer must not be empty"
    );
    ensure!(
        settings.sessions.absolute_days > 0 && settings.sessions.absolute_days <= 3650,
        "sessions.absolute_days must be from 1 to 3650"
    );
    ensure!(
        settings.sessions.refresh_repeat_seconds <= 300,
        "sessions.refresh_repeat_seconds must be at most 300"
    );
    check_mail(settings)?;
    let passwords = &settings.passwords;
    ensure!(
        passwords.parallelism > 0 && passwords.iterations > 0,
        "passwords.parallelism and passwords.iterations must be at least 1"
    );
    ensure!(
        passwords.memory_kib >= 8 * passwords.parallelism && passwords.memory_kib <= 4 << 20,
        "passwords.memory_kib must be at least 8 for each lane and at most 4194304"
    );
    ensure!(passwords.queue > 0, "passwords.queue must be at least 1");
    if settings.profile.is_production() {
        ensure!(
            passwords.memory_kib >= 19_456 && passwords.iterations >= 2,
            "passwords.memory_kib must be at least 19456 and passwords.iterations at least 2 in production"
        );
    }
    Ok(())
}

fn check_mail(settings: &Settings) -> Result<()> {
    ensure!(
        settings.mail.from.parse::<Mailbox>().is_ok(),
        "mail.from must be a mailbox, such as `Star Wars API <no-reply@example.org>`"
    );
    if settings.mail.backend != MailBackend::Smtp {
        return Ok(());
    }
    let Some(url) = &settings.mail.smtp_url else {
        bail!("mail.smtp_url must be set when mail.backend is `smtp`");
    };
    let url = url.expose_secret();
    ensure!(
        url.starts_with("smtp://") || url.starts_with("smtps://"),
        "mail.smtp_url must begin with smtp:// or smtps://"
    );
    if settings.profile.is_production() {
        ensure!(
            url.starts_with("smtps://") || url.contains("tls=required"),
            "mail.smtp_url must use TLS in production: smtps://… or smtp://…?tls=required"
        );
    }
    Ok(())
}
