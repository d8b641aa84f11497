//! Clients and pools of connections for the Redis of `revocation.redis_url`.

use std::time::Duration;

use anyhow::{Context as _, anyhow};
use deadpool_redis::redis::{AsyncConnectionConfig, Client, ConnectionAddr, TlsCertificates};
use deadpool_redis::{Manager, Pool, Runtime};
use secrecy::ExposeSecret as _;

use crate::settings;
use crate::tls::Roots;

/// Creates a client from the settings, with the root certificates for TLS. Connects to nothing.
///
/// # Errors
/// The URL is missing or invalid; the error does not repeat it, since it may hold a password. With TLS, also those of
/// [`Roots::load`].
pub(crate) fn client(settings: &settings::Revocation) -> anyhow::Result<Client> {
    let url = settings.redis_url.as_ref().ok_or_else(|| {
        anyhow!("revocation.redis_url is missing: set it, or revocation.backend to `embedded`")
    })?;
    let invalid = |_| {
        anyhow!(
            "revocation.redis_url is no address of Redis: write redis://user:password@host:6379/0, or rediss:// for TLS"
        )
    };
    let client = Client::open(url.expose_secret()).map_err(invalid)?;
    if !matches!(
        client.get_connection_info().addr(),
        ConnectionAddr::TcpTls { .. }
    ) {
        return Ok(client);
    }
    // Read once here; the library would read them for each connection.
    let roots = Roots::load(&settings.ca_file)?.pem().into_bytes();
    let certificates = TlsCertificates {
        client_tls: None,
        root_cert: Some(roots),
    };
    Client::build_with_tls(url.expose_secret(), certificates).map_err(invalid)
}

/// Creates a pool of at most `size` connections. Waiting, connecting and checking a connection take `timeout` each at most.
///
/// # Errors
/// The URL is invalid.
pub(crate) fn pool(client: &Client, timeout: Duration, size: usize) -> anyhow::Result<Pool> {
    let manager = Manager::new_with_config(
        client.get_connection_info().clone(),
        connection_config(timeout),
    )
    .map_err(|_| anyhow!("revocation.redis_url is no address of Redis"))?;
    Pool::builder(manager)
        .max_size(size)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(timeout))
        .create_timeout(Some(timeout))
        .recycle_timeout(Some(timeout))
        .build()
        .context("the pool of Redis connections cannot be made")
}

/// Returns the configuration of connections that wait for `timeout` at most, to connect and for a reply.
pub(crate) fn connection_config(timeout: Duration) -> AsyncConnectionConfig {
    AsyncConnectionConfig::new()
        .set_connection_timeout(Some(timeout))
        .set_response_timeout(Some(timeout))
}
