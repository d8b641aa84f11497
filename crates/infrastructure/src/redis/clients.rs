//! Clients made from the settings.

use std::time::Duration;

use anyhow::{Context as _, anyhow};
use deadpool_redis::redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo as _,
    RedisConnectionInfo, TlsCertificates,
};
use secrecy::{ExposeSecret as _, SecretString};

use crate::settings;
use crate::tls::Roots;

/// Creates the client of the one server. Connects to nothing.
///
/// # Errors
/// There is no URL, or it is invalid. With TLS, also those of [`Roots::load`].
pub(super) fn single(settings: &settings::Redis) -> anyhow::Result<Client> {
    let url = settings.urls.first().context("redis.urls is empty")?;
    let info = info(url, settings)?;
    let of_url = info.redis_settings().clone();
    let account = with_account(of_url, &settings.user, settings.password.as_ref());
    let account = match settings.database {
        0 => account,
        number => account.set_db(number.into()),
    };
    open(info.set_redis_settings(account))
}

/// The Sentinels or nodes that know the primary, and the form of its own address.
pub(super) struct Nodes {
    pub(super) clients: Vec<Client>,
    primary: ConnectionInfo,
}

impl Nodes {
    /// Creates their clients. Connects to nothing.
    ///
    /// # Errors
    /// Those of [`single`].
    pub(super) fn new(settings: &settings::Redis) -> anyhow::Result<Self> {
        let (user, password) = match settings.mode {
            settings::RedisMode::Sentinel => (&settings.sentinel.user, &settings.sentinel.password),
            _ => (&settings.user, &settings.password),
        };
        let infos = settings.urls.iter().map(|url| info(url, settings));
        let infos: Vec<_> = infos.collect::<anyhow::Result<_>>()?;
        let first = infos.first().context("redis.urls is empty")?;
        let at_redis = with_account(
            RedisConnectionInfo::default(),
            &settings.user,
            settings.password.as_ref(),
        );
        let primary = first
            .clone()
            .set_redis_settings(at_redis.set_db(settings.database.into()));
        let clients = infos.into_iter().map(|info| {
            let account = with_account(RedisConnectionInfo::default(), user, password.as_ref());
            open(info.set_redis_settings(account))
        });
        Ok(Self {
            clients: clients.collect::<anyhow::Result<_>>()?,
            primary,
        })
    }

    /// Creates the client of the primary at this address, with TLS if the nodes have it.
    pub(super) fn primary(&self, host: &str, port: u16) -> anyhow::Result<Client> {
        let host = host.to_owned();
        let address = match self.primary.addr() {
            ConnectionAddr::TcpTls { tls_params, .. } => ConnectionAddr::TcpTls {
                host,
                port,
                insecure: false,
                tls_params: tls_params.clone(),
            },
            _ => ConnectionAddr::Tcp(host, port),
        };
        open(self.primary.clone().set_addr(address))
    }
}

/// Returns the configuration of connections that wait for `timeout` at most, to connect and for a reply.
pub fn connection_config(timeout: Duration) -> AsyncConnectionConfig {
    AsyncConnectionConfig::new()
        .set_connection_timeout(Some(timeout))
        .set_response_timeout(Some(timeout))
}

fn info(url: &SecretString, settings: &settings::Redis) -> anyhow::Result<ConnectionInfo> {
    let url = url.expose_secret();
    let info = url.into_connection_info().map_err(invalid)?;
    if !matches!(info.addr(), ConnectionAddr::TcpTls { .. }) {
        return Ok(info);
    }
    // Read once here; the library would read them for each connection.
    let roots = Roots::load(&settings.ca_file)?.pem().into_bytes();
    let certificates = TlsCertificates {
        client_tls: None,
        root_cert: Some(roots),
    };
    let client = Client::build_with_tls(url, certificates).map_err(invalid)?;
    Ok(client.get_connection_info().clone())
}

fn with_account(
    account: RedisConnectionInfo,
    user: &str,
    password: Option<&SecretString>,
) -> RedisConnectionInfo {
    let account = match password {
        Some(password) => account.set_password(password.expose_secret()),
        None => account,
    };
    if user.is_empty() {
        account
    } else {
        account.set_username(user)
    }
}

fn open(info: ConnectionInfo) -> anyhow::Result<Client> {
    Client::open(info).map_err(invalid)
}

fn invalid<E>(_: E) -> anyhow::Error {
    anyhow!(
        "redis.urls is no address of Redis: write redis://user:password@host:6379/0, or rediss:// for TLS"
    )
}
