//! What must hold between keys before anything starts.

use anyhow::{Result, bail, ensure};
use argon2::Params;
use deadpool_redis::redis::Client;
use secrecy::ExposeSecret;
use url::Url;

use super::{Passwords, RevocationBackend, Settings};

/// Names the first key that does not fit, and what would.
pub(super) fn check(settings: &Settings) -> Result<()> {
    let server = &settings.server;
    if server.public_url.is_empty() {
        ensure!(
            !settings.profile.is_production(),
            "server.public_url must be given in production: links in mails begin with it"
        );
    } else {
        ensure!(
            is_base(&server.public_url),
            "server.public_url must be like https://api.example.org, without a slash at the end"
        );
    }
    ensure!(server.workers <= 512, "server.workers must be at most 512");
    let url = Url::parse(settings.database.url.expose_secret());
    ensure!(
        url.is_ok_and(|url| ["sqlite", "postgres", "postgresql", "mysql"].contains(&url.scheme())),
        "database.url must be like sqlite://path, postgres://user:password@host/name or mysql://user:password@host/name"
    );
    ensure!(
        (1..=1000).contains(&settings.database.max_connections),
        "database.max_connections must be from 1 to 1000"
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
        ensure!(
            Client::open(url.expose_secret()).is_ok(),
            "revocation.redis_url must be like redis://user:password@host:6379/0, or rediss:// for TLS"
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
        settings.sessions.absolute_days > 0 && settings.sessions.absolute_days <= 3650,
        "sessions.absolute_days must be from 1 to 3650"
    );
    ensure!(
        settings.sessions.refresh_repeat_seconds <= 300,
        "sessions.refresh_repeat_seconds must be at most 300"
    );
    let passwords = &settings.passwords;
    let Passwords {
        memory_kib,
        iterations,
        parallelism,
        ..
    } = *passwords;
    ensure!(
        Params::new(memory_kib, iterations, parallelism, None).is_ok() && memory_kib <= 4 << 20,
        "passwords.iterations and passwords.parallelism must be at least 1, passwords.memory_kib at least \
         8 for each lane and at most 4194304"
    );
    ensure!(
        (1..=10_000).contains(&passwords.queue) && passwords.threads <= 512,
        "passwords.queue must be from 1 to 10000, passwords.threads at most 512"
    );
    if settings.profile.is_production() {
        ensure!(
            passwords.memory_kib >= 19_456 && passwords.iterations >= 2,
            "passwords.memory_kib must be at least 19456 and passwords.iterations at least 2 in production"
        );
    }
    Ok(())
}

/// Whether links may be made by appending a path.
fn is_base(text: &str) -> bool {
    let clean = text.bytes().all(|byte| byte.is_ascii_graphic()) && !text.contains(['@', '?', '#']);
    clean
        && !text.ends_with('/')
        && Url::parse(text)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

#[cfg(test)]
mod tests {
    use super::is_base;

    #[test]
    fn links_can_be_made_from_a_plain_url_only() {
        for base in ["http://127.0.0.1:5003", "https://api.example.org/starwars"] {
            assert!(is_base(base), "{base}");
        }
        for base in [
            "",
            "ftp://x",
            "http://x/",
            "http://u:p@x",
            "http://x?a",
            "http://x#a",
            "http://x\r\nX-Evil: 1",
            "http://a b",
            "https://",
        ] {
            assert!(!is_base(base), "{base}");
        }
    }
}
