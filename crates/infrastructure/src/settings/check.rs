//! Checks of values, and of keys against each other, before the service starts.

use anyhow::{Result, ensure};
use argon2::Params;
use gatekeeper::{ORIGIN_FORM, is_origin};
use secrecy::ExposeSecret as _;
use url::Url;

use super::{Limits, PasswordLimits, Passwords, RevocationBackend, Settings, Tracing};
use super::{links, urls};

/// Largest number of a limit: one for each microsecond of a second, which is how finely the limits count.
const MAX_ATTEMPTS: u32 = 1_000_000;
/// Longest window of a limit in seconds: a day.
const MAX_SECONDS: u32 = 86_400;
/// Longest part of a stop in seconds: an hour.
const MAX_STOP_SECONDS: u64 = 3600;

/// Checks all settings.
///
/// # Errors
/// Names the first key with a wrong value, and the values that are allowed.
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
    ensure!(
        server.cors_origins.iter().all(|origin| is_origin(origin)),
        "server.cors_origins must each be {ORIGIN_FORM}"
    );
    ensure!(server.workers <= 512, "server.workers must be at most 512");
    for (name, seconds) in [
        ("drain_seconds", server.drain_seconds),
        ("shutdown_seconds", server.shutdown_seconds),
    ] {
        ensure!(
            seconds <= MAX_STOP_SECONDS,
            "server.{name} must be at most {MAX_STOP_SECONDS}"
        );
    }
    urls::check_database(&settings.database.url)?;
    settings.redis.check()?;
    if let Some(url) = &settings.mail.smtp_url {
        urls::check_smtp(url)?;
    }
    let links = &settings.mail.links;
    for (name, link) in [
        ("verification", &links.verification),
        ("password", &links.password),
        ("email_change", &links.email_change),
    ] {
        if !link.is_empty() {
            links::check(name, link, settings.profile.is_production())?;
        }
    }
    ensure!(
        (1..=1000).contains(&settings.database.max_connections),
        "database.max_connections must be from 1 to 1000"
    );
    let url = settings.database.url.expose_secret();
    ensure!(
        !settings.database.transaction_pooling || url.starts_with("postgres"),
        "database.transaction_pooling is for PostgreSQL"
    );
    ensure!(
        (1..=60_000).contains(&settings.database.busy_timeout_ms),
        "database.busy_timeout_ms must be from 1 to 60000"
    );
    ensure!(
        settings.revocation.backend == RevocationBackend::Embedded
            || !settings.redis.urls.is_empty(),
        "redis.urls (or revocation.redis_url, its old name) must be set when revocation.backend is not `embedded`"
    );
    ensure!(
        (50..=10_000).contains(&settings.revocation.staleness_ms),
        "revocation.staleness_ms must be from 50 to 10000"
    );
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
    ensure!(
        (1..=3650).contains(&settings.audit.days),
        "audit.days must be from 1 to 3650"
    );
    check_limits(&settings.limits)?;
    check_tracing(&settings.tracing)?;
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

fn check_tracing(tracing: &Tracing) -> Result<()> {
    ensure!(
        !tracing.is_on() || is_base(&tracing.otlp_endpoint),
        "tracing.otlp_endpoint must be like http://collector.example:4318, without a slash at the end; credentials for it \
         go into OTEL_EXPORTER_OTLP_HEADERS"
    );
    ensure!(
        (0.0..=1.0).contains(&tracing.sample_ratio),
        "tracing.sample_ratio must be from 0 to 1"
    );
    Ok(())
}

/// Checks that each limit allows something, and that its window is a day at most.
fn check_limits(limits: &Limits) -> Result<()> {
    let PasswordLimits {
        account_and_address,
        address,
        account,
        seconds,
    } = limits.passwords;
    let mails = limits.mails;
    let numbers = [
        (
            "passwords.account_and_address",
            account_and_address,
            MAX_ATTEMPTS,
        ),
        ("passwords.address", address, MAX_ATTEMPTS),
        ("passwords.account", account, MAX_ATTEMPTS),
        ("passwords.seconds", seconds, MAX_SECONDS),
        ("mails.recipient", mails.recipient, MAX_ATTEMPTS),
        ("mails.address", mails.address, MAX_ATTEMPTS),
        ("mails.seconds", mails.seconds, MAX_SECONDS),
    ];
    let numbers = numbers.map(|(name, number, most)| (name.to_owned(), number, most));
    let operations = limits.operations.iter();
    let rates = operations
        .map(|(operation, rate)| (format!("operations.{operation}"), rate))
        .chain([("idempotency_keys".to_owned(), &limits.idempotency_keys)])
        .flat_map(|(name, rate)| {
            [
                (format!("{name}.requests"), rate.requests, MAX_ATTEMPTS),
                (format!("{name}.seconds"), rate.seconds, MAX_SECONDS),
            ]
        });
    for (name, number, most) in numbers.into_iter().chain(rates) {
        ensure!(
            (1..=most).contains(&number),
            "limits.{name} must be from 1 to {most}"
        );
    }
    Ok(())
}

/// Returns whether URLs can be made by appending a path to the text.
fn is_base(text: &str) -> bool {
    let clean = text.bytes().all(|byte| byte.is_ascii_graphic())
        && !text.contains(['@', '?', '#', '\\'])
        && !text.ends_with('/');
    // The parser takes `http:host`, too, of which a browser makes a path.
    let Some((_, written)) = text.split_once("://").filter(|_| clean) else {
        return false;
    };
    let written = written.find('/').map_or("", |start| &written[start..]);
    Url::parse(text).is_ok_and(|url| {
        let path = url.path().trim_end_matches('/');
        let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
        // What a parser has to mend, or a proxy may, is no beginning of a URI (RFC 3986, section 3.3).
        is_web && written == path && !path.contains("//") && is_percent_encoded(path)
    })
}

/// Returns whether each `%` of a path begins two hexadecimal digits.
fn is_percent_encoded(path: &str) -> bool {
    path.split('%').skip(1).all(|rest| {
        let digits = rest.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

#[cfg(test)]
mod tests {
    use super::{check_limits, is_base};
    use crate::settings::Settings;

    #[test]
    fn a_limit_of_nothing_or_beyond_a_day_is_refused_by_name() {
        let limits = Settings::default().limits;
        assert!(check_limits(&limits).is_ok());
        let mut none = limits.clone();
        none.passwords.account = 0;
        let mut long = limits;
        if let Some(rate) = long.operations.get_mut("change_password") {
            rate.seconds = 86_401;
        }
        for (limits, name) in [
            (none, "limits.passwords.account "),
            (long, "limits.operations.change_password.seconds "),
        ] {
            let error =
                check_limits(&limits).map_or_else(|error| error.to_string(), |()| String::new());
            assert!(error.starts_with(name), "{error}");
        }
    }

    #[test]
    fn links_can_be_made_from_a_plain_url_only() {
        for base in ["http://127.0.0.1:5003", "https://api.example.org/starwars"] {
            assert!(is_base(base), "{base}");
        }
        for base in [
            "",
            "ftp://x",
            "http://x/",
            "http:x",
            "http:/x",
            "http://x\\",
            "http:\\\\x",
            "http://u:p@x",
            "http://x?a",
            "http://x#a",
            "http://x\r\nX-Evil: 1",
            "http://a b",
            "https://",
            "https://x/\"y\"",
            "https://x/<y>",
            "https://x/%zz",
            "https://x/y/../z",
            "https://x//y",
        ] {
            assert!(!is_base(base), "{base}");
        }
    }
}
