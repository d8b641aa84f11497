//! Typed settings, read once at start: the default file, then the profile's file, then the files of `STARWARS_SECRETS_DIR`,
//! then `STARWARS__SECTION__KEY` variables.
//!
//! Unknown keys are refused. Secrets are [`SecretString`]s, which neither `Debug` output nor error messages show.

mod bind;
mod check;
mod folder;
mod forms;
mod limits;
mod links;
mod load;
mod redis;
mod secrets;
mod tls;
mod urls;

use std::{fmt, path::PathBuf};

use secrecy::SecretString;
use serde::de::IntoDeserializer as _;
use serde::{Deserialize, Deserializer};

pub use bind::Bind;
pub use limits::{Limits, MailLimits, PasswordLimits, Rate};
pub use load::{load, load_bind, load_without_secrets, profile};
pub use redis::{Redis, RedisMode};
pub use tls::Tls;

use forms::{list, optional_secret, secret_list, word};

/// All settings; `config/default.toml` describes each key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `local`, `production` or a name of the operator's; not a key of the file.
    #[serde(skip)]
    pub profile: Profile,
    /// The listener and its public URL.
    pub server: Server,
    /// The SQL database.
    pub database: Database,
    /// The fast store of revoked tokens and ended sessions.
    pub revocation: Revocation,
    /// Redis, for revocations and limits.
    pub redis: Redis,
    /// The reference data.
    pub catalogue: Catalogue,
    /// Secrets and lifetimes of the four kinds of token.
    pub tokens: Tokens,
    /// Lifetimes of sessions.
    pub sessions: Sessions,
    /// Rate limits.
    pub limits: Limits,
    /// The audit log.
    pub audit: Audit,
    /// Delivery of mails.
    pub mail: Mail,
    /// Certificates that outgoing connections trust.
    pub tls: Tls,
    /// The cost of a password hash.
    pub passwords: Passwords,
    /// The runtime that enforces the contract.
    pub gatekeeper: Gatekeeper,
    /// Swagger UI.
    pub ui: Switch,
    /// The Prometheus endpoint.
    pub metrics: Switch,
    /// The log.
    pub log: Log,
    /// Traces.
    pub tracing: Tracing,
}

impl Settings {
    /// Returns warnings for the log about what is valid, but likely a mistake.
    pub fn advice(&self) -> impl Iterator<Item = String> {
        let server = self.server.advice().into_iter();
        server.chain(self.tokens.advice())
    }
}

/// The name of the profile, whose file overrides the defaults.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Profile(String);

impl Profile {
    /// Creates a profile of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// Returns whether settings that are only for development are refused.
    pub fn is_production(&self) -> bool {
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
pub struct Server {
    /// Address or name, and port.
    pub bind: Bind,
    /// Base of every absolute URL, without a slash at the end; from the listener while empty.
    pub public_url: String,
    /// Worker threads; 0 is one for each core.
    pub workers: usize,
    /// Origins that browsers may call from.
    #[serde(deserialize_with = "list")]
    pub cors_origins: Vec<String>,
    /// Compress replies where the contract and the caller allow it.
    pub compression: bool,
    /// Seconds between the signal to stop and the end of the listener, in which everything is served but readiness.
    pub drain_seconds: u64,
    /// Seconds given to requests under way once the listener is closed.
    pub shutdown_seconds: u64,
}

impl Server {
    /// Returns a warning for the log if nobody can follow the URLs that replies and mails begin with.
    fn advice(&self) -> Option<String> {
        (self.public_url.is_empty() && self.bind.is_unspecified()).then(|| {
            format!(
                "server.public_url is not set, and server.bind ({}) is no address that anybody can call: links in \
                 mails and answers begin with {}, which leads nowhere from other machines; set server.public_url \
                 (STARWARS__SERVER__PUBLIC_URL) to what clients call, such as https://api.example.org",
                self.bind,
                self.bind.base_url(self.bind.port())
            )
        })
    }
}

/// The `database` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// The URL, which may hold a password.
    pub url: SecretString,
    /// Size of the pool.
    pub max_connections: u32,
    /// The time that a lock is waited for, in milliseconds.
    pub busy_timeout_ms: u64,
    /// Lets `serve` migrate the schema first.
    pub migrate_on_start: bool,
    /// A pooler shares the connections of PostgreSQL between transactions.
    pub transaction_pooling: bool,
}

/// The `revocation` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    /// The store that is asked.
    #[serde(deserialize_with = "word")]
    pub backend: RevocationBackend,
    /// The old name of `redis.urls`.
    #[serde(default, deserialize_with = "optional_secret")]
    redis_url: Option<SecretString>,
    /// The old name of `redis.timeout_ms`.
    #[serde(default)]
    timeout_ms: Option<u64>,
    /// The age of a revocation, in milliseconds, beyond which no instance lets its token in; for the `redis-replica` store.
    pub staleness_ms: u64,
}

