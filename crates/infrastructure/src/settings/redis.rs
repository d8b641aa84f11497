//! The `redis` section, and the two keys of `revocation` that it replaces.

use std::path::PathBuf;

use anyhow::{Result, bail, ensure};
use config::Config;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::forms::{optional_secret, secret_list, word};
use super::urls;

/// The `redis` section, for revocations and limits.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redis {
    /// The way from `urls` to the server that is written to.
    #[serde(deserialize_with = "word")]
    pub mode: RedisMode,
    /// The server, the Sentinels, or some nodes of the cluster.
    #[serde(deserialize_with = "secret_list")]
    pub urls: Vec<SecretString>,
    /// Account (ACL); the default one while empty.
    pub user: String,
    /// Password of the account.
    #[serde(deserialize_with = "optional_secret")]
    pub password: Option<SecretString>,
    /// Number of the database.
    pub database: u16,
    /// Time limit for an answer, in milliseconds.
    pub timeout_ms: u64,
    /// For the mode `sentinel`.
    pub sentinel: Sentinel,
    /// Copied from the `tls` section; not a key of this one.
    #[serde(skip)]
    pub ca_file: PathBuf,
}

/// The way to the server that is written to.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum RedisMode {
    /// The URL is its address.
    Single,
    /// Sentinels are asked for it.
    Sentinel,
    /// Nodes of a cluster are asked for it.
    Cluster,
}

/// The `redis.sentinel` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sentinel {
    /// Name of the primary in the configuration of the Sentinels.
    pub master: String,
    /// Account at the Sentinels, which is another than that at Redis.
    pub user: String,
    /// Password of the account.
    #[serde(deserialize_with = "optional_secret")]
    pub password: Option<SecretString>,
}

impl Redis {
    /// Takes over what was set under the names that these keys had before.
    ///
    /// # Errors
    /// A key is set under both names, and not to the same.
    pub(super) fn take_over(
        &mut self,
        old_url: Option<SecretString>,
        old_timeout: Option<u64>,
        set: &Config,
    ) -> Result<()> {
        if let Some(url) = old_url {
            let is_other = |new: &[SecretString]| match new {
                [] => false,
                [new] => new.expose_secret() != url.expose_secret(),
                _ => true,
            };
            ensure!(
                !is_other(&self.urls),
                "redis.urls and revocation.redis_url, its old name, are set and differ: remove revocation.redis_url"
            );
            self.urls = vec![url];
        }
        if let Some(timeout) = old_timeout {
            let is_set = set.get::<u64>("redis.timeout_ms").is_ok();
            ensure!(
                !is_set || self.timeout_ms == timeout,
                "redis.timeout_ms and revocation.timeout_ms, its old name, are set and differ: remove revocation.timeout_ms"
            );
            self.timeout_ms = timeout;
        }
        Ok(())
    }

    /// Checks the keys against each other.
    ///
    /// # Errors
    /// Names the first key that is wrong; never shows a part of a URL.
    pub(super) fn check(&self) -> Result<()> {
        ensure!(
            (1..=10_000).contains(&self.timeout_ms),
            "redis.timeout_ms must be from 1 to 10000"
        );
        check_account("redis", &self.user, self.password.is_some())?;
        let sentinel = &self.sentinel;
        check_account(
            "redis.sentinel",
            &sentinel.user,
            sentinel.password.is_some(),
        )?;
        match self.mode {
            RedisMode::Sentinel => ensure!(
                !sentinel.master.is_empty(),
                "redis.sentinel.master must be set when redis.mode is `sentinel`: the name that `sentinel monitor` \
                 gives the primary"
            ),
            RedisMode::Single | RedisMode::Cluster => ensure!(
                sentinel.master.is_empty()
                    && sentinel.user.is_empty()
                    && sentinel.password.is_none(),
                "redis.sentinel is set, but redis.mode is not `sentinel`"
            ),
        }
        match self.mode {
            RedisMode::Single => match self.urls.as_slice() {
                [] => Ok(()),
                [url] => urls::check_redis(url, self.password.is_some(), self.database != 0),
                _ => bail!(
                    "redis.urls has several addresses: set redis.mode to `sentinel` or `cluster`, or leave one"
                ),
            },
            RedisMode::Sentinel | RedisMode::Cluster => {
                ensure!(
                    self.mode == RedisMode::Sentinel || self.database == 0,
                    "redis.database must be 0 when redis.mode is `cluster`: a cluster has no other"
                );
                ensure!(
                    !self.urls.is_empty(),
                    "redis.urls must have the addresses of the Sentinels or of nodes of the cluster, best three or more"
                );
                urls::check_redis_nodes(&self.urls)
            }
        }
    }
}

fn check_account(section: &str, user: &str, has_password: bool) -> Result<()> {
    ensure!(
        user.is_empty() || has_password,
        "{section}.user is set without {section}.password"
    );
    Ok(())
}
