//! Typed settings, read once at start.
//!
//! The default file, then the profile's file, then `STARWARS__SECTION__KEY` variables. Unknown keys are
//! refused. Secrets are [`SecretString`]: no `Debug`
//! output and no error message shows them.

mod bind;
mod check;
mod limits;
mod load;
mod secrets;
mod tls;
mod urls;

use std::{fmt, path::PathBuf};

use secrecy::SecretString;
use serde::{Deserialize, Deserializer, de};

pub(crate) use bind::Bind;
pub(crate) use limits::{Limits, MailLimits, PasswordLimits, Rate};
pub(crate) use load::{load, load_without_secrets, profile};
pub(crate) use tls::Tls;

/// Everything that an operator can set; `config/default.toml` describes each key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// `local`, `production` or a name of the operator's; not a key of the file.
    #[serde(skip)]
    pub profile: Profile,
    /// The listener and what the outside calls it.
    pub server: Server,
    /// Where the truth is kept.
    pub database: Database,
    /// The fast store of revoked tokens and ended sessions.
    pub revocation: Revocation,
    /// The reference data.
    pub catalogue: Catalogue,
    /// Secrets and lives of the four kinds of token.
    pub tokens: Tokens,
    /// How long sessions go on.
    pub sessions: Sessions,
    /// How many tries of what are too many.
    pub limits: Limits,
    /// What is kept of what happened to accounts.
    pub audit: Audit,
    /// How mails leave.
    pub mail: Mail,
    /// Whom connections outwards trust.
    pub tls: Tls,
    /// The cost of a password hash.
    pub passwords: Passwords,
    /// The runtime that enforces the contract.
    pub gatekeeper: Gatekeeper,
    /// Swagger UI.
    pub ui: Switch,
    /// The Prometheus endpoint.
    pub metrics: Switch,
    /// What is logged and how.
    pub log: Log,
}

/// The name of the set of settings that runs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Profile(String);

impl Profile {
    /// Names a profile.
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// Whether what is convenient on a laptop is refused.
    pub(crate) fn is_production(&self) -> bool {
        self.0 == "production"
    }
}

impl Default for Profile {
    fn default() -> Self {
        Self::new("local")
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The `server` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Server {
    /// Address or name, and port.
    pub bind: Bind,
    /// Base of every absolute URL, without a slash at the end; from the listener while empty.
    pub public_url: String,
    /// Worker threads; 0 is one for each core.
    pub workers: usize,
    /// Origins that browsers may call from.
    #[serde(deserialize_with = "list")]
    pub cors_origins: Vec<String>,
    /// Seconds given to requests under way at a stop.
    pub shutdown_seconds: u64,
}

/// The `database` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Database {
    /// Dialect, place and perhaps a password.
    pub url: SecretString,
    /// Size of the pool.
    pub max_connections: u32,
    /// How long a lock is waited for, in milliseconds.
    pub busy_timeout_ms: u64,
    /// Whether `serve` migrates first.
    pub migrate_on_start: bool,
}

/// The `revocation` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Revocation {
    /// Which store answers.
    pub backend: RevocationBackend,
    /// Address of Redis, for the `redis` store.
    #[serde(deserialize_with = "optional_secret")]
    pub redis_url: Option<SecretString>,
    /// What Redis may take, in milliseconds.
    pub timeout_ms: u64,
    /// That of `tls`; not a key of this section.
    #[serde(skip)]
    pub ca_file: PathBuf,
}

/// Which store of revocations answers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum RevocationBackend {
    /// A map in this process, fed from the database.
    Embedded,
    /// Redis, asked at every check.
    Redis,
}

/// The `catalogue` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Catalogue {
    /// A folder with data in place of the compiled-in files; none while empty.
    pub source: PathBuf,
}

/// The `tokens` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tokens {
    /// The `iss` claim (RFC 7519, section 4.1.1).
    pub issuer: String,
    /// Where a local start keeps secrets that it made itself.
    pub secrets_file: PathBuf,
    /// Access tokens.
    pub access: TokenSettings,
    /// Refresh tokens.
    pub refresh: TokenSettings,
    /// Tokens in verification links.
    pub email: TokenSettings,
    /// Tokens in forgotten-password mails.
    pub password: TokenSettings,
}

/// One kind of token.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenSettings {
    /// The first signs, all verify.
    #[serde(deserialize_with = "secret_list")]
    pub secrets: Vec<SecretString>,
    /// Default life in hours.
    pub hours: u32,
}