/// The store of revocations.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum RevocationBackend {
    /// A map in this process, loaded from the database.
    Embedded,
    /// Redis, asked at every check.
    Redis,
    /// A map in each process, fed by Redis.
    RedisReplica,
}

/// The `catalogue` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// A folder with data instead of the compiled-in files; unset while empty.
    pub source: PathBuf,
}

/// The `tokens` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tokens {
    /// The `iss` claim (RFC 7519, section 4.1.1).
    pub issuer: String,
    /// The file in which a local start stores generated secrets.
    pub secrets_file: PathBuf,
    /// Secrets are from that file, and others than its owner can read it.
    #[serde(skip)]
    is_exposed: bool,
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
pub struct TokenSettings {
    /// The first signs, all verify.
    #[serde(deserialize_with = "secret_list")]
    pub secrets: Vec<SecretString>,
    /// Default lifetime in hours.
    pub hours: u32,
}

/// The `sessions` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sessions {
    /// Seconds in which a used refresh token returns the same pair again.
    pub refresh_repeat_seconds: u32,
    /// Days after which a session ends, however often it was renewed.
    pub absolute_days: u32,
}

/// The `audit` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    /// Days after which events are deleted.
    pub days: u32,
    /// The part of a client's address that is stored with events and sessions.
    #[serde(deserialize_with = "word")]
    pub client_address: ClientAddress,
}

/// The part of a client's address that is stored.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum ClientAddress {
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
pub struct Mail {
    /// The backend that delivers mails.
    #[serde(deserialize_with = "word")]
    pub backend: MailBackend,
    /// The folder of the `outbox` backend.
    pub outbox_dir: PathBuf,
    /// The server of the `smtp` backend.
    #[serde(deserialize_with = "optional_secret")]
    pub smtp_url: Option<SecretString>,
    /// The sender's mailbox.
    pub from: String,
    /// A folder with templates instead of the built-in ones; unset while empty.
    pub templates_dir: PathBuf,
    /// Pages of a front end, to which links lead instead of to those of this service.
    pub links: MailLinks,
}

/// The `mail.links` section: URLs in which [`TOKEN`](Self::TOKEN) stands for the token; unset while empty.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailLinks {
    /// The page that proves the address of a new account.
    pub verification: String,
    /// The page where a new password is chosen.
    pub password: String,
    /// The page that proves the address that an account is to have.
    pub email_change: String,
}

impl MailLinks {
    /// The placeholder of the token.
    pub const TOKEN: &str = "{token}";
}

/// The backend that delivers mails.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum MailBackend {
    /// Files in a folder.
    Outbox,
    /// A mail server.
    Smtp,
}

/// The `passwords` section: argon2id's parameters (RFC 9106) and the pool that runs it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passwords {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
    /// Hashing threads; 0 is one less than cores, and at least one.
    pub threads: usize,
    /// Most requests that may wait for a thread.
    pub queue: usize,
}

/// The `gatekeeper` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gatekeeper {
    /// Validates replies, too.
    pub validate_responses: bool,
}

/// A section with a switch.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    /// Serves it.
    pub enabled: bool,
}

/// The `log` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// Format of the lines; unset, it depends on whether standard error is a terminal.
    #[serde(deserialize_with = "log_format")]
    pub format: Option<LogFormat>,
    /// Levels by target, as in `RUST_LOG`.
    pub filter: String,
}

/// The `tracing` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tracing {
    /// Base URL of a collector that takes OTLP over HTTP; no traces while empty.
    pub otlp_endpoint: String,
    /// The part of traces that is recorded where the caller does not say, from 0 to 1.
    pub sample_ratio: f64,
}

impl Tracing {
    /// Returns true if requests are traced.
    pub(crate) fn is_on(&self) -> bool {
        !self.otlp_endpoint.is_empty()
    }
}

/// Format of the log's lines.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Text for people.
    Pretty,
    /// JSON for programs.
    Json,
}

fn log_format<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<LogFormat>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(None);
    }
    LogFormat::deserialize(text.into_deserializer()).map(Some)
}
