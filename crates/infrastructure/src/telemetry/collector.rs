//! The connection to an OpenTelemetry collector, over HTTP.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use rustls::crypto::ring;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::tls::Roots;

/// The longest time that a collector may take for a batch.
const PATIENCE: Duration = Duration::from_secs(5);

/// The longest response of a collector that is read.
const RESPONSE_LENGTH: u64 = 64 * 1024;

/// A client for the thread of the exporter, which waits for nobody else.
#[derive(Debug)]
pub(super) struct Collector {
    agent: Agent,
    /// True while the log says that the collector is away.
    away: AtomicBool,
}

impl Collector {
    /// Creates the client; roots are needed for `https` alone.
    pub(super) fn new(roots: Option<&Roots>) -> Self {
        let mut tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(ring::default_provider().into());
        if let Some(roots) = roots {
            let roots: Vec<_> = roots
                .der()
                .map(|der| Certificate::from_der(der).to_owned())
                .collect();
            tls = tls.root_certs(RootCerts::new_with_certs(&roots));
        }
        let config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .tls_config(tls.build());
        Self {
            agent: config.build().into(),
            away: AtomicBool::new(false),
        }
    }

    fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ureq::Error> {
        let (head, body) = request.into_parts();
        let response = self.agent.run(Request::from_parts(head, &body[..]))?;
        let (head, body) = response.into_parts();
        let body = body
            .into_with_config()
            .limit(RESPONSE_LENGTH)
            .read_to_vec()?;
        Ok(Response::from_parts(head, body.into()))
    }

    /// Logs that spans are lost: once, not for each batch for as long as it lasts.
    fn log(&self, fault: Option<&str>) {
        match (self.away.swap(fault.is_some(), Ordering::Relaxed), fault) {
            (false, Some(cause)) => tracing::warn!(
                cause,
                "traces cannot be sent to the collector (tracing.otlp_endpoint); they are dropped until it takes them"
            ),
            (true, None) => tracing::info!("traces are sent to the collector again"),
            _ => {}
        }
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let outcome = self.send(request);
        match &outcome {
            Ok(response) if response.status().is_success() => self.log(None),
            Ok(response) => self.log(Some(&format!("it answers {}", response.status()))),
            Err(error) => self.log(Some(&error.to_string())),
        }
        Ok(outcome?)
    }
}