/// The `sessions` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sessions {
    /// For how many seconds a spent refresh token answers the same pair again.
    pub refresh_repeat_seconds: u32,
    /// Days after which no renewal helps.
    pub absolute_days: u32,
}

/// The `audit` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Audit {
    /// Days after which events are forgotten.
    pub days: u32,
    /// What is kept of a client's address with events and sessions.
    pub client_address: ClientAddress,
}

/// What is kept of a client's address.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ClientAddress {
    /// All of it.
    Full,
    /// The network: 24 bits of IPv4, 48 of IPv6.
    Network,
    /// Nothing.
    None,
}

/// The `mail` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mail {
    /// How mails leave.
    pub backend: MailBackend,
    /// The folder of the `outbox` backend.
    pub outbox_dir: PathBuf,
    /// The server of the `smtp` backend.
    #[serde(deserialize_with = "optional_secret")]
    pub smtp_url: Option<SecretString>,
    /// The sender's mailbox.
    pub from: String,
    /// A folder with texts in place of the built-in ones; none while empty.
    pub templates_dir: PathBuf,
}

/// How mails leave.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum MailBackend {
    /// Files in a folder.
    Outbox,
    /// A mail server.
    Smtp,
}

/// The `passwords` section: argon2id's parameters (RFC 9106) and the pool that runs it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Passwords {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
    /// Hashing threads; 0 is one less than cores, and at least one.
    pub threads: usize,
    /// How many requests may wait for a thread.
    pub queue: usize,
}

/// The `gatekeeper` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Gatekeeper {
    /// Whether replies are held to the contract, too.
    pub validate_responses: bool,
}

/// A section that is on or off.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Switch {
    /// Whether it is served.
    pub enabled: bool,
}

/// The `log` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Log {
    /// Form of the lines; by what standard error is while absent.
    #[serde(deserialize_with = "log_format")]
    pub format: Option<LogFormat>,
    /// Directives as in `RUST_LOG`.
    pub filter: String,
}

/// Form of the log's lines.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum LogFormat {
    /// For people.
    Pretty,
    /// For machines.
    Json,
}

impl Default for Settings {
    /// The defaults, as compiled in; what tests start from.
    fn default() -> Self {
        load::defaults()
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

/// A list, or a text with commas as variables have it.
fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let parts = match OneOrMany::deserialize(deserializer) {
        Ok(OneOrMany::One(text)) => text.split(',').map(str::to_owned).collect(),
        Ok(OneOrMany::Many(parts)) => parts,
        Err(_) => return Err(de::Error::custom("expected a list of texts")),
    };
    Ok(parts
        .into_iter()
        .map(|part: String| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect())
}

fn secret_list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<SecretString>, D::Error> {
    Ok(list(deserializer)?
        .into_iter()
        .map(SecretString::from)
        .collect())
}

fn optional_secret<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SecretString>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok((!text.is_empty()).then(|| SecretString::from(text)))
}

/// One of a few words; the error lists them.
fn word<'de, D: Deserializer<'de>, T: Copy>(
    deserializer: D,
    choices: &[(&'static str, T)],
) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    choices
        .iter()
        .find(|(name, _)| *name == text)
        .map(|(_, choice)| *choice)
        .ok_or_else(|| {
            let names: Vec<_> = choices
                .iter()
                .map(|(name, _)| format!("`{name}`"))
                .collect();
            de::Error::custom(format!("expected {}", names.join(" or ")))
        })
}

impl<'de> Deserialize<'de> for RevocationBackend {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        word(
            deserializer,
            &[("embedded", Self::Embedded), ("redis", Self::Redis)],
        )
    }
}

impl<'de> Deserialize<'de> for ClientAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        word(
            deserializer,
            &[
                ("full", Self::Full),
                ("network", Self::Network),
                ("none", Self::None),
            ],
        )
    }
}

impl<'de> Deserialize<'de> for MailBackend {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        word(
            deserializer,
            &[("outbox", Self::Outbox), ("smtp", Self::Smtp)],
        )
    }
}

fn log_format<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<LogFormat>, D::Error> {
    word(
        deserializer,
        &[
            ("", None),
            ("pretty", Some(LogFormat::Pretty)),
            ("json", Some(LogFormat::Json)),
        ],
    )
}
