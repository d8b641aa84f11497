//! Checks of the URLs among the settings. The libraries ignore parameters that they do not know, and a misspelt `sslmode`
//! would be a connection without encryption; so each name is checked here.

use std::collections::HashSet;

use anyhow::{Context as _, Result, ensure};
use deadpool_redis::redis::Client;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::mysql::MySqlConnectOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use url::Url;

const DATABASE: &str = "database.url";
const REDIS: &str = "redis.urls (or revocation.redis_url, its old name)";
const SMTP: &str = "mail.smtp_url";

const SQLITE_NAMES: [&str; 4] = ["mode", "cache", "immutable", "vfs"];
const POSTGRES_NAMES: [&str; 19] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
    OPTION,
];
/// The name in lists that stands for a session parameter of PostgreSQL.
const OPTION: &str = "options[NAME]";
const MYSQL_NAMES: [&str; 14] = [
    "sslmode",
    "ssl-mode",
    "sslca",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "charset",
    "collation",
    "statement-cache-capacity",
    "socket",
    "timezone",
    "time-zone",
];

/// Checks `database.url` against the parameters of its dialect.
///
/// # Errors
/// Names the key and the parameters that are allowed; never a part of the URL.
pub(super) fn check_database(url: &SecretString) -> Result<()> {
    let text = url.expose_secret();
    let authority = text
        .split_once("://")
        .and_then(|(_, rest)| rest.split(['/', '?']).next());
    let hosts = authority.and_then(|authority| authority.rsplit('@').next());
    ensure!(
        !text.starts_with("postgres") || !hosts.is_some_and(|hosts| hosts.contains(',')),
        "database.url must name one host, such as an address that leads to the primary"
    );
    let parsed = Url::parse(text).ok();
    let scheme = parsed.as_ref().map_or("", Url::scheme);
    let is_valid = match (scheme, &parsed) {
        ("sqlite", _) => {
            // The name of a file may contain `#`, so there is no fragment here.
            let query = text.split_once('?').map_or("", |(_, query)| query);
            let names = url::form_urlencoded::parse(query.as_bytes());
            check_names(DATABASE, names.map(|(name, _)| name), &SQLITE_NAMES)?;
            let options = text.parse::<SqliteConnectOptions>().ok();
            // A database in memory belongs to one connection: a pool would see several.
            let is_file = |options: &SqliteConnectOptions| {
                let has_name = !options.get_filename().as_os_str().is_empty();
                has_name && !text.contains(":memory:") && !text.contains("mode=memory")
            };
            ensure!(
                options.as_ref().is_none_or(is_file),
                "database.url must name a file, such as sqlite://var/starwars.db"
            );
            options.is_some()
        }
        ("postgres" | "postgresql", Some(parsed)) => {
            check_fragment(DATABASE, parsed)?;
            let names = parsed.query_pairs().map(|(name, _)| name);
            check_names(DATABASE, names, &POSTGRES_NAMES)?;
            text.parse::<PgConnectOptions>().is_ok()
        }
        ("mysql", Some(parsed)) => {
            check_fragment(DATABASE, parsed)?;
            let names = parsed.query_pairs().map(|(name, _)| name);
            check_names(DATABASE, names, &MYSQL_NAMES)?;
            text.parse::<MySqlConnectOptions>().is_ok()
        }
        _ => anyhow::bail!(
            "database.url must be like sqlite://path, postgres://user:password@host/name or mysql://user:password@host/name"
        ),
    };
    ensure!(
        is_valid,
        "database.url gives a parameter a value that it cannot have, or is not a URL as a whole"
    );
    Ok(())
}

/// Checks the one address of `redis.urls` against the parameters of the client, and against the keys beside it.
pub(super) fn check_redis(
    text: &SecretString,
    has_password: bool,
    has_database: bool,
) -> Result<()> {
    let form =
        || format!("{REDIS} must be like redis://user:password@host:6379/0, or rediss:// for TLS");
    let url = Url::parse(text.expose_secret()).ok().with_context(form)?;
    // The client knows one, `#insecure`, which switches the check of certificates off.
    check_fragment(REDIS, &url)?;
    let names: &[&str] = match url.scheme() {
        "redis" | "rediss" | "valkey" | "valkeys" => &["protocol"],
        "unix" | "redis+unix" | "valkey+unix" => &["db", "user", "pass", "protocol"],
        _ => anyhow::bail!(form()),
    };
    check_names(REDIS, url.query_pairs().map(|(name, _)| name), names)?;
    check_user(REDIS, &url)?;
    let client = Client::open(text.expose_secret()).ok();
    let client = client.with_context(form)?;
    let of_url = client.get_connection_info().redis_settings();
    ensure!(
        !has_password || of_url.password().is_none(),
        "{REDIS} has a password, and redis.password is set: remove one"
    );
    ensure!(
        !has_database || of_url.db() == 0,
        "{REDIS} ends with the number of a database, and redis.database is set: remove one"
    );
    Ok(())
}

/// Checks the addresses of Sentinels or nodes, which say nothing but where they are.
pub(super) fn check_redis_nodes(urls: &[SecretString]) -> Result<()> {
    let mut schemes = HashSet::new();
    for url in urls {
        let url = Url::parse(url.expose_secret()).ok();
        let plain = url.filter(|url| {
            let is_plain = url.username().is_empty()
                && url.password().is_none()
                && matches!(url.path(), "" | "/")
                && url.query().is_none()
                && url.fragment().is_none();
            is_plain && url.has_host() && url.port().is_some()
        });
        let plain =
            plain.filter(|url| matches!(url.scheme(), "redis" | "rediss" | "valkey" | "valkeys"));
        let plain = plain.with_context(|| {
            format!(
                "{REDIS} must each be like redis://host:port, or rediss://host:port for TLS, when redis.mode is \
                 `sentinel` or `cluster`; accounts stand in redis.user, redis.password and redis.sentinel, the database in \
                 redis.database"
            )
        })?;
        schemes.insert(matches!(plain.scheme(), "rediss" | "valkeys"));
    }
    ensure!(
        schemes.len() == 1,
        "{REDIS} must all be with TLS (rediss://) or all without"
    );
    Ok(())
}

/// Checks `mail.smtp_url` against the parameters of the client.
pub(super) fn check_smtp(url: &SecretString) -> Result<()> {
    let url = Url::parse(url.expose_secret()).ok();
    let url = url
        .filter(|url| matches!(url.scheme(), "smtp" | "smtps") && url.has_host())
        .context("mail.smtp_url must be like smtps://user:password@mail.example.org")?;
    check_fragment(SMTP, &url)?;
    check_names(SMTP, url.query_pairs().map(|(name, _)| name), &["tls"])?;
    for (_, value) in url.query_pairs() {
        match url.scheme() {
            "smtps" => ensure!(
                value == "required",
                "mail.smtp_url: smtps:// is TLS from the first byte; leave `tls` out or set it to `required`"
            ),
            _ => ensure!(
                matches!(&*value, "required" | "opportunistic"),
                "mail.smtp_url: `tls` must be `required` or `opportunistic`; without it nothing is encrypted"
            ),
        }
    }
    check_user(SMTP, &url)
}

fn check_fragment(key: &str, url: &Url) -> Result<()> {
    ensure!(
        url.fragment().is_none(),
        "{key} must not have a `#`: in a password it is written %23, and nothing switches the check of certificates off \
         (tls.ca_file adds authorities that are trusted)"
    );
    Ok(())
}

/// Refuses a user without a password, whom clients ignore to connect without credentials.
fn check_user(key: &str, url: &Url) -> Result<()> {
    ensure!(
        url.username().is_empty() || url.password().is_some(),
        "{key} names a user without a password; write user:password@host"
    );
    Ok(())
}

fn check_names(
    key: &str,
    names: impl Iterator<Item = impl Into<String>>,
    known: &[&str],
) -> Result<()> {
    let mut seen = HashSet::new();
    for name in names {
        let name = name.into();
        let is_option =
            known.contains(&OPTION) && name.starts_with("options[") && name.ends_with(']');
        ensure!(
            is_option || known.contains(&name.as_str()),
            "{key} has a parameter that is not known; behind `?` it may have {}",
            known.join(", ")
        );
        ensure!(
            seen.insert(name),
            "{key} has a parameter twice; behind `?` each may stand once"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_redis(url: &SecretString) -> Result<()> {
        super::check_redis(url, false, false)
    }

    fn said(outcome: Result<()>) -> String {
        outcome.map_or_else(|error| format!("{error:#}"), |()| String::new())
    }

    #[test]
    fn what_a_library_would_pass_over_in_a_url_is_refused_and_not_repeated() {
        type Check = fn(&SecretString) -> Result<()>;
        for (check, key, url) in [
            (check_smtp as Check, SMTP, "smtp://host?hunter2=tls"),
            (check_smtp, SMTP, "smtp://host?tls=hunter2"),
            (check_smtp, SMTP, "smtps://host?tls=opportunistic&hunter2"),
            (
                check_smtp,
                SMTP,
                "smtp://host?tls=opportunistic&tls=required&hunter2",
            ),
            (check_smtp, SMTP, "smtp://hunter2@host?tls=required"),
            (check_smtp, SMTP, "smtp://host#hunter2"),
            (check_smtp, SMTP, "http://hunter2:hunter2@host"),
            (check_smtp, SMTP, "hunter2"),
            (check_redis, REDIS, "rediss://u:hunter2@host/#insecure"),
            (check_redis, REDIS, "redis://host/?db=hunter2"),
            (check_redis, REDIS, "redis://hunter2@host/"),
            (check_redis, REDIS, "unix:///run/redis?hunter2=1"),
            (check_redis, REDIS, "amqp://hunter2"),
            (
                check_database,
                DATABASE,
                "postgres://u:hunter2@host/db?ssl=true",
            ),
            (
                check_database,
                DATABASE,
                "postgres://u:hunter2@host/db?sslmode=hunter2",
            ),
            (
                check_database,
                DATABASE,
                "postgres://u:p@host/db?options[a=hunter2",
            ),
            (
                check_database,
                DATABASE,
                "postgres://u:p@host/db?sslmode=require&sslmode=hunter2",
            ),
            (
                check_database,
                DATABASE,
                "postgres://u:p@host/hunter2#sslmode=require",
            ),
            (
                check_database,
                DATABASE,
                "mysql://u:hunter2@host/db?useSSL=true",
            ),
            (
                check_database,
                DATABASE,
                "mysql://u:hunter2@host/db?ssl-mode=maybe",
            ),
            (
                check_database,
                DATABASE,
                "sqlite://var/hunter2.db?journal=wal",
            ),
            (
                check_database,
                DATABASE,
                "sqlite://var/hunter2.db?mode=hunter2",
            ),
            (check_database, DATABASE, "sqlite::memory:"),
            (check_database, DATABASE, "sqlite://hunter2?mode=memory"),
            (check_database, DATABASE, "sqlite://"),
            (check_database, DATABASE, "oracle://u:hunter2@host/db"),
            (check_database, DATABASE, "postgres://u:hunter2@a:1,b:2/db"),
        ] {
            let said = said(check(&SecretString::from(url)));
            assert!(said.starts_with(key), "{url}: {said}");
            assert!(!said.contains("hunter2"), "{url}: {said}");
        }
    }

    #[test]
    fn what_a_library_knows_in_a_url_is_taken() {
        for url in [
            "sqlite://var/starwars.db",
            "sqlite://var/a#b.db?mode=rwc&cache=private",
            "postgres://host/db",
            "postgresql://u:p%23@host:5432/db?sslmode=verify-full&sslrootcert=/ca.pem&options[search_path]=x",
            "postgres:///db?host=/run/postgresql",
            "mysql://u:p@host/db?ssl-mode=VERIFY_IDENTITY&ssl-ca=/ca.pem",
        ] {
            assert_eq!(said(check_database(&SecretString::from(url))), "", "{url}");
        }
        for url in [
            "redis://:secret@host",
            "rediss://u:p@host:6380/3?protocol=resp3",
            "unix:///run/redis.sock?db=1&user=u&pass=p",
        ] {
            assert_eq!(said(check_redis(&SecretString::from(url))), "", "{url}");
        }
        for url in [
            "smtps://u:p@host",
            "smtps://u:p@host?tls=required",
            "smtp://host:587?tls=required",
            "smtp://host/helo.example?tls=opportunistic",
            "smtp://host",
        ] {
            assert_eq!(said(check_smtp(&SecretString::from(url))), "", "{url}");
        }
    }
}
